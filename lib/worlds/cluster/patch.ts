import { signed, type By } from '#lib/topology/by.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import type { LinuxTables, Space, VpcTables } from '#lib/topology/topology.ts'
import { NEW_NETNS, type Author } from '#lib/worlds/by.ts'

export type Rows = { readonly [T in keyof LinuxTables]?: readonly LinuxTables[T][] } & {
  readonly [T in keyof VpcTables]?: readonly VpcTables[T][]
}
/** Rows that are added to one space; nobody says by whom. */
export interface Unsigned {
  readonly in: string
  readonly rows: Rows
  readonly by?: By
}
/** Rows a plugin or daemon adds to one space: who, and after which event (see provenance()). */
export interface Patch extends Unsigned {
  readonly by: Author
}

/** A space with the rows of the patches that are for it behind its own, in their order: what was written later comes later. */
export function build<S extends Space>(empty: S, patches: readonly Unsigned[]): S {
  const tables: Record<string, unknown[]> = {}
  const mine = patches.filter((p) => p.in === empty.name)
  for (const p of mine) {
    for (const [table, rows] of Object.entries(p.rows)) {
      const into = (tables[table] ??= [
        ...((empty as unknown as Readonly<Record<string, readonly unknown[]>>)[table] ?? []),
      ])
      for (const row of rows as readonly unknown[]) into.push(row)
    }
  }
  const born: Unsigned = { in: empty.name, by: NEW_NETNS, rows: empty }
  return signed(sorted({ ...empty, ...tables }), [born, ...mine])
}

/** `ip rule` keeps its rows by priority. */
function sorted<S extends Space>(s: S): S {
  return s.kind === 'netns'
    ? { ...s, rules: s.rules.toSorted((a, b) => a.priority - b.priority) }
    : s
}

/** Firewall rows from what `iptables-save` would print. */
export function iptables(space: string, author: Author, text: string): Patch {
  return { in: space, by: author, rows: parseIptables(text) }
}

/** The rules of a patch one after the other, those of one author together: who wrote which is asked of each. */
export function authors(p: Patch, of: (rule: LinuxTables['netfilter']) => Author): Patch[] {
  const { netfilter = [], ...rest } = p.rows
  const runs: { by: Author; rules: LinuxTables['netfilter'][] }[] = []
  for (const rule of netfilter) {
    const author = of(rule)
    const last = runs.at(-1)
    if (last?.by === author) last.rules.push(rule)
    else runs.push({ by: author, rules: [rule] })
  }
  return [
    { ...p, rows: rest },
    ...runs.map((r) => ({ in: p.in, by: r.by, rows: { netfilter: r.rules } })),
  ]
}
