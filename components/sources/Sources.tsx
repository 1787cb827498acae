import { Entry } from '#components/reference/Entry.tsx'
import reference from '#components/reference/Reference.module.css'
import { To } from '#components/site/To.tsx'
import { around } from '#components/words/en/around.ts'
import { Marked } from '#components/words/Marked.tsx'
import type { Rest } from './rests.ts'

const Line = ({ of: { runs, chapters } }: { readonly of: Rest }) => (
  <li>
    {runs.map(({ text, href }, i) =>
      href === null ? (
        text
      ) : (
        <a key={i} href={href}>
          {text}
        </a>
      ),
    )}{' '}
    <small className={reference.soft}>
      {chapters.map(({ slug, title }, i) => (
        <span key={slug}>
          {i > 0 && ' · '}
          <To page={`/${slug}/`}>{title}</To>
        </span>
      ))}
    </small>
  </li>
)

/** Where everything that the site says comes from. */
export function Sources({ of }: { readonly of: readonly Rest[] }) {
  return (
    <article className={reference.page} lang="en">
      <h1>{around.sources}</h1>
      <p className="lead">{around.sourcesLead}</p>
      <Entry id="walks" title={around.walksTitle}>
        <p>
          <Marked text={around.walks} />
        </p>
        <p>
          <Marked text={around.drops} />
        </p>
      </Entry>
      <Entry id="chapters" title={around.restsTitle}>
        <ul>
          {of.map((r) => (
            <Line key={r.runs.map((x) => x.text).join('')} of={r} />
          ))}
        </ul>
      </Entry>
      <Entry id="nothing" title={around.nothingTitle}>
        <p>{around.nothing}</p>
      </Entry>
    </article>
  )
}
