import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { Frame } from '#components/site/Frame.tsx'
import { CHAPTERS } from '#content/chapters.ts'

interface Props { readonly params: Promise<{ chapter: string }> }
export const dynamicParams = false

export function generateStaticParams() { return CHAPTERS.map((c) => ({ chapter: c.slug })) }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { chapter } = await params
  const c = CHAPTERS.find((x) => x.slug === chapter)
  return { title: c?.title ?? '', description: c?.promise ?? '' }
}

export default async function Page({ params }: Props) {
  const { chapter } = await params
  const i = CHAPTERS.findIndex((c) => c.slug === chapter)
  const c = CHAPTERS[i]
  if (c === undefined) notFound()
  const { default: Text } = await c.load()
  const before = CHAPTERS[i - 1]
  const after = CHAPTERS[i + 1]
  return (
    <Frame>
      <article className="prose">
        <Text />
        <nav className="turn" aria-label="Lessons">{before !== undefined && <Link href={`/${before.slug}/`} prefetch={false}>← {before.title}</Link>}{after !== undefined && <Link href={`/${after.slug}/`} prefetch={false}>{after.title} →</Link>}</nav>
      </article>
    </Frame>
  )
}
