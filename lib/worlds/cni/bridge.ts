import {
  addressOf,
  cidr,
  macOf,
  parseCidr,
  type Address,
  type Cidr,
  type Mac,
} from '#lib/wire/addr.ts'
import type { Bridge } from '#lib/worlds/entry.ts'
import type { Node, Pod } from '#lib/worlds/cluster/spec.ts'
import { nth } from '#lib/wire/range.ts'
import { connected } from '#lib/worlds/cluster/parts.ts'
import type { Patch } from '#lib/worlds/cluster/patch.ts'
import { by, type Author } from '#lib/worlds/by.ts'

/** How a node's bridge is made: Docker's docker0, or the CNI bridge plugin's cni0. */
export interface BridgeOptions {
  readonly bridge: string
  /** Its own address and range, where that is not the first of the node's. */
  readonly address?: Cidr
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

/** The bridge's MAC, readable: the node's number; one with an address of its own has that in it. */
function bridgeMac(n: Node, o: BridgeOptions): Mac {
  const i = n.index + 1
  if (o.address !== undefined && o.bridge !== 'docker0')
    return macOf(addressOf(o.address), `02:${(0x43 + (i & 63)).toString(16)}`)
  return `02:42:aa:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`
}

/** The bridge's own address: the first of the node's range. */
function bridgeAddress(n: Node, o: BridgeOptions): Cidr {
  return o.address ?? cidr(nth(rangeOf(n), 1), parseCidr(rangeOf(n)).bits)
}

/** docker0 is made by dockerd, cni0 by the plugin when it attaches the first pod. */
export const BRIDGE_MAKER: { readonly [B in Bridge]: Author } = {
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
            mac: bridgeMac(n, o),
            mtu: o.mtu,
            up: true,
            addrs: [bridgeAddress(n, o)],
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
  return [connected(n.name, o.bridge, bridgeAddress(n, o))]
}

/** Where a pod that is on several bridges is attached: to which, the number of its device, its address there, and whether its way out is by it. */
export interface Also {
  readonly on: BridgeOptions
  readonly nth: number
  readonly ip: Address
  readonly out: boolean
}

/** A pod on the bridge: veth pair, address, default route. */
export function attach(p: Pod, n: Node, to: BridgeOptions | Also): readonly Patch[] {
  const { on: o, nth: at, ip, out } = 'on' in to ? to : { on: to, nth: 0, ip: p.ip, out: true }
  const own = bridgeAddress(n, o)
  const address = cidr(ip, parseCidr(own).bits)
  const via = addressOf(own)
  const dev = `eth${at}`
  const name = at === 0 ? `veth${p.index}` : `veth${p.index}.${at}`
  return [
    {
      in: p.name,
      by: o.attaches,
      rows: {
        devs: [
          {
            kind: 'veth',
            name: dev,
            mac: (at === 0 ? p.mac : undefined) ?? macOf(ip),
            mtu: o.mtu,
            up: true,
            addrs: [address],
            peer: { netns: n.name, dev: name },
          },
        ],
        routes: [
          ...(out ? [{ table: 'main', dst: '0.0.0.0/0', via, dev } as const] : []),
          ...(o.network === null ? [] : [{ table: 'main', dst: o.network, via, dev } as const]),
        ],
      },
    },
    connected(p.name, dev, address),
    {
      in: n.name,
      by: o.attaches,
      rows: {
        devs: [
          {
            kind: 'veth',
            name,
            mac: (at === 0 ? p.hostMac : undefined) ?? macOf(ip, '02:fe'),
            mtu: o.mtu,
            up: true,
            addrs: [],
            peer: { netns: p.name, dev },
            master: o.bridge,
            ...(o.hairpin ? { hairpin: true } : {}),
          },
        ],
      },
    },
  ]
}
