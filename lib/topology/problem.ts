import * as v from 'valibot'

/** What is wrong in a file: where, and what is wrong and would be right. `path` is '' for the file as a whole. */
export interface Problem { readonly path: string; readonly message: string }

/** `nodes[1].podCidr: …`: one line for a person. */
export function problemText(p: Problem): string {
  return p.path === '' ? p.message : `${p.path}: ${p.message}`
}

/** Valibot's issues as problems, in the file's words. */
export function problemsOf(issues: readonly v.BaseIssue<unknown>[], under = ''): Problem[] {
  return issues.map((issue) => ({ path: pathText(issue.path ?? [], under), message: issue.message }))
}

function pathText(items: readonly { readonly key?: unknown }[], under: string): string {
  let text = under
  for (const { key } of items) text += typeof key === 'number' ? `[${key}]` : `${text === '' ? '' : '.'}${String(key)}`
  return text
}

/** An object with exactly these keys; the errors name the keys there are. */
export function object<const E extends v.ObjectEntries>(entries: E) {
  const keys = Object.keys(entries).join(', ')
  return v.strictObject(entries, (issue) => {
    if (issue.expected === 'never') return `unknown key; known here: ${keys}`
    if (issue.expected === 'Object') return `${short(issue.input)} stands where an object belongs; write ${keys}`
    return `missing; write it (keys here: ${keys})`
  })
}

/** A value that passes a test; `right` says what would. */
export function as<T>(test: (x: string) => boolean, what: string, right: string) {
  return v.custom<T>((x) => typeof x === 'string' && test(x), (issue) => `${short(issue.input)} is no ${what}; ${right}`)
}

/** A whole number in a range. */
export function whole(low: number, high: number, what = 'number') {
  return v.custom<number>((x) => typeof x === 'number' && Number.isInteger(x) && x >= low && x <= high, (issue) => `${short(issue.input)} is no ${what}; write a whole number from ${low} to ${high}`)
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(words: T) {
  return v.picklist(words, (issue) => `${short(issue.input)} is not one of ${words.join(', ')}`)
}

export function list<S extends v.GenericSchema>(of: S) {
  return v.array(of, (issue) => `${short(issue.input)} stands where a list belongs; write [ … ]`)
}

export const flag = v.boolean((issue) => `${short(issue.input)} is neither true nor false`)

/** A value as a person wrote it, cut where it gets long. */
export function short(x: unknown): string {
  const text = JSON.stringify(x) ?? 'nothing'
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`
}
