import { sandbox as words } from '#components/words/sandbox.ts'
import { useSandbox, useSandboxStore } from './use.tsx'
import css from './Sandbox.module.css'

/** What of a link, and which edits, could not be taken: each by name, none is lost without a word. */
export function Told() {
  const { dispatch } = useSandboxStore()
  const notices = useSandbox((_, s) => s.notices)
  const missing = useSandbox((_, s) => s.missing)
  const { left, notices: made } = useSandbox((sandbox, s) => sandbox.built(s))
  const plain = useSandbox((_, s) => s.plain)
  const without = (gone: readonly number[]): void => dispatch({ type: 'without', gone })
  return (
    <>
      {notices.length > 0 && (
        <div className={css.notice} role="status" data-notice="">
          <p>{words().damaged}</p>
          <ul>
            {notices.map((n, i) => (
              <li key={i}>{n}</li>
            ))}
          </ul>
          <button type="button" onClick={() => dispatch({ type: 'noted' })}>
            {words().close}
          </button>
        </div>
      )}
      {plain && (
        <p className={css.notice} role="status">
          {words().shownUnchanged}
        </p>
      )}
      {missing !== null && (
        <p className={css.notice} role="status" data-notice="">
          {missing}
        </p>
      )}
      {made.map((n) => (
        <p key={n} className={css.notice} role="status" data-notice="">
          {n}
        </p>
      ))}
      {left.length > 0 && (
        <div className={css.notice} role="alert" data-left={left.length}>
          <p>{words().notFitting(left.length)}</p>
          <ul>
            {left.map((l) => (
              <li key={l.n}>
                <button
                  type="button"
                  aria-label={words().removeEdit(l.name)}
                  onClick={() => without([l.n])}
                >
                  {words().remove}
                </button>{' '}
                <code>{l.name}</code>
                <br />
                {l.why}
              </li>
            ))}
          </ul>
          {left.length > 1 && (
            <button type="button" onClick={() => without(left.map((l) => l.n))}>
              {words().removeAll}
            </button>
          )}
        </div>
      )}
    </>
  )
}
