import { fnv1a } from '#lib/wire/hash.ts'
import { find, ipOf, type Header, type Packet } from '#lib/wire/packet.ts'
import type { Tuple } from '#lib/topology/rows.ts'

/** udp_flow_src_port(), within this range: a hash of the inner flow, its protocol (flow_hash_from_keys) and, of whole datagrams, its ports: the same both ways for ICMP and UDP; for TCP the kernel uses the socket's own hash, so each direction has its port. A hash over ports is kept when the packet is wrapped once more (iptunnel_xmit(): skb_clear_hash_if_not_l4()). */
export function sourcePort(p: Packet, [low, high]: readonly [number, number]): number {
  const { headers } = p
  let around = 0
  while (around < headers.length && !isTunnel(headers[around]!)) around += 1
  const kept = headers[around - 1]
  if (
    kept?.kind === 'udp' &&
    headers.slice(around).some((h) => h.kind === 'udp' || h.kind === 'tcp')
  )
    return kept.sport
  const ip = ipOf(p)
  if (ip === undefined) return low
  const tcp = find(p, 'tcp')
  const l4 = tcp ?? find(p, 'udp')
  const { src, dst, proto } = ip
  const flow = hashOf({
    tcp: tcp !== undefined,
    src,
    dst,
    proto,
    sport: l4?.sport ?? 0,
    dport: l4?.dport ?? 0,
  })
  // The formula never reaches the highest.
  return low + (flow % (high - low))
}

const isTunnel = ({ kind }: Header): boolean => kind === 'vxlan' || kind === 'geneve'

/** What is hashed of a flow. */
interface Hashed extends Tuple {
  readonly tcp: boolean
  readonly proto: number
}
/** The last few: to hash a text takes longer than the rest of wrapping. */
const REMEMBERED = 8
const recent: { readonly of: Hashed; readonly hash: number }[] = []
let oldest = 0

function hashOf(of: Hashed): number {
  for (let i = 0; i < recent.length; i += 1) if (sameFlow(recent[i]!.of, of)) return recent[i]!.hash
  const hash = fnv1a(textOf(of))
  recent[oldest] = { of, hash }
  oldest = (oldest + 1) % REMEMBERED
  return hash
}

function sameFlow(a: Hashed, b: Hashed): boolean {
  return (
    a.src === b.src &&
    a.dst === b.dst &&
    a.proto === b.proto &&
    a.tcp === b.tcp &&
    a.sport === b.sport &&
    a.dport === b.dport
  )
}

function textOf({ tcp, src, dst, proto, sport, dport }: Hashed): string {
  if (tcp) return `${src}:${sport}>${dst}:${dport}`
  const [a, b] = [`${proto}|${src}:${sport}`, `${proto}|${dst}:${dport}`]
  return a < b ? `${a}|${b}` : `${b}|${a}`
}
