import { useState } from 'react'
import type { Line } from '#components/drawer/rows.ts'
import { SIGN, told } from '#components/drawer/Tables.tsx'
import { sandbox as words } from '#components/words/sandbox.ts'
import { writers } from '#components/words/writers.ts'
import { RowForm } from './form/RowForm.tsx'
import type { Looked } from './looked.ts'
import { useSandbox, useSandboxStore } from './use.tsx'
import css from './Sandbox.module.css'

/** The rows of a table as its tool prints them, each to be changed or deleted, and one more to be added. */
export function Rows() {
  const shown = useSandbox((sandbox, s) => sandbox.shown(s))
  if (shown === null) return <ul />
  // A form is about one table.
  return <Table key={`${shown.there.name} ${shown.table}`} shown={shown} />
}

/** Which row stands in the form; none is one that is added. */
type Open = { readonly row: object | null } | null

function Table({ shown }: { readonly shown: Looked }) {
  const [open, setOpen] = useState<Open>(null)
  const { there, table, rows, output } = shown
  const form = (row: object | null) => (
    <RowForm where={there.name} table={table} rows={rows} row={row} close={() => setOpen(null)} />
  )
  return (
    <>
      <ul>
        {output.lines.map((l, i) => {
          const row = l.row === null || output.lines[i - 1]?.row === l.row ? null : rows[l.row]!
          return (
            <li key={i} data-change={l.change ?? undefined}>
              <Text line={l} />
              {row !== null && <Buttons shown={shown} text={l.text} row={row} open={setOpen} />}
              {row !== null && open?.row === row && form(row)}
            </li>
          )
        })}
      </ul>
      {open !== null && open.row === null ? (
        form(null)
      ) : (
        <button type="button" onClick={() => setOpen({ row: null })}>
          {words().addRow}
        </button>
      )}
    </>
  )
}

/** A row, and that it is the reader's own. */
function Text({ line }: { readonly line: Line }) {
  const { change, text } = line
  const code = <code>{text}</code>
  if (change === null)
    return (
      <>
        <span className={css.mark} aria-hidden="true" />
        {code}
      </>
    )
  return (
    <>
      <span className={css.mark} role="img" aria-label={told(line)}>
        {SIGN[change]}
      </span>
      {change === '-' ? <del>{code}</del> : code}
      <small aria-hidden="true">{writers().you}</small>
    </>
  )
}

interface ButtonsProps {
  readonly shown: Looked
  readonly text: string
  readonly row: object
  readonly open: (o: Open) => void
}

function Buttons({ shown: { there, table }, text, row, open }: ButtonsProps) {
  const { dispatch } = useSandboxStore()
  return (
    <span className={css.acts}>
      <button type="button" aria-label={words().changeRow(text)} onClick={() => open({ row })}>
        {words().change}
      </button>
      <button
        type="button"
        aria-label={words().deleteRow(text)}
        onClick={() =>
          dispatch({
            type: 'edits',
            edits: [{ op: 'del', where: { ...row }, in: there.name, table }],
          })
        }
      >
        {words().delete}
      </button>
    </span>
  )
}
