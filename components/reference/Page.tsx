import { To } from '#components/site/To.tsx'
import { reference, type Part } from '#components/words/en/reference.ts'
import css from './Reference.module.css'

interface Props {
  /** Null where the text has a title of its own. */
  readonly title: string | null
  readonly lead: string
  /** The part that is shown; null on the first page, which leads to all. */
  readonly part: Part | null
  readonly parts: readonly Part[]
  readonly children?: React.ReactNode
}

/** A page of the reference, with the ways to the others. It is in the language of what it prints. */
export function Page({ title, lead, part, parts, children }: Props) {
  return (
    <article className={css.page} lang="en">
      {part !== null && (
        <nav aria-label={reference.parts}>
          <ul className={css.index}>
            <li>
              <To page="/reference/">{reference.title}</To>
            </li>
            {parts.map((p) => (
              <li key={p}>
                <To page={`/reference/${p}/`} aria-current={p === part ? 'page' : undefined}>
                  {reference.part(p)}
                </To>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {title !== null && <h1>{title}</h1>}
      {title !== null && <p className="lead">{lead}</p>}
      {children}
    </article>
  )
}
