import type { Cidr, Ipv4, Mac } from '#lib/wire/addr.ts'

/** What every netdev has. `addrs` are written with their prefix length, the first one is the primary. */
export interface Link {
  readonly name: string
  readonly mac: Mac
  readonly mtu: number
  readonly up: boolean
  readonly addrs: readonly Cidr[]
  /** The bridge this device is a port of. */
  readonly master?: string
  /** Bridge port flag: a frame may leave by the port it came in. */
  readonly hairpin?: boolean
}
export interface LoopbackDev extends Link { readonly kind: 'loopback' }
/** A NIC in a VPC (its wire is an ENI), or one beyond an internet gateway of that VPC. */
export interface NicDev extends Link {
  readonly kind: 'nic'
  readonly wire: { readonly vpc: string; readonly eni: string } | { readonly vpc: string; readonly gateway: string }
}
export interface VethDev extends Link { readonly kind: 'veth'; readonly peer: { readonly netns: string; readonly dev: string } }
export interface BridgeDev extends Link { readonly kind: 'bridge' }
export interface VxlanDev extends Link {
  readonly kind: 'vxlan'; readonly vni: number; readonly port: number; readonly local: Ipv4; readonly learning: boolean
  /** Compute the outer UDP checksum (kernel default since 4.6). */
  readonly udpcsum: boolean
}
/** A layer 3 device whose other end is a file descriptor held by `program`, a row of the daemons table. */
export interface TunDev extends Link { readonly kind: 'tun'; readonly program: string }
export type Dev = LoopbackDev | NicDev | VethDev | BridgeDev | VxlanDev | TunDev
export type DevKind = Dev['kind']
export type DevOf<K extends DevKind> = Extract<Dev, { kind: K }>
