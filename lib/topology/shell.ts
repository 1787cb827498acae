/* Lines that a person pastes into a shell. */

/** A change as it is typed: commands of which each needs the one before, and what no command says, as a comment behind them. */
export interface Typed {
  readonly commands: readonly string[]
  readonly notes?: readonly string[]
}

export function typed(t: Typed): string {
  return [t.commands.join(' && '), ...(t.notes ?? []).map((n) => `# ${n}`)]
    .filter((x) => x !== '')
    .join('  ')
}

/** ASCII's control characters; those of Latin-1 (C1) are two bytes in UTF-8, and harmless. */
const CONTROL = /[^\P{Cc}\u0080-\u009f]/u
const CONTROLS = new RegExp(CONTROL.source, 'gu')
const hex = (c: string): string => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`

/** A word as a shell takes it: quoted unless all of it is plain. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  const escaped = word.replaceAll(/[\\']/g, '\\$&').replaceAll(CONTROLS, hex)
  if (CONTROL.test(word)) return `$'${escaped}'`
  return `'${word.replaceAll("'", "'\\''")}'`
}

/** Every text in a row as a shell takes it. */
export function quotedRow<T>(x: T): T {
  if (typeof x === 'string') return quoted(x) as T
  if (Array.isArray(x)) return x.map(quotedRow) as T
  return typeof x === 'object' && x !== null
    ? (Object.fromEntries(Object.entries(x).map(([k, v]) => [k, quotedRow(v)])) as T)
    : x
}
