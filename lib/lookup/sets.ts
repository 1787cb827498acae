import { networkOf, type Cidr } from '#lib/wire/addr.ts'
import { PROTO } from '#lib/wire/packet.ts'
import { indexed } from '#lib/topology/indexed.ts'
import type { IpSet, IpSetEntry, SetMatch } from '#lib/topology/rows.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { entriesOf } from '#lib/topology/tables/ipsetEntries/known.ts'
import type { Extra, Seen } from './verdict.ts'

/** set_match_v4(): is the packet in the set? In one that is not there is nothing. */
export function inSet({ name, flags }: SetMatch): Extra['holds'] {
  const ends = flags.split(',').map((end) => end === 'src')
  return (s) => setsOf(s.n).get(name)?.(s, ends) === true
}

/** Is the packet in the set? `ends`: for each part of an entry, whether it is the source's. */
type Has = (s: Seen, ends: readonly boolean[]) => boolean

const perSets = indexed((sets: readonly IpSet[]) =>
  indexed((entries: readonly IpSetEntry[]): ReadonlyMap<string, Has> => {
    const rows = entriesOf(entries)
    return new Map(
      sets.map((set) => [
        set.name,
        compiled(
          set,
          (rows.get(set.name) ?? []).map((row) => entries[row]!),
        ),
      ]),
    )
  }),
)
const setsOf = (n: Netns): ReadonlyMap<string, Has> => perSets(n.ipsets)(n.ipsetEntries)

/** Entries by their text, networks by their length, the longest first: constant in the number of entries. */
function compiled({ type }: IpSet, entries: readonly IpSetEntry[]): Has {
  const kinds = type.slice(type.indexOf(':') + 1).split(',')
  const held = new Map(entries.map(({ entry, nomatch }) => [entry, nomatch !== true]))
  const lengths = kinds.includes('net')
    ? [...new Set(entries.map(({ entry }) => lengthOf(entry)))].toSorted((a, b) => b - a)
    : [WHOLE]
  const bare = kinds[0] === 'port'
  return (s, ends) => {
    // ip_set_test(): a rule that says less than the set asks for has nothing in it.
    if (ends.length < kinds.length) return false
    for (const bits of lengths) {
      const parts = kinds.map((kind, i) => partOf(s, { kind, own: ends[i]!, bits, bare }))
      const found = held.get(parts.join())
      if (found !== undefined) return found
    }
    return false
  }
}

const WHOLE = 32
const lengthOf = (entry: string): number => {
  const [, bits] = /\/(\d+)/.exec(entry) ?? []
  return bits === undefined ? WHOLE : Number(bits)
}

interface Part {
  readonly kind: string
  /** The source's, not the destination's. */
  readonly own: boolean
  readonly bits: number
  /** A port without its protocol. */
  readonly bare: boolean
}

/** A part of the packet as an entry has it; of what has no ports (ip_set_get_ip4_port()) none does. */
function partOf({ q }: Seen, { kind, own, bits, bare }: Part): string {
  if (kind !== 'port') {
    const ip = own ? q.src : q.dst
    return kind === 'ip' || bits === WHOLE ? ip : networkOf(`${ip}/${bits}` as Cidr)
  }
  const proto = q.sport + q.dport === 0 ? undefined : PORTED[q.proto]
  if (proto === undefined) return ''
  const port = own ? q.sport : q.dport
  return bare ? String(port) : `${proto}:${port}`
}
const PORTED: Readonly<Record<number, string>> = { [PROTO.tcp]: 'tcp', [PROTO.udp]: 'udp' }
