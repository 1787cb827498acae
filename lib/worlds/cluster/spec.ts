import type { Address, Cidr, Mac } from '#lib/wire/addr.ts'
import { relativeMac } from '#lib/wire/range.ts'
import type { Peering, Rule, SgRule } from '#lib/topology/rows.ts'
import type { Vpc } from '#lib/topology/topology.ts'
import type { Service } from '#lib/worlds/cni/kube-proxy.ts'
import type { Patch, Rows } from './patch.ts'

/* What a cluster is put together from, and what a network plugin sees of it. */

export interface SubnetSpec {
  readonly name: string
  readonly cidr: Cidr
}
export interface Listen {
  readonly proto: 'tcp' | 'udp'
  readonly port: number
}
/** A NIC of a node: eth0, and eth1 to eth14 for further ENIs (device indexes 1 to 14). */
export type EniDev = `eth${number}`
/** A machine with one NIC, `eth0`. `podCidr` is what an overlay leased to it. */
export interface NodeSpec {
  readonly name: string
  readonly ip: Address
  readonly subnet: string
  readonly podCidr?: Cidr
  readonly sourceDestCheck?: boolean
  readonly publicIp?: Address
  /** Security groups of its first ENI, where they are others than those of all (groupIds). */
  readonly groups?: readonly string[]
  /** Address and MAC of a second ENI, when the plugin uses one; its subnet and groups where they are others than the node's. */
  readonly eth1?: {
    readonly ip: Address
    readonly mac?: Mac
    readonly subnet?: string
    readonly groups?: readonly string[]
  }
  /** Those behind it, eth2 and on, in its subnet and with its groups. */
  readonly more?: readonly { readonly ip: Address }[]
}
/** `eni`: which NIC of the node the address belongs to; the default is eth1 if there is one. */
export interface PodSpec {
  readonly name: string
  readonly node: string
  readonly ip: Address
  readonly listen: readonly Listen[]
  readonly mac?: Mac
  readonly hostMac?: Mac
  readonly eni?: EniDev
  /** Security groups of its own (SecurityGroupPolicy): it has a branch ENI that carries them, or the ENI of a machine for itself does. */
  readonly groups?: readonly string[]
  /** Docker: the networks it is in, `bridge` being the default one, and its address in each; the first is `ip`. Without it is in `bridge`. */
  readonly networks?: readonly { readonly name: string; readonly ip: Address }[]
  /** Host ports published to ports of this container (Docker) or pod (the portmap plugin). */
  readonly publish?: readonly Publish[]
}
/** Port `host` of the machine, at one of its addresses or, without `ip`, at all of them, stands for `port` of the container or pod. */
export interface Publish extends Pick<Listen, 'proto' | 'port'> {
  readonly host: number
  readonly ip?: Address
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
export interface ServiceSpec extends Omit<Service, 'endpoints'> {
  readonly targetPort: number
  readonly pods: readonly string[]
}
export interface HostSpec {
  readonly name: string
  readonly ip: Address
  readonly listen: readonly Listen[]
}
export interface ClusterSpec {
  /** VPCs that are peered with this one: hosts whose address is in one of them are there. */
  readonly peerings?: readonly Peering[]
  /** What is between the machines; a VPC when left out. */
  readonly between?: 'switch'
  /** The VPC's first range, and those it was given later. */
  readonly vpc: Cidr
  readonly secondaryCidrs?: readonly Cidr[]
  readonly subnets: readonly SubnetSpec[]
  /** Rules of security groups, and which groups every ENI carries (sg-node when left out). */
  readonly groups: readonly SgRule[]
  readonly groupIds?: readonly string[]
  /** MTU of the nodes' NICs, bytes. */
  readonly mtu: number
  readonly nodes: readonly NodeSpec[]
  readonly pods: readonly PodSpec[]
  readonly hosts: readonly HostSpec[]
  /** Pods besides those listed. */
  readonly counted?: CountedPods
  readonly role?: 'pod' | 'container'
  /** Is kube-proxy on the nodes, and for which Services? `clusterCidr` is its --cluster-cidr, null if it has none. */
  readonly services?: readonly ServiceSpec[]
  readonly clusterCidr?: Cidr | null
  /** What it writes in another mode than iptables. */
  readonly proxy?: (p: Proxied) => Rows
}
/** What kube-proxy sees on a node: Services with everybody behind them. */
export interface Proxied {
  readonly services: readonly Service[]
  readonly clusterCidr: Cidr | null
  readonly node: Node
}
/** A node as plugins see it: its place in the cluster (from 0) and everything of it that follows from the file; `prefix` is its subnet's, `podPrefix` that of its second ENI. */
export interface Node extends NodeSpec {
  readonly index: number
  readonly mtu: number
  readonly vpc: Cidr
  /** All ranges of the VPC, that one first. */
  readonly ranges: readonly Cidr[]
  readonly prefix: Cidr
  readonly podPrefix: Cidr
  /** Made when they are first asked for. */
  pods(): readonly Pod[]
}
/** A pod as plugins see it: its place on its node, from 0. */
export interface Pod extends PodSpec {
  readonly index: number
}

/** A NIC of a node, the ENI that it is on, and the first address of both. */
export interface Nic {
  readonly dev: EniDev
  readonly ip: Address
  readonly mac: Mac
  readonly eni: string
  readonly subnet: string
}

/** Which rows a network plugin writes. Every patch names the space it is for. */
export interface Cni {
  /** Does a node have its second ENI without an address? */
  readonly unnumbered?: boolean
  /** Which rules of a new namespace it takes away on a node. */
  readonly displaces?: (rule: Rule) => boolean
  /** Do devices of its pods stand on their node's? */
  readonly stands?: boolean
  /** How a node is attached, where not as usual: its NIC and what the lease of its address brings. */
  uplink?(node: Node, eth0: Nic): readonly Patch[]
  /** Ranges of a node's one interface that its pods have addresses of. */
  prefixes?(node: Node): readonly Cidr[]
  /** Whose VPC it is, where it is not AWS's. */
  readonly cloud?: Vpc['cloud']
  /** Has each pod a machine for itself, whose only namespace is the pod's? */
  readonly alone?: boolean
  /** Devices that were there before a node had its NICs. */
  older?(node: Node): readonly Patch[]
  /** Once per node: devices, firewall, sysctls. */
  setup(node: Node): readonly Patch[]
  /** What it puts before all other rules of the built-in chains, kube-proxy's too. */
  first?(node: Node): readonly Patch[]
  /** For one pod: rows in the pod and on its node. */
  attach(pod: Pod, node: Node): readonly Patch[]
  /** What `from` needs in order to reach the pods of all others, in their order. */
  join(from: Node, others: readonly Node[]): readonly Patch[]
  /** Connected routes, which `ip route` prints after those to others. */
  connected(node: Node): readonly Patch[]
  /** What the VPC, or the gateway of a plain network, is told of the nodes' pods. */
  fabric?(nodes: readonly Node[]): readonly Patch[]
  /** Secondary addresses of the node's ENIs that pods carry. */
  addresses(node: Node, dev: EniDev): readonly Address[]
}

export const VPC_NAME = 'vpc'
/** What a plain network between machines has of its own: a switch, and the gateway that is plugged into it. */
export const SWITCH = 'switch'
export const LAN_GATEWAY = 'gateway'
export const GROUP = 'sg-node'
export const GATEWAY = 'igw-main'
/** The one route table of all subnets. */
export const ROUTE_TABLE = 'rtb-main'
/** What every node's group says: nodes talk to each other, and out to anybody. */
export const NODE_GROUP: readonly SgRule[] = [
  { group: GROUP, direction: 'ingress', proto: 'all', peer: GROUP },
  { group: GROUP, direction: 'egress', proto: 'all', peer: '0.0.0.0/0' },
]

/** The ranges of a cluster's VPC. */
export function rangesOfVpc(c: Pick<ClusterSpec, 'vpc' | 'secondaryCidrs'>): readonly Cidr[] {
  return [c.vpc, ...(c.secondaryCidrs ?? [])]
}

/** The MAC of a node's eth0, readable: its address within the network. */
export function nodeMac(n: Pick<Node, 'ip' | 'vpc'>): Mac {
  return relativeMac('0a:00', n.ip, n.vpc)
}

/** The MAC of a node's eth1, readable if nobody has chosen one. */
export function eth1Mac({ eth1, vpc }: Pick<Node, 'eth1' | 'vpc'>): Mac {
  return eth1!.mac ?? relativeMac('0a:01', eth1!.ip, vpc)
}

/** The id of a node's ENI: it names what it is, since nobody can read `eni-0f3a…`. */
export function eniId(node: { readonly name: string }, dev: EniDev): string {
  return `eni-${node.name}-${dev}`
}
