import type { Metadata } from 'next'
import { LateSandbox } from '#components/sandbox/LateSandbox.tsx'
import { Frame } from '#components/site/Frame.tsx'

export const metadata: Metadata = { title: 'Sandbox', description: 'Choose a network, add nodes and pods, delete any row of any table, and follow the packet.' }

export default function Page() {
  return <Frame><article className="prose"><h1>Sandbox</h1><p className="lead">Choose a network. Change it. The packet goes where the tables now send it.</p><div data-wide=""><LateSandbox /></div></article></Frame>
}
