import type { FormField, Shape } from '#lib/index.ts'
import { sandbox as words } from '#components/words/sandbox.ts'
import { draftOf, type Draft } from './draft.ts'
import { hintOf, Input, type FieldProps } from './Input.tsx'
import css from '../Sandbox.module.css'

/** One field of a row, asked as its shape is. */
export function Field(props: FieldProps) {
  const { field, draft, path, wrong } = props
  const { shape } = field
  if (shape.kind === 'group') return <Group {...props} fields={shape.fields} />
  if (shape.kind === 'either') return <Either {...props} shape={shape} />
  if (shape.kind === 'null') return null
  const wanted = draft === '' && hintOf(shape) !== '' ? words().missing(hintOf(shape)) : undefined
  const said = wrong.has(path) ? (wanted ?? wrong.get(path)) : undefined
  return (
    <label className={css.field} data-wrong={said !== undefined}>
      <span>
        {field.name}
        {!field.optional && <i aria-hidden="true">*</i>}
      </span>
      <Input {...props} />
      {said !== undefined && <em role="alert">{said}</em>}
    </label>
  )
}

type GroupProps = FieldProps & { readonly fields: readonly FormField[] }

function Group({ field, fields, draft, change, path, ...rest }: GroupProps) {
  return (
    <fieldset className={css.group}>
      <legend>{field.name}</legend>
      <Fields fields={fields} draft={draft} change={change} path={path} {...rest} />
    </fieldset>
  )
}

interface FieldsProps extends Omit<FieldProps, 'field'> {
  readonly fields: readonly FormField[]
}

/** Fields beside each other, each by its name in the draft. */
export function Fields({ fields, draft, change, path, wrong, known }: FieldsProps) {
  const holds = draft as Readonly<Record<string, Draft>>
  return fields.map((f) => (
    <Field
      key={f.name}
      field={f}
      draft={holds[f.name]!}
      change={(to) => change({ ...holds, [f.name]: to })}
      path={path === '' ? f.name : `${path}.${f.name}`}
      wrong={wrong}
      known={known}
    />
  ))
}

type EitherProps = FieldProps & { readonly shape: Extract<Shape, { readonly kind: 'either' }> }

/** One of several: which, and then what that holds. */
export function Either({ field, shape, draft, change, path, wrong, known }: EitherProps) {
  const { which, holds } = draft as { readonly which: number; readonly holds: Draft }
  const chosen = shape.of[which]!
  const inside = { path, wrong, known, draft: holds }
  const into = (to: Draft): void => change({ which, holds: to })
  const said = wrong.get(path)
  return (
    <fieldset className={css.group}>
      <legend>{field.name}</legend>
      <label className={css.field}>
        <span>{words().which}</span>
        <select
          value={which}
          onChange={(e) => {
            const n = Number(e.target.value)
            change({ which: n, holds: draftOf(shape.of[n]!) })
          }}
        >
          {shape.of.map((o, n) => (
            <option key={n} value={n}>
              {called(o)}
            </option>
          ))}
        </select>
      </label>
      {chosen.kind === 'group' ? (
        <Fields {...inside} fields={chosen.fields} change={into} />
      ) : (
        <Field {...inside} field={{ ...field, shape: chosen }} change={into} />
      )}
      {said !== undefined && chosen.kind === 'group' && <em role="alert">{said}</em>}
    </fieldset>
  )
}

/** What one of several is called: by its words, or by its fields. */
function called(s: Shape): string {
  if (s.kind === 'null') return words().nothing
  if (s.kind !== 'group') return s.kind === 'text' ? s.code : s.kind
  const fixed = s.fields.flatMap((f) =>
    f.shape.kind === 'words' && ['kind', 'type', 'op'].includes(f.name) ? [f.shape.words] : [],
  )
  return fixed.length > 0
    ? fixed.map((w) => w.join(', ')).join(' ')
    : s.fields.map((f) => f.name).join(', ')
}
