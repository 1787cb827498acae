import type { Ipv4, Mac } from '#lib/wire/addr.ts'
import type { Hook, NfTable } from '#lib/topology/linux.ts'
import type { Ref } from '#lib/topology/topology.ts'

/** The questions Linux asks, in its order (facts: net/ipv4, net/bridge, net/netfilter); then those of the VPC. */
export type LinuxStage =
  | 'app' | 'route-out' | 'reroute' | 'output' | 'rx' | 'bridge' | 'arp' | 'raw' | 'conntrack' | 'mangle' | 'nat' | 'route' | 'ip-forward'
  | 'source-check' | 'input' | 'reassemble' | 'socket' | 'icmp' | 'ttl' | 'mtu' | 'forward' | 'postrouting' | 'fragment' | 'neigh' | 'xmit' | 'tunnel' | 'daemon'
export type VpcStage = 'vpc-arp' | 'sg-egress' | 'src-check' | 'acl-egress' | 'vpc-route' | 'vpc-encap' | 'acl-ingress' | 'sg-ingress' | 'dst-check' | 'igw'
export type Stage = LinuxStage | VpcStage

/** A random match that was asked: what was drawn, in [0, 1), and what it had to be below; the rule that asked. */
export interface Draw { readonly rule: Ref; readonly value: number; readonly probability: number }

/** The one question a step answered, and the rows it rested on. `matched: null` means no row matched and the default applied. */
export type Decision =
  | { readonly kind: 'app'; readonly did: 'send' | 'receive' | 'error'; readonly what: string }
  | { readonly kind: 'route'; readonly dst: Ipv4; readonly rule: Ref | null; readonly matched: Ref | null; readonly rejected: readonly Ref[]; readonly local: boolean; readonly dev: string | null; readonly via: Ipv4 | null; readonly src: Ipv4 | null }
  | { readonly kind: 'hook'; readonly hook: Hook; readonly table: NfTable; readonly matched: Ref | null; readonly verdict: 'ACCEPT' | 'DROP' | 'REJECT' | 'DNAT' | 'SNAT' | 'MASQUERADE'; readonly mark?: number; readonly from?: string; readonly to?: string; readonly bridged?: boolean; readonly draws?: readonly Draw[] }
  | { readonly kind: 'conntrack'; readonly state: 'new' | 'established' | 'related' | 'invalid'; readonly matched: Ref | null; readonly translated: boolean }
  | { readonly kind: 'neigh'; readonly ip: Ipv4; readonly matched: Ref | null; readonly lladdr: Mac | null }
  | { readonly kind: 'arp'; readonly op: 'request' | 'reply'; readonly ip: Ipv4; readonly ours: boolean; readonly by: 'host' | 'vpc' }
  | { readonly kind: 'fdb'; readonly mac: Mac; readonly matched: Ref | null; readonly ports: readonly string[]; readonly up: boolean }
  | { readonly kind: 'socket'; readonly matched: Ref | null; readonly proto: 'tcp' | 'udp' | 'icmp'; readonly port: number; readonly did: string }
  | { readonly kind: 'sysctl'; readonly key: string; readonly matched: Ref | null; readonly value: number }
  | { readonly kind: 'source-check'; readonly src: Ipv4; readonly mode: number; readonly reverse: Ref | null }
  | { readonly kind: 'ttl'; readonly before: number; readonly left: number }
  | { readonly kind: 'mtu'; readonly dev: string; readonly mtu: number; readonly size: number; readonly df: boolean }
  | { readonly kind: 'fragments'; readonly did: 'fragment' | 'reassemble' | 'hold'; readonly sizes: readonly number[] }
  | { readonly kind: 'icmp'; readonly type: number; readonly code: number; readonly did: 'make' | 'receive' | 'ignore' }
  | { readonly kind: 'device'; readonly dev: Ref | null; readonly did: 'transmit' | 'receive' | 'encapsulate' | 'decapsulate' | 'loop' }
  | { readonly kind: 'lease'; readonly daemon: string; readonly dst: Ipv4; readonly matched: Ref | null; readonly rejected: readonly Ref[]; readonly remote: Ipv4 | null }
  | { readonly kind: 'security-group'; readonly direction: 'ingress' | 'egress'; readonly eni: string; readonly matched: Ref | null; readonly rejected: readonly Ref[]; readonly tracked: boolean }
  | { readonly kind: 'network-acl'; readonly direction: 'ingress' | 'egress'; readonly subnet: string; readonly matched: Ref | null }
  | { readonly kind: 'source-dest-check'; readonly eni: Ref; readonly ip: Ipv4; readonly enabled: boolean }
  | { readonly kind: 'vpc-route'; readonly dst: Ipv4; readonly matched: Ref | null; readonly rejected: readonly Ref[]; readonly target: string | null }
  | { readonly kind: 'vpc-mapping'; readonly dst: Ipv4; readonly eni: Ref | null }
  | { readonly kind: 'igw'; readonly gateway: string; readonly from: Ipv4; readonly to: Ipv4 }
