import type { Metadata } from 'next'
import { LateSandbox } from '#components/sandbox/LateSandbox.tsx'
import { pages } from '#components/words/pages.ts'

export const metadata: Metadata = { title: pages().sandboxTitle, robots: { index: false } }

/** A network of somebody's own, walked in a frame: which one its address says. */
export default function Embed() {
  return (
    <main className="embed">
      <h1 className="hidden">{pages().sandboxTitle}</h1>
      <LateSandbox bare />
    </main>
  )
}
