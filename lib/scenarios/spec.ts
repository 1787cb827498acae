import type { Cidr, Ipv4 } from '#lib/wire/addr.ts'

/** A cluster as a person writes it, with every default filled in: what the worlds are folded from. */
export type Network = 'docker-bridge' | 'flannel-udp' | 'flannel-vxlan' | 'flannel-host-gw' | 'vpc-cni'
export const NETWORKS: readonly Network[] = ['docker-bridge', 'flannel-udp', 'flannel-vxlan', 'flannel-host-gw', 'vpc-cni']

export interface Listen { readonly proto: 'tcp' | 'udp'; readonly port: number }
export interface NodeSpec {
  readonly name: string; readonly index: number; readonly ip: Ipv4; readonly subnet: string
  readonly podCidr: Cidr; readonly sourceDestCheck: boolean; readonly publicIp?: Ipv4
  /** Primary address of the secondary ENI (VPC CNI). */
  readonly eth1: Ipv4
}
export interface PodSpec {
  readonly name: string; readonly node: string; readonly ip: Ipv4; readonly listen: readonly Listen[]
  /** Which ENI its address belongs to (VPC CNI). */
  readonly eni: 'eth0' | 'eth1'
  /** Published on the host under this port (Docker). */
  readonly publish?: { readonly port: number; readonly to: number }
}
export interface HostSpec { readonly name: string; readonly ip: Ipv4; readonly listen: readonly Listen[] }
export interface GroupSpec {
  readonly id: string
  readonly ingress: readonly GroupRule[]; readonly egress: readonly GroupRule[]
}
export interface GroupRule { readonly proto: 'tcp' | 'udp' | 'icmp' | 'all'; readonly peer: Cidr | `sg-${string}`; readonly ports?: readonly [number, number] }
export interface ClusterSpec {
  readonly network: Network; readonly name: string
  readonly podCidr: Cidr; readonly bridge: 'docker0' | 'cni0'; readonly mtu: number; readonly hairpin: boolean
  readonly vpc: { readonly cidr: Cidr; readonly subnets: readonly { readonly name: string; readonly cidr: Cidr }[] }
  readonly securityGroups: readonly GroupSpec[]
  readonly nodes: readonly NodeSpec[]; readonly pods: readonly PodSpec[]; readonly hosts: readonly HostSpec[]
}

export const DEFAULT_GROUPS: readonly GroupSpec[] = [{ id: 'sg-node', ingress: [{ proto: 'all', peer: 'sg-node' }], egress: [{ proto: 'all', peer: '0.0.0.0/0' }] }]
export const VPC_NAME = 'vpc'
export const IGW = 'igw-1'
