import { isDeepStrictEqual } from 'node:util'
import type { Cidr, Ipv4, Mac } from '#lib/wire/addr.ts'
import { apply } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { parseRule } from '#lib/topology/iptables.ts'
import type { NfTable } from '#lib/topology/linux.ts'
import { dev, netns, withSpace, type Topology } from '#lib/topology/topology.ts'

/** Run one command of a lab (`node1: ip route del default`) on a topology. Throws on a command it does not know. */
export function run(t: Topology, line: string): Topology {
  const colon = line.indexOf(': ')
  const ns = line.slice(0, colon)
  const text = line.slice(colon + 2)
  const w = text.split(' ')
  const n = netns(t, ns)
  if (n === undefined) throw new RangeError(`no namespace ${ns}`)
  const edit = (e: Edit): Topology => apply(t, e)
  const full = (dst: string): Cidr => (dst === 'default' ? '0.0.0.0/0' : dst.includes('/') ? dst : `${dst}/32`) as Cidr
  if (text.startsWith('ip link set')) return edit({ op: 'set', in: ns, table: 'devs', where: { name: w[3]! }, to: w[4] === 'mtu' ? { mtu: Number(w[5]) } : { up: w[4] === 'up' } })
  if (text.startsWith('ip link del')) return edit({ op: 'del', in: ns, table: 'devs', where: { name: w[3]! } })
  if (text.startsWith('ip route del')) return edit({ op: 'del', in: ns, table: 'routes', where: { dst: full(w[3]!), table: 'main' } })
  if (text.startsWith('ip route add')) {
    const via = w[5] as Ipv4
    const out = w.includes('dev') ? w[w.indexOf('dev') + 1]! : n.routes.find((r) => r.scope === 'link' && r.dst.startsWith(via.slice(0, via.lastIndexOf('.'))))?.dev ?? 'eth0'
    return edit({ op: 'add', in: ns, table: 'routes', row: { table: 'main', dst: full(w[3]!), via, dev: out } })
  }
  if (text === 'ip route flush cache') return withSpace(t, { ...n, routes: n.routes.filter((r) => r.table !== 'cache') })
  if (text.startsWith('ip route') || text.startsWith('ip neigh show') || text.startsWith('bridge fdb show')) return t
  if (text.startsWith('ip neigh del')) return edit({ op: 'del', in: ns, table: 'neigh', where: { ip: w[3]!, dev: w[5]! } })
  if (text.startsWith('ip neigh flush')) return withSpace(t, { ...n, neigh: n.neigh.filter((x) => x.dev !== w[4] || x.state === 'PERMANENT') })
  if (text.startsWith('ip neigh replace')) return edit({ op: 'set', in: ns, table: 'neigh', where: { ip: w[3]!, dev: w[7]! }, to: { lladdr: w[5] as Mac } })
  if (text.startsWith('bridge fdb del')) return edit({ op: 'del', in: ns, table: 'fdb', where: { mac: w[3]!, dev: w[5]! } })
  if (text.startsWith('bridge fdb replace')) return edit({ op: 'add', in: ns, table: 'fdb', row: { mac: w[3] as Mac, dev: w[5]!, dst: w[7] as Ipv4, state: 'permanent' } })
  if (text.startsWith('sysctl')) {
    const [key = '', value = ''] = w[w.length - 1]!.split('=')
    if (key.includes('.neigh.') || key.includes('icmp_ratelimit')) return t
    const known = n.sysctls.some((x) => x.key === key)
    return edit(known ? { op: 'set', in: ns, table: 'sysctls', where: { key }, to: { value: Number(value) } } : { op: 'add', in: ns, table: 'sysctls', row: { key: key as 'net.x', value: Number(value) } })
  }
  if (w[0] === 'iptables') {
    const table = (w[1] === '-t' ? w[2] : 'filter') as NfTable
    const rest = w[1] === '-t' ? w.slice(3) : w.slice(1)
    if (rest[0] === '-P') return withSpace(t, { ...n, chains: [...n.chains.filter((c) => c.table !== table || c.chain !== rest[1]), { table, chain: rest[1]!, policy: rest[2] as 'DROP' }] })
    if (rest[0] === '-F') return withSpace(t, { ...n, netfilter: n.netfilter.filter((r) => r.table !== table || r.chain !== rest[1]) })
    const rule = parseRule(table, ['-A', ...rest.slice(1)].join(' '))
    if (rest[0] === '-A') return withSpace(t, { ...n, netfilter: [...n.netfilter, rule] })
    const at = n.netfilter.findIndex((r) => isDeepStrictEqual(r, rule))
    if (at < 0) throw new RangeError(`no such rule: ${line}`)
    return withSpace(t, { ...n, netfilter: n.netfilter.toSpliced(at, 1) })
  }
  if (text === 'kill the udp daemon') return edit({ op: 'del', in: ns, table: 'daemons', where: { name: 'flanneld' } })
  throw new RangeError(`a lab command that is not understood: ${line}`)
}

/** Change one vxlan device in place, as deleting and making it anew with its rows does. */
export function vxlan(t: Topology, ns: string, to: { readonly vni?: number; readonly udpcsum?: boolean }): Topology {
  const n = netns(t, ns)!
  const d = dev(n, 'flannel.1')!
  return withSpace(t, { ...n, devs: n.devs.map((x) => (x === d ? { ...x, ...to } as typeof d : x)) })
}
