/* Lines that a person pastes into a shell. */

/** A change as it is typed: commands of which each needs the one before, and what no command says, as a comment behind them. */
export interface Typed { readonly commands: readonly string[]; readonly notes?: readonly string[] }

export function typed(t: Typed): string {
  return [t.commands.join(' && '), ...(t.notes ?? []).map((n) => `# ${n}`)].filter((x) => x !== '').join('  ')
}

/** A word as a shell takes it: quoted unless all of it is plain. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  // eslint-disable-next-line no-control-regex
  if (/[\0-\x1f\x7f]/.test(word)) return `$'${word.replaceAll(/[\\']/g, '\\$&').replaceAll(/[\0-\x1f\x7f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`
  return `'${word.replaceAll("'", "'\\''")}'`
}

/** Every text in a row as a shell takes it. */
export function quotedRow<T>(x: T): T {
  if (typeof x === 'string') return quoted(x) as T
  if (Array.isArray(x)) return x.map(quotedRow) as T
  return typeof x === 'object' && x !== null ? Object.fromEntries(Object.entries(x).map(([k, v]) => [k, quotedRow(v)])) as T : x
}
