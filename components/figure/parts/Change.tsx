import { behind } from '#components/drawer/late.ts'
import { useLate } from '#components/site/late.ts'
import { controls } from '#components/words/controls.ts'
import { useFigure, useFigureStore } from '../use.tsx'
import { Fall } from './Fall.tsx'
import { Undo } from './Undo.tsx'
import css from '../Figure.module.css'

/** Commands shown of a change; the rest is more of the same. */
const COMMANDS = 2

/** What can be changed, each with what one would type for it; and back and forth through what was. */
export function Change() {
  const some = useFigure((read, s) => read.offered(s).length > 0)
  const on = useFigure((_, s) => s.whatIfs.length)
  if (!some) return null
  return (
    <Fall menu="change" label={controls().change(on)}>
      <WhatIfs />
      <Undo />
    </Fall>
  )
}

function WhatIfs() {
  const { dispatch } = useFigureStore()
  const offered = useFigure((read, s) => read.offered(s))
  const on = useFigure((_, s) => s.whatIfs)
  // What says the commands comes when the reader does; until then, and offline, a change has its title.
  const { part } = useLate(behind)
  return (
    <ul className={css.whatIfs}>
      {offered.map(([w, x]) => (
        <li key={w}>
          <label>
            <input
              type="checkbox"
              checked={on.includes(w)}
              onChange={() => dispatch({ type: 'whatIf', whatIf: w })}
            />{' '}
            {x.title}
          </label>
          <code>
            {part !== null &&
              x.edits
                .slice(0, COMMANDS)
                .map((e) => part.command(e))
                .join(' ; ')}
          </code>
        </li>
      ))}
    </ul>
  )
}
