import {
  LINUX_TABLES,
  rowForm,
  tableAsTool,
  VPC_TABLES,
  type FormField,
  type TableName,
} from '#lib/index.ts'
import { reference } from '#components/words/en/reference.ts'
import { Marked } from '#components/words/Marked.tsx'
import { rowDocs } from './docs.ts'
import { Entry, Index, Printed } from './Entry.tsx'
import { Fields } from './Fields.tsx'
import { ENOUGH, holderAfter, holderOf, writersOf, type Holder } from './rows.ts'
import { everySeen, worlds } from './seen.ts'
import css from './Reference.module.css'

function ToolPrint({ table, world, space }: Holder & { readonly table: TableName }) {
  const { command, lines, note } = tableAsTool(space, table)
  const shown = lines.slice(0, ENOUGH).map((l) => l.text)
  return (
    <>
      <h3>{reference.shown}</h3>
      <Printed>
        {[`$ ${command}`, ...shown, ...(lines.length > ENOUGH ? ['…'] : [])].join('\n')}
      </Printed>
      <p className={css.soft}>
        {reference.inWorld(world.id, space.name)} {note !== undefined && reference.note(note)}
      </p>
    </>
  )
}

const fieldsOf = (table: TableName): readonly FormField[] => {
  const form = rowForm(table)
  return form.kind === 'group' ? form.fields : []
}

async function TableEntry({ table }: { readonly table: TableName }) {
  const [all, seen] = await Promise.all([worlds(), everySeen()])
  const docs = rowDocs(table)
  const wrote = writersOf(table, all, seen)
  const holder = holderOf(table, all) ?? holderAfter(table, seen)
  const fields = fieldsOf(table)
  return (
    <Entry id={table} title={table} name>
      {docs !== undefined && (
        <p>
          <Marked text={docs.says} />
        </p>
      )}
      {fields.length === 0 ? (
        <p>
          <Marked text={reference.devices} />
        </p>
      ) : (
        <Fields label={reference.columns(table)} fields={fields} docs={docs?.fields ?? new Map()} />
      )}
      <h3>{reference.writers}</h3>
      {wrote.length === 0 && <p>{reference.nobody}</p>}
      <ul>
        {wrote.map((who) => (
          <li key={who}>{who}</li>
        ))}
      </ul>
      {holder === null ? <p>{reference.noRows}</p> : <ToolPrint table={table} {...holder} />}
    </Entry>
  )
}

/** Every table, those of machines first. */
export function Tables() {
  return (
    <>
      <h2>{reference.ofNetns}</h2>
      <Index label={reference.ofNetns} of={LINUX_TABLES.map((id) => ({ id, title: id }))} />
      <h2>{reference.ofVpc}</h2>
      <Index label={reference.ofVpc} of={VPC_TABLES.map((id) => ({ id, title: id }))} />
      {[...LINUX_TABLES, ...VPC_TABLES].map((table) => (
        <TableEntry key={table} table={table} />
      ))}
    </>
  )
}
