import type { Dev, DevKind, DevOf } from '#lib/topology/devs.ts'
import { xmit as bridge } from './bridge.ts'
import type { Live, Run, Skb } from './run.ts'
import { cross, deviceRef, record, tap } from './run.ts'
import { xmit as tun } from './tun.ts'
import { xmit as veth } from './veth.ts'
import { xmit as vxlan } from './vxlan.ts'

/** How one kind of netdev sends (ndo_start_xmit). The tap comes first: captures see a frame before its device does anything with it. */
export interface Behaviour<D extends Dev> { xmit(run: Run, l: Live, d: D, s: Skb): void }

export const DEVICES: { readonly [K in DevKind]: Behaviour<DevOf<K>> } = {
  loopback: {
    xmit(run, l, d, s) {
      transmit(run, l, d, s)
      cross(run, () => run.kernel.receive(run, l, d, fresh(s)))
    },
  },
  nic: { xmit(run, l, d, s) { transmit(run, l, d, s); run.kernel.toVpc(run, l, d, s) } },
  veth: { xmit: veth }, bridge: { xmit: bridge }, vxlan: { xmit: vxlan }, tun: { xmit: tun },
}

/** The step and the tap of every transmission. */
export function transmit(run: Run, l: Live, d: Dev, s: Skb): void {
  record(run, s, l.n.name, d.name, 'xmit', { kind: 'device', dev: deviceRef(l, d.name), did: 'transmit' })
  tap(run, s, l.n.name, d.name, 'out', null)
}

/** What is left of an skb that comes back over lo: connection and mark stay, the way in is new. */
function fresh(s: Skb): Skb {
  return { ...s, iif: null, sabotaged: false }
}
