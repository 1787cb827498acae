'use client'
import { useRef } from 'react'
import type { Goal, Walk } from '#lib/index.ts'
import { figureOf } from '#components/figure/registry.ts'
import { exercises as words } from '#components/words/exercises.ts'
import { Changes } from './Changes.tsx'
import { Line, type Built } from './Line.tsx'
import { useLamps } from './lamps.ts'
import type { Lamp } from './verdicts.ts'
import css from './Goals.module.css'

interface Props {
  readonly goals: readonly Goal[]
  /** What the goals come to in the network of the scene. */
  readonly built: readonly Built[]
  readonly figure: string
  /** Changes of the world to be made beside them. */
  readonly changes: readonly (readonly [whatIf: string, title: string])[]
}

/** Goals that are looked at as the network beside them stands. Each has its walk behind it. */
export function Lamps({ goals, built, figure, changes }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const live = useLamps(goals, figure, place)
  const lamps: readonly (Built & Partial<Lamp>)[] = live ?? built
  const holding = lamps.filter((l) => l.lit === 'holds').length
  return (
    <div ref={place} className={css.goals} data-goals="" data-live={live !== null}>
      <ul aria-label={words().goals}>
        {goals.map((g, i) => (
          <Line
            key={g.id}
            goal={g}
            lamp={lamps[i]!}
            show={(says) => {
              const { walk, step } = lamps[i]!
              if (walk !== undefined && walk !== null)
                figureOf(figure)?.show(walk, says, before(walk, step))
            }}
          />
        ))}
      </ul>
      {changes.length > 0 && <Changes figure={figure} of={changes} />}
      <p className="hidden" role="status">
        {live === null ? '' : words().held(holding, goals.length)}
      </p>
    </div>
  )
}

/** Who looks at a loss sees the packet come: from the beginning of its message. */
const before = (walk: Walk, step: number | null | undefined): number =>
  walk.steps.find((s) => s.message === walk.steps[step ?? 0]?.message)?.n ?? 0
