import {
  isCidr,
  isIpv4,
  isMac,
  ZERO_MAC,
  type Cidr,
  type Address,
  type Mac,
} from '#lib/wire/addr.ts'
import type { Dev } from '#lib/topology/devs.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import type { Daemon, FdbEntry, Lease, Route, Sysctl } from '#lib/topology/rows.ts'
import { emptyNetns, fromSpaces, type Netns, type Topology } from '#lib/topology/topology.ts'
import type { Capture, LabName, State, StateLink, StateRoute } from './capture.ts'

type End = readonly [netns: string, dev: string]
interface Wiring {
  /** veth pairs. `ip -j link` gives the peer's ifindex only, which several namespaces may have. */
  readonly veths: readonly (readonly [End, End])[]
  readonly forwarding: readonly string[]
  /** Namespaces whose bridges do not call iptables. */
  readonly noBridgeNf: readonly string[]
  readonly daemons: Readonly<
    Record<string, { readonly daemon: Daemon; readonly leases: readonly Lease[] }>
  >
}

const FLANNEL_VETHS: Wiring['veths'] = [
  [
    ['pod1', 'eth0'],
    ['node1', 'veth1'],
  ],
  [
    ['pod3', 'eth0'],
    ['node1', 'veth3'],
  ],
  [
    ['pod2', 'eth0'],
    ['node2', 'veth2'],
  ],
  [
    ['node1', 'eth0'],
    ['vpc', 'eth1'],
  ],
  [
    ['node2', 'eth0'],
    ['vpc', 'eth2'],
  ],
]
const FLANNEL = {
  veths: FLANNEL_VETHS,
  forwarding: ['node1', 'node2', 'vpc'],
  noBridgeNf: ['vpc'],
} as const

/** flannel's daemon as the lab starts it on a node: its socket, its TUN, and one line per subnet of another node. */
function daemon(local: Address, subnet: Cidr, publicIp: Address): Wiring['daemons'][string] {
  return {
    daemon: { name: 'flanneld', tun: 'flannel0', port: 8285, local },
    leases: [{ daemon: 'flanneld', subnet, publicIp, backendType: 'udp' }],
  }
}

/** What the labs set that no `ip` command prints. */
const WIRING: Readonly<Record<LabName, Wiring>> = {
  'L1-docker-bridge': {
    veths: [
      [
        ['host', 'eth0'],
        ['out', 'eth0'],
      ],
      [
        ['c1', 'eth0'],
        ['host', 'veth1'],
      ],
      [
        ['c2', 'eth0'],
        ['host', 'veth2'],
      ],
    ],
    forwarding: ['host', 'out'],
    noBridgeNf: [],
    daemons: {},
  },
  'L2-flannel-vxlan': { ...FLANNEL, daemons: {} },
  'L3-flannel-udp': {
    ...FLANNEL,
    daemons: {
      node1: daemon('192.168.0.100', '10.1.20.0/24', '192.168.0.200'),
      node2: daemon('192.168.0.200', '10.1.15.0/24', '192.168.0.100'),
    },
  },
}
const ROLE = {
  c1: 'container',
  c2: 'container',
  pod1: 'pod',
  pod2: 'pod',
  pod3: 'pod',
  node1: 'node',
  node2: 'node',
} as const

/** The topology of a lab as its namespaces were before the first probe. RangeError for anything that is not understood. */
export function topologyOf(lab: Capture): Topology {
  return fromSpaces(Object.entries(lab.state).map(([name, s]) => namespace(lab.lab, name, s)))
}

function namespace(lab: LabName, name: string, s: State): Netns {
  const wiring = WIRING[lab]
  const own = wiring.daemons[name]
  const sysctls: Sysctl[] = [
    { key: 'net.ipv4.ip_forward', value: wiring.forwarding.includes(name) ? 1 : 0 },
    { key: 'net.ipv4.conf.all.rp_filter', value: 0 },
    { key: 'net.ipv4.icmp_ratelimit', value: 0 },
    { key: 'net.bridge.bridge-nf-call-iptables', value: wiring.noBridgeNf.includes(name) ? 0 : 1 },
  ]
  return {
    ...emptyNetns(name, name, name in ROLE ? ROLE[name as keyof typeof ROLE] : 'host'),
    devs: s.link.map((l) => device(wiring, name, l, s)),
    rules: s.rule.map((r) => ({ priority: r.priority, table: r.table })),
    routes: s.route.map(route),
    neigh: s.neigh.map((n) => ({
      ip: ipv4(n.dst),
      dev: n.dev,
      lladdr: mac(n.lladdr),
      state: n.state[0] as 'PERMANENT',
    })),
    // A bridge's own MAC and its ports' follow from its devices.
    fdb: s.fdb
      .filter((f) => f.master === undefined)
      .map((f): FdbEntry => ({
        mac: mac(f.mac),
        dev: f.ifname,
        ...(f.dst === undefined ? {} : { dst: ipv4(f.dst) }),
        state: f.state as 'permanent',
      })),
    ...parseIptables(s.iptables),
    sysctls,
    daemons: own === undefined ? [] : [own.daemon],
    leases: own?.leases ?? [],
  }
}

function device(wiring: Wiring, ns: string, l: StateLink, s: State): Dev {
  const link = {
    name: l.ifname,
    mac: l.address === undefined ? ZERO_MAC : mac(l.address),
    mtu: l.mtu,
    up: l.flags.includes('UP'),
    addrs: (s.addr.find((a) => a.ifname === l.ifname)?.addr_info ?? []).map((a) =>
      cidr(`${a.local}/${a.prefixlen}`),
    ),
    ...(l.master === undefined ? {} : { master: l.master }),
    ...(l.linkinfo?.info_slave_data?.hairpin === true ? { hairpin: true } : {}),
  }
  const data = l.linkinfo?.info_data ?? {}
  switch (l.linkinfo?.info_kind ?? 'loopback') {
    case 'loopback':
      return { kind: 'loopback', ...link }
    case 'bridge':
      return { kind: 'bridge', ...link }
    case 'tun':
      return { kind: 'tun', ...link, program: 'flanneld' }
    case 'vxlan':
      return {
        kind: 'vxlan',
        ...link,
        vni: data.id as number,
        port: data.port as number,
        local: ipv4(data.local as string),
        learning: data.learning as boolean,
        udpcsum: data.udp_csum as boolean,
      }
    case 'veth': {
      const pair = wiring.veths.find((p) => p.some(([n, d]) => n === ns && d === l.ifname))
      const peer = pair?.find(([n, d]) => n !== ns || d !== l.ifname)
      if (peer === undefined)
        throw new RangeError(`${ns}: the other end of ${l.ifname} is not known`)
      return { kind: 'veth', ...link, peer: { netns: peer[0], dev: peer[1] } }
    }
    default:
      throw new RangeError(`${ns}: ${l.ifname} is of kind ${l.linkinfo?.info_kind}`)
  }
}

function route(r: StateRoute): Route {
  return {
    table: 'main',
    dst: r.dst === 'default' ? '0.0.0.0/0' : cidr(r.dst.includes('/') ? r.dst : `${r.dst}/32`),
    ...(r.dev === undefined ? {} : { dev: r.dev }),
    ...(r.gateway === undefined ? {} : { via: ipv4(r.gateway) }),
    ...(r.prefsrc === undefined ? {} : { src: ipv4(r.prefsrc) }),
    ...(r.flags.includes('onlink') ? { onlink: true } : {}),
    ...(r.protocol === 'kernel' ? { proto: 'kernel' as const } : {}),
    ...(r.scope === 'link' ? { scope: 'link' as const } : {}),
  }
}

function ipv4(text: string): Address {
  if (!isIpv4(text)) throw new RangeError(`not an address: ${text}`)
  return text
}
function cidr(text: string): Cidr {
  if (!isCidr(text)) throw new RangeError(`not a prefix: ${text}`)
  return text
}
function mac(text: string): Mac {
  if (!isMac(text)) throw new RangeError(`not a MAC: ${text}`)
  return text
}
