import { ZERO_MAC } from '#lib/wire/addr.ts'
import { find, isIp } from '#lib/wire/packet.ts'
import { record, tap } from '#lib/run/record.ts'
import type { At } from '#lib/run/run.ts'
import { addressee, type Skb } from '#lib/run/skb.ts'

/** __netif_receive_skb_core(): a frame came in on this device. `to`: whom it is for, where the device says so whatever its address. */
export function rx(at: At, s: Skb, to?: Skb['to']): boolean {
  const { dev } = at
  const { loops } = at.kind
  s.iif = dev.name
  s.fragMax = 0
  if (!loops) s.way = null
  if (!dev.up) {
    record(at, s, {
      stage: 'rx',
      decision: at.received,
      drop: { reason: 'link-down', dev: dev.name },
    })
    return false
  }
  const frame = s.packet.headers[0]
  s.to = to ?? (frame?.kind === 'ethernet' && !loops ? addressee(frame, dev.mac) : 'host')
  record(at, s, { stage: 'rx', decision: at.received })
  tap(at, s, 'in')
  return true
}

/** deliver_skb(): whose protocol it is; null if nobody's here. */
export function isFor(at: At, s: Skb): 'arp' | 'ip' | null {
  const { headers } = s.packet
  const first = headers[headers[0]?.kind === 'ethernet' ? 1 : 0]
  if (s.to === 'otherhost') {
    const dst = find(s.packet, 'ethernet')?.dst ?? ZERO_MAC
    record(at, s, {
      stage: 'rx',
      decision: at.received,
      drop: { reason: 'other-host', dst, dev: at.dev.name },
    })
    return null
  }
  if (first?.kind === 'arp') return 'arp'
  if (isIp(first)) return 'ip'
  // ip_rcv_core(): shorter than its header says.
  record(at, s, { stage: 'rx', decision: at.received, drop: { reason: 'bad-packet' } })
  return null
}
