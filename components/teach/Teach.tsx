import { Entry, Index, Printed } from '#components/reference/Entry.tsx'
import reference from '#components/reference/Reference.module.css'
import { To } from '#components/site/To.tsx'
import { around } from '#components/words/en/around.ts'
import { Marked } from '#components/words/Marked.tsx'
import { Lesson } from './Lesson.tsx'
import type { Lesson as Taught } from './lesson.ts'
import type { Held } from './workshop.ts'
import css from './Teach.module.css'

interface Props {
  readonly lessons: readonly Taught[]
  readonly workshops: readonly Held[]
}

const Shop = ({ of: { title, minutes, parts } }: { readonly of: Held }) => (
  <>
    <h3>{around.workshop(title, minutes)}</h3>
    <ol className={css.plan}>
      {parts.map((p) => (
        <li key={p.does}>
          <b>{around.minutes(p.minutes)}</b>
          <span>
            {p.does}{' '}
            {p.scenes.map((s) => (
              <To key={s.page} page={s.page}>
                {s.heading}
              </To>
            ))}
          </span>
        </li>
      ))}
    </ol>
  </>
)

/** What somebody needs who teaches with this. */
export function Teach({ lessons, workshops }: Props) {
  return (
    <article className={reference.page} lang="en">
      <h1>{around.teach}</h1>
      <p className="lead">{around.teachLead}</p>
      <Index
        label={around.onPage}
        of={[
          ...lessons.map(({ slug, title }) => ({ id: slug, title })),
          { id: 'workshops', title: around.workshops },
          { id: 'mark', title: around.markTitle },
          { id: 'embed', title: around.embedTitle },
        ]}
      />
      {lessons.map((lesson) => (
        <Lesson key={lesson.slug} of={lesson} />
      ))}
      <Entry id="workshops" title={around.workshops}>
        <p>{around.workshopsLead}</p>
        {workshops.map((w) => (
          <Shop key={w.id} of={w} />
        ))}
      </Entry>
      <Entry id="mark" title={around.markTitle}>
        <p>
          <Marked text={around.mark} />
        </p>
        <Printed>{around.markCommand}</Printed>
      </Entry>
      <Entry id="embed" title={around.embedTitle}>
        <p>
          <Marked text={around.embed} />
        </p>
        <h3>{around.labTitle}</h3>
        <p>{around.lab}</p>
        <Printed>{around.labCommand}</Printed>
      </Entry>
    </article>
  )
}
