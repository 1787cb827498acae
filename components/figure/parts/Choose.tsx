import { WORLDS } from '#lib/index.ts'
import { controls } from '#components/words/controls.ts'
import { useFigure, useFigureStore } from '../use.tsx'
import css from '../Figure.module.css'

/** The networks one may switch to. Where there is no other, its name. */
export function Worlds() {
  const { home, dispatch } = useFigureStore()
  const now = useFigure((_, s) => s.scenario)
  const offered = WORLDS.filter(
    ({ id }) => home.switches === undefined || home.switches.includes(id) || id === home.scenario,
  )
  if (offered.length === 1) return <b className={css.world}>{offered[0]!.short}</b>
  return (
    <label className={css.world}>
      <span className="hidden">{controls().network}</span>
      <select
        value={now}
        onChange={(e) => dispatch({ type: 'scenario', scenario: e.target.value })}
      >
        {offered.map(({ id, short }) => (
          <option key={id} value={id}>
            {short}
          </option>
        ))}
      </select>
    </label>
  )
}

/** What is sent. */
export function Flows() {
  const { dispatch } = useFigureStore()
  const flow = useFigure((_, s) => s.flow)
  const flows = useFigure((read, s) => read.flows(s))
  return (
    <label className={css.flow}>
      <span className="hidden">{controls().sent}</span>
      <select value={flow} onChange={(e) => dispatch({ type: 'flow', flow: e.target.value })}>
        {flows.map(([f, name]) => (
          <option key={f} value={f}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
