import { addressOf, cidr, macOf, type Address, type Cidr, type Mac } from '#lib/wire/addr.ts'
import { nth } from '#lib/wire/range.ts'
import type { FdbEntry, Neigh, Route } from '#lib/topology/rows.ts'
import { by } from '#lib/worlds/by.ts'
import { iptables, type Patch, type Rows } from '#lib/worlds/cluster/patch.ts'
import type { Cni, Node, Pod } from '#lib/worlds/cluster/spec.ts'
import { rangeOf } from '#lib/worlds/cni/bridge.ts'
import { sha1 } from '#lib/worlds/hash/sha1.ts'
import { ALL_POOLS, chains, HOSTS, jumps, MASQ_POOLS } from './firewall.ts'
import { OVERHEAD, TUNNEL, type Mode } from './modes.ts'

/*
 * Calico: each pod is routed to by itself over a pair of veths, each node has a block of the pool and a route to every other's. The CNI plugin attaches pods
 * (cni-plugin/pkg/dataplane/linux/dataplane_linux.go), Felix writes what a node does for them (felix/dataplane/linux), BIRD the ways to other nodes' blocks
 * (confd/etc/calico/confd/templates/bird_ipam.cfg.template); by VXLAN Felix writes those too. Measured: the rows of 2.1 of the facts about worlds.
 */

const ATTACHED = by('calico', 'pod-created')
const STARTED = by('calico-node', 'daemon-started')
const JOINED = by('calico-node', 'node-joined')
const SEEN = by('calico-node', 'pod-created')
const LEARNED = by('bird', 'lease-added')
const OWN_BLOCK = by('bird', 'node-joined')
const TOLD = by('calico-node', 'lease-added')

/** On no interface: the node's end of the pair answers for it, since it knows another way there (proxy_arp). */
export const GATEWAY: Address = '169.254.1.1'
/** The node's end of every pair: no address is learned of it, so it may be the same everywhere. */
export const HOST_MAC: Mac = 'ee:ee:ee:ee:ee:ee'

/** The node's end of a pod's pair: cali and 11 digits of SHA-1 of namespace.name (VethNameForWorkload()). */
export function caliName(pod: string): string {
  return `cali${sha1(`default.${pod}`).slice(0, 11)}`
}

/** A tunnel has the first address of its node's block; Calico's IPAM takes any that is free. */
const tunnelAddress = (n: Node): Address => addressOf(rangeOf(n))

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

/** The MAC of a vxlan.calico follows from a hash of the node's name; this one can be read: the block's octets. */
export function vtepMac(n: Node): Mac {
  const [, b = 0, d = 0, e = 0] = tunnelAddress(n).split('.').map(Number)
  return `66:00:${HEX[e]}:${HEX[b ^ 1]}:${HEX[d]}:00`
}

/** Pod and node's end: what the plugin writes, and what Felix keeps right (endpoint_mgr.go). */
function attach(p: Pod, n: Node, mode: Mode): readonly Patch[] {
  const name = caliName(p.name)
  const mac = p.mac ?? macOf(p.ip, '36:00')
  const pair = { kind: 'veth', mtu: n.mtu - OVERHEAD[mode], up: true } as const
  const conf = `net.ipv4.conf.${name}` as const
  return [
    {
      in: p.name,
      by: ATTACHED,
      rows: {
        devs: [
          {
            ...pair,
            name: 'eth0',
            mac,
            addrs: [cidr(p.ip, 32)],
            peer: { netns: n.name, dev: name },
          },
        ],
        routes: [
          { table: 'main', dst: '0.0.0.0/0', via: GATEWAY, dev: 'eth0' },
          { table: 'main', dst: cidr(GATEWAY, 32), dev: 'eth0', scope: 'link' },
        ],
      },
    },
    {
      in: n.name,
      by: ATTACHED,
      rows: {
        devs: [{ ...pair, name, mac: HOST_MAC, addrs: [], peer: { netns: p.name, dev: 'eth0' } }],
        routes: [{ table: 'main', dst: cidr(p.ip, 32), dev: name, scope: 'link' }],
      },
    },
    {
      in: n.name,
      by: SEEN,
      rows: {
        neigh: [{ ip: p.ip, dev: name, lladdr: mac, state: 'PERMANENT' }],
        sysctls: [
          { key: `${conf}.route_localnet`, value: 1 },
          { key: `net.ipv4.neigh.${name}.proxy_delay`, value: 0 },
          { key: `${conf}.proxy_arp`, value: 1 },
          { key: `${conf}.forwarding`, value: 1 },
          { key: `${conf}.rp_filter`, value: 1 },
        ],
      },
    },
  ]
}

/** tunl0 comes with the module, which is loaded here before a node has its NICs. */
function older(n: Node, mode: Mode): readonly Patch[] {
  if (TUNNEL[mode] !== 'tunl0') return []
  const rows: Rows = {
    devs: [
      {
        kind: 'ipip',
        name: 'tunl0',
        mac: '00:00:00:00:00:00',
        mtu: n.mtu - OVERHEAD[mode],
        up: true,
        addrs: [cidr(tunnelAddress(n), 32)],
      },
    ],
  }
  return [{ in: n.name, by: JOINED, rows }]
}

/** A node's own: its block, which ends here where no pod has the address, and its VTEP. */
function own(n: Node, mode: Mode): readonly Patch[] {
  const block: Rows = { routes: [blackhole(n, mode)] }
  if (mode !== 'vxlan') return [{ in: n.name, by: OWN_BLOCK, rows: block }]
  return [
    {
      in: n.name,
      by: STARTED,
      rows: {
        devs: [
          {
            kind: 'vxlan',
            name: 'vxlan.calico',
            mac: vtepMac(n),
            mtu: n.mtu - OVERHEAD.vxlan,
            up: true,
            addrs: [cidr(tunnelAddress(n), 32)],
            vni: 4096,
            port: 4789,
            local: n.ip,
            learning: false,
            udpcsum: true,
          },
        ],
        ...block,
      },
    },
  ]
}

/** Felix's own routes are of protocol 80, which has no name. */
function blackhole(n: Node, mode: Mode): Route {
  const dst = rangeOf(n)
  return mode === 'vxlan'
    ? { table: 'main', dst, type: 'blackhole' }
    : { table: 'main', dst, type: 'blackhole', proto: 'bird' }
}

/** The way to another node's block. BIRD's next hop is that node, by the router where it is in another subnet (`gateway recursive`); wrapped, it is on link whatever the routes say. */
function wayTo(to: Node, from: Node, mode: Mode): Route {
  const route = { table: 'main', dst: rangeOf(to), proto: 'bird' } as const
  const near = to.prefix === from.prefix
  if (mode === 'ipip' || (mode === 'cross-subnet' && !near))
    return { ...route, via: to.ip, dev: 'tunl0', onlink: true }
  return { ...route, via: near ? to.ip : nth(from.prefix, 1), dev: 'eth0' }
}

/** vxlan_mgr.go: a neighbour, a forwarding entry and a route for each other node. */
function vteps(others: readonly Node[]): Rows {
  const dev = 'vxlan.calico'
  return {
    neigh: others.map((n): Neigh => ({
      ip: tunnelAddress(n),
      dev,
      lladdr: vtepMac(n),
      state: 'PERMANENT',
    })),
    fdb: others.map((n): FdbEntry => ({ mac: vtepMac(n), dev, dst: n.ip, state: 'permanent' })),
    routes: others.map((n) => ({
      table: 'main',
      dst: rangeOf(n),
      via: tunnelAddress(n),
      dev,
      onlink: true,
    })),
  }
}

/** The chains, and the sets of what a pool has; of a pod's own chains those that Felix writes when it is made. */
function firewall(n: Node, mode: Mode, pool: Cidr): readonly Patch[] {
  const pools = [MASQ_POOLS, ALL_POOLS]
  return [
    {
      in: n.name,
      by: STARTED,
      rows: {
        ipsets: pools.map((name) => ({ name, type: 'hash:net' })),
        ipsetEntries: pools.map((set) => ({ set, entry: pool })),
      },
    },
    iptables(
      n.name,
      STARTED,
      chains(
        mode,
        n.pods().map((p) => caliName(p.name)),
      ),
    ),
  ]
}

/** The machines whose wrapped packets are taken: by IP in IP the node itself is one of them (ipsets/all-hosts). */
function hosts(from: Node, others: readonly Node[], mode: Mode): readonly Patch[] {
  const set = HOSTS[mode]
  if (set === null) return []
  const members = mode === 'vxlan' ? others : [from, ...others]
  const rows: Rows = {
    ipsets: [{ name: set, type: 'hash:net' }],
    ipsetEntries: members.map((n) => ({ set, entry: n.ip })),
  }
  return [{ in: from.name, by: TOLD, rows }]
}

/** Pods routed to over pairs of veths, and a block for each node. */
export function calico(mode: Mode, pool: Cidr): Cni {
  return {
    older: (n) => older(n, mode),
    first: (n) => [iptables(n.name, STARTED, jumps(mode))],
    setup: (n) => [...own(n, mode), ...firewall(n, mode, pool)],
    attach: (p, n) => attach(p, n, mode),
    join: (from, others) => [
      ...hosts(from, others, mode),
      mode === 'vxlan'
        ? { in: from.name, by: TOLD, rows: vteps(others) }
        : {
            in: from.name,
            by: LEARNED,
            rows: { routes: others.map((n) => wayTo(n, from, mode)) },
          },
    ],
    connected: () => [],
    addresses: () => [],
  }
}
