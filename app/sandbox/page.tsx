import type { Metadata } from 'next'
import { posed } from '#components/goals/author.ts'
import { Frame } from '#components/site/shell.ts'
import { SandboxPage } from '#components/site/SandboxPage.tsx'
import { pages } from '#components/words/pages.ts'

export const metadata: Metadata = {
  title: pages().sandboxTitle,
  description: pages().sandboxPromise,
}

export default function Page() {
  return (
    <Frame>
      <SandboxPage tasks={posed()} />
    </Frame>
  )
}
