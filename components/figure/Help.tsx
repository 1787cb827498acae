import { controls } from '#components/words/controls.ts'
import type { KeyLine } from '#components/words/en/controls.ts'
import { keysTold } from './keys.ts'
import { useFigureStore } from './use.tsx'
import css from './Figure.module.css'

/** Heard by the picture, and by a question, themselves. */
const ELSEWHERE: readonly (readonly [KeyLine, readonly string[]])[] = [
  ['boxes', ['← → ↑ ↓']],
  ['box', ['Enter', 'Esc']],
  ['guess', ['1', '2', '3', '4']],
]
const told = keysTold()
const LINES = [...told.slice(0, -1), ...ELSEWHERE, ...told.slice(-1)]

/** The keys that work here, while the figure has the focus. */
export function Help() {
  const { dispatch } = useFigureStore()
  return (
    <div className={css.help} data-menu="help" role="region" aria-label={controls().keys}>
      <dl>
        {LINES.map(([what, keys]) => (
          <div key={what}>
            <dt>
              {keys.map((k) => (
                <kbd key={k}>{k}</kbd>
              ))}
            </dt>
            <dd>{controls().keyLine(what)}</dd>
          </div>
        ))}
      </dl>
      <p>{controls().shortNames}</p>
      <p>
        {controls().keysWhen}{' '}
        <button type="button" className={css.plain} onClick={() => dispatch({ type: 'help' })}>
          {controls().close}
        </button>
      </p>
    </div>
  )
}
