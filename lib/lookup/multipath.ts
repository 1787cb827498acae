import type { Netns } from '#lib/topology/topology.ts'
import { sameRoute } from '#lib/topology/tables/routes/row.ts'
import { deviceByName, sourceAddress } from './local.ts'
import { numberOf } from './rule.ts'
import type { RouteBy } from './route.ts'
import { sysctl } from './sysctl.ts'

/* Routes with several next hops (net/ipv4/fib_semantics.c, route.c, net/core/flow_dissector.c, Linux 6.18). */

const POLICY = 'net.ipv4.fib_multipath_hash_policy'
const SEED = 'net.ipv4.fib_multipath_hash_seed'
/** Without a seed (0) the kernel draws one when it starts, and nobody can say which flow goes where: then it is taken to be this one. */
const DRAWN = 1

/**
 * fib_select_multipath(): the first next hop whose share of 31 bits the flow's hash is below; of a packet made here with a source one whose own source
 * is that comes first (since 6.13). Left out: that an ICMP error goes by the addresses it quotes, that a TCP socket's own packets bring a hash of its
 * own, drawn at random, wherever they pass on this machine (policy 1), and policies 2 and 3.
 */
export function hopOf(
  n: Netns,
  rows: readonly number[],
  { to, by }: { readonly to: number; readonly by: RouteBy },
): number {
  const weights = rows.map((i) => n.routes[i]!.weight!)
  const total = weights.reduce((a, b) => a + b, 0)
  const hash = hashOf(n, to, by)
  const own = by.iif === undefined ? by.src : undefined
  let best = rows[0]!
  let most = -1
  let sum = 0
  rows.forEach((row, k) => {
    sum += weights[k]!
    const below = hash <= Math.round((sum * 2 ** 31) / total) - 1
    const score = (own !== undefined && sourceOf(n, row) === own ? 2 : 0) + (below ? 1 : 0)
    if (score > most) [best, most] = [row, score]
  })
  return best
}

/** fib_info_nh_uses_dev() */
export function usesDevice(n: Netns, row: number | null, dev: string): boolean {
  const r = row === null ? undefined : n.routes[row]
  return r?.weight !== undefined && n.routes.some((x) => x.dev === dev && sameRoute(x, r))
}

/** fib_info_update_nhc_saddr() */
function sourceOf(n: Netns, row: number): string | null {
  const { dev, via = null } = n.routes[row]!
  const out = dev === undefined ? undefined : deviceByName(n, dev)
  return out === undefined ? null : sourceAddress(n, out, { via, host: false })
}

/** fib_multipath_hash(): policy 0 asks for addresses alone, 1 for protocol and ports too; the same both ways (__flow_hash_consistentify()). */
function hashOf(n: Netns, to: number, { src, l4 }: RouteBy): number {
  const { proto, sport, dport } =
    sysctl(n, POLICY, 0) === 1 && l4 !== undefined ? l4 : { proto: 0, sport: 0, dport: 0 }
  const keys = new DataView(new ArrayBuffer(48))
  keys.setUint8(2, proto)
  const [p, q] = ordered(swap16(sport), swap16(dport))
  keys.setUint16(28, p, true)
  keys.setUint16(30, q, true)
  const [a, b] = ordered(swap32(numberOf(src)), swap32(to))
  keys.setUint32(36, a, true)
  keys.setUint32(40, b, true)
  const seed = BigInt(sysctl(n, SEED, 0) || DRAWN)
  const hash = Number(siphash(keys, (seed << 32n) | seed) & 0xffff_ffffn)
  return (hash === 0 ? 1 : hash) >>> 1
}

const ordered = (a: number, b: number): readonly [number, number] => (b < a ? [b, a] : [a, b])
/** As a little-endian machine has what came in network order. */
const swap16 = (x: number): number => ((x & 0xff) << 8) | (x >>> 8)
const swap32 = (x: number): number =>
  (((x & 0xff) << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24)) >>> 0

const BITS = 0xffff_ffff_ffff_ffffn
const rotl = (x: bigint, b: bigint): bigint => ((x << b) | (x >> (64n - b))) & BITS

/** lib/siphash.c: SipHash-2-4, here with both halves of the key alike, of whole words. */
function siphash(data: DataView, key: bigint): bigint {
  let [a, b, c, d] = [
    0x736f6d6570736575n ^ key,
    0x646f72616e646f6dn ^ key,
    0x6c7967656e657261n ^ key,
    0x7465646279746573n ^ key,
  ]
  const round = (times: number): void => {
    for (let i = 0; i < times; i += 1) {
      a = (a + b) & BITS
      b = rotl(b, 13n) ^ a
      a = rotl(a, 32n)
      c = (c + d) & BITS
      d = rotl(d, 16n) ^ c
      a = (a + d) & BITS
      d = rotl(d, 21n) ^ a
      c = (c + b) & BITS
      b = rotl(b, 17n) ^ c
      c = rotl(c, 32n)
    }
  }
  const take = (m: bigint): void => {
    d ^= m
    round(2)
    a ^= m
  }
  for (let i = 0; i < data.byteLength; i += 8) take(data.getBigUint64(i, true))
  take(BigInt(data.byteLength) << 56n)
  c ^= 0xffn
  round(4)
  return a ^ b ^ c ^ d
}
