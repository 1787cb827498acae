import type { Metadata } from 'next'
import { Glossary } from '#components/glossary/Glossary.tsx'
import { Frame } from '#components/site/shell.ts'
import { around } from '#components/words/en/around.ts'
import { glossary } from '../written.ts'

export const metadata: Metadata = { title: around.glossary, description: around.glossaryLead }

export default async function GlossaryPage() {
  return (
    <Frame>
      <Glossary entries={await glossary()} />
    </Frame>
  )
}
