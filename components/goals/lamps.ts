import { useCallback, useEffect, useState, useSyncExternalStore, type RefObject } from 'react'
import type { Goal, Topology } from '#lib/index.ts'
import { figureOf, watch } from '#components/figure/registry.ts'
import type { Lamp } from './verdicts.ts'

/** Is an element in the window? Lamps that nobody sees walk nothing. */
function useSeen(place: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (place.current === null) return
    const look = new IntersectionObserver(([e]) => setSeen(e?.isIntersecting === true))
    look.observe(place.current)
    return () => look.disconnect()
  }, [place])
  return seen
}

/** The lamps of goals on the tables of a figure, lit anew when these are others; null until they were first. */
export function useLamps(
  goals: readonly Goal[],
  figure: string,
  place: RefObject<HTMLElement | null>,
): readonly Lamp[] | null {
  const [lamps, setLamps] = useState<readonly Lamp[] | null>(null)
  const seen = useSeen(place)
  const tables = useSyncExternalStore(
    useCallback((changed: () => void) => watch(figure, changed), [figure]),
    () => figureOf(figure)?.tables() ?? null,
    () => null,
  )
  useEffect(
    () => (seen && tables !== null ? light({ goals, figure, tables }, setLamps) : undefined),
    [seen, tables, goals, figure],
  )
  return lamps
}

/** Looks at the goals once the picture is drawn. Returns what ends it. */
function light(
  {
    goals,
    figure,
    tables,
  }: { readonly goals: readonly Goal[]; readonly figure: string; readonly tables: Topology },
  then: (lamps: readonly Lamp[]) => void,
): () => void {
  let over = false
  const timer = setTimeout(() => {
    import('./verdicts.ts').then(
      ({ lampsOf }) => {
        if (!over) then(lampsOf(goals, tables, figureOf(figure)?.begun() ?? tables))
      },
      // Without the script the lamps stay as the page was built with them.
      () => {},
    )
  }, 0)
  return () => {
    over = true
    clearTimeout(timer)
  }
}
