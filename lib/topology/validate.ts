import { addressOf, BROADCAST, inCidr, maskOf, networkOf, parseCidr, fromNumber, toNumber, ZERO_MAC, type Cidr } from '#lib/wire/addr.ts'
import { BRIDGE_PORTS } from './bounds.ts'
import type { Dev } from './devs.ts'
import { firewall } from './firewall.ts'
import { problem, type Args, type Problem } from './problem.ts'
import type { Code } from './problems.ts'
import { deviceOf } from './sysctls.ts'
import { netns, space, vpc, type Netns, type TableName, type Topology, type Vpc } from './topology.ts'

/** A row that cannot be meant: `path` is its place, `node-1.routes[2]`. `odd`: it can stand so, but finds nothing. */
export interface Finding extends Problem { readonly in: string; readonly table: TableName; readonly row: number; readonly odd: boolean }
type SayRow = <C extends Code>(table: TableName, row: number, code: C, ...args: Args<C>) => void

/** What stands in a table and finds nothing, but harms nobody. */
const ODD: ReadonlySet<Code> = new Set(['empty-table', 'eni-group', 'subnet-routes', 'no-group'])

/** Rows by their names, made once for each space that is looked at or looked into. */
interface Known {
  readonly devs: (netns: string) => ReadonlyMap<string, Dev>
  readonly enis: (v: Vpc) => ReadonlyMap<string, Vpc['enis'][number]>
  readonly eniIds: (v: Vpc) => readonly string[]
  readonly segments: Map<string, string>
}

/** Everything in a topology, or in some of its spaces, that a kernel or AWS would have refused, or that cannot work. Derives every space it looks at: not for each frame. */
export function validate(t: Topology, names: readonly string[] = t.source.names): Finding[] {
  const found: Finding[] = []
  const known = knownOf(t)
  const there = new Set(t.source.names)
  const looked = new Set(names)
  for (const name of names) {
    const s = space(t, name)
    if (s === undefined) continue
    const say: SayRow = (table, row, code, ...args) => found.push({ ...problem(`${s.name}.${table}[${row}]`, code, ...args), in: s.name, table, row, odd: ODD.has(code) || (code === 'no-device' && table === 'sysctls') })
    // A large cluster has an ENI on each node: those that are not looked at are believed to have the device.
    if (s.kind === 'vpc') vpcRows(s, say, (ns, dev) => (looked.has(ns) ? known.devs(ns).has(dev) : there.has(ns)))
    else {
      devs(t, s, say, known)
      references(s, say)
      nextHops(s, say)
      firewall(s, say)
    }
  }
  return found
}

function knownOf(t: Topology): Known {
  const kept = <T>(make: (name: string) => T): ((name: string) => T) => {
    const made = new Map<string, T>()
    return (name) => {
      const before = made.get(name)
      if (before !== undefined) return before
      const now = make(name)
      made.set(name, now)
      return now
    }
  }
  // The first of a name counts, as where rows are looked up.
  const named = (xs: readonly Dev[]): ReadonlyMap<string, Dev> => new Map(xs.toReversed().map((x) => [x.name, x]))
  const enis = kept((name) => new Map((vpc(t, name)?.enis ?? []).toReversed().map((e) => [e.id, e])))
  const ids = kept((name) => (vpc(t, name)?.enis ?? []).map((e) => e.id))
  return { eniIds: (v) => ids(v.name), devs: kept((name) => named(netns(t, name)?.devs ?? [])), enis: (v) => enis(v.name), segments: new Map() }
}

function devs(t: Topology, n: Netns, say: SayRow, known: Known): void {
  const names = new Map<string, number>()
  const addresses = new Map<string, string>()
  const byName = known.devs(n.name)
  const held = new Set(n.daemons.map((x) => x.tun))
  const ports = new Map<string, number>()
  n.devs.forEach((d, row) => {
    const before = names.get(d.name)
    if (before !== undefined) say('devs', row, 'dev-twice', d.name, before)
    else names.set(d.name, row)
    for (const a of d.addrs) {
      const owner = addresses.get(addressOf(a))
      if (owner !== undefined) say('devs', row, 'dev-address', addressOf(a), owner, d.name)
      else addresses.set(addressOf(a), d.name)
    }
    if (d.master !== undefined) port(n, d, row, say, byName, ports)
    if (d.kind === 'veth') peer(n, d, row, say, known)
    if (d.kind === 'nic') wire(t, d, row, say, known)
    if (d.kind === 'tun' && !held.has(d.name)) say('devs', row, 'tun-held', d.name)
    segment(n, d, row, say, known.segments)
  })
  n.devs.forEach((d, row) => {
    const there = ports.get(d.name) ?? 0
    if (d.kind === 'bridge' && there > BRIDGE_PORTS) say('devs', row, 'bridge-ports', d.name, there, BRIDGE_PORTS)
  })
}

function port(n: Netns, d: Dev, row: number, say: SayRow, byName: ReadonlyMap<string, Dev>, ports: Map<string, number>): void {
  const { master } = d
  if (master === undefined) return
  ports.set(master, (ports.get(master) ?? 0) + 1)
  if (byName.get(master)?.kind !== 'bridge') say('devs', row, 'master', master, n.name, n.devs.filter((x) => x.kind === 'bridge').map((x) => x.name))
  // br_add_if(): -ELOOP, -EINVAL.
  else if (d.kind === 'bridge' || d.kind === 'loopback' || d.kind === 'tun') say('devs', row, 'master-kind', d.kind)
}

function peer(n: Netns, d: Dev & { readonly kind: 'veth' }, row: number, say: SayRow, known: Known): void {
  const far = known.devs(d.peer.netns).get(d.peer.dev)
  if (far === undefined) say('devs', row, 'peer-missing', d.name, d.peer.dev, d.peer.netns)
  else if (far.kind !== 'veth' || far.peer.netns !== n.name || far.peer.dev !== d.name || far === d) say('devs', row, 'peer-other', d.peer.dev, d.peer.netns, d.name, n.name)
}

function wire(t: Topology, d: Dev & { readonly kind: 'nic' }, row: number, say: SayRow, known: Known): void {
  const w = d.wire
  const v = vpc(t, w.vpc)
  if (v === undefined) return say('devs', row, 'no-vpc', w.vpc)
  if ('gateway' in w) {
    const gateways = v.gateways.map((g) => g.id)
    if (!gateways.includes(w.gateway)) say('devs', row, 'no-gateway', v.name, w.gateway, gateways)
    return
  }
  const eni = known.enis(v).get(w.eni)
  if (eni === undefined) say('devs', row, 'no-eni', v.name, w.eni, known.eniIds(v))
  else if (eni.mac !== d.mac) say('devs', row, 'eni-mac', d.name, d.mac, eni.id, eni.mac)
}

/** What hears the same frames: the ports of one bridge with what hangs on them, the NICs of one VPC. */
function segment(n: Netns, d: Dev, row: number, say: SayRow, segments: Map<string, string>): void {
  if (d.kind === 'loopback' || d.kind === 'tun' || d.mac === ZERO_MAC) return
  if (d.mac === BROADCAST || (parseInt(d.mac.slice(0, 2), 16) & 1) === 1) say('devs', row, 'group-mac', d.mac)
  const key = `${segmentOf(n, d)} ${d.mac}`
  const other = segments.get(key)
  if (other !== undefined) say('devs', row, 'mac-twice', d.mac, other, d.name)
  else segments.set(key, `${d.name} in ${n.name}`)
}

function segmentOf(n: Netns, d: Dev): string {
  if (d.kind !== 'bridge' && d.master !== undefined) return `${n.name}/${d.master}`
  if (d.kind === 'nic') return `vpc ${d.wire.vpc}`
  return d.kind === 'veth' ? `veth ${[`${n.name}/${d.name}`, `${d.peer.netns}/${d.peer.dev}`].toSorted().join(' ')}` : `${n.name}/${d.name}`
}

function references(n: Netns, say: SayRow): void {
  const names = new Map(n.devs.map((d) => [d.name, d.kind]))
  const there = [...names.keys()]
  const known = (table: TableName, row: number, dev: string | undefined): void => {
    if (dev !== undefined && !names.has(dev)) say(table, row, 'no-device', dev, n.name, there)
  }
  const routes = new Map<string, number>()
  n.routes.forEach((r, row) => {
    // fib_table_insert(): EEXIST.
    const key = `${r.table} ${r.dst} ${r.metric ?? 0}`
    const first = routes.get(key)
    if (first === undefined) routes.set(key, row)
    else say('routes', row, 'route-twice', r.table, r.dst, first)
  })
  n.routes.forEach((r, row) => { known('routes', row, r.dev); if (r.dev === undefined && r.via === undefined && (r.type ?? 'unicast') === 'unicast') say('routes', row, 'route-way') })
  n.neigh.forEach((x, row) => known('neigh', row, x.dev))
  n.fdb.forEach((x, row) => { known('fdb', row, x.dev); known('fdb', row, x.master) })
  n.daemons.forEach((d, row) => { if (names.get(d.tun) !== 'tun') say('daemons', row, 'no-tun', d.tun, n.name) })
  const tables = new Set(['local', 'main', 'default', ...n.routes.map((r) => r.table)])
  n.rules.forEach((r, row) => { if (!tables.has(r.table)) say('rules', row, 'empty-table', r.table) })
  n.sysctls.forEach((x, row) => {
    const dev = deviceOf(x.key)
    if (dev !== 'all' && dev !== 'default') known('sysctls', row, dev ?? undefined)
  })
}

/** fib_check_nh(): without onlink, the next hop must be on a connected prefix of the device. */
function nextHops(n: Netns, say: SayRow): void {
  const connected = new Set<string>()
  const lengths = new Set<number>()
  const add = (prefix: Cidr, dev: string | undefined): void => {
    lengths.add(parseCidr(prefix).bits)
    connected.add(prefix)
    if (dev !== undefined) connected.add(`${dev} ${prefix}`)
  }
  for (const d of n.devs) for (const a of d.addrs) if (parseCidr(a).bits < 32) add(networkOf(a), d.name)
  for (const x of n.routes) if (x.via === undefined && x.dst !== '0.0.0.0/0') add(x.dst, x.dev)
  n.routes.forEach((r, row) => {
    const { via, dev } = r
    if (via === undefined || r.onlink === true) return
    const ok = [...lengths].some((bits) => {
      const prefix = `${fromNumber((toNumber(via) & maskOf(bits)) >>> 0)}/${bits}`
      return connected.has(dev === undefined ? prefix : `${dev} ${prefix}`)
    })
    if (!ok) say('routes', row, 'next-hop', via, dev ?? '')
  })
}

function vpcRows(v: Vpc, say: SayRow, exists: (netns: string, dev: string) => boolean): void {
  const subnets = new Map(v.subnets.map((s) => [s.id, s]))
  const subnetIds = [...subnets.keys()]
  const groups = new Set(v.sgRules.map((r) => r.group))
  const gateways = new Set(v.gateways.map((g) => g.id))
  const targets = new Set(['local', ...gateways, ...v.enis.map((e) => e.id)])
  const routeTables = new Set(v.vpcRoutes.map((r) => r.routeTable))
  const groupIds = [...groups]
  const targetIds = [...targets]
  const tableIds = [...routeTables]
  const gatewayIds = [...gateways]
  const ips = new Map<string, string>()
  v.enis.forEach((e, row) => {
    const s = subnets.get(e.subnet)
    if (s === undefined) say('enis', row, 'eni-subnet', e.subnet, subnetIds)
    for (const ip of e.ips) {
      if (s !== undefined && !inCidr(ip, s.cidr)) say('enis', row, 'eni-outside', ip, s.id, s.cidr)
      const owner = ips.get(ip)
      if (owner !== undefined) say('enis', row, 'eni-address', ip, owner)
      else ips.set(ip, e.id)
    }
    for (const g of e.groups) if (!groups.has(g)) say('enis', row, 'eni-group', g, groupIds)
    if (!exists(e.attached.netns, e.attached.dev)) say('enis', row, 'eni-attached', e.attached.dev, e.attached.netns)
  })
  v.subnets.forEach((s, row) => {
    if (!v.cidrs.some((c) => parseCidr(s.cidr).bits >= parseCidr(c).bits && inCidr(addressOf(s.cidr), c))) say('subnets', row, 'subnet-outside', s.cidr, v.cidrs)
    if (!routeTables.has(s.routeTable)) say('subnets', row, 'subnet-routes', s.routeTable, tableIds)
  })
  v.vpcRoutes.forEach((r, row) => { if (!targets.has(r.target)) say('vpcRoutes', row, 'vpc-target', r.target, targetIds) })
  v.sgRules.forEach((r, row) => { if (r.peer.startsWith('sg-') && !groups.has(r.peer)) say('sgRules', row, 'no-group', r.peer, groupIds) })
  v.aclRules.forEach((r, row) => { if (!subnets.has(r.subnet)) say('aclRules', row, 'eni-subnet', r.subnet, subnetIds) })
  v.outside.forEach((o, row) => { if (!gateways.has(o.gateway)) say('outside', row, 'no-outside-gateway', o.gateway, gatewayIds) })
}
