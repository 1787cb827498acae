import type { Address } from '#lib/wire/addr.ts'
import { fragment } from '#lib/wire/fragment.ts'
import { ipLength, ipOf } from '#lib/wire/packet.ts'
import { isKnown } from '#lib/link/neigh.ts'
import { record } from '#lib/run/record.ts'
import type { At } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'

/** ip_fragment(): what exceeds the MTU, and what conntrack put together, leaves in pieces no larger than the largest it came in, or in those that it came in. */
export function split(at: At, s: Skb, mtu: number): Skb[] {
  const limit = s.fragMax > 0 ? Math.min(mtu, s.fragMax) : mtu
  const length = ipLength(s.packet)
  if (length <= limit || (length <= mtu && s.fragMax === 0)) return [s]
  if (s.iif === null && ipOf(s.packet)?.df === true) return tooBig(at, s, limit)
  const pieces = fragment(s.packet, limit, at.kind.cutsAnew ? null : s.came)
  record(at, s, {
    stage: 'fragment',
    decision: { kind: 'fragments', did: 'fragment', sizes: pieces.map(ipLength) },
  })
  return pieces.map((packet) => ({ ...s, packet, fragMax: 0, came: null }))
}

/** ip_fragment(): what is made here and may not be cut, as a tunnel's packet may not, is lost, and who made it is told, over lo. */
function tooBig(at: At, s: Skb, mtu: number): Skb[] {
  const { name: dev } = at.dev
  const size = ipLength(s.packet)
  record(at, s, {
    stage: 'fragment',
    decision: { kind: 'mtu', dev, mtu, size, df: true },
    drop: { reason: 'too-big', mtu, size, dev },
  })
  at.run.ports.error(at, s, { type: 3, code: 4, rest: mtu })
  return []
}

/** Is who sends to this neighbour told what becomes of it? Who waits for ARP is not. */
export function hearsOfLoss(at: At, nexthop: Address): boolean {
  return at.kind.tells && isKnown(at, nexthop)
}

/** ip_do_fragment(): did the device refuse the first of these (NET_XMIT_DROP, or NET_XMIT_CN without carrier)? Then the rest is not sent. */
export function refused(at: At, s: Skb, [piece, ...rest]: readonly Skb[]): boolean {
  const { drop, stage } = at.run.steps[piece!.step]!
  if (drop === null || stage !== 'xmit') return false
  record(at, s, {
    stage: 'fragment',
    decision: { kind: 'fragments', did: 'stop', sizes: rest.map((x) => ipLength(x.packet)) },
    drop,
  })
  return true
}
