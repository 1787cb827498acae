import type { Address } from '#lib/wire/addr.ts'
import type { Icmp, Packet } from '#lib/wire/packet.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { NfVerdict } from '#lib/lookup/netfilter.ts'
import type { RouteAnswer } from '#lib/lookup/route.ts'
import type { Device } from './device.ts'
import type { Sender } from './sender.ts'
import type { Skb } from './skb.ts'

/** An ICMP error to be sent: `rest` is the second word of its header. */
export interface IcmpError {
  readonly type: number
  readonly code: number
  readonly rest?: number
  /** The way to whom it is sent, if it was looked up already. */
  readonly back?: RouteAnswer
}

/** How a packet that was made here leaves. */
export interface Leaving {
  /** The tunnel device that wrapped it. */
  readonly through?: string
  /** The way, if it was looked up already. */
  readonly way?: RouteAnswer | null
}

/** Who wants to send, and where to; `out`: the device it would leave by, null if it is for this machine. */
export interface Sending {
  readonly src: Address
  readonly dst: Address
  readonly out: string | null
}

/**
 * The calls that go up, or to a room of the same floor. lib/walk/walk.ts fills them in; all others go down by import. `Here` is a place in
 * a namespace and `At` one of its devices (lib/run/run.ts): parameters, since a run holds its ports.
 */
export interface Ports<Here, At extends Here> {
  /** netif_receive_skb(): a frame came in. `to`: whom it is for, where the device says so whatever its address. */
  receive(at: At, s: Skb, to?: Skb['to']): void
  /** deliver_skb(): from a bridge to the protocol, without another tap. */
  upper(at: At, s: Skb): void
  /** dev_queue_xmit(): hand a frame to any device. */
  xmit(at: At, s: Skb): void
  /** How devices of a kind behave (netdev_ops). */
  deviceOf(dev: Dev): Device<At, Here>
  /** ip_route_input(): who may send this packet in? False if it ended there. */
  maySend(at: At, s: Skb, sending: Sending): boolean
  /** ip_do_fragment() */
  split(at: At, s: Skb, mtu: number): Skb[]
  /** ip_local_out(): a packet made here. False if it does not leave. */
  localOut(here: Here, s: Skb, leaving?: Leaving): boolean
  /** icmp_send(): the sender is told. */
  error(here: Here, s: Skb, error: IcmpError): void
  /** nf_reject: the sender is told as the rule says. */
  reject(here: Here, s: Skb, verdict: NfVerdict): void
  /** A frame leaves a NIC for the VPC. */
  fabric(at: At, s: Skb): void
  /** udp_rcv() */
  udp(at: At, s: Skb): void
  /** tcp_v4_rcv() */
  tcp(at: At, s: Skb): void
  /** tcp_v4_early_demux(): is it of a connection of this machine's own? */
  early(here: Here, p: Packet): boolean
  /** ping_rcv(): an answer to an echo. False if no program waits for it. */
  echoed(at: At, s: Skb, icmp: Icmp): boolean
  /** icmp_socket_deliver(): null if nobody here sent it. */
  sender(here: Here, quoted: Packet): Sender | null
}
