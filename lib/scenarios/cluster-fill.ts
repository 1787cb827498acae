import { addressOf, fromNumber, inCidr, networkOf, overlaps, parseCidr, toNumber, type Cidr, type Ipv4 } from '#lib/wire/addr.ts'
import type { SgRule } from '#lib/topology/vpc.ts'
import { GROUP, NODE_GROUP, VPC_NAME, type ClusterSpec, type HostSpec, type NodeSpec, type PodSpec, type SubnetSpec } from './cluster.ts'
import type { ClusterFile } from './cluster-schema.ts'
import { servicesOf } from './cluster-services.ts'
import { HOSTS, POD_NETWORK } from './seed.ts'
import { disjoint, free, freeRanges, once, place, special, within, type Placed, type Say } from './ranges.ts'

/** Docker's first pool: the same on every host. */
const DOCKER_RANGE: Cidr = '172.17.0.0/16'
const TCP_8080 = [{ proto: 'tcp', port: 8080 }] as const
/** Addresses of a subnet that AWS keeps: network, router, DNS, future (VPC guide, subnet sizing). */
const RESERVED = 4
const FIRST_NODE = 10

/** A cluster file with every default filled in; what is wrong is said, and then the result is of no use. */
export function fill(f: ClusterFile, say: Say): { readonly spec: ClusterSpec; readonly podCidr: Cidr } {
  const overlay = f.network.startsWith('flannel-')
  if (!overlay && f.podCidr !== undefined) say('podCidr', `${f.network} leases no ranges to nodes; leave it out, or choose a flannel network`)
  if (!overlay && f.bridge === 'cni0') say('bridge', `${f.network} has no cni0; leave it out, or choose a flannel network`)
  const common = { mtu: f.mtu ?? 1500, ...groupsOf(f, say), hosts: f.hosts?.map((h): HostSpec => ({ name: h.name, ip: h.ip, listen: h.listen ?? [{ proto: 'tcp', port: 443 }] })) ?? HOSTS, ...(f.network === 'docker-bridge' ? { role: 'container' as const } : {}) }
  if (f.count !== undefined) return generate(f, f.count, common, say)
  for (const key of ['namePattern', 'podsPerNode'] as const) if (f[key] !== undefined) say(key, 'only count makes nodes; write count, or leave it out')
  const podCidr = f.podCidr ?? POD_NETWORK
  const vpc = f.vpc?.cidr ?? '192.168.0.0/16'
  const subnets = subnetsOf(f, vpc, say)
  if (f.nodes === undefined || f.nodes.length === 0) say('nodes', 'missing; list at least one node, or write count')
  const nodes = rangesOf(f, overlay, podCidr, nodesOf(f, subnets, say), say)
  const pods = podsOf(f, nodes, subnets, say)
  namesOf(f, say)
  for (const [path, range] of [['vpc.cidr', vpc], ['podCidr', podCidr]] as const) if (special(addressOf(range))) say(path, `no machine has an address of ${range}; choose a private range, such as 10.1.0.0/16`)
  common.hosts.forEach((h, i) => {
    if (inCidr(h.ip, vpc)) say(`hosts[${i}].ip`, `${h.ip} is inside the VPC ${vpc}; a host is outside, such as 203.0.113.10`)
    else if (overlay && inCidr(h.ip, podCidr)) say(`hosts[${i}].ip`, `${h.ip} is inside podCidr ${podCidr}; a host is outside, such as 203.0.113.10`)
    hostAddress(h, i, nodes, say)
  })
  once(common.hosts.map((h, i) => ({ path: `hosts[${i}].ip`, value: h.ip })), 'an address', say)
  if (overlay && overlaps(podCidr, vpc)) say('podCidr', `${podCidr} overlaps ${f.vpc?.cidr === undefined ? `the VPC ${vpc}` : 'vpc.cidr'}; give it a range of its own`)
  const services = servicesOf(f, { vpc, pods, podRange: overlay ? podCidr : null, overlaps: overlay ? [{ path: 'podCidr', value: podCidr }] : [] }, say)
  return { spec: { ...common, vpc, subnets, nodes: secondEnis(f, nodes, pods, subnets, say), pods, ...services }, podCidr }
}

function hostAddress(h: HostSpec, i: number, nodes: readonly NodeSpec[], say: Say): void {
  if (special(h.ip)) say(`hosts[${i}].ip`, `no machine has the address ${h.ip}; choose another, such as 203.0.113.10`)
  const node = nodes.find((n) => n.publicIp === h.ip)
  if (node !== undefined) say(`hosts[${i}].ip`, `${h.ip} is the public address of ${node.name}; give it an address of its own`)
}

function groupsOf(f: ClusterFile, say: Say): { readonly groups: readonly SgRule[]; readonly groupIds: readonly string[] } {
  if (f.securityGroups === undefined) return { groups: NODE_GROUP, groupIds: [GROUP] }
  const ids = f.securityGroups.map((g) => g.id)
  if (ids.length === 0) say('securityGroups', 'an ENI carries at least one; list one, or leave the key out')
  once(ids.map((value, i) => ({ path: `securityGroups[${i}].id`, value })), 'an id', say)
  const groups = f.securityGroups.flatMap((g, i) => (['ingress', 'egress'] as const).flatMap((direction) => (g[direction] ?? []).map((r, k): SgRule => {
    if (r.peer.startsWith('sg-') && !ids.includes(r.peer as `sg-${string}`)) say(`securityGroups[${i}].${direction}[${k}].peer`, `no group is called ${r.peer}; there are ${ids.join(', ')}`)
    return { group: g.id, direction, ...r }
  })))
  return { groups, groupIds: ids }
}

function subnetsOf(f: ClusterFile, vpc: Cidr, say: Say): readonly SubnetSpec[] {
  const given = f.vpc?.subnets
  if (given === undefined || given.length === 0) return [{ name: 'a', cidr: `${fromNumber(parseCidr(vpc).base)}/${Math.max(24, parseCidr(vpc).bits)}` }]
  once(given.map((s, i) => ({ path: `vpc.subnets[${i}].name`, value: s.name })), 'a name', say)
  given.forEach((s, i) => {
    if (parseCidr(s.cidr).bits > 28) say(`vpc.subnets[${i}].cidr`, `${s.cidr} is too small; a subnet has at most /28`)
    if (!within(s.cidr, vpc)) say(`vpc.subnets[${i}].cidr`, `${s.cidr} is outside the VPC ${vpc}; choose a part of it`)
  })
  disjoint(given.map((s, i) => ({ path: `vpc.subnets[${i}].cidr`, value: s.cidr })), say)
  return given.map((s) => ({ name: s.name, cidr: networkOf(s.cidr) }))
}

function nodesOf(f: ClusterFile, subnets: readonly SubnetSpec[], say: Say): readonly NodeSpec[] {
  const given = f.nodes ?? []
  const taken = once(given.flatMap((n, i): Placed<Ipv4>[] => (n.ip === undefined ? [] : [{ path: `nodes[${i}].ip`, value: n.ip }])), 'an address', say)
  const pools = new Map(subnets.map((s) => [s.name, free(s.cidr, FIRST_NODE, taken)]))
  return given.map((n, i): NodeSpec => {
    const subnet = subnets.find((s) => (n.subnet === undefined ? n.ip === undefined || inCidr(n.ip, s.cidr) : s.name === n.subnet))
    if (subnet === undefined && n.subnet !== undefined) say(`nodes[${i}].subnet`, `no subnet is called ${n.subnet}; there are ${subnets.map((s) => s.name).join(', ')}`)
    else if (subnet === undefined) say(`nodes[${i}].ip`, `${n.ip} is in no subnet; choose an address of ${subnets.map((s) => `${s.name} (${s.cidr})`).join(' or ')}`)
    if (subnet !== undefined && n.ip !== undefined) inSubnet(n.ip, subnet, `nodes[${i}].ip`, say)
    const ip = n.ip ?? (subnet === undefined ? null : pools.get(subnet.name)?.() ?? null)
    if (ip === null && subnet !== undefined) say(`nodes[${i}].ip`, `subnet ${subnet.name} (${subnet.cidr}) has no address left; make it larger`)
    return { name: n.name, ip: ip ?? '0.0.0.0', subnet: subnet?.name ?? '', sourceDestCheck: n.sourceDestCheck ?? true, publicIp: publicOf(ip ?? '0.0.0.0', i), ...(n.podCidr === undefined ? {} : { podCidr: networkOf(n.podCidr) }) }
  })
}

function inSubnet(ip: Ipv4, s: SubnetSpec, path: string, say: Say): void {
  const { n, inside, last } = place(ip, s.cidr)
  if (!inside) say(path, `${ip} is outside subnet ${s.name} (${s.cidr}); choose an address of it`)
  else if (n < RESERVED || last) say(path, `${ip} is one of the five that AWS keeps in ${s.cidr}; choose ${fromNumber(parseCidr(s.cidr).base + RESERVED)} or a later one`)
}

/** The public address of a node: the seed's for the seed's nodes, and one for every other. */
function publicOf(ip: Ipv4, index: number): Ipv4 {
  return ip.startsWith('192.168.0.') ? `198.51.100.${toNumber(ip) & 255}` : fromNumber(toNumber('198.18.0.0') + index)
}

/** The range of each node: what it says, the next free /24 of the pod network, or Docker's own. */
function rangesOf(f: ClusterFile, overlay: boolean, podCidr: Cidr, nodes: readonly NodeSpec[], say: Say): readonly NodeSpec[] {
  const given = (f.nodes ?? []).flatMap((n, i): Placed<Cidr>[] => (n.podCidr === undefined ? [] : [{ path: `nodes[${i}].podCidr`, value: networkOf(n.podCidr) }]))
  if (!overlay) {
    for (const g of given) say(g.path, `${f.network} leases no ranges to nodes; leave it out, or choose a flannel network`)
    return f.network === 'docker-bridge' ? nodes.map((n) => ({ ...n, podCidr: DOCKER_RANGE })) : nodes
  }
  disjoint(given, say)
  for (const g of given) {
    if (!within(g.value, podCidr)) say(g.path, `${g.value} is outside podCidr ${podCidr}; choose a part of it`)
    else if (parseCidr(g.value).bits > 30) say(g.path, `${g.value} is too small for a bridge and a pod; make it /30 or larger`)
  }
  // flannel's SubnetMin is the second range.
  const next = freeRanges(podCidr, Math.max(24, parseCidr(podCidr).bits), parseCidr(podCidr).bits < 24 ? 1 : 0, given.map((g) => g.value))
  return nodes.map((n, i) => {
    const podRange = n.podCidr ?? next()
    if (podRange === null) say(`nodes[${i}].podCidr`, `podCidr ${podCidr} has no /24 left; make it larger`)
    return { ...n, podCidr: podRange ?? podCidr }
  })
}

function podsOf(f: ClusterFile, nodes: readonly NodeSpec[], subnets: readonly SubnetSpec[], say: Say): readonly PodSpec[] {
  const given = f.pods ?? []
  const byName = new Map(nodes.map((n) => [n.name, n]))
  const prefixes = new Map(subnets.map((s) => [s.name, s.cidr]))
  const inVpc = f.network === 'vpc-cni'
  // Docker's addresses are its host's own affair; elsewhere one address is one pod.
  const scope = (node: string): string => (f.network === 'docker-bridge' ? node : '')
  const taken = new Map<string, Map<Ipv4, string>>()
  const takenIn = (node: string): Map<Ipv4, string> => {
    let m = taken.get(scope(node))
    if (m === undefined) taken.set(scope(node), (m = new Map(inVpc ? nodes.map((n, i) => [n.ip, `nodes[${i}].ip`]) : [])))
    return m
  }
  given.forEach((p, i) => {
    if (p.ip === undefined) return
    const before = takenIn(p.node).get(p.ip)
    if (before === undefined) takenIn(p.node).set(p.ip, `pods[${i}].ip`)
    else say(`pods[${i}].ip`, `${p.ip} is ${before} already; give it an address of its own`)
  })
  once(given.flatMap((p, i) => (p.publish ?? []).map(({ host }, k) => ({ path: `pods[${i}].publish[${k}]`, value: `port ${host} of ${p.node}` }))), 'a port', say)
  given.forEach((p, i) => once((p.listen ?? []).map((l, k) => ({ path: `pods[${i}].listen[${k}]`, value: `${l.proto}/${l.port}` })), 'a port', say))
  const pools = new Map<string, () => Ipv4 | null>()
  return given.map((p, i): PodSpec => {
    const node = byName.get(p.node)
    if (node === undefined) say(`pods[${i}].node`, `no node is called ${p.node}; there are ${few(nodes.map((n) => n.name))}`)
    const range = node === undefined ? undefined : inVpc ? prefixes.get(node.subnet) : node.podCidr
    let ip = p.ip
    if (range !== undefined && p.ip !== undefined) inRange(p.ip, range, node!, inVpc, `pods[${i}].ip`, say)
    if (range !== undefined && ip === undefined) {
      let pool = pools.get(inVpc ? node!.subnet : node!.name)
      if (pool === undefined) pools.set(inVpc ? node!.subnet : node!.name, (pool = free(range, inVpc ? FIRST_NODE : 2, takenIn(p.node))))
      ip = pool() ?? undefined
      if (ip === undefined) say(`pods[${i}].ip`, `${range} has no address left for another pod on ${p.node}; put it on another node`)
    }
    if (p.eni !== undefined && !inVpc) say(`pods[${i}].eni`, `${f.network} gives pods no addresses of an ENI; leave it out, or choose vpc-cni`)
    if (p.publish !== undefined && f.network !== 'docker-bridge' && f.bridge !== 'cni0') say(`pods[${i}].publish`, `${f.network} publishes no ports; leave it out, or choose docker-bridge, or a flannel network with bridge: cni0`)
    return { name: p.name, node: p.node, ip: ip ?? '0.0.0.0', listen: p.listen ?? TCP_8080, ...(p.eni === undefined ? (inVpc ? { eni: 'eth1' as const } : {}) : { eni: p.eni }), ...(p.publish === undefined ? {} : { publish: p.publish }) }
  })
}

function inRange(ip: Ipv4, range: Cidr, node: NodeSpec, inVpc: boolean, path: string, say: Say): void {
  if (inVpc) return inSubnet(ip, { name: node.subnet, cidr: range }, path, say)
  const { n, inside, last } = place(ip, range)
  if (!inside) say(path, `${ip} is outside ${node.name}’s range ${range}; choose an address of it`)
  else if (n < 2 || last) say(path, `${ip} is ${n === 0 ? 'the network’s' : last ? 'the broadcast’s' : 'the bridge’s'} in ${range}; choose ${fromNumber(parseCidr(range).base + 2)} or a later one`)
}

/** The VPC CNI's second ENI, on nodes with pods on it. */
function secondEnis(f: ClusterFile, nodes: readonly NodeSpec[], pods: readonly PodSpec[], subnets: readonly SubnetSpec[], say: Say): readonly NodeSpec[] {
  const given = (f.nodes ?? []).flatMap((n, i): Placed<Ipv4>[] => (n.eth1 === undefined ? [] : [{ path: `nodes[${i}].eth1`, value: n.eth1 }]))
  if (f.network !== 'vpc-cni') {
    for (const g of given) say(g.path, `${f.network} uses one ENI; leave it out, or choose vpc-cni`)
    return nodes
  }
  const taken = once([...nodes.map((n, i) => ({ path: `nodes[${i}].ip`, value: n.ip })), ...pods.map((p, i) => ({ path: `pods[${i}].ip`, value: p.ip })), ...given].filter((x) => x.value !== '0.0.0.0'), 'an address', () => undefined)
  for (const g of given) if (taken.get(g.value) !== g.path) say(g.path, `${g.value} is ${taken.get(g.value)} already; give it an address of its own`)
  const wanting = new Set(pods.filter((p) => p.eni === 'eth1').map((p) => p.node))
  const pools = new Map(subnets.map((s) => [s.name, free(s.cidr, FIRST_NODE, taken)]))
  return nodes.map((n, i) => {
    const subnet = subnets.find((s) => s.name === n.subnet)
    const own = f.nodes?.[i]?.eth1
    if (own !== undefined && subnet !== undefined) inSubnet(own, subnet, `nodes[${i}].eth1`, say)
    if (own === undefined && !wanting.has(n.name)) return n
    const ip = own ?? pools.get(n.subnet)?.() ?? null
    if (ip === null && subnet !== undefined) say(`nodes[${i}].eth1`, `subnet ${subnet.name} (${subnet.cidr}) has no address left for a second ENI; make it larger`)
    return ip === null ? n : { ...n, eth1: { ip } }
  })
}

function namesOf(f: ClusterFile, say: Say): void {
  // A Service with several ports is listed once for each.
  const services = (f.services ?? []).flatMap((s, i, every) => (every.findIndex((x) => x.name === s.name) === i ? [{ path: `services[${i}].name`, value: s.name }] : []))
  const all = [{ path: 'vpc', value: VPC_NAME }, ...(['nodes', 'pods', 'hosts'] as const).flatMap((k) => (f[k] ?? []).map((x, i) => ({ path: `${k}[${i}].name`, value: x.name }))), ...services]
  once(f.hosts === undefined ? [...all, ...HOSTS.map((h) => ({ path: 'hosts', value: h.name }))] : all, 'a name', say)
}

/** count nodes with podsPerNode pods each: nodes in 172.16.0.0/12, pods in 10.0.0.0/8, a /24 per node. */
function generate(f: ClusterFile, count: number, common: Omit<ClusterSpec, 'vpc' | 'subnets' | 'nodes' | 'pods'>, say: Say): { readonly spec: ClusterSpec; readonly podCidr: Cidr } {
  for (const key of ['nodes', 'pods', 'vpc', 'podCidr'] as const) if (f[key] !== undefined) say(key, 'count makes nodes, pods and their addresses; leave out one of the two')
  const isDocker = f.network === 'docker-bridge'
  const inVpc = f.network === 'vpc-cni'
  // docker0 has 172.17.0.0/16, so the hosts stay clear of it.
  const vpc: Cidr = isDocker ? '172.24.0.0/13' : '172.16.0.0/12'
  const perNode = f.podsPerNode ?? 2
  const pattern = f.namePattern ?? 'node-{n}'
  const start = parseCidr(vpc).base + FIRST_NODE
  const wanted = inVpc ? count * (2 + perNode) : count
  const there = 2 ** (32 - parseCidr(vpc).bits) - FIRST_NODE - 1
  if (wanted > there) {
    say('podsPerNode', `${count} nodes with ${perNode} pods each take ${wanted} addresses of ${vpc}, which has ${there}; take fewer`)
    return { spec: { ...common, vpc, subnets: [], nodes: [], pods: [] }, podCidr: '10.0.0.0/8' }
  }
  const nodes: NodeSpec[] = []
  const pods: PodSpec[] = []
  for (let i = 0; i < count; i += 1) {
    const name = pattern.replace('{n}', String(i + 1))
    const range = isDocker ? DOCKER_RANGE : (`10.${i >>> 8}.${i & 255}.0/24` as const)
    nodes.push({ name, ip: fromNumber(start + i), subnet: 'a', publicIp: fromNumber(toNumber('198.18.0.0') + i), ...(inVpc ? { eth1: { ip: fromNumber(start + count + i) } } : { podCidr: range }) })
    const first = inVpc ? start + 2 * count + i * perNode : parseCidr(range).base + 2
    for (let k = 0; k < perNode; k += 1) pods.push({ name: `${name}-pod-${k + 1}`, node: name, ip: fromNumber(first + k), listen: TCP_8080 })
  }
  const clash = common.hosts.findIndex((h) => h.name === VPC_NAME || nodes.some((n) => n.name === h.name) || inCidr(h.ip, vpc))
  if (clash >= 0) say(`hosts[${clash}]`, `${common.hosts[clash]!.name} has the name or the range of a node; give it its own`)
  common.hosts.forEach((h, i) => {
    if (f.network.startsWith('flannel-') && inCidr(h.ip, '10.0.0.0/8')) say(`hosts[${i}].ip`, `${h.ip} is inside 10.0.0.0/8, where the pods are; a host is outside, such as 203.0.113.10`)
    hostAddress(h, i, nodes, say)
  })
  // Of 10.0.0.0/8 only what nodes have taken is the pods'; the rest leaves room for Services.
  const services = servicesOf(f, { vpc, pods, podRange: inVpc || isDocker ? null : '10.0.0.0/8', overlaps: nodes.flatMap((n) => (inVpc || isDocker || n.podCidr === undefined ? [] : [{ path: n.name, value: n.podCidr }])) }, say)
  return { spec: { ...common, vpc, subnets: [{ name: 'a', cidr: vpc }], nodes, pods, ...services }, podCidr: '10.0.0.0/8' }
}

function few(names: readonly string[]): string {
  return names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`
}
