import { isLoopback, addressOf, inCidr, networkOf } from '#lib/wire/addr.ts'
import { find, NO_BYTES, type Arp, type Packet } from '#lib/wire/packet.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Drop } from '#lib/trace/drop.ts'
import { confMax, forwards, sysctl } from '#lib/lookup/sysctl.ts'
import { answered, learn } from '#lib/link/neigh.ts'
import { later } from '#lib/run/clock.ts'
import { legOf, message, NO_WRITES, record } from '#lib/run/record.ts'
import type { At } from '#lib/run/run.ts'
import { skb, type Skb } from '#lib/run/skb.ts'
import { routesLocalnet } from './localnet.ts'

/** net.ipv4.neigh.*.proxy_delay, hundredths of a second. */
const PROXY_DELAY = 80
const TICK_MS = 10

/**
 * arp_process(): answer for any address of ours, whatever the device (unless arp_ignore or arp_filter says otherwise), and by proxy_arp
 * for what is behind another device; learn from who asks us (STALE: heard of, not confirmed). What else is heard of somebody who is
 * known or being asked for is taken from any packet of his.
 */
export function arpRcv(at: At, s: Skb): void {
  const { run, l, dev } = at
  const a = find(s.packet, 'arp')!
  // arp_rcv(): IFF_NOARP.
  if (at.kind.resolve !== 'arp')
    return tell(at, s, { a, ip: a.tpa, ours: false, drop: { reason: 'not-arp-owner' } })
  const request = a.op === 'request'
  if (isLoopback(a.tpa) && !routesLocalnet(l, dev.name))
    return tell(at, s, {
      a,
      ip: a.tpa,
      ours: false,
      drop: { reason: 'martian-destination', dst: a.tpa, arrivedOn: dev.name },
    })
  // What is ours is the routing decision's to say, as for any packet.
  const r = request ? run.asks.route(l.n, a.tpa, { src: a.spa, iif: dev.name, mark: 0 }) : null
  if (r?.type === 'local') return asked(at, s, { a, out: null, delay: null })
  // arp_fwd_proxy(): the way there leads out of another device.
  if (
    r?.type === 'unicast' &&
    r.dev !== dev.name &&
    confMax(l.n, dev.name, 'proxy_arp') > 0 &&
    forwards(l.n, dev.name)
  ) {
    const delay = sysctl(l.n, `net.ipv4.neigh.${dev.name}.proxy_delay`, PROXY_DELAY)
    return asked(at, s, { a, out: r.dev, delay })
  }
  const write = heard(at, a, s.to === 'host')
  tell(at, s, {
    a,
    ip: request ? a.tpa : a.spa,
    ours: !request,
    writes: write === null ? NO_WRITES : [write],
    drop: request ? { reason: 'not-arp-owner' } : null,
  })
  if (write !== null) answered(at, { ip: a.spa, lladdr: a.sha })
}

function tell(
  at: At,
  s: Skb,
  {
    a,
    ip,
    ours,
    writes = NO_WRITES,
    drop = null,
  }: {
    readonly a: Arp
    readonly ip: Arp['tpa']
    readonly ours: boolean
    readonly writes?: readonly Edit[]
    readonly drop?: Drop | null
  },
): void {
  const decision = { kind: 'arp', op: a.op, ip, ours, by: 'host' } as const
  record(at, s, { stage: 'arp', decision, writes, drop })
}

/** A question for an address of ours, or, with a delay in hundredths of a second, for one that we answer for: it is behind `out`. */
interface Question {
  readonly a: Arp
  readonly out: string | null
  readonly delay: number | null
}

function asked(at: At, s: Skb, { a, out, delay }: Question): void {
  const { run } = at
  // Duplicate address detection.
  const fromNobody = a.spa === '0.0.0.0'
  // ip_route_input() stands before the answer: who may not send here is not answered either.
  if (!fromNobody && !run.ports.maySend(at, s, { src: a.spa, dst: a.tpa, out })) return
  const silent = delay === null && !fromNobody && ignores(at, a)
  const writes =
    silent || fromNobody || knows(at, a)
      ? NO_WRITES
      : [learn(at, { ip: a.spa, lladdr: a.sha, state: 'STALE' })]
  tell(at, s, {
    a,
    ip: a.tpa,
    ours: !silent,
    writes,
    drop: silent ? { reason: 'not-arp-owner' } : null,
  })
  if (silent) return
  // pneigh_enqueue(): at a random time within the delay, so that the owner is first if he hears it too. Here in the middle.
  if (delay !== null && delay > 0) later(run, (delay * TICK_MS) / 2, () => answer(at, s, a))
  else answer(at, s, a)
  if (writes.length > 0) answered(at, { ip: a.spa, lladdr: a.sha })
}

/** neigh_event_ns(), which overrides: does the asker's entry stay as it is? Only one that a person wrote to stay, or one that has the address already. */
function knows({ run, l, dev }: At, a: Arp): boolean {
  const fresh = l.neigh.get(`${dev.name}|${a.spa}`)?.row
  const row = fresh ?? l.n.neigh[run.asks.neigh(l.n, dev.name, a.spa)]
  if (row === undefined || row.state === 'FAILED' || row.state === 'INCOMPLETE') return false
  return row.state === 'PERMANENT' || row.lladdr === a.sha
}

/** arp_ignore(), arp_filter(): is a question for an address of ours left unanswered on this device? */
function ignores({ run, l, dev }: At, a: Arp): boolean {
  const here = dev.addrs.find((x) => addressOf(x) === a.tpa)
  switch (confMax(l.n, dev.name, 'arp_ignore')) {
    case 0:
      break
    case 1:
      if (here === undefined) return true
      break
    case 2:
      if (here === undefined || !inCidr(a.spa, networkOf(here))) return true
      break
    // Addresses of scope host only are left unanswered.
    case 3:
      if (isLoopback(a.tpa)) return true
      break
    case 8:
      return true
    default:
      break
  }
  return (
    confMax(l.n, dev.name, 'arp_filter') > 0 &&
    run.asks.route(l.n, a.spa, { src: a.tpa }).dev !== dev.name
  )
}

/** arp_send_dst() */
function answer(at: At, s: Skb, a: Arp): void {
  const { run, dev } = at
  const m = message(run, {
    kind: 'arp',
    leg: legOf(run, s),
    says: { arp: 'is-at', ip: a.tpa, mac: dev.mac },
    cause: s.message,
  })
  const packet: Packet = {
    headers: [
      { kind: 'ethernet', dst: a.sha, src: dev.mac },
      { kind: 'arp', op: 'reply', sha: dev.mac, spa: a.tpa, tha: a.sha, tpa: a.spa },
    ],
    payload: NO_BYTES,
  }
  run.ports.xmit(at, skb(packet, m, s.step))
}

/** arp_process(), "Update our ARP tables": the sender's entry, if there is one, takes the address of any packet of his; an answer to us also confirms it. The first of several within a second counts (LOCKTIME). */
function heard(at: At, a: Arp, toUs: boolean): ReturnType<typeof learn> | null {
  const { run, l, dev } = at
  const id = `${dev.name}|${a.spa}`
  const state = a.op === 'reply' && toUs ? 'REACHABLE' : 'STALE'
  const says = { ip: a.spa, lladdr: a.sha, state } as const
  if (l.asking.has(id)) return learn(at, says)
  const fresh = l.neigh.get(id)
  const row = fresh?.row ?? l.n.neigh[run.asks.neigh(l.n, dev.name, a.spa)]
  if (row === undefined || row.state === 'PERMANENT') return null
  if (row.lladdr === a.sha)
    return state === 'REACHABLE' && row.state !== 'REACHABLE' ? learn(at, says) : null
  return fresh !== undefined && row.state !== 'FAILED' ? null : learn(at, says)
}
