'use client'
import { startTransition, useEffect, useRef, useState } from 'react'
import { hearEarly, type Presses } from './early.ts'
import type * as BuiltModule from './built.tsx'
import type { Figure } from './Figure.tsx'
import { notLoaded } from '#components/save/take.ts'
import { Boundary } from '#components/site/Boundary.tsx'
import type { Away } from '#components/words/en/away.ts'
import { site } from '#components/words/site.ts'
import type { FigureProps } from './store/state.ts'
import { whenWanted } from './wanted.ts'

// Pages are built with the whole figure in them. In the browser this line is not compiled in: the figure's script is a file of its own.
const built =
  typeof window === 'undefined' ? (require('./built.tsx') as typeof BuiltModule).Built : null
/** A figure that stands in the page as built, whole and readable without script, and comes alive when it is near: engine and motion are loaded then, and nothing moves. */
export function LateFigure(props: FigureProps) {
  const place = useRef<HTMLDivElement>(null)
  /** As its author wrote it: that never changes. */
  const first = useRef(props)
  const [Live, setLive] = useState<typeof Figure | null>(null)
  const [away, setAway] = useState<Away | null>(null)
  const early = useRef<Presses>(null)
  useEffect(() => {
    if (place.current === null) return
    // It comes alive piece by piece: whoever scrolls meanwhile is not held up.
    let failed = false
    const load = (): void => {
      failed = false
      import('./live.ts')
        .then((m) => m.live(first.current))
        .then(
          (there) => startTransition(() => setLive(() => there)),
          () => {
            failed = true
            setAway(notLoaded())
          },
        )
    }
    const again = (): void => {
      if (failed) load()
    }
    early.current = hearEarly(place.current)
    const leave = whenWanted(place.current, props.id, load)
    addEventListener('online', again)
    return () => {
      leave()
      early.current?.end()
      removeEventListener('online', again)
    }
  }, [props.id])
  const alive = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (Live !== null && alive.current !== null) early.current?.carryOut(alive.current)
  }, [Live])
  const fit = props.fit ?? 'page'
  if (Live !== null)
    return (
      <div data-wide="" data-fits={fit} key="live" ref={alive}>
        <Boundary what="figure" ids={props.id}>
          <Live {...props} />
        </Boundary>
      </div>
    )
  if (built !== null) {
    const Still = built
    return (
      <div data-wide="" data-fits={fit} ref={place}>
        <Still {...props} />
      </div>
    )
  }
  // The page's own markup stays as it is until then.
  const still = (
    <div
      data-wide=""
      data-fits={fit}
      ref={place}
      suppressHydrationWarning
      dangerouslySetInnerHTML={{ __html: '' }}
    />
  )
  return (
    <>
      {still}
      {away !== null && (
        <p className="failed" role="status">
          {site().standsStill(away)}
        </p>
      )}
    </>
  )
}
