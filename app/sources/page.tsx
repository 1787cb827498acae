import type { Metadata } from 'next'
import { Frame } from '#components/site/shell.ts'
import { rests } from '#components/sources/rests.ts'
import { Sources } from '#components/sources/Sources.tsx'
import { around } from '#components/words/en/around.ts'
import { written } from '../written.ts'

export const metadata: Metadata = { title: around.sources, description: around.sourcesLead }

export default async function SourcesPage() {
  return (
    <Frame>
      <Sources of={rests(await written())} />
    </Frame>
  )
}
