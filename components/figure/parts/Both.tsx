import { Compare } from '#components/compare/Compare.tsx'
import { sidesOf } from '../sides.ts'
import { useFigure, useFigureStore } from '../use.tsx'

/** Two worlds on one clock. */
export function Both() {
  const figure = useFigureStore()
  const s = useFigure((_, now) => now)
  const comparison = figure.read.comparison(s)
  const tick = comparison?.ticks[figure.read.at(s)]
  if (comparison === null || tick === undefined) return null
  return (
    <Compare
      tick={tick}
      side={s.side}
      show={(side) => figure.dispatch({ type: 'shown', side })}
      against={comparison.now.scenario.id}
      scenario={s.scenario}
      choose={(against) => figure.dispatch({ type: 'compare', against })}
      sides={sidesOf(figure, s)}
    />
  )
}
