import type { Address } from '#lib/wire/addr.ts'

/* The words that a rule's fields may hold. */

/** What `-m conntrack --ctstate` asks for: DNAT and SNAT are said of a connection beside one of the others. */
export type Ctstate = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID' | 'UNTRACKED' | 'SNAT' | 'DNAT'

/** A port, or all from one to another, as iptables writes them: 80, 30000:32767. */
export type Ports = number | `${number}:${number}`

/** Addresses from one to another, as iptables writes them: 10.0.0.4-10.0.0.9. */
export type AddressRange = `${Address}-${Address}`

/** What --icmp-type takes: 8; 3/4 where the code is asked for too. */
export type IcmpType = number | `${number}/${number}`

/** A set that an address or a port is looked up in, as --match-set has it: `flags` says for each part of its entries whose it is, `dst` or `dst,dst,src`. */
export interface SetMatch {
  readonly name: string
  readonly flags: string
  readonly not?: true
}

/** A further -m addrtype, of which iptables takes any number: each has its own limit. */
export interface AddrType {
  readonly srcType?: 'LOCAL'
  readonly dstType?: 'LOCAL'
  readonly limitIfaceIn?: true
  readonly limitIfaceOut?: true
  readonly not?: readonly ('srcType' | 'dstType')[]
}

/** -m rpfilter: the way back to the source, as strict rp_filter asks for it, leads out of the device that the packet came in by. */
export interface RpFilter {
  /** Any device will do. */
  readonly loose?: true
  /** The way is asked with the packet's mark. */
  readonly validmark?: true
  /** A source of this machine's own will do. */
  readonly acceptLocal?: true
  /** For what fails. */
  readonly invert?: true
}

/** -m recent: a list of addresses by its name. What `set` and `update` do is done in the walk. */
export interface RecentMatch {
  readonly op: 'set' | 'rcheck' | 'update' | 'remove'
  readonly name: string
  /** Put there no longer ago than that. */
  readonly seconds?: number
  /** Who was put there longer ago is taken out. */
  readonly reap?: true
  /** The destination's address, not the source's. */
  readonly dest?: true
}

/** -m physdev: the ports of a bridge that the packet came in by and will leave by, where br_netfilter shows it to the hooks. A packet that goes up to the host keeps the one; the other is known of what is only switched. Names may end in +. */
export interface PhysDev {
  readonly in?: string
  readonly out?: string
  /** Some port. */
  readonly isIn?: true
  readonly isOut?: true
  /** Switched, and not routed: both are known. */
  readonly isBridged?: true
  readonly not?: readonly ('in' | 'out' | 'isIn' | 'isOut' | 'isBridged')[]
}

/** -m pkttype */
export type PktType = 'unicast' | 'broadcast' | 'multicast'

/** So many packets in a time: 10/min. */
export type Rate = `${number}/${'sec' | 'min' | 'hour' | 'day'}`

/** -m limit: a bucket of so many packets, 5 when left out, that fills at this rate; who finds it empty does not fit. */
export interface Limit {
  readonly rate: Rate
  readonly burst?: number
}

/** The words behind -m, for the matches of an NfRule; ports are those of tcp or udp, states those of conntrack or state. */
export type NfMatch =
  | 'tcp'
  | 'udp'
  | 'icmp'
  | 'iprange'
  | 'mark'
  | 'connmark'
  | 'conntrack'
  | 'state'
  | 'comment'
  | 'set'
  | 'rpfilter'
  | 'addrtype'
  | 'recent'
  | 'physdev'
  | 'mac'
  | 'pkttype'
  | 'limit'
  | 'statistic'
  | 'multiport'

/** Matches that may have a ! before them. */
export type Negatable =
  | 'src'
  | 'dst'
  | 'proto'
  | 'sport'
  | 'dport'
  | 'sports'
  | 'dports'
  | 'ports'
  | 'tcpFlags'
  | 'icmpType'
  | 'iif'
  | 'oif'
  | 'srcRange'
  | 'dstRange'
  | 'mark'
  | 'connmark'
  | 'ctstate'
  | 'srcType'
  | 'dstType'
  | 'recent'
  | 'mac'
  | 'pkttype'

/** Behind -m. */
export const MATCHES = [
  'tcp',
  'udp',
  'icmp',
  'iprange',
  'mark',
  'connmark',
  'conntrack',
  'state',
  'comment',
  'set',
  'rpfilter',
  'addrtype',
  'recent',
  'physdev',
  'mac',
  'pkttype',
  'limit',
  'statistic',
  'multiport',
] as const satisfies readonly NfMatch[]

/** What may have a ! before it. */
export const NEGATABLE = [
  'src',
  'dst',
  'proto',
  'sport',
  'dport',
  'sports',
  'dports',
  'ports',
  'tcpFlags',
  'icmpType',
  'iif',
  'oif',
  'srcRange',
  'dstRange',
  'mark',
  'connmark',
  'ctstate',
  'srcType',
  'dstType',
  'recent',
  'mac',
  'pkttype',
] as const satisfies readonly Negatable[]

/** Behind --ctstate: bits of one number, printed in this order, however they were typed. */
export const STATES = [
  'INVALID',
  'NEW',
  'RELATED',
  'ESTABLISHED',
  'UNTRACKED',
  'SNAT',
  'DNAT',
] as const satisfies readonly Ctstate[]
