import { BROADCAST, inCidr, networkOf, ZERO_MAC, type Address, type Mac } from '#lib/wire/addr.ts'
import { ipOf, NO_BYTES, push, type Packet } from '#lib/wire/packet.ts'
import type { Neigh } from '#lib/topology/rows.ts'
import { broadcastAddress, localAddress, selectAddress } from '#lib/lookup/local.ts'
import { confMax } from '#lib/lookup/sysctl.ts'
import { later } from '#lib/run/clock.ts'
import { own } from '#lib/run/live.ts'
import { legOf, message, NO_WRITES, record, ref } from '#lib/run/record.ts'
import type { Asking, At } from '#lib/run/run.ts'
import { skb, type Skb } from '#lib/run/skb.ts'

/* net/core/neighbour.c and the asking half of net/ipv4/arp.c: who has the next hop's address, and what waits until that is known. */

/** ARP asks three times, a second apart (net.ipv4.neigh.*.mcast_solicit, retrans_time_ms). */
const PROBES = 3
const RETRANS_MS = 1000

interface Known {
  readonly lladdr: Mac | null
  readonly index: number
  readonly row: Neigh
}

const idOf = (at: At, ip: Address): string => `${at.dev.name}|${ip}`

/** neigh_resolve_output(): give a bare IP packet its link-layer address and send it; who is not known is asked for first. */
export function resolveOutput(at: At, s: Skb, nexthop: Address): void {
  if (broadcastAddress(at.l.n, nexthop)) return sendTo(at, s, BROADCAST)
  const known = resolved(at, nexthop)
  if (known === null || known.lladdr === null)
    return waitFor(at, s, {
      nexthop,
      next: (lladdr) => {
        keepHeader(at, nexthop)
        sendTo(at, s, lladdr)
      },
    })
  found(at, s, { ip: nexthop, known, writes: used(at, known.row) })
  keepHeader(at, nexthop)
  sendTo(at, s, known.lladdr)
}

/** What is done once the neighbour is known; `header`: its link-layer header was kept from an earlier packet. */
export interface Bridged {
  readonly ip: Address
  readonly next: (lladdr: Mac, header: boolean) => void
}

/**
 * br_nf_pre_routing_finish_bridge(): goes on with a neighbour's MAC, at once if it is known. `header`: it is confirmed (NUD_CONNECTED)
 * and its link-layer header is kept from an earlier packet (neigh_hh_init), so the frame need not pass through
 * neigh->output(). A row says nothing of the header: each walk begins without.
 */
export function withNeighbour(at: At, s: Skb, { ip, next }: Bridged): void {
  const known = resolved(at, ip)
  if (known === null || known.lladdr === null)
    return waitFor(at, s, {
      nexthop: ip,
      next: (lladdr) => {
        keepHeader(at, ip)
        next(lladdr, false)
      },
    })
  const header =
    (known.row.state === 'REACHABLE' || known.row.state === 'PERMANENT') && isHeaded(at, ip)
  const writes = used(at, known.row)
  if (header || writes.length > 0) found(at, s, { ip, known, writes })
  else keepHeader(at, ip)
  next(known.lladdr, header)
}

function found(
  at: At,
  s: Skb,
  { ip, known, writes }: { ip: Address; known: Known; writes: ReturnType<typeof used> },
): void {
  const matched = ref(at.in, 'neigh', known.index)
  record(at, s, {
    stage: 'neigh',
    decision: { kind: 'neigh', ip, matched, lladdr: known.lladdr },
    writes,
  })
}

/** Only a bridge asks for kept headers (br_netfilter). */
function keepHeader(at: At, ip: Address): void {
  if (at.dev.kind !== 'bridge' || isHeaded(at, ip)) return
  const { headed } = at.l
  if (headed === null) at.l.headed = [{ dev: at.dev.name, ip }]
  else headed.push({ dev: at.dev.name, ip })
}

function isHeaded({ l, dev }: At, ip: Address): boolean {
  return l.headed?.some((x) => x.ip === ip && x.dev === dev.name) === true
}

/** __neigh_event_send(): who was only heard of and is sent to now will be asked before long. */
function used(at: At, { state, ip, lladdr }: Neigh) {
  return state === 'STALE' ? [learn(at, { ip, lladdr, state: 'DELAY' })] : NO_WRITES
}

function sendTo(at: At, s: Skb, dst: Mac): void {
  s.packet = push(s.packet, { kind: 'ethernet', dst, src: at.dev.mac })
  at.run.ports.xmit(at, s)
}

/** Is the neighbour known (NUD_VALID)? */
export function resolves(at: At, ip: Address): boolean {
  return resolved(at, ip)?.lladdr != null
}

/** Is anybody of this address known, if only as being asked for? */
export function isKnown(at: At, ip: Address): boolean {
  return resolved(at, ip) !== null
}

function resolved(at: At, ip: Address): Known | null {
  const { l, run } = at
  const learned = l.neigh.size === 0 ? undefined : l.neigh.get(idOf(at, ip))
  if (learned !== undefined) return learned.row.state === 'FAILED' ? null : learned
  const index = run.asks.neigh(l.n, at.dev.name, ip)
  const row = index < 0 ? undefined : l.n.neigh[index]
  return row === undefined || row.state === 'FAILED' || row.state === 'INCOMPLETE'
    ? null
    : { lladdr: row.lladdr, index, row }
}

/** The packet waits (arp_queue) while its neighbour is asked for. */
function waitFor(
  at: At,
  s: Skb,
  { nexthop, next }: { readonly nexthop: Address; readonly next: (lladdr: Mac) => void },
): void {
  const { l } = at
  const src = ipOf(s.packet)?.src ?? '0.0.0.0'
  record(at, s, {
    stage: 'neigh',
    decision: { kind: 'neigh', ip: nexthop, matched: null, lladdr: null },
  })
  const asking = l.asking.size === 0 ? undefined : l.asking.get(idOf(at, nexthop))
  if (asking === undefined) begin(at, { cause: s, ip: nexthop }, [{ skb: s, src, next }])
  else asking.waiting.push({ skb: s, src, next })
}

/** neigh_event_send() without a packet that waits. */
export function askFor(at: At, s: Skb, ip: Address): void {
  if (!at.l.asking.has(idOf(at, ip))) begin(at, { cause: s, ip }, [])
}

function begin(
  at: At,
  { cause, ip }: Pick<Asking, 'cause' | 'ip'>,
  waiting: Asking['waiting'],
): void {
  const fresh: Asking = { cause, ip, probes: 0, waiting }
  own(at.l, 'asking').set(idOf(at, ip), fresh)
  solicit(at, fresh)
}

/** arp_solicit(): who has it? Asked with the source of the waiting packet if it is ours, else an address of the device, else any of ours. */
function solicit(at: At, asking: Asking): void {
  const { run, l, dev } = at
  asking.probes += 1
  const { cause: by, ip } = asking
  const src = asking.waiting[0]?.src ?? '0.0.0.0'
  const spa = announced(at, src, ip) ? src : (selectAddress(l.n, dev, ip) ?? '0.0.0.0')
  const m = message(run, {
    kind: 'arp',
    leg: legOf(run, by),
    says: { arp: 'who-has', ip },
    cause: by.message,
  })
  const packet: Packet = {
    headers: [
      { kind: 'ethernet', dst: BROADCAST, src: dev.mac },
      { kind: 'arp', op: 'request', sha: dev.mac, spa, tha: ZERO_MAC, tpa: ip },
    ],
    payload: NO_BYTES,
  }
  const s = skb(packet, m, by.step)
  record(at, s, {
    stage: 'arp',
    decision: { kind: 'arp', op: 'request', ip, ours: false, by: 'host' },
  })
  later(run, RETRANS_MS, () => {
    if (l.asking.get(idOf(at, ip)) !== asking) return
    if (asking.probes < PROBES) solicit(at, asking)
    else fail(at, asking)
  })
  run.ports.xmit(at, s)
}

/** arp_announce: may the question be asked with the packet's own source? 0: if it is ours; 1: if it is also on the target's prefix; 2: never. */
function announced({ l, dev }: At, src: Address, target: Address): boolean {
  const level = confMax(l.n, dev.name, 'arp_announce')
  // inet_addr_onlink()
  return (
    level < 2 &&
    localAddress(l.n, src) !== null &&
    (level === 0 ||
      dev.addrs.some((x) => inCidr(src, networkOf(x)) && inCidr(target, networkOf(x))))
  )
}

const HOST_UNREACHABLE = { type: 3, code: 1 } as const

/** neigh_invalidate(): nobody answered; what waited is dropped, and whoever sent it is told (ipv4_link_failure), to ourselves, over lo, if we sent it. */
function fail(at: At, { ip, waiting }: Asking): void {
  at.l.asking.delete(idOf(at, ip))
  const write = learn(at, { ip, lladdr: null, state: 'FAILED' })
  for (const [i, { skb: s }] of waiting.entries()) {
    record(at, s, {
      stage: 'neigh',
      decision: { kind: 'neigh', ip, matched: null, lladdr: null },
      writes: i === 0 ? [write] : NO_WRITES,
      drop: { reason: 'neigh-failed', ip, dev: at.dev.name },
    })
    at.run.ports.error(at, s, HOST_UNREACHABLE)
  }
}

/** neigh_update(): remember a neighbour; returns the row written. */
export function learn(at: At, { ip, lladdr, state }: Pick<Neigh, 'ip' | 'lladdr' | 'state'>) {
  const { l, run } = at
  const dev = at.dev.name
  const id = idOf(at, ip)
  const row: Neigh = { ip, dev, lladdr, state }
  const base = l.neigh.get(id)?.index ?? run.asks.neigh(l.n, dev, ip)
  const index = base >= 0 ? base : l.neighRows
  if (base < 0) l.neighRows += 1
  own(l, 'neigh').set(id, { lladdr, index, row })
  return base >= 0
    ? ({
        op: 'set',
        in: l.n.name,
        table: 'neigh',
        where: { ip, dev },
        to: { lladdr, state },
      } as const)
    : ({ op: 'add', in: l.n.name, table: 'neigh', row } as const)
}

/** An answer came: what waited for it goes out (neigh_update_process_arp_queue). */
export function answered(
  at: At,
  { ip, lladdr }: { readonly ip: Address; readonly lladdr: Mac },
): void {
  const { l } = at
  const id = idOf(at, ip)
  const asking = l.asking.get(id)
  if (asking === undefined) return
  l.asking.delete(id)
  const matched = ref(l.n.name, 'neigh', l.neigh.get(id)?.index ?? null)
  for (const { skb: waiting, next } of asking.waiting) {
    record(at, waiting, {
      stage: 'neigh',
      decision: { kind: 'neigh', ip, matched, lladdr },
    })
    next(lladdr)
  }
}
