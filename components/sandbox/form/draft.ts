import type { FormField, Shape } from '#lib/index.ts'

/* What stands in a form while it is filled in, and the value that is made of it. What cannot be read stays as it was written, so that a sentence can be said of it. */

export type Draft = string | boolean | Fields | Chosen
interface Fields {
  readonly [name: string]: Draft
}
/** Which of several it is, and what that holds. */
interface Chosen {
  readonly which: number
  readonly holds: Draft
}

const NUMBER = /^-?(?:\d+(?:\.\d+)?|0x[\da-f]+)$/i

export function draftOf(shape: Shape, value?: unknown, optional = false): Draft {
  switch (shape.kind) {
    case 'flag':
      return value === true
    case 'list':
      return shape.of.kind === 'group'
        ? value === undefined
          ? ''
          : JSON.stringify(value)
        : ((value ?? []) as readonly unknown[]).join(', ')
    case 'group':
      return Object.fromEntries(
        shape.fields.map((f) => [
          f.name,
          draftOf(
            f.shape,
            (value as Readonly<Record<string, unknown>> | undefined)?.[f.name],
            f.optional,
          ),
        ]),
      )
    case 'either': {
      const which = value === undefined ? 0 : Math.max(0, shape.fits(value))
      return { which, holds: draftOf(shape.of[which]!, value) }
    }
    case 'words':
      // The only word there is needs no choice.
      return (value as string | undefined) ?? (optional || !isFixed(shape) ? '' : shape.words[0]!)
    case 'null':
      return ''
    default:
      return value === undefined ? '' : String(value as string | number)
  }
}

/** What was filled in; undefined where nothing was. */
export function valueOf(shape: Shape, draft: Draft, optional = false): unknown {
  switch (shape.kind) {
    case 'flag':
      return draft === true ? true : optional ? undefined : false
    case 'null':
      return null
    case 'either': {
      const { which, holds } = draft as Chosen
      return valueOf(shape.of[which]!, holds, optional)
    }
    case 'group':
      return groupOf(shape.fields, draft as Fields, optional)
    case 'list': {
      if (shape.of.kind === 'group') return groupsOf((draft as string).trim(), optional)
      const parts = (draft as string).split(/[\s,]+/).filter((x) => x !== '')
      return parts.length === 0 && optional ? undefined : parts.map((x) => oneOf(shape.of, x))
    }
    default:
      return single(shape.kind === 'number', (draft as string).trim())
  }
}

/** One of a list: a number where it may be one, and is. */
function oneOf(shape: Shape, text: string): unknown {
  return shape.kind === 'either'
    ? single(
        shape.of.some((s) => s.kind === 'number'),
        text,
      )
    : valueOf(shape, text)
}

function single(number: boolean, text: string): unknown {
  if (text === '') return undefined
  return number && NUMBER.test(text) ? Number(text) : text
}

/** Groups of which there may be several are few and rare: they are written as a file has them. */
function groupsOf(text: string, optional: boolean): unknown {
  if (text === '') return optional ? undefined : []
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function groupOf(fields: readonly FormField[], draft: Fields, optional: boolean): unknown {
  const filled = fields.flatMap((f) => {
    const value = valueOf(f.shape, draft[f.name]!, f.optional)
    return value === undefined ? [] : [[f.name, value] as const]
  })
  // A single word stands there by itself.
  const asked = filled.some(([name]) => !isFixed(fields.find((f) => f.name === name)!.shape))
  return optional && !asked ? undefined : Object.fromEntries(filled)
}
const isFixed = (s: Shape): boolean => s.kind === 'words' && s.words.length === 1

type Row = Readonly<Record<string, unknown>>
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The fewest fields that find a row among the others: one, or all. */
export function whereOf(rows: readonly object[], row: object): Row {
  const found = Object.entries(row).find(
    ([k, x]) => rows.filter((r) => same((r as Row)[k], x)).length === 1,
  )
  return found === undefined ? { ...row } : { [found[0]]: found[1] }
}

/** The edit that makes one row of another. What is of another kind is another row. */
export function changing(rows: readonly object[], row: object, becomes: object): readonly object[] {
  const [before, after] = [row as Row, becomes as Row]
  // Not said and not so are one.
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (k) => !same(before[k], after[k]) && !(before[k] === false && after[k] === undefined),
  )
  if (keys.length === 0) return []
  const where = whereOf(rows, row)
  const unset = keys.filter((k) => after[k] === undefined)
  if (unset.length > 0 && !same(before['kind'], after['kind']))
    return [
      { op: 'del', where },
      { op: 'add', row: after },
    ]
  const to: Row = Object.fromEntries(
    keys.filter((k) => after[k] !== undefined).map((k) => [k, after[k]]),
  )
  return [{ op: 'set', where, to, ...(unset.length === 0 ? {} : { unset }) }]
}
