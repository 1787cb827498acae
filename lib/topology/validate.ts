import { addressOf, BROADCAST, inCidr, networkOf, parseCidr, ZERO_MAC, type Cidr } from '#lib/wire/addr.ts'
import type { Dev } from './devs.ts'
import { netns, space, vpc, type Netns, type TableName, type Topology, type Vpc } from './topology.ts'

/** A row that cannot be meant: `path` is its place, `node-1.routes[2]`; `message` says what is wrong and what would be right. `odd`: it can stand so, but finds nothing. */
export interface Finding { readonly in: string; readonly table: TableName; readonly row: number; readonly path: string; readonly message: string; readonly odd: boolean }
type Say = (table: TableName, row: number, message: string, odd?: 'odd') => void

/** Everything in a topology, or in some of its spaces, that a kernel or AWS would have refused, or that cannot work. Derives every space it looks at: not for each frame. */
export function validate(t: Topology, names: readonly string[] = t.source.names): Finding[] {
  const found: Finding[] = []
  const segments = new Map<string, string>()
  const known = new Set(t.source.names)
  const looked = new Set(names)
  for (const name of names) {
    const s = space(t, name)
    if (s === undefined) continue
    const say: Say = (table, row, message, odd) => found.push({ in: s.name, table, row, path: `${s.name}.${table}[${row}]`, message, odd: odd !== undefined })
    // A large cluster has an ENI on each node: those that are not looked at are believed to have the device.
    if (s.kind === 'vpc') vpcRows(s, say, (ns, dev) => (looked.has(ns) ? netns(t, ns)?.devs.some((d) => d.name === dev) ?? false : known.has(ns)))
    else {
      devs(t, s, say, segments)
      references(s, say)
      nextHops(s, say)
    }
  }
  return found
}

function list(names: Iterable<string>): string {
  const all = [...names]
  return all.length === 0 ? 'none' : all.length <= 8 ? all.join(', ') : `${all.slice(0, 8).join(', ')} and ${all.length - 8} more`
}

function devs(t: Topology, n: Netns, say: Say, segments: Map<string, string>): void {
  const names = new Map<string, number>()
  const addresses = new Map<string, string>()
  n.devs.forEach((d, row) => {
    if (names.has(d.name)) say('devs', row, `a device is called ${d.name} already (row ${names.get(d.name)}); give it another name`)
    else names.set(d.name, row)
    for (const a of d.addrs) {
      const owner = addresses.get(addressOf(a))
      if (owner !== undefined) say('devs', row, `${addressOf(a)} is on ${owner} already; give ${d.name} another address`)
      else addresses.set(addressOf(a), d.name)
    }
    if (d.master !== undefined && n.devs.find((x) => x.name === d.master)?.kind !== 'bridge') say('devs', row, `master ${d.master} is no bridge of ${n.name}; bridges here: ${list(n.devs.filter((x) => x.kind === 'bridge').map((x) => x.name))}`)
    // br_add_if(): -ELOOP, -EINVAL.
    else if (d.master !== undefined && (d.kind === 'bridge' || d.kind === 'loopback' || d.kind === 'tun')) say('devs', row, `a ${d.kind} device cannot be a port of a bridge; leave out master`)
    if (d.kind === 'veth') peer(t, n, d, row, say)
    if (d.kind === 'nic') wire(t, n, d, row, say)
    if (d.kind === 'tun' && !n.daemons.some((x) => x.tun === d.name)) say('devs', row, `no daemon holds ${d.name}; a TUN without one does not exist: add a row to daemons`)
    segment(n, d, row, say, segments)
  })
}

function peer(t: Topology, n: Netns, d: Dev & { readonly kind: 'veth' }, row: number, say: Say): void {
  const far = netns(t, d.peer.netns)?.devs.find((x) => x.name === d.peer.dev)
  if (far === undefined) say('devs', row, `the other end of ${d.name}, ${d.peer.dev} in ${d.peer.netns}, does not exist; add it or delete ${d.name}`)
  else if (far.kind !== 'veth' || far.peer.netns !== n.name || far.peer.dev !== d.name) say('devs', row, `${d.peer.dev} in ${d.peer.netns} is not the other end of ${d.name}; its peer must be ${d.name} in ${n.name}`)
}

function wire(t: Topology, n: Netns, d: Dev & { readonly kind: 'nic' }, row: number, say: Say): void {
  const v = vpc(t, d.wire.vpc)
  if (v === undefined) return say('devs', row, `there is no VPC called ${d.wire.vpc}`)
  const w = d.wire
  if ('gateway' in w) {
    if (!v.gateways.some((g) => g.id === w.gateway)) say('devs', row, `${v.name} has no gateway ${w.gateway}; it has ${list(v.gateways.map((g) => g.id))}`)
    return
  }
  const eni = v.enis.find((e) => e.id === w.eni)
  if (eni === undefined) say('devs', row, `${v.name} has no ENI ${w.eni}; it has ${list(v.enis.map((e) => e.id))}`)
  else if (eni.mac !== d.mac) say('devs', row, `${d.name} has MAC ${d.mac}, its ENI ${eni.id} has ${eni.mac}; the VPC delivers to the ENI’s`)
}

/** What hears the same frames: the ports of one bridge with what hangs on them, the NICs of one VPC. */
function segment(n: Netns, d: Dev, row: number, say: Say, segments: Map<string, string>): void {
  if (d.kind === 'loopback' || d.kind === 'tun' || d.mac === ZERO_MAC) return
  if (d.mac === BROADCAST || (parseInt(d.mac.slice(0, 2), 16) & 1) === 1) say('devs', row, `${d.mac} is a group address; a device needs one whose first byte is even`)
  const at = d.kind === 'bridge' ? `${n.name}/${d.name}` : d.master !== undefined ? `${n.name}/${d.master}` : d.kind === 'nic' ? `vpc ${d.wire.vpc}` : d.kind === 'veth' ? `veth ${[`${n.name}/${d.name}`, `${d.peer.netns}/${d.peer.dev}`].toSorted().join(' ')}` : `${n.name}/${d.name}`
  const key = `${at} ${d.mac}`
  const other = segments.get(key)
  if (other !== undefined) say('devs', row, `${d.mac} is the MAC of ${other} on the same segment; give ${d.name} another`)
  else segments.set(key, `${d.name} in ${n.name}`)
}

function references(n: Netns, say: Say): void {
  const names = new Set(n.devs.map((d) => d.name))
  const known = (table: TableName, row: number, dev: string | undefined): void => {
    if (dev !== undefined && !names.has(dev)) say(table, row, `there is no device ${dev} in ${n.name}; there are ${list(names)}`)
  }
  const routes = new Map<string, number>()
  n.routes.forEach((r, row) => {
    // fib_table_insert(): EEXIST.
    const key = `${r.table} ${r.dst} ${r.metric ?? 0}`
    const first = routes.get(key)
    if (first === undefined) routes.set(key, row)
    else say('routes', row, `table ${r.table} has a route to ${r.dst} with this metric already (row ${first}); change that one, or give this one another metric`)
  })
  n.routes.forEach((r, row) => { known('routes', row, r.dev); if (r.dev === undefined && r.via === undefined && (r.type ?? 'unicast') === 'unicast') say('routes', row, 'a route needs dev or via') })
  n.neigh.forEach((x, row) => known('neigh', row, x.dev))
  n.fdb.forEach((x, row) => { known('fdb', row, x.dev); known('fdb', row, x.master) })
  n.daemons.forEach((d, row) => { if (n.devs.find((x) => x.name === d.tun)?.kind !== 'tun') say('daemons', row, `${d.tun} is no TUN device of ${n.name}`) })
  const tables = new Set(['local', 'main', 'default', ...n.routes.map((r) => r.table)])
  n.rules.forEach((r, row) => { if (!tables.has(r.table)) say('rules', row, `no route is in table ${r.table}; the rule finds nothing`, 'odd') })
  const chains = new Set(n.chains.map((c) => `${c.table} ${c.chain}`))
  const builtIn = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/
  n.netfilter.forEach((r, row) => {
    for (const chain of [r.chain, ...(r.target.type === 'JUMP' ? [r.target.chain] : [])]) {
      if (!builtIn.test(chain) && !chains.has(`${r.table} ${chain}`)) say('netfilter', row, `table ${r.table} has no chain ${chain}; add it to chains`)
    }
  })
}

/** fib_check_nh(): without onlink, the next hop must be on a connected prefix of the device. */
function nextHops(n: Netns, say: Say): void {
  n.routes.forEach((r, row) => {
    const { via } = r
    if (via === undefined || r.onlink === true) return
    const reach = (prefix: Cidr, dev: string | undefined): boolean => (r.dev === undefined || dev === r.dev) && inCidr(via, prefix)
    const ok = n.devs.some((d) => d.addrs.some((a) => parseCidr(a).bits < 32 && reach(networkOf(a), d.name))) || n.routes.some((x) => x.via === undefined && x.dst !== '0.0.0.0/0' && reach(x.dst, x.dev))
    if (!ok) say('routes', row, `Nexthop has invalid gateway: ${via} is on no connected prefix${r.dev === undefined ? '' : ` of ${r.dev}`}; add onlink, or a route to it with scope link`)
  })
}

function vpcRows(v: Vpc, say: Say, exists: (netns: string, dev: string) => boolean): void {
  const subnets = new Map(v.subnets.map((s) => [s.id, s]))
  const groups = new Set(v.sgRules.map((r) => r.group))
  const targets = new Set(['local', ...v.gateways.map((g) => g.id), ...v.enis.map((e) => e.id)])
  const ips = new Map<string, string>()
  v.enis.forEach((e, row) => {
    const s = subnets.get(e.subnet)
    if (s === undefined) say('enis', row, `there is no subnet ${e.subnet}; there are ${list(subnets.keys())}`)
    for (const ip of e.ips) {
      if (s !== undefined && !inCidr(ip, s.cidr)) say('enis', row, `${ip} is outside ${s.id} (${s.cidr})`)
      const owner = ips.get(ip)
      if (owner !== undefined) say('enis', row, `${ip} belongs to ${owner} already; an address is on one ENI`)
      else ips.set(ip, e.id)
    }
    for (const g of e.groups) if (!groups.has(g)) say('enis', row, `security group ${g} has no rules; there are rules for ${list(groups)}`, 'odd')
    if (!exists(e.attached.netns, e.attached.dev)) say('enis', row, `it is attached to ${e.attached.dev} in ${e.attached.netns}, which does not exist`)
  })
  v.subnets.forEach((s, row) => {
    if (!v.cidrs.some((c) => parseCidr(s.cidr).bits >= parseCidr(c).bits && inCidr(addressOf(s.cidr), c))) say('subnets', row, `${s.cidr} is outside the VPC ${v.cidrs.join(', ')}`)
    if (!v.vpcRoutes.some((r) => r.routeTable === s.routeTable)) say('subnets', row, `no route is in route table ${s.routeTable}; there are ${list(new Set(v.vpcRoutes.map((r) => r.routeTable)))}`, 'odd')
  })
  v.vpcRoutes.forEach((r, row) => { if (!targets.has(r.target)) say('vpcRoutes', row, `there is no ${r.target}; a target is ${list(targets)}`) })
  v.sgRules.forEach((r, row) => { if (r.peer.startsWith('sg-') && !groups.has(r.peer)) say('sgRules', row, `there is no security group ${r.peer}; there are ${list(groups)}`, 'odd') })
  v.aclRules.forEach((r, row) => { if (!subnets.has(r.subnet)) say('aclRules', row, `there is no subnet ${r.subnet}; there are ${list(subnets.keys())}`) })
  v.outside.forEach((o, row) => { if (!v.gateways.some((g) => g.id === o.gateway)) say('outside', row, `there is no gateway ${o.gateway}; there are ${list(v.gateways.map((g) => g.id))}`) })
}
