import type { Cidr, Ipv4, Mac } from '#lib/wire/addr.ts'
import type { Tuple } from './linux.ts'

/** An elastic network interface. `ips[0]` is the primary private address. */
export interface Eni {
  readonly id: string; readonly subnet: string; readonly mac: Mac
  readonly ips: readonly Ipv4[]
  /** Public address mapped 1:1 to the primary private one by the internet gateway. */
  readonly publicIp?: Ipv4
  readonly groups: readonly string[]; readonly sourceDestCheck: boolean
  /** Which netdev it appears as. */
  readonly attached: { readonly netns: string; readonly dev: string }
}
/** `router` is base + 1; its MAC is what a guest learns by ARP. */
export interface Subnet { readonly id: string; readonly cidr: Cidr; readonly routeTable: string; readonly router: { readonly ip: Ipv4; readonly mac: Mac } }
export interface VpcRoute { readonly routeTable: string; readonly dst: Cidr; readonly target: string }
/** Security groups only allow. `peer` is a prefix or another group. */
export interface SgRule {
  readonly group: string; readonly direction: 'ingress' | 'egress'; readonly proto: 'tcp' | 'udp' | 'icmp' | 'all'
  readonly ports?: readonly [from: number, to: number]; readonly peer: Cidr | `sg-${string}`
}
export interface AclRule {
  readonly subnet: string; readonly direction: 'ingress' | 'egress'; readonly number: number
  readonly proto: 'tcp' | 'udp' | 'icmp' | 'all'; readonly ports?: readonly [from: number, to: number]
  readonly cidr: Cidr; readonly action: 'allow' | 'deny'
}
/** A flow that a security group tracks, as seen at one ENI. */
export interface SgFlow extends Tuple { readonly eni: string; readonly proto: 'tcp' | 'udp' | 'icmp' }
export interface Gateway { readonly id: string; readonly kind: 'igw'; readonly mtu: number }
/** Hosts beyond an internet gateway. */
export interface OutsideHost { readonly gateway: string; readonly ip: Ipv4; readonly mac: Mac; readonly attached: { readonly netns: string; readonly dev: string } }

export interface VpcTables {
  enis: Eni; subnets: Subnet; vpcRoutes: VpcRoute; sgRules: SgRule; aclRules: AclRule; sgFlows: SgFlow
  gateways: Gateway; outside: OutsideHost
}
