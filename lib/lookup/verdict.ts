import type { Address } from '#lib/wire/addr.ts'
import type { Ethernet, Packet } from '#lib/wire/packet.ts'
import type { NfRule, NfTarget, Tuple } from '#lib/topology/rows.ts'
import type { Netns, Ref } from '#lib/topology/topology.ts'

/** What the matches of a rule look at. Ports are 0 where the protocol has none; `iif` or `oif` is null at hooks that do not know it. */
export interface NfQuestion {
  readonly src: string
  readonly dst: string
  /** IP protocol number. */
  readonly proto: number
  readonly sport: number
  readonly dport: number
  readonly iif: string | null
  readonly oif: string | null
  readonly mark: number
  readonly ctmark: number
  /** The rules that set and copied these marks, in order; null where none did, or nobody knows. */
  readonly markedBy?: Marked
  readonly ctmarkedBy?: Marked
  readonly ctstate: 'new' | 'established' | 'related' | 'invalid' | 'untracked'
  /** What random matches draw from: the connection's original tuple (the packet's own where there is no connection) and the flow's `draw` (0). */
  readonly original?: Tuple | null
  /** How the connection's answers look, and the packet itself: for matches that few rules have. */
  readonly reply?: Tuple | null
  readonly packet?: Packet
  readonly draw?: number
  /** What rules have kept in this walk, and what time it is in ms. */
  readonly noted?: readonly Noted[] | null
  readonly now?: number
  /** Where it came from below IP. */
  readonly link?: Link
}
/** What is known of a packet below IP, where anybody asks. */
export interface Link {
  /** Whom the frame was for that it came in; null: it came in none. */
  readonly to: 'host' | 'broadcast' | 'multicast' | 'otherhost' | null
  /** That frame; null also where the link has no such header. */
  readonly frame: Ethernet | null
  /** The port of a bridge that it came by, where br_netfilter looks at it, and the one it is switched to; null: none, or not known. */
  readonly physIn: string | null
  readonly physOut: string | null
}
/** An address that a rule put into a list of `-m recent`, or took out; or what was left, at this time, in a rule's bucket (`-m limit`). */
export type Noted =
  | { readonly op: 'put' | 'del'; readonly list: string; readonly ip: Address }
  | { readonly op: 'left'; readonly rule: NfRule; readonly at: number; readonly tokens: number }
/** The rules that a mark comes from: the one that set it, then those that copied it between packet and connection. */
export type Marked = readonly Ref[] | null
/** One question to a statistic match: what was drawn, in [0, 1), and what it had to be below. */
export interface NfDraw {
  readonly rule: number
  readonly value: number
  readonly probability: number
}
/** What a SYN may say of the largest segment. */
export type Clamp = Extract<NfTarget, { type: 'TCPMSS' }>
/** What a table decided at a hook. */
export interface NfVerdict {
  readonly verdict:
    | 'ACCEPT'
    | 'DROP'
    | 'REJECT'
    | 'DNAT'
    | 'SNAT'
    | 'MASQUERADE'
    | 'REDIRECT'
    | 'NETMAP'
  /** Row of the rule that decided; null: the policy of the chain did. */
  readonly rule: number | null
  readonly target: NfTarget | null
  /** The marks after MARK and CONNMARK targets met on the way, unsigned 32-bit. */
  readonly mark: number
  readonly ctmark: number
  /** Where they come from now; and where the bits came from that a rule last compared, null if none compared any that were set. */
  readonly markedBy: Marked
  readonly ctmarkedBy: Marked
  readonly weighed: Marked
  /** Rows that matched on the way without deciding: jumps, marks, returns; in order. */
  readonly touched: readonly number[]
  /** A NOTRACK was met: conntrack is to leave the packet alone. */
  readonly untracked: boolean
  /** The TCPMSS targets met on the way, in order. */
  readonly clamps: readonly Clamp[]
  /** What was drawn on the way, in order. */
  readonly draws: readonly NfDraw[]
  /** What rules kept on the way, in order. */
  readonly noted?: readonly Noted[] | null
  /** How many rules were compared. */
  readonly compared: number
}

/** A question that a chain was asked in a namespace, and its answer. */
export interface Remembered {
  readonly devs: Netns['devs']
  readonly name: string
  readonly q: NfQuestion
  readonly verdict: NfVerdict
}

/** A packet as such a match sees it, in its namespace; its state may have changed on the way through the table (NOTRACK). */
export interface Seen {
  readonly n: Netns
  readonly q: NfQuestion
  readonly ctstate: NfQuestion['ctstate']
  readonly mark: number
  readonly ctmark: number
  /** The packet's addresses as numbers. */
  readonly src: number
  readonly dst: number
  /** What rules keep on the way. */
  noted: readonly Noted[] | null
}
/** One match: what holds, and whether a ! turns it round. */
export interface Extra {
  readonly not: boolean
  readonly holds: (s: Seen) => boolean
}
