import { useStore } from 'zustand/react'
import type { TableName } from '#lib/index.ts'
import { Changes } from './Changes.tsx'
import { Choice } from './Fields.tsx'
import { File } from './File.tsx'
import { Rows } from './Rows.tsx'
import { sandbox as words } from '#components/words/sandbox.ts'
import { useSandbox, useSandboxStore } from './use.tsx'
import css from './Sandbox.module.css'

/** The rows of the network, what was changed of them, and all of it as a file. */
export function Tables() {
  const box = useSandbox((_, s) => s.box)
  const edits = useSandbox((sandbox, s) => sandbox.built(s).edits.length)
  const walked = useSandbox((sandbox, s) => sandbox.walked(s))
  const { figure } = useSandboxStore()
  const flow = useStore(figure.store, (s) => figure.read.now(s).flow)
  return (
    <section className={css.rows} aria-label={words().tables}>
      <h2>{words().tables}</h2>
      <Where />
      <Rows />
      {edits > 0 && <Changes />}
      <File box={box} built={walked} flow={flow} />
    </section>
  )
}

/** Which table is looked at. */
function Where() {
  const { dispatch } = useSandboxStore()
  const shown = useSandbox((sandbox, s) => sandbox.shown(s))
  const names = useSandbox((sandbox, s) => sandbox.built(s).scenario.topology.source.names)
  return (
    <div className={css.where}>
      <Choice
        name={words().in}
        value={shown?.there.name ?? ''}
        of={names}
        choose={(where) => dispatch({ type: 'look', where })}
      />
      <Choice
        name={words().table}
        value={shown?.table ?? ''}
        of={shown?.tables ?? []}
        choose={(table) => dispatch({ type: 'table', table: table as TableName })}
      />
      <code>{shown?.output.command}</code>
      {shown?.output.note === undefined ? '' : ` (${shown.output.note})`}
    </div>
  )
}
