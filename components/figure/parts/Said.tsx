import { memo } from 'react'
import { explain, labelOf } from '#lib/index.ts'
import { Tabs } from '#components/drawer/Tabs.tsx'
import { Said as Sentence } from '#components/why/Said.tsx'
import { controls } from '#components/words/controls.ts'
import { viewOf } from '../sides.ts'
import { saying } from '../store/stops.ts'
import { later, useFigure, useFigureStore } from '../use.tsx'
import css from '../Figure.module.css'

/** What is said of the step: which packet, how far it has come, one sentence; and what there is to look at. */
export const Said = memo(function Said() {
  const { shows } = useFigureStore()
  return (
    <>
      <div className={css.head}>
        {shows('packets') && <Packets />}
        <Count />
        {shows('drawer') && <Tabs />}
      </div>
      <Live />
    </>
  )
})

/** The packets of the flow: which one is stepped. */
function Packets() {
  const { dispatch } = useFigureStore()
  const legs = useFigure((read, s) => read.legs(s))
  const packet = useFigure((read, s) => read.slider(s).packet)
  return (
    <label className={css.packets} data-leg={legs.find((m) => m.n === packet)?.leg}>
      <span className="hidden">{controls().packets}</span>
      <select
        value={packet}
        onChange={(e) => dispatch({ type: 'message', message: Number(e.target.value) })}
      >
        {legs.map((m) => (
          <option key={m.n} value={m.n}>
            {m.leg === 'forward' ? '→' : '←'} {labelOf(m)}
          </option>
        ))}
      </select>
    </label>
  )
}

function Count() {
  const { offset, ticks } = useFigure((read, s) => read.slider(s))
  const at = useFigure((read, s) => read.at(s))
  // A scene shows a part of a walk, and of one that is asked about only the beginning: how long it is says nothing there.
  const part = useFigure((read, s) => s.scene !== null && read.attached(s))
  const n = at - offset + 1
  return (
    <span className={css.count}>
      {part ? controls().countInPart(n) : controls().count(n, ticks.length)}
    </span>
  )
}

/** The step in a sentence, or for a moment what was done; at the last stop, how the walk ends. */
const Live = later(function Live({ s, figure }) {
  const { read, shows } = figure
  const view = viewOf(figure, s)
  if (view === null) return null
  const { label, offset, ticks } = read.slider(s)
  const said = controls().stepSaid(label, read.at(s) - offset + 1, ticks.length)
  const end = read.at(s) === read.total(s) - 1 ? read.outcome(s) : null
  return (
    <p
      className={shows('sentence') ? css.live : 'hidden'}
      data-live
      aria-live={s.quiet ? 'off' : 'polite'}
      data-ends={end !== null}
    >
      {s.said === '' ? (
        <>
          <span className="hidden">{said} </span>
          {end !== null && (
            <b className={css.end} data-ok={end.ok}>
              {controls().ends(end.text)}{' '}
            </b>
          )}
          <Sentence
            text={end === null ? saying(view.walk, view.step) : explain(view.step, view.walk.after)}
            packet={view.step.packet}
          />
        </>
      ) : (
        s.said
      )}
    </p>
  )
})
