'use client'
import { useEffect, useMemo, useRef } from 'react'
import { walk as walkOf, type Predicted } from '#lib/index.ts'
import { Diagram } from '#components/diagram/Diagram.tsx'
import { layout } from '#components/diagram/layout/index.ts'
import { saying, stops } from '#components/figure/store/stops.ts'
import { figure } from '#components/words/figure.ts'
import { still, useClock } from './clock.ts'
import css from './Home.module.css'

interface Props {
  readonly title: string
  readonly of: Predicted
}

/** What became of the packet, once somebody has guessed: it runs to its end. */
export function Death({ title, of: { scenario, flow, walk } }: Props) {
  const place = useRef<HTMLElement>(null)
  const scene = useMemo(() => {
    const meant = walkOf(scenario.topology, scenario.flows[flow]!)
    return layout(walk.before, walk, meant)
  }, [scenario, flow, walk])
  const own = useMemo(() => sampled(ownStops(walk)), [walk])
  const { at } = useClock(own.length, true)
  const step = walk.steps[own[at]!]!
  const where = step.dev === null ? step.in : `${step.in}, ${step.dev}`
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest', behavior: still() ? 'instant' : 'smooth' })
  }, [])
  return (
    <figure ref={place} className={css.death} data-death={flow} data-at={at} data-of={own.length}>
      <figcaption>
        <b>{title}</b>
        <span>{saying(walk, step)}</span>
      </figcaption>
      <Diagram
        scene={scene}
        walk={walk}
        step={step.n}
        before={walk.steps[own[at - 1] ?? -1] ?? null}
        label={figure().pictureOf(scenario.title, where)}
      />
    </figure>
  )
}

/** The most stops that are shown: whoever goes round and round is seen at the beginning, and from then on now and again. */
const MOST = 32
const WHOLE = 16

function sampled(all: readonly number[]): readonly number[] {
  if (all.length <= MOST) return all
  const every = Math.ceil((all.length - WHOLE) / (MOST - WHOLE))
  return all.filter((_, i) => i < WHOLE || (all.length - 1 - i) % every === 0)
}

/** The stops of the packet itself, up to where it is lost. */
function ownStops(walk: Predicted['walk']): readonly number[] {
  const first = walk.steps[0]!.message
  const end = walk.loss?.step ?? walk.steps.length
  const own = stops(walk, 'story')
    .map((s) => s.step)
    .filter((n) => walk.steps[n]!.message === first && n <= end)
  return walk.loss === null || own.includes(end) ? own : [...own, end]
}
