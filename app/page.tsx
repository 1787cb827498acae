import type { Metadata } from 'next'
import { predict } from '#lib/index.ts'
import { told } from '#components/chapter/told.ts'
import { BROKEN } from '#components/home/broken.ts'
import { costs } from '#components/home/cost.ts'
import type { Lesson } from '#components/home/Path.tsx'
import { Home } from '#components/home/Home.tsx'
import { linkedAs } from '#components/site/og.ts'
import { Frame } from '#components/site/shell.ts'
import { pages } from '#components/words/pages.ts'
import { CHAPTERS, WRITTEN_IN, type Chapter } from '#content/chapters.ts'
import { textOf } from '#content/texts.ts'

async function lessonOf(chapter: Chapter): Promise<Lesson> {
  const { slug, title, promise } = chapter
  const book = await told((await textOf(chapter)).outline)
  return {
    slug,
    title,
    promise,
    told:
      book === null
        ? null
        : {
            stage: book.stage,
            minutes: book.minutes,
            scenes: book.entries.map((e) => e.scene.id),
          },
  }
}

export const metadata: Metadata = linkedAs('home', pages().title, pages().description)

export default async function Page() {
  const asked = BROKEN.map(async (of) => {
    const { options } = await predict(of)
    return { of, outcomes: options.map((o) => o.outcome) }
  })
  return (
    <Frame>
      <Home
        costs={await costs()}
        cards={await Promise.all(asked)}
        lessons={await Promise.all(CHAPTERS.map(lessonOf))}
        lessonsIn={WRITTEN_IN}
      />
    </Frame>
  )
}
