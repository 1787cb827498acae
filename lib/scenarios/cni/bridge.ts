import { addressOf, cidr, macOf, networkOf, parseCidr, type Cidr, type Mac } from '#lib/wire/addr.ts'
import type { Node, Pod } from '../cluster.ts'
import { nth } from '../cluster.ts'
import { connected } from '../parts.ts'
import type { Patch } from '../patch.ts'

/** How a node's bridge is made: Docker's docker0, or the CNI bridge plugin's cni0. */
export interface BridgeOptions {
  readonly bridge: 'docker0' | 'cni0'; readonly mtu: number; readonly hairpin: boolean
  /** flannel's plugin also gives pods a route to the whole pod network. */
  readonly network: Cidr | null
}

/** The range a node's bridge serves. Throws RangeError if the file gave it none. */
export function rangeOf(n: Node): Cidr {
  if (n.podCidr === undefined) throw new RangeError(`node ${n.name} has no podCidr`)
  return n.podCidr
}

/** The bridge's MAC, readable: the node's number. */
function bridgeMac(n: Node): Mac {
  const i = n.index + 1
  return `02:42:aa:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`
}

/** The bridge's own address: the first of the node's range. */
export function bridgeAddress(n: Node): Cidr {
  return cidr(nth(rangeOf(n), 1), parseCidr(rangeOf(n)).bits)
}

/** The bridge itself; iptables sees what it switches (br_netfilter). */
export function setup(n: Node, o: BridgeOptions): readonly Patch[] {
  return [{ in: n.name, rows: { devs: [{ kind: 'bridge', name: o.bridge, mac: bridgeMac(n), mtu: o.mtu, up: true, addrs: [bridgeAddress(n)] }], sysctls: [{ key: 'net.bridge.bridge-nf-call-iptables', value: 1 }] } }]
}

export function bridgeConnected(n: Node, o: BridgeOptions): readonly Patch[] {
  return [connected(n.name, o.bridge, bridgeAddress(n))]
}

/** A pod on the bridge: veth pair, address, default route. */
export function attach(p: Pod, n: Node, o: BridgeOptions): readonly Patch[] {
  const range = rangeOf(n)
  const address = cidr(p.ip, parseCidr(range).bits)
  const via = addressOf(bridgeAddress(n))
  const name = `veth${p.index}`
  return [
    { in: p.name, rows: {
      devs: [{ kind: 'veth', name: 'eth0', mac: p.mac ?? macOf(p.ip), mtu: o.mtu, up: true, addrs: [address], peer: { netns: n.name, dev: name } }],
      routes: [{ table: 'main', dst: '0.0.0.0/0', via, dev: 'eth0' }, ...(o.network === null ? [] : [{ table: 'main', dst: o.network, via, dev: 'eth0' }]),
        { table: 'main', dst: networkOf(address), dev: 'eth0', proto: 'kernel', scope: 'link', src: p.ip }],
    } },
    { in: n.name, rows: { devs: [{ kind: 'veth', name, mac: p.hostMac ?? macOf(p.ip, '02:fe'), mtu: o.mtu, up: true, addrs: [], peer: { netns: p.name, dev: 'eth0' }, master: o.bridge, ...(o.hairpin ? { hairpin: true } : {}) }] } },
  ]
}
