'use client'
import { useCallback, useSyncExternalStore } from 'react'
import { readOf } from '#components/chapter/progress.ts'
import { pages } from '#components/words/pages.ts'
import { To } from '#components/site/To.tsx'
import css from './Home.module.css'

/** A chapter of the path, in the language of its text. */
export interface Lesson {
  readonly slug: string
  readonly title: string
  readonly promise: string
  /** Null for one without scenes. */
  readonly told: {
    readonly stage: string
    readonly minutes: number
    readonly scenes: readonly string[]
  } | null
}

interface Props {
  readonly lessons: readonly Lesson[]
  readonly lang: string
}

/** The chapters, one after the other. */
export function Path({ lessons, lang }: Props) {
  const says = pages()
  return (
    <section aria-labelledby="chapters">
      <h2 id="chapters">{says.lessons}</h2>
      <ol className={css.path}>
        {lessons.map(({ slug, title, promise, told }, i) => (
          <li key={slug}>
            <To page={`/${slug}/`}>
              <i aria-hidden="true">{i + 1}</i>
              <span lang={lang}>
                <b>{title}</b>
                <span>{promise}</span>
              </span>
              {told !== null && <Length of={told} />}
            </To>
          </li>
        ))}
      </ol>
    </section>
  )
}

const never = (): (() => void) => () => {}

/** How long a chapter is, and how much of it was read on this device. */
function Length({ of: { stage, minutes, scenes } }: { readonly of: NonNullable<Lesson['told']> }) {
  const says = pages()
  const read = useSyncExternalStore(
    never,
    useCallback(() => readOf(stage, scenes), [stage, scenes]),
    () => 0,
  )
  return (
    <small data-read={read}>
      {says.length(minutes, scenes.length)}
      {read > 0 && <span>{says.read(read, scenes.length)}</span>}
      {read > 0 && <meter aria-hidden="true" value={read} max={scenes.length} />}
    </small>
  )
}
