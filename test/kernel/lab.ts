import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { Cidr, Ipv4, Mac } from '#lib/wire/addr.ts'
import type { Dev } from '#lib/topology/devs.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import type { Route } from '#lib/topology/linux.ts'
import { emptyNetns, fromSpaces, type Netns, type Topology } from '#lib/topology/topology.ts'

export interface CapturedLayer { readonly type: string; readonly [field: string]: unknown }
export interface CapturedFrame { readonly n: number; readonly ns: string; readonly iface: string; readonly dir: 'in' | 'out'; readonly to?: string; readonly len: number; readonly layers: readonly CapturedLayer[]; readonly csum_offloaded?: boolean }
export interface Probe {
  readonly about: string; readonly setup?: readonly string[]
  readonly fixed: { readonly ip_ids: readonly number[]; readonly icmp_ids: readonly number[]; readonly ports: readonly number[] }
  readonly events: readonly { readonly who: string; readonly call: string; readonly result: unknown }[]
  readonly frames: readonly CapturedFrame[]
}
interface State { readonly namespaces: Readonly<Record<string, NsState>> }
interface NsState {
  readonly link: readonly { ifindex: number; ifname: string; link_index?: number; flags: string[]; mtu: number; master?: string; address?: string; linkinfo?: { info_kind?: string; info_data?: Record<string, unknown>; info_slave_data?: { hairpin?: boolean } } }[]
  readonly addr: readonly { ifname: string; addr_info: { local: string; prefixlen: number }[] }[]
  readonly route: readonly { type?: string; dst: string; gateway?: string; dev?: string; table?: string; protocol?: string; scope?: string; prefsrc?: string; flags: string[] }[]
  readonly neigh: readonly { dst: string; dev: string; lladdr?: string; state: string[] }[]
  readonly fdb: readonly { mac: string; ifname: string; master?: string; dst?: string; state?: string }[]
  readonly iptables: readonly string[]
}
export interface Lab { readonly lab: string; readonly state: State; readonly probes: Readonly<Record<string, Probe>> }

export function load(lab: string): Lab {
  return JSON.parse(gunzipSync(readFileSync(fileURLToPath(new URL(`../captures/kernel-${lab}.json.gz`, import.meta.url)))).toString('utf8')) as Lab
}

/** The veth pairs of the labs: whose other end is where (the state gives interface numbers only). */
const PEERS: Readonly<Record<string, string>> = {
  'c1/eth0': 'host/veth1', 'c2/eth0': 'host/veth2', 'host/eth0': 'out/eth0',
  'pod1/eth0': 'node1/veth1', 'pod3/eth0': 'node1/veth3', 'pod2/eth0': 'node2/veth2', 'node1/eth0': 'vpc/eth1', 'node2/eth0': 'vpc/eth2',
}
const peerOf = (end: string): { netns: string; dev: string } => {
  const [netns = '', dev = ''] = (PEERS[end] ?? Object.entries(PEERS).find(([, b]) => b === end)?.[0] ?? '').split('/')
  return { netns, dev }
}
/** Namespaces of the labs that forward. */
const FORWARDS = new Set(['host', 'out', 'node1', 'node2', 'vpc'])

/** The lab's network as a topology: from what the tools printed, and nothing else. */
export function topologyOf(lab: Lab): Topology {
  return fromSpaces(Object.entries(lab.state.namespaces).map(([name, s]) => netnsOf(lab, name, s)))
}

function netnsOf(lab: Lab, name: string, s: NsState): Netns {
  const addrs = (dev: string): Cidr[] => s.addr.filter((a) => a.ifname === dev).flatMap((a) => a.addr_info.map((i) => `${i.local}/${i.prefixlen}` as Cidr))
  const devs = s.link.map((l): Dev => {
    const base = { name: l.ifname, mac: (l.address ?? '00:00:00:00:00:00') as Mac, mtu: l.mtu, up: l.flags.includes('UP'), addrs: addrs(l.ifname), ...(l.master === undefined ? {} : { master: l.master }), ...(l.linkinfo?.info_slave_data?.hairpin === true ? { hairpin: true } : {}) }
    switch (l.linkinfo?.info_kind) {
      case 'veth': return { ...base, kind: 'veth', peer: peerOf(`${name}/${l.ifname}`) }
      case 'bridge': return { ...base, kind: 'bridge' }
      case 'vxlan': return { ...base, kind: 'vxlan', vni: Number(l.linkinfo.info_data?.['id'] ?? 1), port: Number(l.linkinfo.info_data?.['port'] ?? 8472), local: String(l.linkinfo.info_data?.['local']) as Ipv4, learning: false, udpcsum: true }
      case 'tun': return { ...base, mac: '00:00:00:00:00:00', kind: 'tun', program: 'flanneld' }
      default: return { ...base, kind: 'loopback' }
    }
  })
  const tun = devs.find((d) => d.kind === 'tun')
  const node = ({ node1: ['192.168.0.100', '10.1.20.0/24', '192.168.0.200'], node2: ['192.168.0.200', '10.1.15.0/24', '192.168.0.100'] } as const)[name as 'node1' | 'node2']
  const { chains, netfilter } = parseIptables(s.iptables.join('\n'))
  return {
    ...emptyNetns(name, name, name.startsWith('pod') ? 'pod' : name.startsWith('c') ? 'container' : 'node'), devs, chains, netfilter,
    rules: [{ priority: 0, table: 'local' }, { priority: 32766, table: 'main' }, { priority: 32767, table: 'default' }],
    routes: s.route.filter((r) => r.table !== 'local').map((r): Route => ({
      table: 'main', dst: (r.dst === 'default' ? '0.0.0.0/0' : r.dst.includes('/') ? r.dst : `${r.dst}/32`) as Cidr, ...(r.dev === undefined ? {} : { dev: r.dev }), ...(r.gateway === undefined ? {} : { via: r.gateway as Ipv4 }),
      ...(r.prefsrc === undefined ? {} : { src: r.prefsrc as Ipv4 }), ...(r.flags.includes('onlink') ? { onlink: true } : {}), ...(r.protocol === 'kernel' ? { proto: 'kernel' as const } : {}), ...(r.scope === 'link' ? { scope: 'link' as const } : {}),
    })),
    neigh: s.neigh.filter((n) => n.state.includes('PERMANENT')).map((n) => ({ ip: n.dst as Ipv4, dev: n.dev, lladdr: n.lladdr as Mac, state: 'PERMANENT' as const })),
    fdb: s.fdb.filter((f) => f.dst !== undefined).map((f) => ({ mac: f.mac as Mac, dev: f.ifname, dst: f.dst as Ipv4, state: 'permanent' as const })),
    sysctls: [{ key: 'net.ipv4.ip_forward', value: FORWARDS.has(name) ? 1 : 0 }, { key: 'net.bridge.bridge-nf-call-iptables', value: name === 'vpc' ? 0 : 1 }],
    daemons: tun === undefined || node === undefined ? [] : [{ name: 'flanneld', tun: tun.name, port: 8285, local: node[0] }],
    leases: tun === undefined || node === undefined ? [] : [{ daemon: 'flanneld', subnet: node[1], publicIp: node[2], backendType: 'udp' }],
  }
}
