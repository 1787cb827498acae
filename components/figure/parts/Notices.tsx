import { memo } from 'react'
import { ByHand } from '#components/save/ByHand.tsx'
import { controls } from '#components/words/controls.ts'
import { Help } from '../Help.tsx'
import { useFigure, useFigureStore } from '../use.tsx'
import css from '../Figure.module.css'

/** What is to be said of the figure itself: of its link, of what could not be changed or copied, of its keys. */
export const Notices = memo(function Notices() {
  const { dispatch } = useFigureStore()
  const notice = useFigure((_, s) => s.notice)
  const problem = useFigure((read, s) => read.now(s).problem)
  const byHand = useFigure((_, s) => s.byHand)
  const help = useFigure((_, s) => s.menu === 'help')
  return (
    <>
      {notice !== null && (
        <p className={css.notice} role="status" data-notice="">
          {notice}{' '}
          <button type="button" className={css.plain} onClick={() => dispatch({ type: 'noted' })}>
            {controls().close}
          </button>
        </p>
      )}
      {problem !== null && (
        <p className={css.notice} role="status" data-notice="">
          {controls().notMade(problem)}
        </p>
      )}
      {byHand !== null && (
        <div className={css.notice}>
          <ByHand {...byHand} close={() => dispatch({ type: 'handed' })} />
        </div>
      )}
      {help && <Help />}
    </>
  )
})
