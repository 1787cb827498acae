import { controls } from '#components/words/controls.ts'
import { useFigure, useFigureStore } from '../use.tsx'
import css from '../Figure.module.css'

/** What is said of a walk that stands in place of the figure's own, and the way back. */
export function Stood() {
  const { dispatch } = useFigureStore()
  const says = useFigure((_, s) => s.stood?.says ?? null)
  if (says === null) return null
  return (
    <p className={css.notice} role="status" data-stood="">
      {says}{' '}
      <button type="button" className={css.plain} onClick={() => dispatch({ type: 'unstand' })}>
        {controls().ownWalk}
      </button>
    </p>
  )
}
