import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Commands } from '#components/reference/Commands.tsx'
import { Devices } from '#components/reference/Devices.tsx'
import { Drops } from '#components/reference/Drops.tsx'
import { Headers } from '#components/reference/Headers.tsx'
import { Tables } from '#components/reference/Tables.tsx'
import { Worlds } from '#components/reference/Worlds.tsx'
import { Page } from '#components/reference/Page.tsx'
import { Frame } from '#components/site/shell.ts'
import { reference, type Part } from '#components/words/en/reference.ts'
import Contract from '../../../contract.md'
import { written } from '../../written.ts'

interface Props {
  readonly params: Promise<{ part: string }>
}

async function drops() {
  return <Drops chapters={await written()} />
}

/** The parts, in their order. What others rely on is said in contract.md, which stands here as it is. */
const PARTS: { readonly [P in Part]: () => React.ReactNode } = {
  devices: () => <Devices />,
  headers: () => <Headers />,
  tables: () => <Tables />,
  drops,
  worlds: () => <Worlds />,
  commands: () => <Commands />,
  formats: () => <Contract />,
}
const isPart = (text: string): text is Part => Object.hasOwn(PARTS, text)

export const dynamicParams = false

export function generateStaticParams() {
  return Object.keys(PARTS).map((part) => ({ part }))
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { part } = await params
  if (!isPart(part)) return {}
  return { title: `${reference.part(part)}, ${reference.title}`, description: reference.says(part) }
}

export default async function ReferencePart({ params }: Props) {
  const { part } = await params
  if (!isPart(part)) notFound()
  return (
    <Frame>
      <Page
        title={part === 'formats' ? null : reference.part(part)}
        lead={reference.says(part)}
        part={part}
        parts={Object.keys(PARTS) as Part[]}
      >
        {await PARTS[part]()}
      </Page>
    </Frame>
  )
}
