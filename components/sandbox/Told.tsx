import type { Built } from './build.ts'
import css from './Sandbox.module.css'

interface Props { readonly notices: readonly string[]; readonly noted: () => void; readonly built: Built; readonly without: (gone: readonly number[]) => void }

/** What of a link, and which edits, could not be taken: each by name, none is lost without a word. */
export function Told({ notices, noted, built, without }: Props) {
  const { left } = built
  return (
    <>
      {notices.length > 0 && (
        <div className={css.notice} role="status" data-notice="">
          <p>This link is old or damaged. What could be read of it is here; the address stays as it is until you change something.</p>
          <ul>{notices.map((n, i) => <li key={i}>{n}</li>)}</ul>
          <button type="button" onClick={noted}>Close</button>
        </div>
      )}
      {built.notices.map((n) => <p key={n} className={css.notice} role="status" data-notice="">{n}</p>)}
      {left.length > 0 && (
        <div className={css.notice} role="alert" data-left={left.length}>
          <p>{left.length === 1 ? 'One change does' : `${left.length} changes do`} not fit this network and {left.length === 1 ? 'is' : 'are'} left out; everything else is made.</p>
          <ul>
            {left.map((l) => (
              <li key={l.n}><button type="button" aria-label={`Remove: ${l.name}`} onClick={() => without([l.n])}>Remove</button> <code>{l.name}</code><br />{l.why}</li>
            ))}
          </ul>
          {left.length > 1 && <button type="button" onClick={() => without(left.map((l) => l.n))}>Remove all of them</button>}
        </div>
      )}
    </>
  )
}
