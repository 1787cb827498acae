import { useMemo, useState } from 'react'
import { rowForm, rowProblems, type TableName } from '#lib/index.ts'
import { sandbox as words } from '#components/words/sandbox.ts'
import { useSandboxStore } from '../use.tsx'
import { changing, draftOf, valueOf, type Draft } from './draft.ts'
import { Either, Fields } from './Field.tsx'
import { namesIn } from './known.ts'
import css from '../Sandbox.module.css'

interface RowFormProps {
  readonly where: string
  readonly table: TableName
  readonly rows: readonly object[]
  /** The row that is changed; none, and one is added. */
  readonly row: object | null
  readonly close: () => void
}

/** A row of any table, to be filled in: its fields are those that files are held to. */
export function RowForm({ where, table, rows, row, close }: RowFormProps) {
  const sandbox = useSandboxStore()
  const shape = useMemo(() => rowForm(table), [table])
  const [draft, setDraft] = useState<Draft>(() => draftOf(shape, row ?? undefined))
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map())
  const known = namesIn(sandbox.built(sandbox.state()).scenario.topology, where)
  const put = (): void => {
    const to = valueOf(shape, draft) as object
    const problems = rowProblems(table, to, '')
    if (problems.length > 0) {
      setWrong(new Map(problems.map((p) => [p.path.replace(/\[.*$/, ''), p.message])))
      return
    }
    const edits = (row === null ? [{ op: 'add', row: to }] : changing(rows, row, to)).map((e) => ({
      ...e,
      in: where,
      table,
    }))
    const why = sandbox.refuses(edits)
    if (why !== null) setWrong(new Map([['', why]]))
    else {
      if (edits.length > 0) sandbox.dispatch({ type: 'edits', edits })
      close()
    }
  }
  const change = (now: Draft): void => {
    setDraft(now)
    setWrong(new Map())
  }
  const inside = { draft, change, path: '', wrong, known }
  const rest = [...wrong].filter(([path]) => !asksFor(draft, path)).map(([, why]) => why)
  return (
    <form
      className={css.form}
      noValidate
      onSubmit={(e) => {
        e.preventDefault()
        put()
      }}
    >
      {shape.kind === 'either' ? (
        <Either
          {...inside}
          shape={shape}
          field={{ name: words().device, optional: false, shape }}
        />
      ) : shape.kind === 'group' ? (
        <Fields {...inside} fields={shape.fields} />
      ) : null}
      {rest.map((why) => (
        <p key={why} role="alert">
          {why}
        </p>
      ))}
      <div className={css.acts}>
        <button type="submit">{row === null ? words().add : words().change}</button>
        <button type="button" onClick={close}>
          {words().cancel}
        </button>
      </div>
    </form>
  )
}

/** Is there a field of the form at this path? */
function asksFor(draft: Draft, path: string): boolean {
  let at: unknown = draft
  for (const key of path.split('.')) {
    if (typeof at === 'object' && at !== null && 'holds' in at) at = at.holds
    if (typeof at !== 'object' || at === null || !(key in at)) return false
    at = (at as Readonly<Record<string, unknown>>)[key]
  }
  return true
}
