import type { FormField } from '#lib/index.ts'
import { reference } from '#components/words/en/reference.ts'
import { Marked } from '#components/words/Marked.tsx'
import { Wide } from './Entry.tsx'

interface Props {
  readonly label: string
  readonly fields: readonly FormField[]
  readonly docs: ReadonlyMap<string, string>
}

/** The fields of a row: what may stand in each and, where the engine says it, what it is for. */
export function Fields({ label, fields, docs }: Props) {
  const told = fields.some((f) => (docs.get(f.name) ?? '') !== '')
  const meaning = (f: FormField) => <Marked key="means" text={docs.get(f.name) ?? ''} />
  return (
    <Wide
      label={label}
      heads={[reference.field, reference.holds, ...(told ? [reference.means] : [])]}
      rows={fields.map((f) => [
        <code key="name">
          {f.name}
          {f.optional ? '?' : ''}
        </code>,
        <Marked key="holds" text={reference.shape(f.shape)} />,
        ...(told ? [meaning(f)] : []),
      ])}
    />
  )
}
