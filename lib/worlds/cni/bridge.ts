import { addressOf, cidr, macOf, parseCidr, type Cidr, type Mac } from '#lib/wire/addr.ts'
import type { Node, Pod } from '#lib/worlds/cluster/spec.ts'
import { nth } from '#lib/wire/range.ts'
import { connected } from '#lib/worlds/cluster/parts.ts'
import type { Patch } from '#lib/worlds/cluster/patch.ts'
import { by, type Author } from '#lib/worlds/by.ts'

/** How a node's bridge is made: Docker's docker0, or the CNI bridge plugin's cni0. */
export interface BridgeOptions {
  readonly bridge: 'docker0' | 'cni0'
  readonly mtu: number
  readonly hairpin: boolean
  /** Who makes the bridge, and who attaches pods to it. */
  readonly makes: Author
  readonly attaches: Author
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
function bridgeAddress(n: Node): Cidr {
  return cidr(nth(rangeOf(n), 1), parseCidr(rangeOf(n)).bits)
}

/** docker0 is made by dockerd, cni0 by the plugin when it attaches the first pod. */
export const BRIDGE_MAKER: { readonly [B in BridgeOptions['bridge']]: Author } = {
  docker0: by('dockerd', 'daemon-started'),
  cni0: by('bridge', 'pod-created'),
}
/** The CNI bridge plugin, called by the container runtime. */
export const BRIDGE_PLUGIN = by('bridge', 'pod-created')
const PREPARED = by('person', 'node-prepared')

/** The bridge itself; iptables sees what it switches (br_netfilter). */
export function setup(n: Node, o: BridgeOptions): readonly Patch[] {
  return [
    {
      in: n.name,
      by: o.makes,
      rows: {
        devs: [
          {
            kind: 'bridge',
            name: o.bridge,
            mac: bridgeMac(n),
            mtu: o.mtu,
            up: true,
            addrs: [bridgeAddress(n)],
          },
        ],
      },
    },
    {
      in: n.name,
      by: PREPARED,
      rows: { sysctls: [{ key: 'net.bridge.bridge-nf-call-iptables', value: 1 }] },
    },
  ]
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
    {
      in: p.name,
      by: o.attaches,
      rows: {
        devs: [
          {
            kind: 'veth',
            name: 'eth0',
            mac: p.mac ?? macOf(p.ip),
            mtu: o.mtu,
            up: true,
            addrs: [address],
            peer: { netns: n.name, dev: name },
          },
        ],
        routes: [
          { table: 'main', dst: '0.0.0.0/0', via, dev: 'eth0' },
          ...(o.network === null ? [] : [{ table: 'main', dst: o.network, via, dev: 'eth0' }]),
        ],
      },
    },
    connected(p.name, 'eth0', address),
    {
      in: n.name,
      by: o.attaches,
      rows: {
        devs: [
          {
            kind: 'veth',
            name,
            mac: p.hostMac ?? macOf(p.ip, '02:fe'),
            mtu: o.mtu,
            up: true,
            addrs: [],
            peer: { netns: p.name, dev: 'eth0' },
            master: o.bridge,
            ...(o.hairpin ? { hairpin: true } : {}),
          },
        ],
      },
    },
  ]
}
