import { cidr, macOf, networkOf, parseCidr } from '#lib/wire/addr.ts'
import type { Cidr, Mac } from '#lib/wire/addr.ts'
import { nth, vethPair } from '../parts.ts'
import type { Patch } from '../patch.ts'
import type { ClusterSpec, NodeSpec, PodSpec } from '../spec.ts'

/** The bridge's MAC, readable: the node's number. */
export function bridgeMac(n: NodeSpec): Mac {
  const i = n.index + 1
  return `02:42:aa:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`
}

/** The bridge's own address: the first of the node's range. */
export function bridgeAddress(n: NodeSpec): Cidr {
  return cidr(nth(n.podCidr, 1), parseCidr(n.podCidr).bits)
}

/** A pod on a bridge: veth pair, address, default route (CNI bridge plugin; Docker does the same). `cluster` adds the route flannel's plugin asks for. */
export function attach(c: ClusterSpec, n: NodeSpec, p: PodSpec, index: number, mtu: number, cluster: Cidr | null): { pod: Patch; host: Patch } {
  const { bits } = parseCidr(n.podCidr)
  const gateway = nth(n.podCidr, 1)
  const pair = vethPair(p.name, n.name, `veth${index}`, { address: cidr(p.ip, bits), mac: macOf(p.ip), hostMac: macOf(p.ip, '02:fe'), mtu, master: c.bridge, hairpin: c.hairpin })
  return {
    pod: {
      devs: [pair.pod],
      routes: [{ table: 'main', dst: '0.0.0.0/0', via: gateway, dev: 'eth0' }, ...(cluster === null ? [] : [{ table: 'main', dst: cluster, via: gateway, dev: 'eth0' }]),
        { table: 'main', dst: networkOf(n.podCidr), dev: 'eth0', proto: 'kernel', scope: 'link', src: p.ip }],
    },
    host: { devs: [pair.host] },
  }
}
