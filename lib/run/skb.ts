import { BROADCAST, isGroup, type Address, type Mac } from '#lib/wire/addr.ts'
import type { Ethernet, Packet } from '#lib/wire/packet.ts'
import type { Conntrack, Tuple } from '#lib/topology/rows.ts'
import type { Frame } from '#lib/trace/walk.ts'
import type { Marked } from '#lib/lookup/netfilter.ts'
import type { RouteAnswer } from '#lib/lookup/route.ts'

/** A packet under way, as the kernel's sk_buff: the bytes and what one kernel remembers about them. Mutable; belongs to one run. */
export interface Skb {
  packet: Packet
  readonly message: number
  /** The last step recorded for it. */
  step: number
  mark: number
  /** The rules that the mark comes from; null without a mark. */
  markedBy: Marked
  /** Device it arrived on; null for a packet made here. */
  iif: string | null
  ct: Ct | null
  ctDir: 'original' | 'reply'
  /** `untracked`: a rule said to leave it alone. */
  ctState: 'new' | 'established' | 'related' | 'invalid' | 'untracked' | null
  /** br_netfilter has already run PREROUTING (ip_sabotage_in). */
  sabotaged: boolean
  /** Largest fragment seen when conntrack put it together; 0 if it was whole. */
  fragMax: number
  /** What each fragment carried when they were put together, in bytes (the skb's frag_list): it leaves so if they fit. Null: it was whole, or is a clone. */
  came: readonly number[] | null
  /** One of several copies of a flood: losing it does not end the flow. */
  copy: boolean
  /** Whom the frame it came in was for. */
  to: Frame['to']
  /** That frame's header, once it is off. */
  frame: Ethernet | null
  /** What br_netfilter knows: the ports it came in by and leaves by (struct nf_bridge_info). */
  physIn: string | null
  physOut: string | null
  /** br_netfilter has already routed it in: who it is from and for was looked at then. */
  asked: boolean
  /** The way it left by (skb_dst): what comes back over lo still has it. */
  way: RouteAnswer | null
  /** IPVS has seen to it (ipvs_property). */
  virtual: boolean
}

/** A connection to a virtual service (struct ip_vs_conn), and the row of its real server, -1 if that is gone. */
export interface VirtualConn {
  readonly proto: 'tcp' | 'udp'
  readonly client: SocketAddress
  readonly virtual: SocketAddress
  readonly server: SocketAddress
  readonly row: number
}
interface SocketAddress {
  readonly ip: Address
  readonly port: number
}

/** A conntrack entry as this run knows it; `index` is its row once confirmed, -1 before. */
export interface Ct {
  readonly proto: Conntrack['proto']
  readonly original: Tuple
  reply: Tuple
  mark: number
  markedBy: Marked
  replied: boolean
  state: Conntrack['state'] | undefined
  index: number
  /** Which of the two nat decisions have been taken (kernel: IPS_DST_NAT_DONE, IPS_SRC_NAT_DONE). */
  dstDone: boolean
  srcDone: boolean
  /** No port was free: its answers would be another connection's. */
  taken: boolean
  /** IPVS has turned its destination, and turns its answers back (ip_vs_update_conntrack). */
  virtual: boolean
}

/** A connection under one of its two tuples; those with the same hash are chained. */
export interface CtSlot {
  readonly ct: Ct
  readonly dir: 'original' | 'reply'
  readonly next: CtSlot | undefined
}

/** A packet that no kernel knows anything of yet (alloc_skb); `from` is the step it comes from, -1 at an origin. */
export function skb(packet: Packet, message: number, from = -1): Skb {
  return {
    packet,
    message,
    step: from,
    mark: 0,
    markedBy: null,
    iif: null,
    ct: null,
    ctDir: 'original',
    ctState: null,
    sabotaged: false,
    fragMax: 0,
    came: null,
    copy: false,
    to: null,
    frame: null,
    physIn: null,
    physOut: null,
    asked: false,
    way: null,
    virtual: false,
  }
}

/** The same bytes for another kernel, which knows nothing of them (skb_scrub_packet). */
export function scrubbed(s: Skb): Skb {
  const fresh = skb(s.packet, s.message, s.step)
  fresh.copy = s.copy
  return fresh
}

/** Whom a frame is for, seen from the device it came in on (kernel: eth_type_trans). */
export function addressee(frame: Ethernet, mac: Mac): NonNullable<Frame['to']> {
  if (frame.dst === mac) return 'host'
  if (frame.dst === BROADCAST) return 'broadcast'
  return isGroup(frame.dst) ? 'multicast' : 'otherhost'
}
