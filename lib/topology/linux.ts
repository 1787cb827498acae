import type { Cidr, Ipv4, Mac } from '#lib/wire/addr.ts'
import type { Dev } from './devs.ts'

/** `ip rule`: lowest priority number first. */
export interface Rule {
  readonly priority: number; readonly table: string
  readonly from?: Cidr; readonly to?: Cidr; readonly iif?: string
  readonly fwmark?: { readonly value: number; readonly mask: number }
}
/** `ip route`. The local table is not written out: it follows from the addresses of the devices, as in the kernel. */
export interface Route {
  readonly table: string; readonly dst: Cidr
  readonly type?: 'unicast' | 'blackhole' | 'unreachable' | 'prohibit'
  readonly dev?: string; readonly via?: Ipv4; readonly src?: Ipv4
  readonly onlink?: boolean; readonly metric?: number; readonly mtu?: number
  readonly proto?: 'kernel' | 'dhcp'; readonly scope?: 'link' | 'host'
}
/** STALE is heard of, not confirmed; DELAY is STALE and somebody was sent to: five seconds later the kernel asks (PROBE), which a walk does not wait for. */
export interface Neigh { readonly ip: Ipv4; readonly dev: string; readonly lladdr: Mac | null; readonly state: 'PERMANENT' | 'REACHABLE' | 'STALE' | 'DELAY' | 'INCOMPLETE' | 'FAILED' }
/** `bridge fdb`: on a bridge `dev` is the port and `master` the bridge; on a vxlan device `dst` is the remote VTEP. */
export interface FdbEntry { readonly mac: Mac; readonly dev: string; readonly master?: string; readonly dst?: Ipv4; readonly state: 'permanent' | 'learned' }

export type Hook = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING'
export type NfTable = 'raw' | 'mangle' | 'nat' | 'filter'
/** A chain: built in (with its policy) or a user's (policy null). Built-in chains with policy ACCEPT need no row. */
export interface NfChain { readonly table: NfTable; readonly chain: string; readonly policy: 'ACCEPT' | 'DROP' | null }
export type Ctstate = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID'
export type NfTarget =
  | { readonly type: 'ACCEPT' | 'DROP' | 'RETURN' }
  | { readonly type: 'JUMP'; readonly chain: string }
  | { readonly type: 'MASQUERADE'; readonly randomFully?: boolean }
  | { readonly type: 'SNAT'; readonly to: Ipv4; readonly randomFully?: boolean }
  | { readonly type: 'DNAT'; readonly to: Ipv4; readonly port?: number }
  /** new mark = (mark & ~mask) ^ value for set; or, xor and and do what they say with value. */
  | { readonly type: 'MARK'; readonly op: 'set' | 'or' | 'xor' | 'and'; readonly value: number; readonly mask: number }
  | { readonly type: 'CONNMARK'; readonly op: 'set'; readonly value: number; readonly mask: number }
  | { readonly type: 'CONNMARK'; readonly op: 'save' | 'restore'; readonly nfmask: number; readonly ctmask: number }
  | { readonly type: 'REJECT'; readonly with: 'icmp-port-unreachable' | 'icmp-host-unreachable' | 'icmp-admin-prohibited' | 'tcp-reset' }
/** The words behind -m, for the matches of an NfRule; ports are those of tcp or udp. */
export type NfMatch = 'tcp' | 'udp' | 'mark' | 'conntrack' | 'comment' | 'addrtype' | 'statistic' | 'multiport'
/** One iptables rule; order in the table is order in its chain. Names ending in + match any suffix. */
export interface NfRule {
  readonly table: NfTable; readonly chain: string
  readonly src?: Cidr; readonly dst?: Cidr; readonly proto?: 'tcp' | 'udp' | 'icmp'
  readonly sport?: number; readonly dport?: number
  /** -m multiport --dports: one of them. */
  readonly dports?: readonly number[]
  readonly iif?: string; readonly oif?: string
  readonly mark?: { readonly value: number; readonly mask: number }
  readonly ctstate?: readonly Ctstate[]
  readonly srcType?: 'LOCAL'; readonly dstType?: 'LOCAL'
  /** addrtype --limit-iface-in: the address must be one of the input device's own. */
  readonly limitIfaceIn?: boolean
  /** Matches written with ! before them. */
  readonly not?: readonly ('src' | 'dst' | 'proto' | 'sport' | 'dport' | 'iif' | 'oif' | 'mark' | 'srcType' | 'dstType')[]
  readonly comment?: string
  /** -m statistic --mode random: the share of packets that match, from 0 to 1. The kernel keeps 31 bits of it. */
  readonly statistic?: { readonly probability: number }
  /** The order in which the matches were written, where it is not mark, conntrack, comment, addrtype behind the ports: iptables-save keeps it. */
  readonly matches?: readonly NfMatch[]
  readonly target: NfTarget
}
/** Ports are the ICMP id for ICMP (both fields). */
export interface Tuple { readonly src: Ipv4; readonly dst: Ipv4; readonly sport: number; readonly dport: number }
export interface Conntrack {
  readonly proto: 'tcp' | 'udp' | 'icmp'; readonly original: Tuple; readonly reply: Tuple
  readonly mark: number
  /** Has the reply direction been seen? `conntrack -L` prints [UNREPLIED] until then. */
  readonly replied: boolean
  /** TCP only, as conntrack names it. */
  readonly state?: 'SYN_SENT' | 'SYN_RECV' | 'ESTABLISHED' | 'FIN_WAIT' | 'CLOSE_WAIT' | 'LAST_ACK' | 'TIME_WAIT' | 'CLOSE'
  /** The kernel has freed it: not looked up or listed any more. The row stays, so that what refers to a row number stays true. */
  readonly gone?: boolean
}
/** A listening socket. */
export interface Socket { readonly proto: 'tcp' | 'udp'; readonly port: number; readonly addr?: Ipv4; readonly program: string }
export interface Sysctl { readonly key: `net.${string}`; readonly value: number }
/** flanneld's udp backend: a program that holds a TUN device and a UDP socket. */
export interface Daemon { readonly name: string; readonly tun: string; readonly port: number; readonly local: Ipv4 }
/** What flanneld keeps of etcd: which node leases which range. Watched, never asked per packet. */
export interface Lease { readonly daemon: string; readonly subnet: Cidr; readonly publicIp: Ipv4; readonly backendType: 'udp' | 'vxlan' | 'host-gw'; readonly vtepMac?: Mac }

export interface LinuxTables {
  devs: Dev; rules: Rule; routes: Route; neigh: Neigh; fdb: FdbEntry
  chains: NfChain; netfilter: NfRule; conntrack: Conntrack; sockets: Socket; sysctls: Sysctl
  daemons: Daemon; leases: Lease
}
