import { WORLDS, type Beat } from '#lib/index.ts'
import { Diagram } from '#components/diagram/Diagram.tsx'
import type { Scene } from '#components/diagram/layout/index.ts'
import { figure } from '#components/words/figure.ts'
import { Marked } from '#components/words/Marked.tsx'
import type { Packet, Walk } from '#lib/index.ts'
import css from './Compare.module.css'

/** One of the two: its walk, its picture, the step it is at, and what its packet was at the stop before. */
export interface Side {
  readonly title: string
  readonly walk: Walk
  readonly scene: Scene
  readonly step: number
  readonly before: Packet | null
}

interface Props {
  readonly sides: readonly Side[]
  readonly tick: Beat
  /** The one that is seen where only one has room. */
  readonly side: 0 | 1
  readonly show: (side: 0 | 1) => void
  /** The two worlds: the one shown, and the one it is compared with. */
  readonly scenario: string
  readonly against: string
  readonly choose: (scenario: string) => void
}

/** Two worlds on one clock, in one place: beside each other where both have room, else one or the other. */
export function Compare({ sides, tick, side, show, scenario, against, choose }: Props) {
  return (
    <>
      <div className={css.clock}>
        <span role="group" aria-label={figure().whichOfTwo} className={css.which}>
          {sides.map(({ title }, i) => (
            <button
              key={i}
              type="button"
              aria-pressed={i === side}
              onClick={() => show(i === 0 ? 0 : 1)}
            >
              {title}
            </button>
          ))}
        </span>
        <p>
          <Marked text={(tick.together ? figure().together : figure().apart)(tick.phase.place)} />
        </p>
        <label>
          <span className="hidden">{figure().comparedWith}</span>
          <select value={against} onChange={(e) => choose(e.target.value)}>
            {WORLDS.filter((w) => w.id !== scenario).map((w) => (
              <option key={w.id} value={w.id}>
                {w.short}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className={css.sides} data-stage="" style={shapeOf(sides)}>
        {sides.map((s, i) => (
          <section key={i} className={css.side} data-shown={i === side} aria-label={s.title}>
            <Diagram
              scene={s.scene}
              walk={s.walk}
              step={s.step}
              label={figure().pictureOf(s.title, s.walk.steps[s.step]!.in)}
            />
          </section>
        ))}
      </div>
    </>
  )
}

/** Room for the larger of both. */
const shapeOf = (sides: readonly Side[]): React.CSSProperties =>
  ({
    '--wide': Math.max(...sides.map((s) => s.scene.width)),
    '--high': Math.max(...sides.map((s) => s.scene.height)),
  }) as React.CSSProperties
