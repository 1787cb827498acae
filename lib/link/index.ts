import type { Address } from '#lib/wire/addr.ts'
import type { Icmp, Packet } from '#lib/wire/packet.ts'
import type { Dev, DevKind, DevOf } from '#lib/topology/devs.ts'
import type { Device } from '#lib/run/device.ts'
import type { At, Here } from '#lib/run/run.ts'
import type { Sender } from '#lib/run/sender.ts'
import type { Skb } from '#lib/run/skb.ts'
import { bridge } from './bridge.ts'
import type { Kind } from './device.ts'
import { dummy } from './dummy.ts'
import { geneve } from './geneve.ts'
import { gre, gretap } from './gre.ts'
import { ipip } from './ipip.ts'
import { ipvlanIn } from './ipvlan.ts'
import { loopback } from './loopback.ts'
import { nic } from './nic.ts'
import { tun } from './tun.ts'
import { veth } from './veth.ts'
import { vlan } from './vlan.ts'
import { vxlan } from './vxlan.ts'

const DEVICES: { readonly [K in DevKind]: Kind<DevOf<K>> } = {
  loopback,
  nic,
  veth,
  bridge,
  vxlan,
  tun,
  vlan,
  ipip,
  ipvlan: ipvlanIn('l2'),
  gre,
  gretap,
  geneve,
  dummy,
}
const KINDS: readonly Pick<Device<never, Here>, 'tunnel' | 'protocol' | 'sender'>[] =
  Object.values(DEVICES)

/** How this device behaves. The calls take places on such a device only: lib/run/live.ts puts the two together. */
export function deviceOf(dev: Dev): Device<At, Here> {
  return (dev.kind === 'ipvlan' ? ipvlanIn(dev.mode) : DEVICES[dev.kind]) as Device<At, Here>
}

/** udp_encap_rcv: the tunnel whose socket takes datagrams to this address and port; null if none does. */
export function tunnelAt(
  here: Here,
  to: { readonly ip: Address; readonly port: number },
): ((s: Skb) => void) | null {
  for (const kind of KINDS) {
    const takes = kind.tunnel(here, to)
    if (takes !== null) return takes
  }
  return null
}

/** inet_protos[]: the tunnels that take packets of this IP protocol; null if none does. */
export function protocolAt(here: Here, proto: number): ((s: Skb) => void) | null {
  for (const kind of KINDS) {
    const takes = kind.protocol(here, proto)
    if (takes !== null) return takes
  }
  return null
}

/** The tunnel that sent what an ICMP error quotes; null if none did, or if it does not listen to such an error. */
export function tunnelThatSent(here: Here, quoted: Packet, icmp: Icmp): Sender | null {
  for (const kind of KINDS) {
    const sent = kind.sender(here, quoted, icmp)
    if (sent !== null) return sent
  }
  return null
}
