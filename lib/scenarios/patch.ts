import type { LinuxTables } from '#lib/topology/linux.ts'
import type { VpcTables } from '#lib/topology/vpc.ts'
import type { Space } from '#lib/topology/topology.ts'
import { parseIptables } from '#lib/topology/iptables.ts'

export type Rows = { readonly [T in keyof LinuxTables]?: readonly LinuxTables[T][] } & { readonly [T in keyof VpcTables]?: readonly VpcTables[T][] }
/** Rows a plugin or daemon adds to one space. */
export interface Patch { readonly in: string; readonly rows: Rows }

/** A space with the rows of the patches that are for it behind its own, in their order: what was written later comes later. */
export function build<S extends Space>(empty: S, patches: readonly Patch[]): S {
  const tables: Record<string, unknown[]> = {}
  for (const p of patches) {
    if (p.in !== empty.name) continue
    for (const [table, rows] of Object.entries(p.rows)) {
      const into = (tables[table] ??= [...(empty as unknown as Readonly<Record<string, readonly unknown[]>>)[table] ?? []])
      for (const row of rows as readonly unknown[]) into.push(row)
    }
  }
  return sorted({ ...empty, ...tables })
}

/** `ip rule` keeps its rows by priority. */
function sorted<S extends Space>(s: S): S {
  return s.kind === 'netns' ? { ...s, rules: s.rules.toSorted((a, b) => a.priority - b.priority) } : s
}

/** Firewall rows from what `iptables-save` would print. */
export function iptables(space: string, text: string): Patch {
  return { in: space, rows: parseIptables(text) }
}
