import type { DevOf } from '#lib/topology/devs.ts'
import { size } from '#lib/wire/packet.ts'
import { space } from '#lib/topology/topology.ts'
import { transmit } from './index.ts'
import { cross, device, deviceRef, live, record, skb, type Live, type Run, type Skb } from './run.ts'

/** veth_xmit(): out of the other end, in the other namespace. The crossing forgets connection and mark (skb_scrub_packet). */
export function xmit(run: Run, l: Live, d: DevOf<'veth'>, s: Skb): void {
  const exists = space(run.before, d.peer.netns) !== undefined
  const other = exists ? live(run, d.peer.netns) : null
  const peer = other === null ? undefined : device(other, d.peer.dev)
  if (other === null || peer === undefined || !peer.up) {
    // No carrier: dev_deactivate() has left noop_qdisc, and no capture sees what that drops.
    record(run, s, l.n.name, d.name, 'xmit', { kind: 'device', dev: deviceRef(l, d.name), did: 'transmit' }, [], { reason: 'link-down', dev: d.peer.dev })
    return
  }
  transmit(run, l, d, s)
  const bytes = size(s.packet)
  // is_skb_forwardable(): Ethernet header and one VLAN tag of slack; beyond that the frame vanishes without a word.
  if (bytes > peer.mtu + 18) {
    record(run, s, l.n.name, d.name, 'xmit', { kind: 'mtu', dev: d.peer.dev, mtu: peer.mtu, size: bytes - 14, df: false }, [], { reason: 'over-mtu-link', mtu: peer.mtu, size: bytes - 14, dev: d.peer.dev })
    return
  }
  cross(run, () => {
    const arrived = skb(s.packet, s.message, s.step)
    arrived.copy = s.copy
    run.kernel.receive(run, other, peer, arrived)
  })
}
