import { prose } from '#components/words/en/prose.ts'
import { deeds, grouped, type Deed, type Hand, type Left, type Row } from './hands.ts'
import css from './Hands.module.css'

/** Rows of one place, at most, that are read without being asked for. */
const MOST = 5

/** A row, whose it is, and what was done to it. */
interface Read extends Left {
  readonly deed: Deed
  /** Its hand is named; else all rows are of one. */
  readonly named: boolean
}

/** What an act did. */
export const Done = ({ hand, rows }: { readonly hand: Hand; readonly rows: readonly Row[] }) => (
  <Rows of={deeds(rows).map(([row, deed]) => ({ hand, row, deed, named: false }))} />
)

/** What is left. */
export function Stays({ of }: { readonly of: readonly Left[] }) {
  const whose = (row: Row): Hand => of.find((x) => x.row === row)!.hand
  return (
    <Rows
      of={deeds(of.map((x) => x.row)).map(([row, deed]) => ({
        hand: whose(row),
        row,
        deed,
        named: true,
      }))}
    />
  )
}

/** Rows, each in the colour of whoever wrote it; by the machine that has them. */
function Rows({ of }: { readonly of: readonly Read[] }) {
  if (of.length === 0) return <p className={css.none}>{prose.writesNothing}</p>
  return grouped(of, ({ row }) => row.in).map(([where, all]) => (
    <div key={where} className={css.place}>
      <p>{where}</p>
      <List of={all.slice(0, MOST)} />
      {all.length > MOST && (
        <details>
          <summary>{prose.moreRows(all.length - MOST)}</summary>
          <List of={all.slice(MOST)} />
        </details>
      )}
    </div>
  ))
}

function List({ of }: { readonly of: readonly Read[] }) {
  return (
    <ul className={css.rows}>
      {of.map((read) => (
        <li
          key={`${read.deed} ${read.row.text}`}
          data-hand={read.hand}
          data-deed={read.deed}
          className={css.row}
        >
          <Written {...read} />
        </li>
      ))}
    </ul>
  )
}

/** A row, what kind it is, and who wrote it. */
export function Written({ row, hand, deed, named }: Read) {
  return (
    <>
      <small>
        {named && <b>{prose.hand(hand)} </b>}
        {deed === 'new' ? prose.rowOf(row.table) : prose.deed(deed, row.table)}
      </small>
      <code>{row.text}</code>
    </>
  )
}
