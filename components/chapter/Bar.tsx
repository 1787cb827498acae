'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { chapter } from '#components/words/chapter.ts'
import { Contents } from './Contents.tsx'
import { reading, watch } from './reading.ts'
import type { Entry, Told } from './told.ts'
import { To } from '#components/site/To.tsx'
import css from './Bar.module.css'

/** Another chapter. */
export interface Neighbour {
  readonly slug: string
  readonly title: string
}
interface Props {
  readonly title: string
  readonly told: Told
  readonly lang: string
  readonly before: Neighbour | null
  readonly after: Neighbour | null
}

/** How long a scene is read before it is said. */
const REST_MS = 500

/** The header of a chapter: which it is, how far it is read, and the way to its parts and neighbours. */
export function Bar({ title, told: { entries }, lang, before, after }: Props) {
  const active = useSyncExternalStore(
    watch,
    () => reading()?.active() ?? 0,
    () => 0,
  )
  const says = chapter()
  return (
    <div className={css.bar}>
      <a href="#main" className={css.title} lang={lang}>
        {title}
      </a>
      <span className={css.progress} aria-hidden="true">
        {entries.map((e, i) => (
          <i key={e.scene.id} data-wrap={wrapName(e)} data-read={i <= active} />
        ))}
      </span>
      <span className={css.count}>{says.place(active + 1, entries.length)}</span>
      <Contents entries={entries} active={active} lang={lang}>
        {before !== null && (
          <To page={`/${before.slug}/`} rel="prev" lang={lang}>
            {says.before(before.title)}
          </To>
        )}
        {after !== null && (
          <To page={`/${after.slug}/`} rel="next" lang={lang}>
            {says.after(after.title)}
          </To>
        )}
      </Contents>
      <Said entries={entries} active={active} />
    </div>
  )
}

const wrapName = ({ outer, hidden }: Entry): string =>
  hidden ? 'hidden' : outer > 0 ? 'wrapped' : 'bare'

/** Each scene is said once, when it is read and not passed by. */
function Said({
  entries,
  active,
}: {
  readonly entries: readonly Entry[]
  readonly active: number
}) {
  const [said, setSaid] = useState<{ readonly at: number; readonly text: string } | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => {
      const e = entries[active]
      // What a page begins with is read anyway.
      setSaid((last) =>
        e === undefined || last?.at === active
          ? last
          : {
              at: active,
              text:
                last === null
                  ? ''
                  : chapter().said({
                      n: active + 1,
                      of: entries.length,
                      heading: e.heading,
                      place: e.place,
                    }),
            },
      )
    }, REST_MS)
    return () => clearTimeout(timer)
  }, [entries, active])
  return (
    <span className="hidden" role="status" data-scene-said="">
      {said?.text}
    </span>
  )
}
