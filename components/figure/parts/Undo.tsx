import { controls } from '#components/words/controls.ts'
import { useFigure, useFigureStore } from '../use.tsx'
import css from '../Figure.module.css'

/** Back and forth through what was changed. */
export function Undo() {
  const { dispatch } = useFigureStore()
  const past = useFigure((_, s) => s.past.length > 0)
  const future = useFigure((_, s) => s.future.length > 0)
  return (
    <p className={css.row}>
      <button
        type="button"
        className={css.plain}
        disabled={!past}
        onClick={() => dispatch({ type: 'undo' })}
      >
        {controls().undo}
      </button>
      <button
        type="button"
        className={css.plain}
        disabled={!future}
        onClick={() => dispatch({ type: 'redo' })}
      >
        {controls().redo}
      </button>
    </p>
  )
}
