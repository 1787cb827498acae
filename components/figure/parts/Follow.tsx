import { controls } from '#components/words/controls.ts'
import { useFigure, useFigureStore } from '../use.tsx'
import css from '../Figure.module.css'

/** Back to the text of the chapter, when the stage has gone where its scene does not. */
export function Follow() {
  const { dispatch } = useFigureStore()
  const away = useFigure((read, s) => s.stood === null && s.scene !== null && !read.attached(s))
  if (!away) return null
  return (
    <div className={css.back} data-follow="">
      <button type="button" className={css.plain} onClick={() => dispatch({ type: 'follow' })}>
        {controls().follow}
      </button>
    </div>
  )
}
