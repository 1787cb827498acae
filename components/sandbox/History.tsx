import { sandbox as words } from '#components/words/sandbox.ts'
import { useSandbox, useSandboxStore } from './use.tsx'
import css from './Sandbox.module.css'

/** Back and forth through what was done, and to what was before all of it. */
export function History() {
  const { dispatch } = useSandboxStore()
  const done = useSandbox((_, s) => s.past.length > 0)
  const undone = useSandbox((_, s) => s.future.length > 0)
  const plain = useSandbox((_, s) => s.plain)
  const changed = useSandbox((sandbox, s) => sandbox.built(s).edits.length > 0)
  return (
    <div className={css.history}>
      <button type="button" disabled={!done} onClick={() => dispatch({ type: 'undo' })}>
        {words().undo}
      </button>
      <button type="button" disabled={!undone} onClick={() => dispatch({ type: 'redo' })}>
        {words().redo}
      </button>
      <button type="button" onClick={() => dispatch({ type: 'start' })}>
        {words().startOver}
      </button>
      <button
        type="button"
        aria-pressed={plain}
        disabled={!changed}
        onClick={() => dispatch({ type: 'plain' })}
      >
        {words().unchanged}
      </button>
    </div>
  )
}
