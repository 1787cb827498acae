import { DETAILS, listedWorld } from '#lib/index.ts'
import { controls } from '#components/words/controls.ts'
import type { Ask } from '../store/actions.ts'
import { counterpart } from '../store/reduce.ts'
import { useFigure, useFigureStore } from '../use.tsx'
import css from '../Figure.module.css'

/** A button that asks one thing. */
export function Do({ what, name, ask }: DoProps) {
  const { dispatch } = useFigureStore()
  return (
    <button type="button" className={css.plain} aria-label={name} onClick={() => dispatch(ask)}>
      {what}
    </button>
  )
}

interface DoProps {
  readonly what: string
  readonly name?: string
  readonly ask: Ask
}

/** Begins a comparison, or ends it. */
export function CompareButton() {
  const comparing = useFigure((read, s) => read.comparison(s) !== null)
  const other = useFigure((_, s) => listedWorld(counterpart(s.scenario))?.short ?? '')
  const what = comparing ? controls().compareEnd : controls().compareWith(other)
  return <Do what={what} ask={{ type: 'compare' }} />
}

/** Where a rule of this walk draws. */
export function Draw() {
  const draws = useFigure((read, s) =>
    read
      .now(s)
      .walk.steps.some(({ decision }) => decision.kind === 'hook' && decision.draws !== undefined),
  )
  return draws ? <Do what={controls().drawAgain} ask={{ type: 'draw' }} /> : null
}

export function Speed() {
  const speed = useFigure((_, s) => s.speed)
  return (
    <Do
      what={controls().times(speed)}
      name={controls().speed(speed)}
      ask={{ type: 'speed', by: 1, around: true }}
    />
  )
}

/** How much is told. */
export function Details() {
  const { dispatch } = useFigureStore()
  const now = useFigure((_, s) => s.detail)
  return (
    <div role="group" aria-label={controls().told} className={css.choice}>
      {DETAILS.map((d) => (
        <button
          key={d}
          type="button"
          aria-pressed={now === d}
          onClick={() => dispatch({ type: 'detail', detail: d })}
        >
          {controls().detail(d)}
        </button>
      ))}
    </div>
  )
}
