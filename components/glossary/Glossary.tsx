import { To } from '#components/site/To.tsx'
import { around } from '#components/words/en/around.ts'
import { Marked } from '#components/words/Marked.tsx'
import { Index } from '#components/reference/Entry.tsx'
import type { Entry } from './glossary.ts'
import css from './Glossary.module.css'
import reference from '#components/reference/Reference.module.css'

const letterOf = (e: Entry): string => {
  const first = e.name[0]!.toUpperCase()
  return /[A-Z]/.test(first) ? first : '0–9'
}

/** Every word, by the alphabet. */
export function Glossary({ entries }: { readonly entries: readonly Entry[] }) {
  const sorted = entries.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
  const letters = new Map<string, Entry[]>()
  for (const e of sorted) letters.set(letterOf(e), [...(letters.get(letterOf(e)) ?? []), e])
  return (
    <article className={reference.page} lang="en">
      <h1>{around.glossary}</h1>
      <p className="lead">{around.glossaryLead}</p>
      <Index
        label={around.letters}
        of={[...letters.keys()].map((title) => ({ id: `letter-${title}`, title }))}
      />
      {[...letters].map(([letter, of]) => (
        <section key={letter} className={reference.entry}>
          <h2 id={`letter-${letter}`}>{letter}</h2>
          <dl className={css.list}>
            {of.map((e) => (
              <Word key={e.id} entry={e} />
            ))}
          </dl>
        </section>
      ))}
    </article>
  )
}

function Word({ entry: e }: { readonly entry: Entry }) {
  const [before, link] = around.introduced(e.heading, e.chapter)
  return (
    <>
      <dt id={e.id}>{e.name}</dt>
      <dd>
        <Marked text={e.says} />{' '}
        <small>
          {before} <To page={e.page}>{link}</To>
        </small>
      </dd>
    </>
  )
}
