import { addressOf, cidr, type Cidr, type Mac } from '#lib/wire/addr.ts'
import type { FdbEntry, Lease, Neigh, Route } from '#lib/topology/rows.ts'
import type { Cni, Node } from '#lib/worlds/cluster/spec.ts'
import { by, NEW_NETNS } from '#lib/worlds/by.ts'
import { iptables, type Patch, type Rows } from '#lib/worlds/cluster/patch.ts'
import {
  attach,
  bridgeConnected,
  rangeOf,
  setup,
  type BridgeOptions,
  BRIDGE_MAKER,
  BRIDGE_PLUGIN,
} from '#lib/worlds/cni/bridge.ts'
import { portmap, portmapFirst } from '#lib/worlds/cni/portmap.ts'

/** How flannel carries a packet between nodes, by the name in its configuration. */
export type Backend = Lease['backendType']
/** What each backend takes from the NIC's MTU, bytes. */
export const OVERHEAD: { readonly [B in Backend]: number } = { udp: 28, vxlan: 50, 'host-gw': 0 }

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

/** VTEP MACs are random on a real node; these can be read: the lease's octets. */
export function vtepMac(n: Node): Mac {
  const [, b = 0, d = 0, e = 0] = tunnelAddress(n).split('.').map(Number)
  return `5a:00:00:${HEX[b ^ 1]}:${HEX[d]}:${HEX[e]}`
}

/** A range is written with its first address. */
const tunnelAddress = (n: Node) => addressOf(rangeOf(n))

/** The backend's device on a node (pkg/backend/udp and vxlan; host-gw has none). */
const DEVICE: { readonly [B in Backend]: (n: Node, network: Cidr) => Rows } = {
  udp: (n, network) => ({
    devs: [
      {
        kind: 'tun',
        name: 'flannel0',
        mac: '00:00:00:00:00:00',
        mtu: n.mtu - OVERHEAD.udp,
        up: true,
        addrs: [cidr(tunnelAddress(n), 32)],
        program: 'flanneld',
      },
    ],
    routes: [{ table: 'main', dst: network, dev: 'flannel0' }],
    daemons: [{ name: 'flanneld', tun: 'flannel0', port: 8285, local: n.ip }],
  }),
  vxlan: (n) => ({
    devs: [
      {
        kind: 'vxlan',
        name: 'flannel.1',
        mac: vtepMac(n),
        mtu: n.mtu - OVERHEAD.vxlan,
        up: true,
        addrs: [cidr(tunnelAddress(n), 32)],
        vni: 1,
        port: 8472,
        local: n.ip,
        learning: false,
        udpcsum: true,
      },
    ],
  }),
  'host-gw': () => ({}),
}

const STARTED = by('flanneld', 'daemon-started')
const JOINED = by('flanneld', 'node-joined')
const LEASE = by('flanneld', 'lease-added')

/** The policy of FORWARD, written out so that it can be changed. */
const forward = (n: Node): Patch => ({
  in: n.name,
  by: NEW_NETNS,
  rows: { chains: [{ table: 'filter', chain: 'FORWARD', policy: 'ACCEPT' }] },
})

/** What every other node is told of one: ARP, FDB, route (vxlan_network.go), or one route; and the lease. */
interface Told {
  readonly neigh?: Neigh
  readonly fdb?: FdbEntry
  readonly route?: Route
  readonly lease: Lease
}
const TOLD: { readonly [B in Backend]: (to: Node) => Told } = {
  udp: (to) => ({ lease: leaseOf(to, 'udp') }),
  vxlan: (to) => {
    const [subnet, ip, mac] = [rangeOf(to), tunnelAddress(to), vtepMac(to)]
    return {
      neigh: { ip, dev: 'flannel.1', lladdr: mac, state: 'PERMANENT' },
      fdb: { mac, dev: 'flannel.1', dst: to.ip, state: 'permanent' },
      route: { table: 'main', dst: subnet, via: ip, dev: 'flannel.1', onlink: true },
      lease: {
        daemon: 'flanneld',
        subnet,
        publicIp: to.ip,
        backendType: 'vxlan',
        vtepMac: mac,
      },
    }
  },
  'host-gw': (to) => ({
    route: { table: 'main', dst: rangeOf(to), via: to.ip, dev: 'eth0' },
    lease: leaseOf(to, 'host-gw'),
  }),
}

function leaseOf(n: Node, backendType: Backend): Lease {
  return { daemon: 'flanneld', subnet: rangeOf(n), publicIp: n.ip, backendType }
}

/** All of them together, table by table. */
function rowsOf(told: readonly Told[]): Rows {
  const [neigh, fdb, routes, leases]: [Neigh[], FdbEntry[], Route[], Lease[]] = [[], [], [], []]
  for (const t of told) {
    if (t.neigh !== undefined) neigh.push(t.neigh)
    if (t.fdb !== undefined) fdb.push(t.fdb)
    if (t.route !== undefined) routes.push(t.route)
    leases.push(t.lease)
  }
  return { neigh, fdb, routes, leases }
}

/** The rules flanneld writes today with --ip-masq (pkg/trafficmngr/iptables). */
function rules(n: Node, network: Cidr): Patch {
  const own = rangeOf(n)
  const masq = '-m comment --comment "flanneld masq"'
  const forward = '-m comment --comment "flanneld forward"'
  return iptables(
    n.name,
    STARTED,
    `*nat
:FLANNEL-POSTRTG - [0:0]
-A POSTROUTING ${masq} -j FLANNEL-POSTRTG
-A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 ${masq} -j RETURN
-A FLANNEL-POSTRTG -s ${own} -d ${network} ${masq} -j RETURN
-A FLANNEL-POSTRTG -s ${network} -d ${own} ${masq} -j RETURN
-A FLANNEL-POSTRTG ! -s ${network} -d ${own} ${masq} -j RETURN
-A FLANNEL-POSTRTG -s ${network} ! -d 224.0.0.0/4 ${masq} -j MASQUERADE --random-fully
-A FLANNEL-POSTRTG ! -s ${network} -d ${network} ${masq} -j MASQUERADE --random-fully
*filter
:FLANNEL-FWD - [0:0]
-A FORWARD ${forward} -j FLANNEL-FWD
-A FLANNEL-FWD -s ${network} ${forward} -j ACCEPT
-A FLANNEL-FWD -d ${network} ${forward} -j ACCEPT`,
  )
}

/** What a backend alone writes: its device when a node has its range, and what it is told of the others. */
export function carried(backend: Backend, network: Cidr): Pick<Cni, 'setup' | 'join'> {
  // In a large cluster every node is told the same of each: these rows are there once.
  const known: { readonly of: Node; readonly told: Told }[] = []
  const told = (n: Node): Told => {
    const before = known[n.index]
    if (before?.of === n) return before.told
    const now = { of: n, told: TOLD[backend](n) }
    known[n.index] = now
    return now.told
  }
  return {
    setup: (n) => [
      { in: n.name, by: JOINED, rows: DEVICE[backend](n, network) },
      { in: n.name, by: JOINED, rows: { leases: [told(n).lease] } },
    ],
    join: (from, others) => [{ in: from.name, by: LEASE, rows: rowsOf(others.map(told)) }],
  }
}

/** flannel is a bridge per node and a backend between them, in the project as here. */
export function flannel(o: {
  readonly backend: Backend
  readonly network: Cidr
  readonly bridge: 'docker0' | 'cni0'
  readonly hairpin: boolean
}): Cni {
  const onBridge = (n: Node): BridgeOptions => ({
    bridge: o.bridge,
    hairpin: o.hairpin,
    network: o.network,
    makes: BRIDGE_MAKER[o.bridge],
    attaches: BRIDGE_PLUGIN,
    mtu: n.mtu - OVERHEAD[o.backend],
  })
  const { setup: begins, join } = carried(o.backend, o.network)
  return {
    // Docker publishes by itself, and not where its bridge is flannel's.
    ...(o.bridge === 'cni0' ? { first: portmapFirst } : {}),
    setup: (n) => [
      ...setup(n, onBridge(n)),
      ...begins(n),
      forward(n),
      rules(n, o.network),
      ...(o.bridge === 'cni0' ? portmap(n, o.bridge) : []),
    ],
    attach: (p, n) => attach(p, n, onBridge(n)),
    join,
    connected: (n) => bridgeConnected(n, onBridge(n)),
    addresses: () => [],
  }
}
