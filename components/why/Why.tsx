import { DROPS, explain, explainDrop, refsOf, space, tableAsTool, type Ref, type Step, type Topology } from '#lib/index.ts'
import css from './Why.module.css'

/** One sentence, the table that was asked with the row that decided lit and the near misses dimmed, and the command that prints it. */
export function Why({ step, topology }: { readonly step: Step; readonly topology: Topology }) {
  const { matched, rejected } = refsOf(step.decision)
  const asked = matched ?? rejected[0] ?? null
  const info = step.drop === null ? null : DROPS[step.drop.reason]
  return (
    <div className={css.why}>
      <p className={css.sentence}>{explain(step, topology)}</p>
      {step.drop !== null && info !== null && (
        <div className={css.drop}>
          <p><strong>{explainDrop(step.drop)}</strong></p>
          <p className={css.small}>{info.kernel === null ? info.aws === null ? 'It has no name of its own.' : <>AWS calls it <code>{info.aws}</code>.</> : <>The kernel calls it <code>{info.kernel}</code>.</>} See it with <code>{info.seeItWith}</code>.</p>
        </div>
      )}
      {asked !== null && <Asked refs={{ matched, rejected }} at={asked} topology={topology} />}
    </div>
  )
}

const MOST = 14

function Asked({ at, refs, topology }: { readonly at: Ref; readonly refs: { readonly matched: Ref | null; readonly rejected: readonly Ref[] }; readonly topology: Topology }) {
  const where = space(topology, at.in)
  if (where === undefined) return null
  const { command, lines } = tableAsTool(where, at.table)
  const near = new Set(refs.rejected.map((r) => r.row))
  const index = lines.findIndex((l) => l.row === (refs.matched?.row ?? at.row))
  const from = Math.max(0, Math.min(index - MOST / 2, lines.length - MOST))
  return (
    <figure className={css.table}>
      <figcaption><span>{at.in}</span> <code>{command}</code></figcaption>
      <ol className={css.rows} tabIndex={0} aria-label={`${command} in ${at.in}`}>
        {from > 0 && <li className={css.cut}>… {from} more</li>}
        {lines.slice(from, from + MOST).map((l, i) => <li key={i} data-lit={l.row !== null && l.row === refs.matched?.row} data-near={l.row !== null && near.has(l.row)}>{l.text}</li>)}
        {from + MOST < lines.length && <li className={css.cut}>… {lines.length - from - MOST} more</li>}
      </ol>
    </figure>
  )
}
