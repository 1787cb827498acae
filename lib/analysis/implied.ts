import type { Dev } from '#lib/topology/devs.ts'
import { fdbText } from '#lib/topology/text.ts'
import type { Netns } from '#lib/topology/topology.ts'
import type { ToolLine } from './documented.ts'

/* What tools list beside the rows, as it follows from the devices and daemons of the namespace. */

/** The multicast groups every host is in: dev_mc_add() by IPv6 when the device is registered, by IPv4 (ip_mc_up()) when it goes up. */
const ALL_NODES = '33:33:00:00:00:01'
const ALL_HOSTS = '01:00:5e:00:00:01'

/** The groups a device lists as its own (ndo_dflt_fdb_dump()). `lo` and a TUN have no MAC; a vxlan device dumps its remote VTEPs instead. */
function groups(d: Dev): string[] {
  if (d.kind === 'loopback' || d.kind === 'tun' || d.kind === 'vxlan') return []
  return [ALL_NODES, ...(d.up ? [ALL_HOSTS] : [])].map((mac) => `${mac} dev ${d.name} self permanent`)
}

/** A bridge's own MAC and those of its ports (br_fdb_add_local()): one entry for each MAC, that of the port if it is the bridge's too. */
function local(n: Netns, d: Dev): string[] {
  const bridge = d.kind === 'bridge' ? d.name : d.master
  if (bridge === undefined || (d.kind === 'bridge' && n.devs.some((p) => p.master === bridge && p.mac === d.mac))) return []
  return n.fdb.some((f) => f.mac === d.mac && f.master === bridge) ? [] : [`${d.mac} dev ${d.name} master ${bridge} permanent`]
}

/** `bridge fdb`, device by device: the rows, and what each device and bridge lists of itself. Inside a device the order is that of a hash table. */
export function fdbLines(n: Netns): ToolLine[] {
  const rows = n.fdb.map((f, row) => ({ dev: f.dev, line: { text: fdbText(f), row } }))
  const own = (text: string): ToolLine => ({ text, row: null })
  return [
    ...n.devs.flatMap((d) => [...local(n, d).map(own), ...rows.flatMap((r) => (r.dev === d.name ? [r.line] : [])), ...groups(d).map(own)]),
    ...rows.flatMap((r) => (n.devs.some((d) => d.name === r.dev) ? [] : [r.line])),
  ]
}

function socket(proto: string, local: string, program: string | null): string {
  return `${proto}  ${proto === 'udp' ? 'UNCONN' : 'LISTEN'}  ${local}  0.0.0.0:*${program === null ? '' : `  users:(("${program}"))`}`
}

/** `ss -ltnup`: the rows, the socket that the kernel itself opens for a vxlan device that is up (vxlan_open()), and flanneld's. */
export function socketLines(n: Netns): ToolLine[] {
  const ports = new Set(n.devs.flatMap((d) => (d.kind === 'vxlan' && d.up ? [d.port] : [])))
  return [
    ...n.daemons.map((d) => ({ text: socket('udp', `${d.local}:${d.port}`, d.name), row: null })),
    ...[...ports].map((port) => ({ text: socket('udp', `0.0.0.0:${port}`, null), row: null })),
    ...n.sockets.map((x, row) => ({ text: socket(x.proto, `${x.addr ?? '0.0.0.0'}:${x.port}`, x.program), row })),
  ]
}

/** IFLA_OPERSTATE as the namespace alone can say it. A device that never tells of its carrier stays UNKNOWN (rfc2863_policy()): lo, vxlan,
 *  and a TUN that the program that holds it has made. */
function state(n: Netns, d: Dev): string {
  if (!d.up) return 'DOWN'
  if (d.kind === 'loopback' || d.kind === 'vxlan') return 'UNKNOWN'
  if (d.kind === 'tun') return n.daemons.some((x) => x.tun === d.name) ? 'UNKNOWN' : 'DOWN'
  return d.kind !== 'bridge' || n.devs.some((p) => p.master === d.name && p.up) ? 'UP' : 'DOWN'
}

const link = (d: Dev): string => (d.kind === 'tun' ? 'link/none' : `link/${d.kind === 'loopback' ? 'loopback' : 'ether'} ${d.mac}`)

/** `ip addr`, shortened to one line for each device. */
export function addrLine(n: Netns, d: Dev): string {
  const master = d.master === undefined ? '' : ` master ${d.master}`
  return `${d.name}: mtu ${d.mtu} ${d.kind}${master} state ${state(n, d)} ${link(d)}${d.addrs.map((a) => ` inet ${a}`).join('')}`
}
