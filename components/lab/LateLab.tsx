'use client'
import { startTransition, useEffect, useRef, useState } from 'react'
import type * as LabModule from './Lab.tsx'
import { notLoaded } from '#components/save/take.ts'
import { Boundary } from '#components/site/Boundary.tsx'
import type { LabProps } from './useLab.ts'

// Pages are built with the whole figure in them. In the browser this line is not compiled in: the figure's script is a file of its own.
const built = typeof window === 'undefined' ? (require('./Lab.tsx') as typeof LabModule).Lab : null
/** How far from the window a figure comes alive. */
const NEAR = '600px'

/** Calls back once when the place comes near the window, is pointed at or focused, is to be printed, or the page's link is about it. */
function whenWanted(place: Element, id: string, then: () => void): () => void {
  const seen = new IntersectionObserver((entries) => { if (entries.some((e) => e.isIntersecting)) end() }, { rootMargin: NEAR })
  const about = (): void => { if (location.hash.includes(`${id}=`)) end() }
  const leave = (): void => {
    seen.disconnect()
    removeEventListener('hashchange', about)
    removeEventListener('beforeprint', end)
    for (const e of EVENTS) place.removeEventListener(e, end)
  }
  const end = (): void => { leave(); then() }
  seen.observe(place)
  addEventListener('hashchange', about)
  addEventListener('beforeprint', end)
  for (const e of EVENTS) place.addEventListener(e, end)
  about()
  return leave
}
const EVENTS = ['pointerenter', 'focusin']

/** A figure that stands in the page as built, whole and readable without script, and comes alive when it is near: engine and motion are loaded then, and nothing moves. */
export function LateLab(props: LabProps) {
  const place = useRef<HTMLDivElement>(null)
  const [Live, setLive] = useState<typeof LabModule.Lab | null>(null)
  const [away, setAway] = useState<string | null>(null)
  useEffect(() => {
    if (place.current === null) return
    // It comes alive piece by piece: whoever scrolls meanwhile is not held up.
    let failed = false
    const load = (): void => { import('./Lab.tsx').then((m) => startTransition(() => setLive(() => m.Lab)), () => { failed = true; setAway(notLoaded()) }) }
    const again = (): void => { if (failed) load() }
    const leave = whenWanted(place.current, props.id, load)
    addEventListener('online', again)
    return () => { leave(); removeEventListener('online', again) }
  }, [props.id])
  if (Live !== null) return <div data-wide="" key="live"><Boundary what="figure" ids={props.id}><Live {...props} /></Boundary></div>
  if (built !== null) { const Built = built; return <div data-wide="" ref={place}><Built {...props} /></div> }
  // The page's own markup stays as it is until then.
  const still = <div data-wide="" ref={place} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: '' }} />
  return <>{still}{away !== null && <p className="failed" role="status">This figure stands still: what moves it is missing, {away}.</p>}</>
}
