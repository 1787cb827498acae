import { LAYOUTS, type HeaderKind } from '#lib/index.ts'
import { NAMES } from '#components/packet/fields.ts'
import { reference } from '#components/words/en/reference.ts'
import { fieldsIn, ROW_BITS, rowsOf, type Drawn, type Row } from './drawing.ts'
import { Entry, Index, Wide } from './Entry.tsx'
import { figureAt, specimen } from './seen.ts'
import { To } from '#components/site/To.tsx'
import css from './Reference.module.css'

const KINDS = Object.keys(LAYOUTS) as HeaderKind[]
/** A cell of fewer bits has its name upright. */
const THIN = 3

const Scale = () => (
  <tr>
    <td className={css.at}>{reference.at}</td>
    {Array.from({ length: ROW_BITS }, (_, bit) => (
      <th key={bit}>{bit}</th>
    ))}
  </tr>
)

function Line({ row }: { readonly row: Row }) {
  return (
    <tr>
      <td className={css.at}>
        {String(row.at).padStart(2)} {row.hex}
      </td>
      {row.cells.map((c) => (
        <td key={`${c.field} ${c.from}`} colSpan={c.bits} data-thin={c.bits < THIN}>
          <b>{c.goes ? '…' : c.field}</b>
          {c.goes ? '' : c.text}
        </td>
      ))}
    </tr>
  )
}

interface BoxProps {
  readonly kind: HeaderKind
  readonly rows: readonly Row[]
}

/** The drawing: what it says stands in the list below it too. */
const Box = ({ kind, rows }: BoxProps) => (
  <div className={css.wide} role="region" aria-label={reference.drawing(NAMES[kind])} tabIndex={0}>
    <table className={css.box} data-hue={kind} aria-hidden="true">
      <thead>
        <Scale />
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.at} row={row} />
        ))}
      </tbody>
    </table>
  </div>
)

const listed = (f: Drawn): readonly React.ReactNode[] => [
  <code key="field">{f.field}</code>,
  reference.long(f.bits),
  String(f.bit >> 3),
  <code key="hex">{f.hex}</code>,
  <code key="text">{f.text}</code>,
]

async function Header({ kind }: { readonly kind: HeaderKind }) {
  const found = await specimen(kind)
  const fields = fieldsIn(kind, found)
  const bytes = LAYOUTS[kind].reduce((sum, [, bits]) => sum + bits, 0) / 8
  return (
    <Entry id={kind} title={NAMES[kind]}>
      <p>
        {reference.headerLength(bytes)}{' '}
        {found === null ? reference.unseen : reference.seenAt(found.seen.world.id, found.seen.flow)}{' '}
        {found !== null && (
          <To
            page={figureAt({
              scenario: found.seen.world.id,
              flow: found.seen.flow,
              key: found.key,
            })}
          >
            {reference.seeStep}
          </To>
        )}
      </p>
      <Box kind={kind} rows={rowsOf(fields, found)} />
      <Wide
        label={NAMES[kind]}
        heads={[reference.field, reference.bits, reference.at, reference.bytes, reference.value]}
        rows={fields.map(listed)}
      />
    </Entry>
  )
}

/** Every header. */
export function Headers() {
  return (
    <>
      <Index of={KINDS.map((id) => ({ id, title: NAMES[id] }))} />
      {KINDS.map((kind) => (
        <Header key={kind} kind={kind} />
      ))}
    </>
  )
}
