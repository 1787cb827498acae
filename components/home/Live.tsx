'use client'
import { useEffect, useRef } from 'react'
import { Diagram } from '#components/diagram/Diagram.tsx'
import { figure } from '#components/words/figure.ts'
import { pages } from '#components/words/pages.ts'
import { useClock } from './clock.ts'
import { Cost } from './Cost.tsx'
import type { Cost as Counted } from './cost.ts'
import type { Trip } from './pair.ts'
import css from './Home.module.css'

/** How a packet that was sent is under way. */
export type Way = 'resting' | 'running' | 'paused'

interface Props {
  readonly trips: readonly [Trip, Trip]
  readonly costs: readonly Counted[]
  /** How often the button was pressed. */
  readonly presses: number
  readonly told: (way: Way) => void
}

/** Both pictures, by one clock. */
export function Live({ trips, costs, presses, told }: Props) {
  const total = trips[0].ticks.length
  const { at, running, start, pause } = useClock(total)
  const heard = useRef(0)
  useEffect(() => {
    if (presses === heard.current) return
    heard.current = presses
    if (running) pause()
    else start()
  }, [presses, running, pause, start])
  const way: Way = running ? 'running' : at === total - 1 ? 'resting' : 'paused'
  useEffect(() => told(way), [told, way])
  return (
    <div className={css.trips}>
      {trips.map((t, i) => (
        <Side key={t.world} trip={t} at={at} cost={costs[i]!} />
      ))}
    </div>
  )
}

function Side({
  trip: { world, title, scene, walk, keys, ticks },
  at,
  cost,
}: {
  readonly trip: Trip
  readonly at: number
  readonly cost: Counted
}) {
  const { step, before } = ticks[at]!
  const [name, gist] = pages().trips[world]
  const where = step.dev === null ? step.in : `${step.in}, ${step.dev}`
  return (
    <section className={css.trip} data-trip={world} data-step-key={keys[step.n]}>
      <h2>
        {name} <span>{gist}</span>
      </h2>
      <Diagram
        scene={scene}
        walk={walk}
        step={step.n}
        before={before}
        label={figure().pictureOf(title, where)}
      />
      <Cost of={cost} />
    </section>
  )
}
