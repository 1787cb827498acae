import type { Conntrack, Tuple } from '#lib/topology/linux.ts'
import { indexed } from './indexed.ts'

/** A connection found, and which of its two tuples was asked for. `index` is the row. */
export interface ConntrackHit { readonly index: number; readonly direction: 'original' | 'reply' }

/** One tuple as text, for maps. For ICMP both ports are the id. */
export function tupleKey(proto: Conntrack['proto'], src: string, dst: string, sport: number, dport: number): string {
  return `${proto}|${src}|${dst}|${sport}|${dport}`
}

const byTuple = indexed((rows: readonly Conntrack[]): ReadonlyMap<string, ConntrackHit> => {
  const hits = new Map<string, ConntrackHit>()
  rows.forEach((row, index) => {
    for (const direction of ['original', 'reply'] as const) {
      const t = row[direction]
      const key = tupleKey(row.proto, t.src, t.dst, t.sport, t.dport)
      if (!hits.has(key)) hits.set(key, { index, direction })
    }
  })
  return hits
})

/** nf_conntrack_find_get(): the entry one of whose tuples is exactly this; null if none is. */
export function lookupConntrack(rows: readonly Conntrack[], proto: Conntrack['proto'], tuple: Tuple): ConntrackHit | null {
  return byTuple(rows).get(tupleKey(proto, tuple.src, tuple.dst, tuple.sport, tuple.dport)) ?? null
}
