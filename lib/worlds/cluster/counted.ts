import { inCidr, overlaps, type Address, type Cidr } from '#lib/wire/addr.ts'
import { addressAfter, firstOf, nth, offsetIn } from '#lib/wire/range.ts'
import { hostProblems } from './fill-hosts.ts'
import {
  FIRST_NODE,
  hostRange,
  namesBetween,
  rangeBits,
  TCP_8080,
  type Filling,
} from './filling.ts'
import { besides, servicesOf, type Taken } from './services.ts'
import { type ClusterSpec, type CountedPods, type NodeSpec, type PodSpec } from './spec.ts'

/* Clusters of a file that only counts: `count` nodes with `podsPerNode` pods each. */

/** Where all ranges of pods are. */
const POD_RANGE: Cidr = '10.0.0.0/8'
/** Nodes that each have one range for themselves stay clear of it (172.17.0.0/16 of Docker). */
const VPC: Cidr = '172.16.0.0/12'
const VPC_BESIDE: Cidr = '172.24.0.0/13'

export type Common = Pick<ClusterSpec, 'mtu' | 'groups' | 'groupIds' | 'hosts' | 'role' | 'between'>

/** Nodes in 172.16.0.0/12; pods in 10.0.0.0/8, a /24 for each node, or where the world's network has them. */
export function counted(
  r: Filling,
  common: Common,
): { readonly spec: ClusterSpec; readonly podCidr: Cidr } {
  const { file, world, say } = r
  const { traits } = world
  for (const key of ['nodes', 'pods', 'vpc', 'podCidr'] as const)
    if (file[key] !== undefined) say(key, 'count-alone')
  const inVpc = traits.addresses === 'vpc'
  const ownRange = hostRange(traits, file)
  const bits = rangeBits(traits)
  const vpc = ownRange === null ? VPC : VPC_BESIDE
  const count = file.count ?? 0
  const perNode = file.podsPerNode ?? Math.min(2, world.limits.podsPerNode)
  const alone = traits.alone === true
  const pattern = file.namePattern ?? 'node-{n}'
  const start = nth(vpc, FIRST_NODE)
  if (tooMany(r, count, perNode))
    return { spec: { ...common, vpc, subnets: [], nodes: [], pods: [] }, podCidr: POD_RANGE }
  const nodes: NodeSpec[] = []
  for (let i = 0; i < count; i += 1) {
    const name = pattern.replace('{n}', String(i + 1))
    const range = ownRange ?? (`10.${i >>> 8}.${i & 255}.0/${bits}` as const)
    nodes.push({
      name,
      ip: addressAfter(start, i),
      subnet: 'a',
      ...(alone ? {} : { publicIp: addressAfter('198.18.0.0', i) }),
      ...(traits.enis === 2 ? { eth1: { ip: addressAfter(start, count + i) } } : {}),
      ...(inVpc ? {} : { podCidr: range }),
    })
  }
  const pods = countedPods(nodes, { pattern, perNode }, (i) =>
    inVpc
      ? addressAfter(start, alone ? i : traits.enis * count + i * perNode)
      : addressAfter(firstOf(nodes[i]!.podCidr ?? POD_RANGE), 2),
  )
  const hostNames = new Set(common.hosts.map((h) => h.name))
  const names = new Set(nodes.map((n) => n.name).filter((name) => hostNames.has(name)))
  const between = namesBetween(traits)
  const clash = common.hosts.findIndex(
    (h) => between.includes(h.name) || names.has(h.name) || inCidr(h.ip, vpc),
  )
  if (clash >= 0) say(`hosts[${clash}]`, 'host-clash', common.hosts[clash]!.name)
  const overlay = traits.addresses === 'overlay'
  hostProblems(r, { hosts: common.hosts, nodes }, (h, path) => {
    if (overlay && inCidr(h.ip, POD_RANGE)) say(path, 'host-in-counted', h.ip)
  })
  const services = servicesOf(r, {
    ranges: [vpc],
    pods: { has: (name) => pods.named(name) !== undefined, all: pods.names },
    podRange: overlay ? POD_RANGE : null,
    ...(overlay ? leased(nodes) : besides(null)),
  })
  return {
    spec: {
      ...common,
      vpc,
      ...(traits.addresses === 'overlay' && traits.alias === true
        ? { secondaryCidrs: [POD_RANGE] }
        : {}),
      subnets: [{ name: 'a', cidr: vpc }],
      nodes,
      pods: [],
      counted: pods,
      ...services,
    },
    podCidr: POD_RANGE,
  }
}

/** More than the world's network bears: then nothing else of it is looked at. */
function tooMany({ world, say }: Filling, count: number, perNode: number): boolean {
  const { nodes, pods, podsPerNode } = world.limits
  const least = world.traits.alone === true ? 1 : 0
  if (count > nodes) say('count', 'whole', String(count), 'nodes', 1, nodes)
  const none = perNode < least
  if (perNode > podsPerNode || none)
    say('podsPerNode', 'whole', String(perNode), 'pods', least, podsPerNode)
  if (count * perNode > pods)
    say('podsPerNode', 'counted-pods', count, perNode, count * perNode, pods)
  return count > nodes || none || perNode > podsPerNode || count * perNode > pods
}

/** `perNode` pods on each node: NODE-pod-1 and so on, with addresses in a row from the node's first. */
function countedPods(
  nodes: readonly NodeSpec[],
  { pattern, perNode }: { readonly pattern: string; readonly perNode: number },
  first: (node: number) => Address,
): CountedPods {
  const [before = '', after = ''] = pattern.split('{n}')
  const pod = (i: number, k: number): PodSpec => ({
    name: `${nodes[i]!.name}-pod-${k + 1}`,
    node: nodes[i]!.name,
    ip: addressAfter(first(i), k),
    listen: TCP_8080,
  })
  const nodeOf = (name: string): number =>
    name.startsWith(before) && name.endsWith(after)
      ? Number(name.slice(before.length, name.length - after.length)) - 1
      : -1
  const on = (node: string): readonly PodSpec[] => {
    const i = nodeOf(node)
    return nodes[i]?.name === node ? Array.from({ length: perNode }, (_, k) => pod(i, k)) : []
  }
  const names = (): readonly string[] => {
    const ends = Array.from({ length: perNode }, (_, k) => `-pod-${k + 1}`)
    const all: string[] = []
    for (const n of nodes) for (const end of ends) all.push(n.name + end)
    return all
  }
  let kept: readonly string[] | undefined
  return {
    count: nodes.length * perNode,
    on,
    names: () => (kept ??= names()),
    named: (name) => {
      const at = name.lastIndexOf('-pod-')
      const k = at < 0 ? -1 : Number(name.slice(at + 5)) - 1
      const i = at < 0 ? -1 : nodeOf(name.slice(0, at))
      const found =
        nodes[i] !== undefined && k >= 0 && k < perNode && Number.isInteger(k)
          ? pod(i, k)
          : undefined
      return found?.name === name ? found : undefined
    },
  }
}

/** Of 10.0.0.0/8 only what nodes have taken is the pods': a /24 each from its beginning. The rest leaves room for Services. */
function leased(nodes: readonly NodeSpec[]): Taken {
  const at = (n: number): NodeSpec | undefined => nodes[Math.floor(n / 256)]
  return {
    overlapping: (x) => {
      const begins = offsetIn(firstOf(x), POD_RANGE).n
      const node = overlaps(x, POD_RANGE) ? at(Math.max(begins, 0)) : undefined
      return node?.podCidr === undefined ? null : { path: node.name, value: node.podCidr }
    },
    holding: (ip) => at(offsetIn(ip, POD_RANGE).n)?.podCidr ?? null,
  }
}
