'use client'
import { useRef, type ComponentType } from 'react'
import { site } from '#components/words/site.ts'
import { useCome } from '#components/site/sight.ts'
import { useLate } from '#components/site/late.ts'
import type { Bench } from './bench.ts'
import css from './Bench.module.css'

/** What is done by hand, each a file of its own: fetched when the reader comes near. */
const BENCHES = {
  night: () => import('./NightBench.tsx').then((m) => m.NightBench),
  twins: () => import('./TwinsBench.tsx').then((m) => m.TwinsBench),
  piles: () => import('./PilesBench.tsx').then((m) => m.PilesBench),
  conflist: () => import('./ConflistBench.tsx').then((m) => m.ConflistBench),
  register: () => import('./RegisterBench.tsx').then((m) => m.RegisterBench),
}
type Kind = keyof typeof BENCHES
type Given<K extends Kind> =
  Awaited<ReturnType<(typeof BENCHES)[K]>> extends ComponentType<Bench<infer G>> ? G : never

interface Props<K extends Kind> {
  readonly kind: K
  readonly figure: string
  readonly given: Given<K>
}

/** A place to do something by hand. */
export function Gate<K extends Kind>({ kind, figure, given }: Props<K>) {
  const place = useRef<HTMLDivElement>(null)
  const come = useCome(place, '50%')
  return (
    <div ref={place} className={css.bench} data-bench={kind}>
      {come && <Come load={BENCHES[kind]} figure={figure} given={given} />}
    </div>
  )
}

function Come({
  load,
  ...rest
}: Bench<unknown> & { readonly load: () => Promise<ComponentType<Bench<never>>> }) {
  const { part: Part, away } = useLate(load) as {
    readonly part: ComponentType<Bench<unknown>> | null
    readonly away: Parameters<ReturnType<typeof site>['away']>[1] | null
  }
  if (away !== null) return <p role="status">{site().away('figure', away)}</p>
  return Part === null ? null : <Part {...rest} />
}
