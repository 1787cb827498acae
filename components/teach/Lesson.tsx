import { Entry, Printed } from '#components/reference/Entry.tsx'
import reference from '#components/reference/Reference.module.css'
import { To } from '#components/site/To.tsx'
import { around } from '#components/words/en/around.ts'
import { Marked } from '#components/words/Marked.tsx'
import type { Exercise, Lesson as Taught } from './lesson.ts'
import css from './Teach.module.css'

/** What solves an exercise, behind a switch. On paper it is what was opened. */
function Solution({ of: { options, solution, marks } }: { readonly of: Exercise }) {
  return (
    <details className={css.solution}>
      <summary>{around.solution}</summary>
      {options.length === 0 ? (
        <Printed>{solution}</Printed>
      ) : (
        <ul>
          {options.map((o) => (
            <li key={o.says}>
              <b>{o.why === null ? around.answer : around.distractor}</b>: {o.says} {o.why}
            </li>
          ))}
        </ul>
      )}
      {marks !== null && (
        <p>
          <Marked text={around.marked(marks)} />
        </p>
      )}
    </details>
  )
}

/** What is asked is shown, and what may be answered; which of it is right is not. */
const Asked = ({ slug, of }: { readonly slug: string; readonly of: Exercise }) => (
  <li>
    {of.asks}{' '}
    {of.scene !== null && (
      <>
        {around.inScene} <To page={`/${slug}/#${of.scene.attributes['id']}`}>{of.scene.heading}</To>
        .
      </>
    )}
    {of.solution !== '' && <Solution of={of} />}
  </li>
)

/** A chapter, for who teaches it. */
export function Lesson({ of }: { readonly of: Taught }) {
  return (
    <Entry id={of.slug} title={of.title}>
      <p className={reference.soft}>
        {around.time(around.minutes(of.minutes), around.scenes(of.scenes))}
      </p>
      {of.afterwards !== '' && <p>{of.afterwards}</p>}
      {of.beliefs.length > 0 && <h3>{around.beliefs}</h3>}
      <ul>
        {of.beliefs.map((b) => (
          <li key={b}>{b}</li>
        ))}
      </ul>
      <h3>{around.exercises}</h3>
      {of.recalls > 0 && <p>{around.recalls(of.recalls)}</p>}
      <ol>
        {of.exercises.map((e) => (
          <Asked key={e.id} slug={of.slug} of={e} />
        ))}
      </ol>
    </Entry>
  )
}
