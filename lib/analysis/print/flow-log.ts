import { ACK, FIN, ipLength, RST, SYN, type Packet, ipOf, isIp } from '#lib/wire/packet.ts'
import type { Address } from '#lib/wire/addr.ts'
import { spaces } from '#lib/topology/topology.ts'
import type { Walk } from '#lib/trace/walk.ts'

/** One record of a VPC flow log: an interface, a direction, a 5-tuple, one window. Field names as AWS writes them. */
export interface FlowRecord {
  readonly 'interface-id': string
  readonly srcaddr: Address
  readonly dstaddr: Address
  readonly srcport: number
  readonly dstport: number
  readonly protocol: number
  readonly packets: number
  readonly bytes: number
  readonly action: 'ACCEPT' | 'REJECT'
  readonly 'tcp-flags': number
  readonly 'pkt-srcaddr': Address
  readonly 'pkt-dstaddr': Address
  readonly 'flow-direction': 'ingress' | 'egress'
}

/** What of a record says who talked with whom, in AWS's order: the interface, and the 5-tuple. */
export const TALKED = [
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
] as const satisfies readonly (keyof FlowRecord)[]

/** The records the VPC's interfaces write for a walk up to a step, in the order in which they begin.
 *  For its own side an interface shows its primary address, whatever the packet says (flow-logs.md, field table); bytes count from the IP header on.
 *  Not modelled: the window is the whole walk; what a source/destination check drops is not documented to be logged and is left out. */
export function flowLog(walk: Walk, upTo: number = walk.steps.length - 1): FlowRecord[] {
  const primary = new Map<string, Address>()
  for (const s of spaces(walk.before))
    if (s.kind === 'vpc')
      for (const e of s.enis) if (e.ips[0] !== undefined) primary.set(e.id, e.ips[0])
  const records = new Map<string, FlowRecord>()
  for (const s of walk.steps) {
    if (s.n > upTo) break
    const direction =
      s.stage === 'sg-egress'
        ? 'egress'
        : s.stage === 'sg-ingress' || (s.stage === 'acl-ingress' && s.drop !== null)
          ? 'ingress'
          : null
    if (direction === null || s.dev === null || !primary.has(s.dev)) continue
    const end = s.drop?.reason ?? lostAt(walk, s.n, upTo)
    if (end === 'source-dest-check') continue
    const action = end === 'security-group' || end === 'network-acl' ? 'REJECT' : 'ACCEPT'
    add(records, s.packet, { eni: s.dev, own: primary.get(s.dev)!, direction, action })
  }
  return [...records.values()]
}

/** Why a packet that passed the security group ends at this interface all the same, if it does. */
function lostAt(walk: Walk, step: number, upTo: number): string | null {
  const first = walk.steps[step]!
  for (let i = step + 1; i <= upTo; i += 1) {
    const s = walk.steps[i]
    if (s === undefined || s.in !== first.in || s.dev !== first.dev || s.message !== first.message)
      return null
    if (s.drop !== null) return s.drop.reason
  }
  return null
}

/** Where a packet was seen, and what became of it there; `own` is the interface's primary address. */
interface Sight {
  readonly eni: string
  readonly own: Address
  readonly direction: 'ingress' | 'egress'
  readonly action: FlowRecord['action']
}

function add(
  records: Map<string, FlowRecord>,
  p: Packet,
  { eni, own, direction, action }: Sight,
): void {
  const ip = ipOf(p)
  const at = p.headers.findIndex((h) => isIp(h))
  const l4 = p.headers[at + 1]
  if (ip === undefined) return
  const [sport, dport] = l4?.kind === 'udp' || l4?.kind === 'tcp' ? [l4.sport, l4.dport] : [0, 0]
  const key = [eni, direction, action, ip.src, ip.dst, ip.proto, sport, dport].join(' ')
  const known = records.get(key)
  records.set(key, {
    'interface-id': eni,
    srcaddr: direction === 'egress' ? own : ip.src,
    dstaddr: direction === 'ingress' ? own : ip.dst,
    srcport: sport,
    dstport: dport,
    protocol: ip.proto,
    packets: (known?.packets ?? 0) + 1,
    bytes: (known?.bytes ?? 0) + ipLength(p),
    action,
    'tcp-flags': (known?.['tcp-flags'] ?? 0) | (l4?.kind === 'tcp' ? flags(l4.flags) : 0),
    'pkt-srcaddr': ip.src,
    'pkt-dstaddr': ip.dst,
    'flow-direction': direction,
  })
}

/** FIN 1, SYN 2, RST 4, SYN-ACK 18: an ACK counts only beside a SYN (flow-logs.md, tcp-flags). */
function flags(f: number): number {
  return (f & FIN) | (f & RST) | (f & SYN ? f & (SYN | ACK) : 0)
}

/** Fields of the default format, version 2, that the model can know; version, account, times and log-status are given as AWS's own samples do. */
export function recordText(r: FlowRecord, custom: boolean): string {
  const seen = [
    r['interface-id'],
    r.srcaddr,
    r.dstaddr,
    r.srcport,
    r.dstport,
    r.protocol,
    r.packets,
    r.bytes,
  ]
  const more = [r['tcp-flags'], r['pkt-srcaddr'], r['pkt-dstaddr'], r['flow-direction']]
  return custom
    ? [...seen, r.action, ...more].join(' ')
    : ['2', '123456789010', ...seen, 'START', 'END', r.action, 'OK'].join(' ')
}
