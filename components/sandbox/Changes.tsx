import { sandbox as words } from '#components/words/sandbox.ts'
import { nameOf } from './build.ts'
import { useSandbox, useSandboxStore } from './use.tsx'

/** What was changed, each to be restored. */
export function Changes() {
  const { dispatch } = useSandboxStore()
  const { edits } = useSandbox((sandbox, s) => sandbox.built(s))
  return (
    <>
      <h3>{words().changed}</h3>
      <ul>
        {edits.map(({ n, edit }) => (
          <li key={n}>
            <button
              type="button"
              aria-label={words().restoreEdit(nameOf(edit))}
              onClick={() => dispatch({ type: 'without', gone: [n] })}
            >
              {words().restore}
            </button>
            <code>{nameOf(edit)}</code>
          </li>
        ))}
      </ul>
    </>
  )
}
