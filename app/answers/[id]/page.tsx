import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Answered } from '#components/chapter/built.tsx'
import { stillsIn } from '#components/chapter/still.ts'
import { askedIn } from '#components/chapter/told.ts'
import { Decision } from '#components/decides/Decision.tsx'
import { answerTo } from '#components/predict/answer.ts'
import { explanationIn } from '#components/predict/explanation.ts'
import { At } from '#components/prose/At.tsx'
import { Probes } from '#components/prose/Probes.tsx'
import { BASE } from '#components/site/base.ts'
import { Frame } from '#components/site/shell.ts'
import { predict } from '#components/words/en/predict.ts'
import { prose } from '#components/words/en/prose.ts'
import { CHAPTERS, WRITTEN_IN } from '#content/chapters.ts'
import { textOf } from '#content/texts.ts'

/* The answer to a question of a chapter, which the chapter's own page does not hold: a question takes its explanation from here once it was answered, and whoever reads without scripts is led here. */

interface Props {
  readonly params: Promise<{ id: string }>
}
export const dynamicParams = false

/** All questions of all chapters. */
async function all() {
  const chapters = await Promise.all(
    CHAPTERS.map(async (chapter) => {
      const { default: Text, outline } = await textOf(chapter)
      return askedIn(outline).map((q) => ({ ...q, chapter, Text, outline }))
    }),
  )
  return chapters.flat()
}

export async function generateStaticParams() {
  return (await all()).map(({ of: { id } }) => ({ id }))
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await params
  const asked = (await all()).find((q) => q.of.id === id)
  const heading = asked?.scene?.heading ?? asked?.chapter.title ?? ''
  return { title: prose.answerTo(heading), robots: { index: false } }
}

/** No figure stands here: what would act on one is text. */
const STILL = {
  At: (p: React.ComponentProps<typeof At>) => <At {...p} figure="" />,
  Probes: (p: React.ComponentProps<typeof Probes>) => <Probes {...p} figure="" />,
}

export default async function Page({ params }: Props) {
  const { id } = await params
  const asked = (await all()).find((q) => q.of.id === id)
  if (asked === undefined) notFound()
  const { chapter, of, scene, outline, Text } = asked
  const { right, said, predicted, decides } = await answerTo(of)
  const picture = stillsIn(outline).find((s) => s.asked === id)
  const there = scene === undefined ? '' : `#${scene.attributes['id']}`
  return (
    <Frame>
      <article className="prose" lang={WRITTEN_IN} style={{ overflowWrap: 'anywhere' }}>
        <h1>{scene?.heading ?? chapter.title}</h1>
        <p>{predict.asks(of.ask)}</p>
        <p>
          <b>{predict.outcome(predicted.options[right]!.outcome)}</b>
        </p>
        {said !== '' && <p>{said}</p>}
        {decides?.tables.map((t) => (
          <Decision key={t.table} table={t} step={decides.step} topology={decides.topology} />
        ))}
        {picture !== undefined && <Answered of={picture} />}
        <div data-explains={id}>{explanationIn(Text({ components: STILL }), id)}</div>
        <p>
          <a href={`${BASE}/${chapter.slug}/${there}`}>{prose.backTo(chapter.title)}</a>
        </p>
      </article>
    </Frame>
  )
}
