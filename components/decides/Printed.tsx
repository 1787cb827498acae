import { Fragment } from 'react'
import { refsOf, space, tableAsTool, type Ref, type Step, type Topology } from '#lib/index.ts'
import { decides } from '#components/words/decides.ts'
import css from './Decides.module.css'

/** Lines shown of a table, and of them before the row that decided. */
const MOST = 14
const BEFORE = 3

/** Of one table of one space: the row that decided, and those that came near. */
interface Lit {
  readonly row: number | null
  readonly near: readonly number[]
}

/** What a step lights of a table. */
export function litBy({ decision: d }: Step, at: Pick<Ref, 'in' | 'table'>): Lit {
  const { matched, rejected } = refsOf(d)
  const here = (r: Ref): readonly number[] =>
    r.in === at.in && r.table === at.table ? [r.row] : []
  const decisive = [matched, d.kind === 'route' ? d.rule : null].filter((r) => r !== null)
  return { row: decisive.flatMap(here)[0] ?? null, near: rejected.flatMap(here) }
}

/** JSON without spaces, which may be broken between its fields before it is within a word. */
const apart = (text: string) =>
  text.startsWith('{"')
    ? text.split(/(?<=,)/).map((field, i) => (
        <Fragment key={i}>
          {i > 0 && <wbr />}
          {field}
        </Fragment>
      ))
    : text

/** A table as its tool prints it: the row that decided lit, the near misses struck. */
export function Printed({
  at,
  lit,
  topology,
}: {
  readonly at: Pick<Ref, 'in' | 'table'>
  readonly lit: Lit
  readonly topology: Topology
}) {
  const where = space(topology, at.in)
  if (where === undefined) return null
  const says = decides()
  const { command, lines, note } = tableAsTool(where, at.table)
  const is = (row: number | null): boolean => row !== null && row === lit.row
  // The row that decided is near the top: on a small screen not more is seen.
  const from = lines.length <= MOST ? 0 : Math.max(0, lines.findIndex((l) => is(l.row)) - BEFORE)
  return (
    <div className={css.print}>
      <p>
        <code translate="no">{command}</code>
        {note === undefined ? '' : ` (${note})`}
      </p>
      <ol tabIndex={0} aria-label={says.prints(command, at.in)} translate="no">
        {from > 0 && <li className={css.rest}>{says.cut(from)}</li>}
        {lines.slice(from, from + MOST).map((l, i) => (
          <li
            key={i}
            data-lit={is(l.row) || undefined}
            data-near={(l.row !== null && lit.near.includes(l.row)) || undefined}
          >
            {apart(l.text)}
          </li>
        ))}
        {from + MOST < lines.length && (
          <li className={css.rest}>{says.cut(lines.length - from - MOST)}</li>
        )}
      </ol>
    </div>
  )
}
