import { addressOf, cidr, fromNumber, networkOf, parseCidr, toNumber, type Cidr, type Ipv4, type Mac } from '#lib/wire/addr.ts'
import { emptyNetns, emptyVpc, type Source, type Space, type Topology } from '#lib/topology/topology.ts'
import type { Socket } from '#lib/topology/linux.ts'
import type { Eni, SgRule } from '#lib/topology/vpc.ts'
import { kubeProxy, type Service } from './cni/kube-proxy.ts'
import { connected, defaultRoute, eni, loopback, nic, outside, relativeMac, vpcRows } from './parts.ts'
import { build, iptables, type Patch, type Rows } from './patch.ts'

export interface SubnetSpec { readonly name: string; readonly cidr: Cidr }
export interface Listen { readonly proto: 'tcp' | 'udp'; readonly port: number }
/** A machine with one NIC, `eth0`. `podCidr` is what an overlay leased to it. */
export interface NodeSpec {
  readonly name: string; readonly ip: Ipv4; readonly subnet: string
  readonly podCidr?: Cidr; readonly sourceDestCheck?: boolean; readonly publicIp?: Ipv4
  /** Address and MAC of a second ENI, when the plugin uses one. */
  readonly eth1?: { readonly ip: Ipv4; readonly mac?: Mac }
}
/** `eni`: which NIC of the node the address belongs to (VPC CNI); the default is eth1 if there is one. */
export interface PodSpec {
  readonly name: string; readonly node: string; readonly ip: Ipv4; readonly listen: readonly Listen[]
  readonly mac?: Mac; readonly hostMac?: Mac; readonly eni?: 'eth0' | 'eth1'
  /** Host ports published to ports of this container (Docker) or pod (the portmap plugin). */
  readonly publish?: readonly { readonly host: number; readonly port: number }[]
}
/** Pods that follow from a rule instead of standing in a list: what a large cluster has of them is made when somebody asks. */
export interface CountedPods {
  readonly count: number
  /** In the order of the nodes. */
  readonly names: () => readonly string[]
  readonly named: (name: string) => PodSpec | undefined
  readonly on: (node: string) => readonly PodSpec[]
}
/** One port of a Service; `pods` are behind it, on `targetPort`. */
export interface ServiceSpec extends Omit<Service, 'endpoints'> { readonly targetPort: number; readonly pods: readonly string[] }
export interface HostSpec { readonly name: string; readonly ip: Ipv4; readonly listen: readonly Listen[] }
export interface ClusterSpec {
  readonly vpc: Cidr; readonly subnets: readonly SubnetSpec[]
  /** Rules of security groups, and which groups every ENI carries (sg-node when left out). */
  readonly groups: readonly SgRule[]; readonly groupIds?: readonly string[]
  /** MTU of the nodes' NICs, bytes. */
  readonly mtu: number
  readonly nodes: readonly NodeSpec[]; readonly pods: readonly PodSpec[]; readonly hosts: readonly HostSpec[]
  /** Pods besides those listed. */
  readonly counted?: CountedPods
  readonly role?: 'pod' | 'container'
  /** Is kube-proxy on the nodes, and for which Services? `clusterCidr` is its --cluster-cidr, null if it has none. */
  readonly services?: readonly ServiceSpec[]
  readonly clusterCidr?: Cidr | null
}
/** A node as plugins see it: its place in the cluster (from 0) and everything of it that follows from the file; `prefix` is its subnet's. */
export interface Node extends NodeSpec { readonly index: number; readonly mtu: number; readonly vpc: Cidr; readonly prefix: Cidr; readonly pods: readonly Pod[] }
/** A pod as plugins see it: its place on its node, from 0. */
export interface Pod extends PodSpec { readonly index: number }

/** Which rows a network plugin writes. Every patch names the space it is for. */
export interface Cni {
  /** Once per node: devices, firewall, sysctls. */
  setup(node: Node): readonly Patch[]
  /** What it puts before all other rules of the built-in chains, kube-proxy's too. */
  first?(node: Node): readonly Patch[]
  /** For one pod: rows in the pod and on its node. */
  attach(pod: Pod, node: Node): readonly Patch[]
  /** What `from` needs in order to reach the pods of `to`. */
  join(from: Node, to: Node): readonly Patch[]
  /** Connected routes, which `ip route` prints after those to others. */
  connected(node: Node): readonly Patch[]
  /** Secondary addresses of the node's ENIs that pods carry. */
  addresses(node: Node, dev: 'eth0' | 'eth1'): readonly Ipv4[]
}

export const VPC_NAME = 'vpc'
export const GROUP = 'sg-node'
export const GATEWAY = 'igw-main'
/** What every node's group says: nodes talk to each other, and out to anybody. */
export const NODE_GROUP: readonly SgRule[] = [
  { group: GROUP, direction: 'ingress', proto: 'all', peer: GROUP },
  { group: GROUP, direction: 'egress', proto: 'all', peer: '0.0.0.0/0' },
]

/** Sockets of programs that answer: `name` is what `ss -p` would print. */
export function sockets(listen: readonly Listen[], program: string): Socket[] {
  return listen.map((l) => ({ proto: l.proto, port: l.port, program }))
}

/**
 * A topology whose rows are derived when a walk first enters a space, and kept: constructing it costs one pass over nodes and pods,
 * whatever the number of routes, neighbours and forwarding entries they would have.
 */
export function cluster(spec: ClusterSpec, cni: Cni): Topology {
  const { counted } = spec
  const specsOf = new Map<string, PodSpec[]>(spec.nodes.map((n) => [n.name, []]))
  const pods = new Map<string, PodSpec>()
  const podNamed = (name: string): PodSpec | undefined => pods.get(name) ?? counted?.named(name)
  for (const p of spec.pods) {
    const there = specsOf.get(p.node)
    if (there === undefined) throw new RangeError(`pod ${p.name}: no node is called ${p.node}`)
    there.push(p)
    pods.set(p.name, p)
  }
  const numbered = new Map<string, readonly Pod[]>()
  const podsOf = (node: string): readonly Pod[] => {
    let there = numbered.get(node)
    if (there === undefined) numbered.set(node, (there = [...specsOf.get(node) ?? [], ...counted?.on(node) ?? []].map((p, index) => ({ ...p, index }))))
    return there
  }
  const subnets = new Map(spec.subnets.map((x) => [x.name, x.cidr]))
  const nodes = new Map<string, Node>(spec.nodes.map((n, index) => {
    const prefix = subnets.get(n.subnet)
    if (prefix === undefined) throw new RangeError(`node ${n.name}: no subnet is called ${n.subnet}`)
    return [n.name, { ...n, index, prefix, mtu: spec.mtu, vpc: spec.vpc, get pods() { return podsOf(n.name) } }]
  }))
  const hosts = new Map(spec.hosts.map((h) => [h.name, h]))
  const names = [VPC_NAME, ...nodes.keys(), ...pods.keys()].concat(counted?.names() ?? [], [...hosts.keys()])

  function derive(name: string): Space | undefined {
    const found = podNamed(name)
    const pod = found === undefined ? undefined : podsOf(found.node).find((p) => p.name === name)
    if (pod !== undefined) return build(emptyNetns(name, pod.node, spec.role ?? 'pod'), [loopback(name), ...cni.attach(pod, nodes.get(pod.node)!), { in: name, rows: { sockets: sockets(pod.listen, name) } }])
    const node = nodes.get(name)
    if (node !== undefined) return build(emptyNetns(name, name, 'node'), nodePatches(node))
    const host = hosts.get(name)
    if (host !== undefined) return build(emptyNetns(name, name, 'host'), [loopback(name), ...outside(host, VPC_NAME, GATEWAY), { in: name, rows: { sockets: sockets(host.listen, name) } }])
    return name === VPC_NAME ? build(emptyVpc(VPC_NAME, [spec.vpc]), vpcPatches()) : undefined
  }

  function nodePatches(node: Node): Patch[] {
    const { bits } = parseCidr(node.prefix)
    const router = nth(node.prefix, 1)
    const eth0 = cidr(node.ip, bits)
    const patches: Patch[] = [loopback(node.name), nic(node.name, 'eth0', eniMac(node, 'eth0'), spec.mtu, eth0, VPC_NAME, eniId(node, 'eth0')), defaultRoute(node.name, router)]
    if (node.eth1 !== undefined) patches.push(nic(node.name, 'eth1', eniMac(node, 'eth1'), spec.mtu, cidr(node.eth1.ip, bits), VPC_NAME, eniId(node, 'eth1')))
    patches.push(...cni.first?.(node) ?? [])
    // kube-proxy's jumps stand before all others, whoever came first.
    if (spec.services !== undefined) patches.push({ in: node.name, rows: (proxied ??= proxyRows(spec, spec.services, podNamed)) })
    patches.push(...cni.setup(node))
    for (const other of nodes.values()) if (other !== node) patches.push(...cni.join(node, other))
    patches.push(...cni.connected(node), connected(node.name, 'eth0', eth0))
    for (const pod of node.pods) patches.push(...cni.attach(pod, node))
    return patches
  }

  function vpcPatches(): Patch[] {
    const enis: Eni[] = []
    const groups = spec.groupIds ?? [GROUP]
    for (const node of nodes.values()) {
      const check = node.sourceDestCheck ?? true
      enis.push(eni(node, 'eth0', eniId(node, 'eth0'), eniMac(node, 'eth0'), [node.ip, ...cni.addresses(node, 'eth0')], check, groups))
      if (node.eth1 !== undefined) enis.push(eni(node, 'eth1', eniId(node, 'eth1'), eniMac(node, 'eth1'), [node.eth1.ip, ...cni.addresses(node, 'eth1')], check, groups))
    }
    return [{ in: VPC_NAME, rows: { enis, sgRules: spec.groups } }, ...vpcRows(VPC_NAME, spec.vpc, spec.subnets, GATEWAY, spec.hosts)]
  }

  /** The same on every node. */
  let proxied: Rows | undefined
  const derived = new Map<string, Space>()
  const source: Source = {
    names,
    ...(spec.services === undefined ? {} : { services: new Map(spec.services.map((s) => [s.name, s.ip])) }),
    derive(name) {
      const known = derived.get(name)
      if (known !== undefined) return known
      const made = derive(name)
      if (made !== undefined) derived.set(name, made)
      return made
    },
  }
  return { source, edited: new Map() }
}

/** kube-proxy's rules for these Services. Throws RangeError for a pod there is not. */
function proxyRows(spec: ClusterSpec, services: readonly ServiceSpec[], podNamed: (name: string) => PodSpec | undefined): Rows {
  return iptables('', kubeProxy(services.map((s): Service => ({
    ...s,
    endpoints: s.pods.map((name) => {
      const pod = podNamed(name)
      if (pod === undefined) throw new RangeError(`service ${s.name}: no pod is called ${name}`)
      return { ip: pod.ip, port: s.targetPort }
    }),
  })), spec.clusterCidr ?? null)).rows
}

/** The id of a node's ENI: it names what it is, since nobody can read `eni-0f3a…`. */
export function eniId(node: { readonly name: string }, dev: 'eth0' | 'eth1'): string {
  return `eni-${node.name}-${dev}`
}

function eniMac(node: Node, dev: 'eth0' | 'eth1'): Mac {
  if (dev === 'eth0') return relativeMac('0a:00', node.ip, node.vpc)
  return node.eth1?.mac ?? relativeMac('0a:01', node.eth1?.ip ?? node.ip, node.vpc)
}

/** The n-th address of a prefix: 1 is what gateways take. Throws RangeError when the prefix ends before it. */
export function nth(prefix: Cidr, n: number): Ipv4 {
  const { base, bits } = parseCidr(prefix)
  if (n >= 2 ** (32 - bits)) throw new RangeError(`${prefix} has no address number ${n}`)
  return fromNumber(base + n)
}

/** How far into a prefix an address is. */
export function offsetIn(ip: Ipv4, prefix: Cidr): number {
  return toNumber(ip) - toNumber(addressOf(networkOf(prefix)))
}
