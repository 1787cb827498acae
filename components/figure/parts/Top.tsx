import { memo } from 'react'
import { controls } from '#components/words/controls.ts'
import { useFigure, useFigureStore } from '../use.tsx'
import { Change } from './Change.tsx'
import { Flows, Worlds } from './Choose.tsx'
import { More } from './More.tsx'
import css from '../Figure.module.css'

/** The line above the picture: which network, what is sent, what is changed, and the rest. */
export const Top = memo(function Top() {
  const { home, shows } = useFigureStore()
  return (
    <>
      <WayBack />
      <Title />
      <header className={css.top} data-top="">
        {!home.own && shows('world') && <Worlds />}
        {shows('flow') && <Flows />}
        <span className={css.tools}>
          {shows('change') && <Change />}
          {shows('more') && <More />}
        </span>
      </header>
    </>
  )
})

/** To the phrase that led here. */
function WayBack() {
  const { dispatch } = useFigureStore()
  const away = useFigure((_, s) => s.away)
  if (!away) return null
  return (
    <div className={css.back}>
      <button type="button" className={css.plain} onClick={() => dispatch({ type: 'back' })}>
        {controls().back}
      </button>
    </div>
  )
}

/** Without scripts there is no menu that says what is sent. */
function Title() {
  const title = useFigure((_, s) => s.world.title)
  const flow = useFigure((read, s) => read.flows(s).find(([f]) => f === s.flow)?.[1])
  return (
    <noscript>
      <p className={css.title}>
        <b>{title}</b>: {flow}
      </p>
    </noscript>
  )
}
