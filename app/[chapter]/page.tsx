import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Book } from '#components/chapter/Book.tsx'
import { movedFrom, told } from '#components/chapter/told.ts'
import { termOver } from '#components/glossary/Term.tsx'
import { Bar, Frame } from '#components/site/shell.ts'
import { linkedAs } from '#components/site/og.ts'
import { prose } from '#components/words/en/prose.ts'
import { CHAPTERS, WRITTEN_IN, type Chapter } from '#content/chapters.ts'
import { textOf } from '#content/texts.ts'
import { glossary, written } from '../written.ts'
import { To } from '#components/site/To.tsx'

interface Props {
  readonly params: Promise<{ chapter: string }>
}
const neighbour = ({ slug, title }: Chapter) => ({ slug, title })

export const dynamicParams = false

export function generateStaticParams() {
  return CHAPTERS.map((c) => ({ chapter: c.slug }))
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { chapter } = await params
  const c = CHAPTERS.find((x) => x.slug === chapter)
  if (c === undefined) return {}
  const { slug, title, promise } = c
  return { title, description: promise, ...linkedAs(slug, title, promise) }
}

export default async function Page({ params }: Props) {
  const { chapter } = await params
  const i = CHAPTERS.findIndex((c) => c.slug === chapter)
  const c = CHAPTERS[i]
  if (c === undefined) notFound()
  const { default: Text, outline } = await textOf(c)
  const book = await told(outline, movedFrom(chapter, await written()))
  const components = { Term: termOver(await glossary()) }
  const before = CHAPTERS[i - 1]
  const after = CHAPTERS[i + 1]
  const turn = (
    <nav className="turn" aria-label={prose.lessons} lang={WRITTEN_IN}>
      {before !== undefined && <To page={`/${before.slug}/`}>← {before.title}</To>}
      {after !== undefined && <To page={`/${after.slug}/`}>{after.title} →</To>}
    </nav>
  )
  if (book !== null)
    return (
      <Frame
        bar={
          <Bar
            title={c.title}
            told={book}
            lang={WRITTEN_IN}
            before={before === undefined ? null : neighbour(before)}
            after={after === undefined ? null : neighbour(after)}
          />
        }
      >
        <Book told={book} lang={WRITTEN_IN}>
          <Text components={components} />
        </Book>
        {turn}
      </Frame>
    )
  return (
    <Frame>
      <article className="prose" lang={WRITTEN_IN}>
        <Text components={components} />
        {turn}
      </article>
    </Frame>
  )
}
