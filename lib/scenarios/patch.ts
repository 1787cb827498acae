import type { LinuxTables } from '#lib/topology/linux.ts'
import { emptyNetns, LINUX_TABLES, type Netns } from '#lib/topology/topology.ts'
import { parseIptables } from '#lib/topology/iptables.ts'

/** Rows a plugin or daemon adds to one namespace. */
export type Patch = { readonly [T in keyof LinuxTables]?: readonly LinuxTables[T][] }

/** A namespace of the patches' rows, in their order: what was written later comes later. */
export function build(name: string, node: string, role: Netns['role'], patches: readonly Patch[]): Netns {
  const made: Record<string, unknown> = { ...emptyNetns(name, node, role) }
  for (const table of LINUX_TABLES) {
    const rows: unknown[] = []
    for (const p of patches) for (const row of p[table] ?? []) rows.push(row)
    made[table] = rows
  }
  return made as unknown as Netns
}

/** Firewall rows from what `iptables-save` would print. */
export function iptables(text: string): Patch {
  const { chains, netfilter } = parseIptables(text)
  return { chains, netfilter }
}
