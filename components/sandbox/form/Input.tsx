import { useId } from 'react'
import type { FormField, Shape } from '#lib/index.ts'
import { sandbox as words } from '#components/words/sandbox.ts'
import type { Draft } from './draft.ts'

export interface FieldProps {
  readonly field: FormField
  readonly draft: Draft
  readonly change: (to: Draft) => void
  /** Sentences about what stands in it, by its path. */
  readonly wrong: ReadonlyMap<string, string>
  readonly path: string
  /** Names that are there, for texts of this code. */
  readonly known: (code: string) => readonly string[]
}

/** What is to be written there. */
export const hintOf = (s: Shape): string =>
  s.kind === 'text' || s.kind === 'number' ? s.hint : s.kind === 'words' ? s.words.join(', ') : ''

/** What a single value is written into. */
export function Input({ field, draft, change, known, path, wrong }: FieldProps) {
  const list = useId()
  const { shape, optional } = field
  if (shape.kind === 'flag')
    return (
      <input type="checkbox" checked={draft === true} onChange={(e) => change(e.target.checked)} />
    )
  if (shape.kind === 'words')
    return (
      <select value={draft as string} required={!optional} onChange={(e) => change(e.target.value)}>
        {(optional || draft === '') && <option value="">{words().nothing}</option>}
        {shape.words.map((w) => (
          <option key={w}>{w}</option>
        ))}
      </select>
    )
  const of = shape.kind === 'list' ? shape.of : shape
  const names = of.kind === 'text' ? known(of.code) : of.kind === 'words' ? of.words : []
  return (
    <>
      <input
        value={draft as string}
        title={hintOf(of)}
        aria-invalid={wrong.has(path)}
        inputMode={of.kind === 'number' ? 'numeric' : 'text'}
        autoComplete="off"
        spellCheck={false}
        list={list}
        onChange={(e) => change(e.target.value)}
      />
      <datalist id={list}>
        {names.map((n) => (
          <option key={n}>{n}</option>
        ))}
      </datalist>
    </>
  )
}
