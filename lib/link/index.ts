import type { Address } from '#lib/wire/addr.ts'
import type { Dev, DevKind, DevOf } from '#lib/topology/devs.ts'
import type { Device } from '#lib/run/device.ts'
import type { At, Here } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import { bridge } from './bridge.ts'
import type { Kind } from './device.ts'
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
}
const KINDS: readonly Pick<Device<never, Here>, 'tunnel'>[] = Object.values(DEVICES)

/** How this device behaves. The calls take places on such a device only: lib/run/live.ts puts the two together. */
export function deviceOf(dev: Dev): Device<At, Here> {
  return DEVICES[dev.kind] as Device<At, Here>
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
