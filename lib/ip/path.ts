import { ipOf, pop } from '#lib/wire/packet.ts'
import type { RouteAnswer } from '#lib/lookup/route.ts'
import { fromPort } from '#lib/link/bridge.ts'
import { stacked } from '#lib/link/stack.ts'
import { xmit } from '#lib/link/xmit.ts'
import { gather } from '#lib/nf/defrag.ts'
import * as hooks from '#lib/nf/hooks.ts'
import { isDevice, place } from '#lib/run/live.ts'
import type { Leaving, Ports } from '#lib/run/ports.ts'
import type { At, Here } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import { arpRcv } from './arp.ts'
import { countDown, fits, mayForward } from './forward.ts'
import { hearsOfLoss, refused, split } from './fragments.ts'
import { neighbour, vanished } from './neighbour.ts'
import { routeAgain, routeOut } from './output.ts'
import { protocol } from './protocol.ts'
import { redirect } from './redirect.ts'
import { knownWay, routeIn } from './route.ts'
import { isFor, rx } from './rx.ts'
import { addresses, source } from './source-check.ts'

/*
 * The order in which Linux asks its questions, from wire to wire. QUESTIONS are the questions, each a function of its own; `path` below
 * says when each is asked, and is what runs. A question that answers false, or null, has ended the packet's way and recorded why.
 */

/** The questions, each with the kernel function that asks it. */
export const QUESTIONS = {
  /** __netif_receive_skb_core(): is the device up, and whom is the frame for? Captures see it. */
  rx,
  /** vlan_do_receive(): is it tagged, and whose VLAN is it? Asked before all else that may take a frame. */
  vlan: (at: At, s: Skb) => stacked().vlanRcv(at, s),
  /** ipvlan_handle_frame(): is it the master of slaves, and is it one's? */
  ipvlan: (at: At, s: Skb) => stacked().fromMaster(at, s),
  /** br_handle_frame(): the device is a bridge's port, and the bridge says where to. */
  bridge: fromPort,
  /** deliver_skb(): a protocol that is known, and a frame that is ours? */
  isFor,
  /** arp_rcv(): who asks, and who answers? */
  arp: arpRcv,
  /** NF_INET_PRE_ROUTING: fragments, raw, conntrack, mangle, DNAT. */
  prerouting: hooks.prerouting,
  /** l3mdev_ip_rcv(): is it a slave's, in mode L3S, for whom the master's netfilter asks? */
  l3mdev: (at: At, s: Skb) => stacked().l3mdev(at, s),
  /** skb_valid_dst(): does it still have its way, since it came back over lo? */
  knownWay,
  /** ip_route_input_slow(): addresses that something from outside may have? */
  addresses,
  /** fib_lookup(): here, on, or nowhere? */
  route: routeIn,
  /** fib_validate_source(): may the sender send from there? */
  source,
  /** ip_defrag() of ip_local_deliver(): are all fragments here? */
  reassemble: gather,
  /** NF_INET_LOCAL_IN: mangle, filter, SNAT, confirmation. */
  input: hooks.input,
  /** ip_protocol_deliver_rcu(): ICMP, UDP or TCP? */
  protocol,
  /** ip_forward(): sent to this machine alone, and with a hop left? */
  mayForward,
  /** ip_exceeds_mtu(): does it fit the next link, or may it be cut? Else ICMP 3/4, fragmentation needed. */
  fits,
  /** ip_decrease_ttl() */
  countDown,
  /** ip_rt_send_redirect(): could it have gone without us? */
  redirect,
  /** NF_INET_FORWARD: mangle, filter. */
  forward: hooks.forward,
  /** ip_route_output_key_hash(): is there a way out, and one for this source? */
  routeOut,
  /** NF_INET_LOCAL_OUT: raw, conntrack, mangle, DNAT. */
  output: hooks.output,
  /** ip_route_me_harder(): translated or marked, does it go elsewhere? */
  routeAgain,
  /** NF_INET_LOCAL_OUT: filter. */
  outputFilter: hooks.outputFilter,
  /** NF_INET_POST_ROUTING: mangle, SNAT, confirmation. */
  postrouting: hooks.postrouting,
  /** ip_fragment(): which pieces fit? */
  split,
  /** ip_finish_output2(): which link-layer address has the next hop? */
  neighbour,
  /** dev_queue_xmit(): is the device up, and what does it do with the frame? */
  xmit,
} as const
export type Questions = typeof QUESTIONS

/** The way from wire to wire by these questions: what the IP layer lets others call. */
export function path(
  q: Questions,
): Pick<Ports<Here, At>, 'receive' | 'upper' | 'maySend' | 'localOut' | 'split' | 'xmit'> {
  /** netif_receive_skb(). Where nothing stands on another device there is no tag and no slave, and nobody asks for them. */
  function receive(at: At, s: Skb, to?: Skb['to']): void {
    if (!q.rx(at, s, to)) return
    if (at.dev.master === undefined) upper(at, s)
    else if (at.run.stack === null || q.vlan(at, s)) q.bridge(at, s)
  }

  /** deliver_skb(): from the device to its protocol. */
  function upper(at: At, s: Skb): void {
    if (at.run.stack !== null && (!q.vlan(at, s) || !q.ipvlan(at, s))) return
    const protocol = q.isFor(at, s)
    if (protocol === 'arp') q.arp(at, s)
    else if (protocol === 'ip') ipRcv(at, s)
  }

  /** ip_rcv(): the link layer comes off. What br_netfilter has shown to PREROUTING is not shown again (ip_sabotage_in). */
  function ipRcv(at: At, s: Skb): void {
    const frame = s.packet.headers[0]
    if (frame?.kind === 'ethernet') {
      s.frame = frame
      s.packet = pop(s.packet)
    }
    if (s.sabotaged) s.sabotaged = false
    else if (!q.prerouting(at, s)) return
    rcvFinish(at, s)
  }

  /** ip_rcv_finish(): on the address as DNAT left it. Who may send was asked already where br_netfilter has routed it in. */
  function rcvFinish(at: At, s: Skb): void {
    const slave = at.run.stack === null ? null : q.l3mdev(at, s)
    if (slave !== null) return localDeliver(at, s, slave)
    if (q.knownWay(at, s)) return localDeliver(at, s)
    const { asked } = s
    s.asked = false
    const { src, dst } = ipOf(s.packet)!
    if (!asked && !q.addresses(at, s, { src, dst })) return
    const way = q.route(at, s)
    if (way === null) return
    const out = way.type === 'local' ? null : way.dev
    if (!asked && !q.source(at, s, { src, dst, out })) return
    if (out === null) localDeliver(at, s)
    else ipForward(at, s, way)
  }

  /** ip_local_deliver(): for this machine; `to`: whose device it is delivered on. */
  function localDeliver(at: At, s: Skb, to = at): void {
    if (!q.reassemble(at, s, 'input')) return
    if (!q.input(at, s)) return
    q.protocol(to, s)
  }

  /** ip_forward(): for another one. In this order, and only then FORWARD (net/ipv4/ip_forward.c). */
  function ipForward(at: At, s: Skb, way: RouteAnswer): void {
    if (!q.mayForward(at, s, way)) return
    if (!q.fits(at, s, way)) return
    q.countDown(at, s)
    q.redirect(at, s, way)
    if (!q.forward(at, s, way.dev!)) return
    // ip_vs_route_me_harder(): an answer that IPVS has turned back is routed by its new source.
    const last = s.virtual ? q.routeAgain(at.l.here, s) : way
    if (last !== null) ipOutput(place(at.l, last.dev!), s, last)
  }

  /** ip_local_out(): made here. */
  function localOut({ l }: Here, s: Skb, leaving?: Leaving): boolean {
    const first = q.routeOut(l.here, s, leaving)
    if (first === null) return false
    const [{ dst }, { mark }] = [ipOf(s.packet)!, s]
    const out = place(l, first.dev!)
    if (!q.output(out, s)) return false
    const stays = ipOf(s.packet)!.dst === dst && s.mark === mark
    const way = stays ? first : q.routeAgain(l.here, s)
    if (way === null) return false
    const last = stays ? out : place(l, way.dev!)
    if (!q.outputFilter(last, s)) return false
    ipOutput(last, s, way)
    return true
  }

  /** ip_output() */
  function ipOutput(out: Here, s: Skb, way: RouteAnswer): void {
    s.way = way
    if (!q.postrouting(out, s)) return
    if (isDevice(out)) finishOutput(out, s, way)
    else vanished(out, s)
  }

  /** ip_finish_output(): what does not fit is cut, and each piece goes to the next hop. */
  function finishOutput(out: At, s: Skb, way: RouteAnswer): void {
    const pieces = q.split(out, s, way.mtu ?? out.dev.mtu)
    const nexthop = way.via ?? ipOf(s.packet)?.dst ?? '0.0.0.0'
    for (let i = 0; i < pieces.length; i += 1) {
      const told = pieces.length > 1 && hearsOfLoss(out, nexthop)
      q.neighbour(out, pieces[i]!, nexthop)
      // ip_do_fragment(): a piece that the device refuses ends it.
      if (told && refused(out, s, pieces.slice(i))) return
    }
  }

  return {
    receive,
    upper,
    maySend: (at, s, sending) => q.addresses(at, s, sending) && q.source(at, s, sending),
    localOut,
    split: q.split,
    xmit: q.xmit,
  }
}
