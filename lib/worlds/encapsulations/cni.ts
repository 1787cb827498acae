import { addressOf, cidr, type Address, type Cidr, type Mac } from '#lib/wire/addr.ts'
import type { Route } from '#lib/topology/rows.ts'
import { by } from '#lib/worlds/by.ts'
import {
  attach,
  bridgeConnected,
  BRIDGE_MAKER,
  BRIDGE_PLUGIN,
  rangeOf,
  setup,
  type BridgeOptions,
} from '#lib/worlds/cni/bridge.ts'
import type { Patch, Rows } from '#lib/worlds/cluster/patch.ts'
import { LAN_GATEWAY, type Cni, type Node } from '#lib/worlds/cluster/spec.ts'
import { carried } from '#lib/worlds/flannel/cni.ts'
import { OVERHEAD, type Encapsulation } from './kinds.ts'

/* A bridge on each node, and between the nodes one encapsulation or none: flanneld's where flannel has it as a backend, else a tunnel to each other node that a person made. */

const TYPED = by('person', 'node-joined')
const JOINED = by('flanneld', 'node-joined')
const LEASED = by('flanneld', 'lease-added')

/** A tunnel's end has an address in a network of its own, 10.8.0.0/24: whoever carries frames asks for it by ARP. */
const innerAddress = (n: Node): Address => `10.8.0.${n.index + 1}`
const hex = (x: number): string => x.toString(16).padStart(2, '0')
/** Random on a real machine; readable here: whose end, and to whom. */
const innerMac = (n: Node, other: Node): Mac =>
  `5e:00:00:00:${hex(n.index + 1)}:${hex(other.index + 1)}`
/** VSID 5000 and FlowID 1, as Linux writes them into a key of GRE (RFC 7637, section 3.2). */
export const NVGRE_KEY = (5_000 << 8) | 1

/** The device of a tunnel to one other node, and the route into it. */
interface Tunnel {
  readonly dev: NonNullable<Rows['devs']>[number]
  readonly route: Route
}

type Typed = Extract<Encapsulation, 'gre' | 'nvgre' | 'geneve'>
const TUNNEL: { readonly [E in Typed]: (from: Node, to: Node) => Tunnel } = {
  gre: (from, to) => {
    const name = `gre${to.index + 1}`
    const mac = '00:00:00:00:00:00'
    return {
      dev: { kind: 'gre', name, mac, ...ends(from, to), ...common(from, 'gre') },
      route: { table: 'main', dst: rangeOf(to), dev: name, scope: 'link' },
    }
  },
  nvgre: (from, to) => {
    const name = `nvgre${to.index + 1}`
    const mac = innerMac(from, to)
    const key = NVGRE_KEY
    return {
      dev: { kind: 'gretap', name, mac, ...ends(from, to), key, ...common(from, 'nvgre') },
      route: onlink(to, name),
    }
  },
  geneve: (from, to) => {
    const name = `geneve${to.index + 1}`
    const mac = innerMac(from, to)
    return {
      dev: {
        kind: 'geneve',
        name,
        mac,
        vni: 7,
        remote: to.ip,
        port: 6081,
        ...common(from, 'geneve'),
      },
      route: onlink(to, name),
    }
  },
}

const ends = (from: Node, to: Node) => ({ local: from.ip, remote: to.ip })
const common = (n: Node, by: Encapsulation) => ({
  mtu: n.mtu - OVERHEAD[by],
  up: true,
  addrs: [cidr(innerAddress(n), 32)],
})
const onlink = (to: Node, dev: string): Route => ({
  table: 'main',
  dst: rangeOf(to),
  via: innerAddress(to),
  dev,
  onlink: true,
})

/** flannel's backend of that name (pkg/backend/ipip): one device without a remote end, which takes the next hop of the route for it. The netlink library leaves PMtuDisc 0, so DF is the packet's own. */
const flannelIpip = (n: Node): Patch => ({
  in: n.name,
  by: JOINED,
  rows: {
    devs: [
      {
        kind: 'ipip',
        name: 'flannel.ipip',
        mac: '00:00:00:00:00:00',
        local: n.ip,
        pmtudisc: false,
        mtu: n.mtu - OVERHEAD.ipip,
        up: true,
        addrs: [cidr(addressOf(rangeOf(n)), 32)],
      },
    ],
  },
})
const byIpip = (from: Node, others: readonly Node[]): Patch => ({
  in: from.name,
  by: LEASED,
  rows: {
    routes: others.map((n) => ({
      table: 'main',
      dst: rangeOf(n),
      via: n.ip,
      dev: 'flannel.ipip',
      onlink: true,
    })),
  },
})

/** Without encapsulation the gateway routes by pods' addresses, so a person tells it where each range is. */
const told = (nodes: readonly Node[]): Patch => ({
  in: LAN_GATEWAY,
  by: TYPED,
  rows: {
    routes: nodes.map((n) => ({ table: 'main', dst: rangeOf(n), via: n.ip, dev: 'eth0' })),
  },
})

/** What is between the nodes, beside their bridges. */
type Between = Pick<Cni, 'setup' | 'join' | 'fabric'>

function between(kind: Encapsulation, network: Cidr): Between {
  const none = (): readonly Patch[] => []
  switch (kind) {
    case 'plain':
      return { setup: none, join: none, fabric: (nodes) => [told(nodes)] }
    case 'udp':
    case 'vxlan':
      return carried(kind, network)
    case 'ipip':
      return { setup: (n) => [flannelIpip(n)], join: (from, others) => [byIpip(from, others)] }
    default:
      return {
        setup: none,
        join: (from, others) => {
          const made = others.map((to) => TUNNEL[kind](from, to))
          const rows = { devs: made.map((x) => x.dev), routes: made.map((x) => x.route) }
          return [{ in: from.name, by: TYPED, rows }]
        },
      }
  }
}

/** The plugin of the world: pods on bridges whose MTU has room for what is put around their packets. */
export function encapsulated(kind: Encapsulation, network: Cidr): Cni {
  const onBridge = (n: Node): BridgeOptions => ({
    bridge: 'docker0',
    hairpin: false,
    network: null,
    makes: BRIDGE_MAKER.docker0,
    attaches: BRIDGE_PLUGIN,
    mtu: n.mtu - OVERHEAD[kind],
  })
  const way = between(kind, network)
  return {
    ...way,
    setup: (n) => [...setup(n, onBridge(n)), ...way.setup(n)],
    attach: (p, n) => attach(p, n, onBridge(n)),
    connected: (n) => bridgeConnected(n, onBridge(n)),
    addresses: () => [],
  }
}
