import type { Step, Topology } from '#lib/index.ts'
import { decides } from '#components/words/decides.ts'
import { won } from './few.ts'
import { litBy, Printed } from './Printed.tsx'
import type { Decided, Mark, Row } from './table.ts'
import css from './Decides.module.css'

/** One table that was asked: the question, the few rows that matter, each with what it says to it, and the tool's own print behind a press. */
export function Decision({
  table,
  step,
  topology,
}: {
  readonly table: Decided
  readonly step: Step
  readonly topology: Topology
}) {
  const says = decides()
  return (
    <div className={css.decides} data-decides={table.table}>
      <table className={css.table}>
        <caption>
          <code translate="no">
            {table.prompt && <span>{table.in}$ </span>}
            {table.title}
          </code>
          <span>{table.asks}</span>
        </caption>
        <thead className="hidden">
          <tr>
            <th scope="col">{says.row}</th>
            <th scope="col">{says.leads}</th>
            <th scope="col">{says.answer}</th>
          </tr>
        </thead>
        <tbody>
          {table.rows.map((r, i) => (
            <Line key={i} row={r} />
          ))}
        </tbody>
      </table>
      <div className={css.foot}>
        {table.rest !== null && <p className={css.rest}>{table.rest}</p>}
        <details className={css.printed}>
          <summary>{says.asPrinted}</summary>
          <Printed at={table} lit={litBy(step, table)} topology={topology} />
        </details>
      </div>
    </div>
  )
}

const GLYPH: { readonly [M in Mark]: string } = { no: '·', beaten: '·', wins: '✓', ends: '✗' }

/** A verdict that is one word stands behind the row. */
const SHORT = 3

function Line({ row }: { readonly row: Row }) {
  return (
    <tr data-mark={row.mark} data-lit={won(row.mark)} data-short={row.says.length <= SHORT}>
      <th scope="row">
        {row.bits === null ? (
          <i className={css.glyph} aria-hidden="true">
            {GLYPH[row.mark]}
          </i>
        ) : (
          <i className={css.bar} aria-hidden="true">
            <i style={{ width: `${(row.bits / 32) * 100}%` }} />
          </i>
        )}
        <span translate="no">{row.name}</span>
      </th>
      <td translate="no">{row.leads}</td>
      <td>{won(row.mark) ? <b>{row.says}</b> : row.says}</td>
    </tr>
  )
}
