import { reference } from '#components/words/en/reference.ts'
import css from './Reference.module.css'

/* What all parts of the reference are made of. */

interface EntryProps {
  readonly id: string
  readonly title: string
  /** The title is a name in a program. */
  readonly name?: boolean
  readonly children: React.ReactNode
}

/** One thing, with an address of its own. */
export function Entry({ id, title, name = false, children }: EntryProps) {
  return (
    <section className={css.entry}>
      <h2 id={id}>{name ? <code>{title}</code> : title}</h2>
      {children}
    </section>
  )
}

interface IndexProps {
  readonly of: readonly { readonly id: string; readonly title: string }[]
  /** What they are, where a page has more than one such list. */
  readonly label?: string
}

/** The ways to the entries of a page. */
export function Index({ of, label = reference.entries }: IndexProps) {
  return (
    <nav aria-label={label}>
      <ul className={css.index}>
        {of.map(({ id, title }) => (
          <li key={id}>
            <a href={`#${id}`}>{title}</a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

interface WideProps {
  readonly label: string
  readonly heads: readonly string[]
  readonly rows: readonly (readonly React.ReactNode[])[]
}

/** A table that may be wider than the window; its first cells name its rows. */
export function Wide({ label, heads, rows }: WideProps) {
  return (
    <div className={css.wide} role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {heads.map((h) => (
              <th key={h} scope="col">
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...cells], i) => (
            <tr key={i}>
              <th scope="row">{first}</th>
              {cells.map((c, n) => (
                <td key={n}>{c}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What a command prints, as it is. */
export function Printed({ children }: { readonly children: string }) {
  return <pre tabIndex={0}>{children}</pre>
}
