import type { Sysctl } from '#lib/topology/linux.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { indexed } from './indexed.ts'

const byKey = indexed((rows: readonly Sysctl[]): ReadonlyMap<string, number> => {
  const keys = new Map<string, number>()
  rows.forEach((row, i) => { if (!keys.has(row.key)) keys.set(row.key, i) })
  return keys
})

/** Row in n.sysctls, -1 if the key is not written down. */
export function sysctlRow(n: Netns, key: string): number {
  return byKey(n.sysctls).get(key) ?? -1
}

/** The value of a sysctl; `fallback` is the kernel's default, which the caller knows and documents. */
export function sysctl(n: Netns, key: string, fallback: number): number {
  const row = byKey(n.sysctls).get(key)
  return row === undefined ? fallback : n.sysctls[row]!.value
}
