import type { IpProto } from '#lib/wire/packet.ts'
import type { Address, Mac } from '#lib/wire/addr.ts'
import type { Ref } from '#lib/topology/topology.ts'

/** Why a copy of the packet ended without delivery. A network's failure is a value, never an exception. */
export type Drop =
  | {
      readonly reason:
        | 'no-route'
        | 'blackhole'
        | 'unreachable-route'
        | 'prohibit-route'
        | 'broadcast-refused'
      readonly dst: Address
    }
  | {
      readonly reason: 'rp-filter'
      readonly src: Address
      readonly arrivedOn: string
      readonly reverse: Ref | null
    }
  | {
      readonly reason: 'martian-source' | 'local-source'
      readonly src: Address
      readonly arrivedOn: string
    }
  | { readonly reason: 'martian-destination'; readonly dst: Address; readonly arrivedOn: string }
  | { readonly reason: 'foreign-source'; readonly src: Address }
  | { readonly reason: 'loopback-source'; readonly src: Address; readonly dev: string }
  | {
      readonly reason: 'netfilter' | 'netfilter-reject'
      readonly rule: Ref | null
      readonly hook: string
    }
  | { readonly reason: 'neigh-failed'; readonly ip: Address; readonly dev: string }
  | { readonly reason: 'other-host'; readonly dst: Mac; readonly dev: string }
  | { readonly reason: 'bridge-no-target'; readonly dst: Mac }
  | {
      readonly reason: 'too-big'
      readonly mtu: number
      readonly size: number
      readonly dev: string
    }
  | { readonly reason: 'message-size'; readonly mtu: number; readonly size: number }
  | {
      readonly reason: 'over-mtu-link'
      readonly mtu: number
      readonly size: number
      readonly dev: string
    }
  | { readonly reason: 'link-down'; readonly dev: string }
  | { readonly reason: 'no-socket'; readonly proto: 'tcp' | 'udp' | 'icmp'; readonly port: number }
  | { readonly reason: 'vxlan-no-remote'; readonly mac: Mac }
  | { readonly reason: 'tunnel-loop'; readonly dst: Address; readonly dev: string }
  | { readonly reason: 'too-nested'; readonly dev: string }
  | {
      readonly reason: 'nat-no-port'
      readonly proto: IpProto
      readonly src: Address
    }
  | { readonly reason: 'ipvs-no-server'; readonly ip: Address; readonly port: number }
  | { readonly reason: 'vxlan-unknown-vni'; readonly vni: number }
  | { readonly reason: 'vlan-unknown'; readonly vid: number; readonly dev: string }
  | { readonly reason: 'no-tunnel'; readonly src: Address; readonly dst: Address }
  | { readonly reason: 'dummy'; readonly dev: string }
  | { readonly reason: 'daemon-ttl' | 'no-lease'; readonly daemon: string; readonly dst: Address }
  | {
      readonly reason: 'security-group'
      readonly direction: 'ingress' | 'egress'
      readonly eni: string
      readonly groups: readonly string[]
    }
  | {
      readonly reason: 'network-acl'
      readonly direction: 'ingress' | 'egress'
      readonly subnet: string
      readonly rule: Ref | null
    }
  | { readonly reason: 'source-dest-check'; readonly eni: string; readonly ip: Address }
  | {
      readonly reason: 'vpc-no-route' | 'vpc-unknown-address' | 'vpc-no-public-address'
      readonly dst: Address
    }
  | { readonly reason: 'vpc-too-big'; readonly mtu: number; readonly size: number }
  | {
      readonly reason:
        | 'forwarding-off'
        | 'own-socket'
        | 'ttl-exceeded'
        | 'step-budget'
        | 'rule-budget'
        | 'broadcast-ignored'
        | 'not-arp-owner'
        | 'bad-packet'
        | 'icmp-ignored'
    }
/** Our name for why a packet was lost; DROPS says what the kernel and AWS call it. */
export type DropReason = Drop['reason']

/** Reasons for which nothing is lost: somebody saw what was not for him. */
const ASIDE: ReadonlySet<DropReason> = new Set(['other-host', 'not-arp-owner'])
/** Is the packet's own way at an end, and not that of one of its copies, or of a question to all? */
export function isLoss(drop: Drop): boolean {
  return !ASIDE.has(drop.reason)
}
