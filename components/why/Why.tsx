import { connection, DROPS, explain, explainDrop, refsOf, space, tableAsTool, type Ref, type Step, type Topology } from '#lib/index.ts'
import { Said } from './Said.tsx'
import css from './Why.module.css'

/** A what-if that changes what decided here. */
export interface Question { readonly id: string; readonly title: string; readonly on: boolean; readonly ask: () => void }

/** One sentence, the table that was asked with the row that decided lit and the near misses dimmed, and the command that prints it. */
export function Why({ step, topology, questions }: { readonly step: Step; readonly topology: Topology; readonly questions: readonly Question[] }) {
  const { matched, rejected } = refsOf(step.decision)
  const asked = matched ?? rejected[0] ?? null
  const tracked = connection(topology, step)
  const info = step.drop === null ? null : DROPS[step.drop.reason]
  return (
    <div className={css.why}>
      <p className={css.sentence}><Said text={explain(step, topology)} packet={step.packet} /></p>
      {step.drop !== null && info !== null && (
        <div className={css.drop}>
          <p><strong>{explainDrop(step.drop)}</strong></p>
          <p className={css.small}>{info.kernel === null ? info.aws === null ? 'It has no name of its own.' : <>AWS calls it <code>{info.aws}</code>.</> : <>The kernel calls it <code>{info.kernel}</code>.</>} See it with <code>{info.seeItWith}</code>.</p>
        </div>
      )}
      {asked !== null && <Asked refs={{ matched, rejected }} at={asked} topology={topology} />}
      {tracked !== null && asked?.table !== 'conntrack' && <Asked refs={{ matched: tracked, rejected: [] }} at={tracked} topology={topology} />}
      {questions.length > 0 && (
        <div className={css.questions}>
          <p className={css.small}>What if…</p>
          {questions.map((q) => <button key={q.id} type="button" aria-pressed={q.on} onClick={q.ask}>{q.title}</button>)}
        </div>
      )}
    </div>
  )
}

const MOST = 14
const BEFORE = 3

function Asked({ at, refs, topology }: { readonly at: Ref; readonly refs: { readonly matched: Ref | null; readonly rejected: readonly Ref[] }; readonly topology: Topology }) {
  const where = space(topology, at.in)
  if (where === undefined) return null
  const { command, lines, note } = tableAsTool(where, at.table)
  const near = new Set(refs.rejected.map((r) => r.row))
  const index = lines.findIndex((l) => l.row === (refs.matched?.row ?? at.row))
  // The row that decided is near the top: on a small screen not more is seen.
  const from = lines.length <= MOST ? 0 : Math.max(0, index - BEFORE)
  return (
    <figure className={css.table}>
      <figcaption><span>{at.in}</span> <code>{command}</code>{note === undefined ? '' : ` (${note})`}</figcaption>
      <ol className={css.rows} tabIndex={0} aria-label={`${command} in ${at.in}`}>
        {from > 0 && <li className={css.cut}>… {from} more</li>}
        {lines.slice(from, from + MOST).map((l, i) => <li key={i} data-lit={l.row !== null && l.row === refs.matched?.row} data-near={l.row !== null && near.has(l.row)}>{l.text}</li>)}
        {from + MOST < lines.length && <li className={css.cut}>… {lines.length - from - MOST} more</li>}
      </ol>
    </figure>
  )
}
