'use client'
import { LateSandbox } from '#components/sandbox/LateSandbox.tsx'
import type { Posed } from '#components/sandbox/tasks.ts'
import { pages } from '#components/words/pages.ts'

/** The sandbox with the words above it. */
export function SandboxPage({ tasks }: { readonly tasks: readonly Posed[] }) {
  return (
    <article className="bench">
      <header>
        <h1>{pages().sandboxTitle}</h1>
        <p>{pages().sandboxLead}</p>
      </header>
      <LateSandbox tasks={tasks} />
    </article>
  )
}
