import type { Ethernet } from '#lib/wire/packet.ts'
import { tagged, untagged } from '#lib/wire/vlan.ts'
import type { VlanDev } from '#lib/topology/devs.ts'
import { device, live } from '#lib/run/live.ts'
import { record } from '#lib/run/record.ts'
import type { At } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import { ethernet } from './device.ts'
import { below } from './stacked.ts'
import { notReady, transmit } from './transmit.ts'

/** An 802.1Q device: its frames leave with a tag by the device below. */
export const vlan = ethernet<VlanDev>({
  tells: true,
  /** netif_stacked_transfer_operstate() */
  carrier: (at) => ready(below(at)),
  /** vlan_dev_hard_start_xmit(): the tag stands beside the frame until something writes it into it; priority 0, since no egress-qos-map says another. */
  xmit(at, s) {
    const under = below(at)
    if (under === undefined || !ready(under)) return notReady(at, s, at.dev.link.dev)
    transmit(at, s)
    s.packet = tagged(s.packet, { kind: 'vlan', pcp: 0, dei: false, vid: at.dev.id })
    at.run.ports.xmit(under, s)
  },
})

function ready(under: At | undefined): boolean {
  return under?.dev.up === true && under.kind.carrier(under)
}

/**
 * vlan_do_receive(), and what __netif_receive_skb_core() makes of a tag that nobody took: the frame goes to the device of its VLAN, as one
 * that came in there. True: it goes on here; to a bridge with its tag, to this machine's protocols without, and only where VLAN 0 says that
 * it is in none.
 */
export function vlanRcv(at: At, s: Skb): boolean {
  const tag = s.packet.headers[1]
  if (tag === undefined || tag.kind !== 'vlan') return true
  const { run, dev } = at
  const own = run.stack
    ?.on({ netns: at.in, dev: dev.name })
    .find((x) => x.dev.kind === 'vlan' && x.dev.id === tag.vid)
  if (own === undefined) {
    if (dev.master !== undefined) return true
    if (tag.vid !== 0) {
      unknown(at, s, tag.vid)
      return false
    }
    s.packet = untagged(s.packet)
    return true
  }
  const frame = s.packet.headers[0] as Ethernet
  s.packet = untagged(s.packet)
  // "Our lower layer thinks this is not local, let's make sure": a VLAN may have a MAC of its own.
  const to = s.to === 'otherhost' && frame.dst === own.dev.mac ? 'host' : s.to
  run.ports.receive(device(live(run, own.in), own.dev.name)!, s, to)
  return false
}

/** Who has no device of this VLAN takes the frame as another's (PACKET_OTHERHOST). */
function unknown(at: At, s: Skb, vid: number): void {
  record(at, s, {
    stage: 'rx',
    decision: at.received,
    drop: { reason: 'vlan-unknown', vid, dev: at.dev.name },
  })
}
