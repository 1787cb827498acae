import { ipLength } from '#lib/wire/packet.ts'
import type { At } from '#lib/run/run.ts'
import { record, tap, type Told } from '#lib/run/record.ts'
import type { Drop } from '#lib/trace/drop.ts'
import type { Skb } from '#lib/run/skb.ts'

/** One VLAN tag. */
const SLACK = 4

/** is_skb_forwardable(): what a frame longer than this device takes vanishes by, without a word; null if it is not longer. */
export function overMtu({ dev }: At, s: Skb): Pick<Told, 'decision' | 'drop'> | null {
  const { name, mtu } = dev
  const size = ipLength(s.packet)
  if (size <= mtu + SLACK) return null
  return {
    decision: { kind: 'mtu', dev: name, mtu, size, df: false },
    drop: { reason: 'over-mtu-link', mtu, size, dev: name },
  }
}

/** The step and the tap of every transmission (dev_queue_xmit_nit). `drop`: captures see the frame, and it goes no further. */
export function transmit(at: At, s: Skb, drop: Drop | null = null): void {
  record(at, s, { stage: 'xmit', decision: at.transmitted, drop })
  tap(at, s, 'out')
}

/** A device that is down, or without carrier, takes nothing (noop_qdisc), and no capture sees what it drops. `dev`: whose fault it is. */
export function notReady(at: At, s: Skb, dev: string): void {
  record(at, s, {
    stage: 'xmit',
    decision: at.transmitted,
    drop: { reason: 'link-down', dev },
  })
}
