import type { Address } from '#lib/wire/addr.ts'
import type { Icmp, Packet } from '#lib/wire/packet.ts'
import type { Dev, DevKind, DevOf } from '#lib/topology/devs.ts'
import type { Device } from '#lib/run/device.ts'
import type { At, Here } from '#lib/run/run.ts'
import type { Sender } from '#lib/run/sender.ts'
import type { Skb } from '#lib/run/skb.ts'
import { bridge } from './bridge.ts'
import type { Kind } from './device.ts'
import { loopback } from './loopback.ts'
import { nic } from './nic.ts'
import { tun } from './tun.ts'
import { veth } from './veth.ts'
import { vxlan } from './vxlan.ts'

/** Kinds that few networks have: a page loads them with a world that has one (lib/link/kinds.ts). */
type Seldom = 'vlan' | 'ipip' | 'ipvlan' | 'gre' | 'gretap' | 'geneve' | 'dummy'
type Usual = Exclude<DevKind, Seldom>
/** How a device behaves, by its row. */
export type More = { readonly [K in Seldom]: (dev: DevOf<K>) => Kind<DevOf<K>> }

const DEVICES: { readonly [K in Usual]: Kind<DevOf<K>> } = {
  loopback,
  nic,
  veth,
  bridge,
  vxlan,
  tun,
}
type Takes = Pick<Device<never, Here>, 'tunnel' | 'protocol' | 'sender'>
const takers: Takes[] = Object.values(DEVICES)
let more: More | null = null

/** The kinds that few networks have are there from now on; `receive` are those of them that take packets for a tunnel. */
export function addDevices(made: More, receive: readonly Takes[]): void {
  if (more === null) takers.push(...receive)
  more = made
}

/** How this device behaves. The calls take places on such a device only: lib/run/live.ts puts the two together. Throws RangeError for a kind that nobody has loaded. */
export function deviceOf(dev: Dev): Device<At, Here> {
  const usual: Partial<Record<DevKind, unknown>> = DEVICES
  const known = usual[dev.kind]
  if (known !== undefined) return known as Device<At, Here>
  if (more === null) throw new RangeError('call loadMore() first')
  return (more[dev.kind as Seldom] as (d: Dev) => unknown)(dev) as Device<At, Here>
}

/** udp_encap_rcv: the tunnel whose socket takes datagrams to this address and port; null if none does. */
export function tunnelAt(
  here: Here,
  to: { readonly ip: Address; readonly port: number },
): ((s: Skb) => void) | null {
  for (const kind of takers) {
    const takes = kind.tunnel(here, to)
    if (takes !== null) return takes
  }
  return null
}

/** inet_protos[]: the tunnels that take packets of this IP protocol; null if none does. */
export function protocolAt(here: Here, proto: number): ((s: Skb) => void) | null {
  for (const kind of takers) {
    const takes = kind.protocol(here, proto)
    if (takes !== null) return takes
  }
  return null
}

/** The tunnel that sent what an ICMP error quotes; null if none did, or if it does not listen to such an error. */
export function tunnelThatSent(here: Here, quoted: Packet, icmp: Icmp): Sender | null {
  for (const kind of takers) {
    const sent = kind.sender(here, quoted, icmp)
    if (sent !== null) return sent
  }
  return null
}
