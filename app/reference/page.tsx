import type { Metadata } from 'next'
import { Page } from '#components/reference/Page.tsx'
import { To } from '#components/site/To.tsx'
import { Frame } from '#components/site/shell.ts'
import { reference, type Part } from '#components/words/en/reference.ts'
import { generateStaticParams } from './[part]/page.tsx'

export const metadata: Metadata = { title: reference.title, description: reference.lead }

export default function ReferenceStart() {
  const parts = generateStaticParams().map((p) => p.part as Part)
  return (
    <Frame>
      <Page title={reference.title} lead={reference.lead} part={null} parts={parts}>
        <ul className="cards">
          {parts.map((part) => (
            <li key={part}>
              <To page={`/reference/${part}/`}>
                <b>{reference.part(part)}</b>
                <span>{reference.says(part)}</span>
              </To>
            </li>
          ))}
        </ul>
      </Page>
    </Frame>
  )
}
