import { fromNumber, inCidr, networkOf, overlaps, parseCidr, toNumber, type Cidr, type Ipv4 } from '#lib/wire/addr.ts'
import { BRIDGE_PORTS, PODS } from '#lib/topology/bounds.ts'
import type { Say } from '#lib/topology/problem.ts'
import type { SgRule } from '#lib/topology/vpc.ts'
import { GROUP, NODE_GROUP, VPC_NAME, type ClusterSpec, type CountedPods, type HostSpec, type NodeSpec, type PodSpec, type SubnetSpec } from './cluster.ts'
import type { ClusterFile } from './cluster-schema.ts'
import { servicesOf, serviceRange, type PodNames } from './cluster-services.ts'
import { HOSTS, POD_NETWORK } from './seed.ts'
import { disjoint, free, freeRanges, once, place, specialRange, within, type Placed } from './ranges.ts'

/** Docker's first pool: the same on every host. */
const DOCKER_RANGE: Cidr = '172.17.0.0/16'
const TCP_8080 = [{ proto: 'tcp', port: 8080 }] as const
/** Addresses of a subnet that AWS keeps: network, router, DNS, future (VPC guide, subnet sizing). */
const RESERVED = 4
const FIRST_NODE = 10

/** A cluster file with every default filled in; what is wrong is said, and then the result is of no use. */
export function fill(f: ClusterFile, say: Say): { readonly spec: ClusterSpec; readonly podCidr: Cidr } {
  const overlay = f.network.startsWith('flannel-')
  if (!overlay && f.podCidr !== undefined) say('podCidr', 'no-ranges', f.network)
  if (!overlay && f.bridge === 'cni0') say('bridge', 'no-cni0', f.network)
  const common = { mtu: f.mtu ?? 1500, ...groupsOf(f, say), hosts: f.hosts?.map((h): HostSpec => ({ name: h.name, ip: h.ip, listen: h.listen ?? [{ proto: 'tcp', port: 443 }] })) ?? HOSTS, ...(f.network === 'docker-bridge' ? { role: 'container' as const } : {}) }
  if (f.count !== undefined) return generate(f, f.count, common, say)
  for (const key of ['namePattern', 'podsPerNode'] as const) if (f[key] !== undefined) say(key, 'only-count')
  const podCidr = f.podCidr ?? POD_NETWORK
  const vpc = f.vpc?.cidr ?? '192.168.0.0/16'
  const subnets = subnetsOf(f, vpc, say)
  if (f.nodes === undefined || f.nodes.length === 0) say('nodes', 'no-nodes')
  const nodes = rangesOf(f, overlay, podCidr, nodesOf(f, subnets, say), say)
  const pods = podsOf(f, nodes, subnets, say)
  namesOf(f, say)
  for (const [path, range] of [['vpc.cidr', vpc], ['podCidr', podCidr]] as const) if (specialRange(range)) say(path, 'special-range', range)
  if (f.network === 'docker-bridge' && overlaps(vpc, DOCKER_RANGE)) say('vpc.cidr', 'docker-range', DOCKER_RANGE, vpc)
  const publics = new Map(nodes.toReversed().map((n) => [n.publicIp, n.name]))
  common.hosts.forEach((h, i) => {
    if (inCidr(h.ip, vpc)) say(`hosts[${i}].ip`, 'host-in-vpc', h.ip, vpc)
    else if (overlay && inCidr(h.ip, podCidr)) say(`hosts[${i}].ip`, 'host-in-pods', h.ip, podCidr)
    hostAddress(f, h, i, publics, say)
  })
  once(common.hosts.map((h, i) => ({ path: `hosts[${i}].ip`, value: h.ip })), 'an address', say)
  if (overlay && overlaps(podCidr, vpc)) say('podCidr', 'overlap', podCidr, f.vpc?.cidr === undefined ? `the VPC ${vpc}` : 'vpc.cidr')
  const services = servicesOf(f, { vpc, pods: listed(pods), podRange: overlay ? podCidr : null, ...beside(overlay ? { path: 'podCidr', value: podCidr } : null) }, say)
  return { spec: { ...common, vpc, subnets, nodes: secondEnis(f, nodes, pods, subnets, say), pods, ...services }, podCidr }
}

/** One range of pods, or none, as Services must keep clear of it. */
function beside(range: Placed<Cidr> | null): Pick<Parameters<typeof servicesOf>[1], 'overlapping' | 'holding'> {
  return { overlapping: (x) => (range !== null && overlaps(x, range.value) ? range : null), holding: (ip) => (range !== null && inCidr(ip, range.value) ? range.value : null) }
}

function hostAddress(f: ClusterFile, h: HostSpec, i: number, publics: ReadonlyMap<Ipv4 | undefined, string>, say: Say): void {
  const path = `hosts[${i}].ip`
  if (specialRange(`${h.ip}/32`)) say(path, 'special-address', h.ip)
  const node = publics.get(h.ip)
  if (node !== undefined) say(path, 'host-is-node', h.ip, node)
  const services = serviceRange(f)
  if (services !== null && inCidr(h.ip, services)) say(path, 'host-in-services', h.ip, services)
  if (f.network === 'docker-bridge' && inCidr(h.ip, DOCKER_RANGE)) say(path, 'host-in-docker', h.ip, DOCKER_RANGE)
}

function groupsOf(f: ClusterFile, say: Say): { readonly groups: readonly SgRule[]; readonly groupIds: readonly string[] } {
  if (f.securityGroups === undefined) return { groups: NODE_GROUP, groupIds: [GROUP] }
  const ids = f.securityGroups.map((g) => g.id)
  if (ids.length === 0) say('securityGroups', 'no-groups')
  once(ids.map((value, i) => ({ path: `securityGroups[${i}].id`, value })), 'an id', say)
  const groups = f.securityGroups.flatMap((g, i) => (['ingress', 'egress'] as const).flatMap((direction) => (g[direction] ?? []).map((r, k): SgRule => {
    if (r.peer.startsWith('sg-') && !ids.includes(r.peer as `sg-${string}`)) say(`securityGroups[${i}].${direction}[${k}].peer`, 'unknown-group', r.peer, ids)
    return { group: g.id, direction, ...r }
  })))
  return { groups, groupIds: ids }
}

function subnetsOf(f: ClusterFile, vpc: Cidr, say: Say): readonly SubnetSpec[] {
  const given = f.vpc?.subnets
  if (given === undefined || given.length === 0) return [{ name: 'a', cidr: `${fromNumber(parseCidr(vpc).base)}/${Math.max(24, parseCidr(vpc).bits)}` }]
  once(given.map((s, i) => ({ path: `vpc.subnets[${i}].name`, value: s.name })), 'a name', say)
  given.forEach((s, i) => {
    if (parseCidr(s.cidr).bits > 28) say(`vpc.subnets[${i}].cidr`, 'small-subnet', s.cidr)
    if (!within(s.cidr, vpc)) say(`vpc.subnets[${i}].cidr`, 'range-outside-vpc', s.cidr, vpc)
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
    if (subnet === undefined && n.subnet !== undefined) say(`nodes[${i}].subnet`, 'unknown-subnet', n.subnet, subnets.map((s) => s.name))
    else if (subnet === undefined) say(`nodes[${i}].ip`, 'in-no-subnet', n.ip ?? '', subnets.map((s) => `${s.name} (${s.cidr})`))
    if (subnet !== undefined && n.ip !== undefined) inSubnet(n.ip, subnet, `nodes[${i}].ip`, say)
    const ip = n.ip ?? (subnet === undefined ? null : pools.get(subnet.name)?.() ?? null)
    if (ip === null && subnet !== undefined) say(`nodes[${i}].ip`, 'subnet-full', subnet.name, subnet.cidr)
    return { name: n.name, ip: ip ?? '0.0.0.0', subnet: subnet?.name ?? '', sourceDestCheck: n.sourceDestCheck ?? true, publicIp: publicOf(ip ?? '0.0.0.0', i), ...(n.podCidr === undefined ? {} : { podCidr: networkOf(n.podCidr) }) }
  })
}

function inSubnet(ip: Ipv4, s: SubnetSpec, path: string, say: Say): void {
  const { n, inside, last } = place(ip, s.cidr)
  if (!inside) say(path, 'outside-subnet', ip, s.name, s.cidr)
  else if (n < RESERVED || last) say(path, 'subnet-reserved', ip, s.cidr, fromNumber(parseCidr(s.cidr).base + RESERVED))
}

/** The public address of a node: the seed's for the seed's nodes, and one for every other. */
function publicOf(ip: Ipv4, index: number): Ipv4 {
  return ip.startsWith('192.168.0.') ? `198.51.100.${toNumber(ip) & 255}` : fromNumber(toNumber('198.18.0.0') + index)
}

/** The range of each node: what it says, the next free /24 of the pod network, or Docker's own. */
function rangesOf(f: ClusterFile, overlay: boolean, podCidr: Cidr, nodes: readonly NodeSpec[], say: Say): readonly NodeSpec[] {
  const given = (f.nodes ?? []).flatMap((n, i): Placed<Cidr>[] => (n.podCidr === undefined ? [] : [{ path: `nodes[${i}].podCidr`, value: networkOf(n.podCidr) }]))
  if (!overlay) {
    for (const g of given) say(g.path, 'no-ranges', f.network)
    return f.network === 'docker-bridge' ? nodes.map((n) => ({ ...n, podCidr: DOCKER_RANGE })) : nodes
  }
  disjoint(given, say)
  for (const g of given) {
    if (specialRange(g.value)) say(g.path, 'special-range', g.value)
    else if (!within(g.value, podCidr)) say(g.path, 'range-outside-pods', g.value, podCidr)
    else if (parseCidr(g.value).bits > 30) say(g.path, 'small-range', g.value)
  }
  // flannel's SubnetMin is the second range.
  const next = freeRanges(podCidr, Math.max(24, parseCidr(podCidr).bits), parseCidr(podCidr).bits < 24 ? 1 : 0, given.map((g) => g.value))
  return nodes.map((n, i) => {
    const podRange = n.podCidr ?? next()
    if (podRange === null) say(`nodes[${i}].podCidr`, 'no-range-left', podCidr)
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
    else say(`pods[${i}].ip`, 'twice', p.ip, before, 'an address')
  })
  once(given.flatMap((p, i) => (p.publish ?? []).map(({ host }, k) => ({ path: `pods[${i}].publish[${k}]`, value: `port ${host} of ${p.node}` }))), 'a port', say)
  given.forEach((p, i) => once((p.listen ?? []).map((l, k) => ({ path: `pods[${i}].listen[${k}]`, value: `${l.proto}/${l.port}` })), 'a port', say))
  const pools = new Map<string, () => Ipv4 | null>()
  const names = nodes.map((n) => n.name)
  if (!inVpc) bridgePorts(f, given, say)
  return given.map((p, i): PodSpec => {
    const node = byName.get(p.node)
    if (node === undefined) say(`pods[${i}].node`, 'unknown-node', p.node, names)
    const range = node === undefined ? undefined : inVpc ? prefixes.get(node.subnet) : node.podCidr
    let ip = p.ip
    if (range !== undefined && p.ip !== undefined) inRange(p.ip, range, node!, inVpc, `pods[${i}].ip`, say)
    if (range !== undefined && ip === undefined) {
      let pool = pools.get(inVpc ? node!.subnet : node!.name)
      if (pool === undefined) pools.set(inVpc ? node!.subnet : node!.name, (pool = free(range, inVpc ? FIRST_NODE : 2, takenIn(p.node))))
      ip = pool() ?? undefined
      if (ip === undefined) say(`pods[${i}].ip`, 'range-full', range, p.node)
    }
    if (p.eni !== undefined && !inVpc) say(`pods[${i}].eni`, 'no-pod-eni', f.network)
    if (p.publish !== undefined && f.network !== 'docker-bridge' && f.bridge !== 'cni0') say(`pods[${i}].publish`, 'no-publish', f.network)
    return { name: p.name, node: p.node, ip: ip ?? '0.0.0.0', listen: p.listen ?? TCP_8080, ...(p.eni === undefined ? (inVpc ? { eni: 'eth1' as const } : {}) : { eni: p.eni }), ...(p.publish === undefined ? {} : { publish: p.publish }) }
  })
}

function inRange(ip: Ipv4, range: Cidr, node: NodeSpec, inVpc: boolean, path: string, say: Say): void {
  if (inVpc) return inSubnet(ip, { name: node.subnet, cidr: range }, path, say)
  const { n, inside, last } = place(ip, range)
  if (!inside) say(path, 'outside-range', ip, node.name, range)
  else if (n < 2 || last) say(path, 'range-reserved', ip, n === 0 ? 'the network’s' : last ? 'the broadcast’s' : 'the bridge’s', range, fromNumber(parseCidr(range).base + 2))
}

/** A pod is a port of its node's bridge. */
function bridgePorts(f: ClusterFile, given: NonNullable<ClusterFile['pods']>, say: Say): void {
  const ports = new Map<string, { n: number; path: string }>()
  given.forEach((p, i) => {
    const there = ports.get(p.node) ?? { n: 0, path: '' }
    there.n += 1
    if (there.n === BRIDGE_PORTS + 1) there.path = `pods[${i}].node`
    ports.set(p.node, there)
  })
  for (const [node, { n, path }] of ports) if (path !== '') say(path, 'bridge-ports', `${f.network === 'docker-bridge' ? 'docker0' : f.bridge ?? 'docker0'} of ${node}`, n, BRIDGE_PORTS)
}

/** The VPC CNI's second ENI, on nodes with pods on it. */
function secondEnis(f: ClusterFile, nodes: readonly NodeSpec[], pods: readonly PodSpec[], subnets: readonly SubnetSpec[], say: Say): readonly NodeSpec[] {
  const given = (f.nodes ?? []).flatMap((n, i): Placed<Ipv4>[] => (n.eth1 === undefined ? [] : [{ path: `nodes[${i}].eth1`, value: n.eth1 }]))
  if (f.network !== 'vpc-cni') {
    for (const g of given) say(g.path, 'one-eni', f.network)
    return nodes
  }
  const taken = once([...nodes.map((n, i) => ({ path: `nodes[${i}].ip`, value: n.ip })), ...pods.map((p, i) => ({ path: `pods[${i}].ip`, value: p.ip })), ...given].filter((x) => x.value !== '0.0.0.0'), 'an address', () => undefined)
  for (const g of given) if (taken.get(g.value) !== g.path) say(g.path, 'twice', g.value, taken.get(g.value) ?? '', 'an address')
  const wanting = new Set(pods.filter((p) => p.eni === 'eth1').map((p) => p.node))
  const pools = new Map(subnets.map((s) => [s.name, free(s.cidr, FIRST_NODE, taken)]))
  const byName = new Map(subnets.map((s) => [s.name, s]))
  return nodes.map((n, i) => {
    const subnet = byName.get(n.subnet)
    const own = f.nodes?.[i]?.eth1
    if (own !== undefined && subnet !== undefined) inSubnet(own, subnet, `nodes[${i}].eth1`, say)
    if (own === undefined && !wanting.has(n.name)) return n
    const ip = own ?? pools.get(n.subnet)?.() ?? null
    if (ip === null && subnet !== undefined) say(`nodes[${i}].eth1`, 'subnet-full-eni', subnet.name, subnet.cidr)
    return ip === null ? n : { ...n, eth1: { ip } }
  })
}

function namesOf(f: ClusterFile, say: Say): void {
  // A Service with several ports is listed once for each.
  const seen = new Set<string>()
  const services = (f.services ?? []).flatMap((s, i) => (seen.has(s.name) ? [] : [{ path: `services[${i}].name`, value: (seen.add(s.name), s.name) }]))
  const all = [{ path: 'vpc', value: VPC_NAME }, ...(['nodes', 'pods', 'hosts'] as const).flatMap((k) => (f[k] ?? []).map((x, i) => ({ path: `${k}[${i}].name`, value: x.name }))), ...services]
  once(f.hosts === undefined ? [...all, ...HOSTS.map((h) => ({ path: 'hosts', value: h.name }))] : all, 'a name', say)
}

/** count nodes with podsPerNode pods each: nodes in 172.16.0.0/12, pods in 10.0.0.0/8, a /24 per node. */
function generate(f: ClusterFile, count: number, common: Omit<ClusterSpec, 'vpc' | 'subnets' | 'nodes' | 'pods' | 'counted'>, say: Say): { readonly spec: ClusterSpec; readonly podCidr: Cidr } {
  for (const key of ['nodes', 'pods', 'vpc', 'podCidr'] as const) if (f[key] !== undefined) say(key, 'count-alone')
  const isDocker = f.network === 'docker-bridge'
  const inVpc = f.network === 'vpc-cni'
  // docker0 has 172.17.0.0/16, so the hosts stay clear of it.
  const vpc: Cidr = isDocker ? '172.24.0.0/13' : '172.16.0.0/12'
  const perNode = f.podsPerNode ?? 2
  const pattern = f.namePattern ?? 'node-{n}'
  const start = parseCidr(vpc).base + FIRST_NODE
  if (count * perNode > PODS) {
    say('podsPerNode', 'counted-pods', count, perNode, count * perNode, PODS)
    return { spec: { ...common, vpc, subnets: [], nodes: [], pods: [] }, podCidr: '10.0.0.0/8' }
  }
  const nodes: NodeSpec[] = []
  for (let i = 0; i < count; i += 1) {
    const name = pattern.replace('{n}', String(i + 1))
    const range = isDocker ? DOCKER_RANGE : (`10.${i >>> 8}.${i & 255}.0/24` as const)
    nodes.push({ name, ip: fromNumber(start + i), subnet: 'a', publicIp: fromNumber(toNumber('198.18.0.0') + i), ...(inVpc ? { eth1: { ip: fromNumber(start + count + i) } } : { podCidr: range }) })
  }
  const pods = countedPods(nodes, pattern, perNode, (i) => (inVpc ? start + 2 * count + i * perNode : parseCidr(isDocker ? DOCKER_RANGE : nodes[i]!.podCidr!).base + 2))
  const names = new Set(nodes.map((n) => n.name))
  const clash = common.hosts.findIndex((h) => h.name === VPC_NAME || names.has(h.name) || inCidr(h.ip, vpc))
  if (clash >= 0) say(`hosts[${clash}]`, 'host-clash', common.hosts[clash]!.name)
  const publics = new Map(nodes.map((n) => [n.publicIp, n.name]))
  common.hosts.forEach((h, i) => {
    if (f.network.startsWith('flannel-') && inCidr(h.ip, '10.0.0.0/8')) say(`hosts[${i}].ip`, 'host-in-counted', h.ip)
    hostAddress(f, h, i, publics, say)
  })
  const leased = !inVpc && !isDocker
  const services = servicesOf(f, { vpc, pods: { has: (name) => pods.named(name) !== undefined, all: pods.names }, podRange: leased ? '10.0.0.0/8' : null, ...(leased ? counted(nodes) : beside(null)) }, say)
  return { spec: { ...common, vpc, subnets: [{ name: 'a', cidr: vpc }], nodes, pods: [], counted: pods, ...services }, podCidr: '10.0.0.0/8' }
}

/** `perNode` pods on each node: NODE-pod-1 and so on, with addresses in a row from the node's first. */
function countedPods(nodes: readonly NodeSpec[], pattern: string, perNode: number, first: (node: number) => number): CountedPods {
  const [before = '', after = ''] = pattern.split('{n}')
  const pod = (i: number, k: number): PodSpec => ({ name: `${nodes[i]!.name}-pod-${k + 1}`, node: nodes[i]!.name, ip: fromNumber(first(i) + k), listen: TCP_8080 })
  const nodeOf = (name: string): number => (name.startsWith(before) && name.endsWith(after) ? Number(name.slice(before.length, name.length - after.length)) - 1 : -1)
  const on = (node: string): readonly PodSpec[] => { const i = nodeOf(node); return nodes[i]?.name === node ? Array.from({ length: perNode }, (_, k) => pod(i, k)) : [] }
  const names = (): readonly string[] => {
    const all: string[] = []
    for (const n of nodes) for (let k = 1; k <= perNode; k += 1) all.push(`${n.name}-pod-${k}`)
    return all
  }
  let kept: readonly string[] | undefined
  return {
    count: nodes.length * perNode, on,
    names: () => (kept ??= names()),
    named: (name) => {
      const at = name.lastIndexOf('-pod-')
      const k = at < 0 ? -1 : Number(name.slice(at + 5)) - 1
      const i = at < 0 ? -1 : nodeOf(name.slice(0, at))
      const found = nodes[i] !== undefined && k >= 0 && k < perNode && Number.isInteger(k) ? pod(i, k) : undefined
      return found?.name === name ? found : undefined
    },
  }
}

function listed(pods: readonly PodSpec[]): PodNames {
  const names = pods.map((p) => p.name)
  const there = new Set(names)
  return { has: (name) => there.has(name), all: () => names }
}

/** Of 10.0.0.0/8 only what nodes have taken is the pods': a /24 each from its beginning. The rest leaves room for Services. */
function counted(nodes: readonly NodeSpec[]): Pick<Parameters<typeof servicesOf>[1], 'overlapping' | 'holding'> {
  const first = toNumber('10.0.0.0')
  const at = (n: number): NodeSpec | undefined => nodes[Math.floor((n - first) / 256)]
  return {
    overlapping: (x) => {
      const { base, bits } = parseCidr(x)
      const node = base + 2 ** (32 - bits) <= first ? undefined : at(Math.max(base, first))
      return node?.podCidr === undefined ? null : { path: node.name, value: node.podCidr }
    },
    holding: (ip) => at(toNumber(ip))?.podCidr ?? null,
  }
}
