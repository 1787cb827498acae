import type { Address } from '#lib/wire/addr.ts'
import {
  headerLength,
  ipLength,
  ipOf,
  isIp,
  pop,
  push,
  wholeIp,
  type Header,
  type Icmp,
  type Ip,
  type Packet,
} from '#lib/wire/packet.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { Drop } from '#lib/trace/drop.ts'
import { localAddress } from '#lib/lookup/local.ts'
import { defaultTtl } from '#lib/lookup/sysctl.ts'
import { cross } from '#lib/run/clock.ts'
import { learnMtu } from '#lib/run/exceptions.ts'
import { mtuOf } from '#lib/run/mtu.ts'
import { device, nextId } from '#lib/run/live.ts'
import { NO_WRITES, record } from '#lib/run/record.ts'
import type { At, Live } from '#lib/run/run.ts'
import type { Sender } from '#lib/run/sender.ts'
import { scrubbed, type Skb } from '#lib/run/skb.ts'
import { linkMtu, outerTos, sendOuter, tooDeep } from './outer.ts'
import { transmit } from './transmit.ts'

/*
 * net/ipv4/ip_tunnel.c: a packet within an IP header of its own. Nothing in the model sets CE on the way, so IP_ECN_decapsulate() has
 * nothing to say; icmp_ndo_send() to a sender whose source was translated, and PMTU exceptions that say what the device says already, are left out.
 */

/** What of a tunnel's row every kind of them has (struct ip_tunnel_parm). */
export interface Parms {
  readonly local?: Address
  readonly remote?: Address
  readonly ttl?: number
  readonly tos?: 'inherit'
  readonly pmtudisc?: boolean
}
type TunnelDev = Extract<Dev, Parms & { readonly up: boolean }> & Parms

/** What stands between the outer IP header and the packet. */
export interface Inside {
  readonly proto: number
  /** The tunnel's own header; null: none. */
  readonly header: Header | null
}

const PORT_UNREACHABLE = { type: 3, code: 3 } as const
const HOST_UNREACHABLE = { type: 3, code: 1 } as const
/** IPTUNNEL_ERR_TIMEO */
const REMEMBERED_MS = 30_000

/** Does the outer header have DF whatever the packet says? What `ip link` makes has; the one that the module makes, without either end, has not. */
export function setsDf({ pmtudisc, local, remote }: Parms): boolean {
  return pmtudisc ?? (local !== undefined || remote !== undefined)
}

/** ip_tunnel_xmit() */
export function tunnelXmit(at: At<TunnelDev>, s: Skb, inside: Inside): void {
  transmit(at, s)
  const { run, l, dev } = at
  const inner = innerIp(s.packet)
  const remote = dev.remote ?? nexthop(s, inner)
  const way = run.asks.route(l.n, remote, { src: dev.local })
  const no = hindrance(at)
  if (no !== null) return record(at, s, { stage: 'tunnel', decision: wraps(at), drop: no })
  const mtu = mtuOf(l, way, remote)
  const df = setsDf(dev) || inner?.df === true
  if (df && !fits(at, s, { mtu: mtu - overhead(s.packet, inside), inner })) return
  if (failed(at) && s.way !== null) run.ports.error(at, s, HOST_UNREACHABLE)
  s.packet = wrapped(at, s, { inside, inner, df, src: dev.local ?? way.src ?? '0.0.0.0', remote })
  record(at, s, { stage: 'tunnel', decision: wraps(at) })
  sendOuter(at, s, { way, learned: mtu < linkMtu(l, way) ? mtu : 0 })
}

const wraps = (at: At) => ({ kind: 'device', dev: at.row, did: 'encapsulate' }) as const

/** The packet's own header, as far as the tunnel looks for it; undefined: it carries something else (ARP). */
function innerIp({ headers }: Packet): Ip | undefined {
  const first = headers[headers[0]?.kind === 'ethernet' ? 1 : 0]
  return isIp(first) ? first : undefined
}

/** rt_nexthop(): without a remote end (NBMA) the route says where it is. */
function nexthop({ way }: Skb, inner: Ip | undefined): Address {
  return way?.via ?? inner?.dst ?? '0.0.0.0'
}

/** Why no packet leaves. That there is no way, or one through this device, is told by who sends (routeOut). */
function hindrance(at: At<TunnelDev>): Drop | null {
  const { local, name } = at.dev
  if (local !== undefined && localAddress(at.l.n, local) === null)
    return { reason: 'foreign-source', src: local }
  return tooDeep(at) ? { reason: 'too-nested', dev: name } : null
}

/** Bytes around the packet. */
function overhead({ headers }: Packet, { header }: Inside): number {
  return (
    20 + (header === null ? 0 : headerLength(header)) + (headers[0]?.kind === 'ethernet' ? 14 : 0)
  )
}

/** tnl_update_pmtu(): the way to where the packet goes takes no more than the path to the other end, less what is put around it. Only who forbids fragments is told; the rest is cut behind the tunnel, or lost there. */
function fits(
  at: At<TunnelDev>,
  s: Skb,
  { mtu, inner }: { readonly mtu: number; readonly inner: Ip | undefined },
): boolean {
  if (inner === undefined) return true
  const { l, dev, run } = at
  const { way } = s
  const writes =
    way !== null && mtu < mtuOf(l, way, inner.dst) ? learnMtu(l, inner.dst, mtu) : NO_WRITES
  const size = ipLength(s.packet)
  const tooBig = inner.df && size > mtu
  if (writes.length === 0 && !tooBig) return true
  record(at, s, {
    stage: 'tunnel',
    decision: { kind: 'mtu', dev: dev.name, mtu, size, df: inner.df },
    writes,
    drop: tooBig ? { reason: 'too-big', mtu, size, dev: dev.name } : null,
  })
  if (tooBig && way !== null) run.ports.error(at, s, { type: 3, code: 4, rest: mtu })
  return !tooBig
}

/** Is an error that was heard of in the last half minute still to be told? Each is told to one packet, which goes all the same. */
function failed({ run, l, dev }: At): boolean {
  const x = l.failing?.get(dev.name)
  if (x === undefined || x.count === 0) return false
  const recent = run.now < x.last + REMEMBERED_MS
  x.count = recent ? x.count - 1 : 0
  return recent
}

/** The packet in its outer header: TTL and DSCP are the packet's own where they are inherited, and what is no IP has defaults. */
function wrapped(
  { run, l, dev }: At<TunnelDev>,
  { packet }: Skb,
  {
    inside: { proto, header },
    inner,
    df,
    src,
    remote,
  }: {
    readonly inside: Inside
    readonly inner: Ip | undefined
    readonly df: boolean
    readonly src: Address
    readonly remote: Address
  },
): Packet {
  const outer = run.asks.outer(
    {
      ttl: dev.ttl ?? inner?.ttl ?? defaultTtl(l.n),
      tos: outerTos(dev.tos === 'inherit' ? (inner?.tos ?? 0) : 0, inner?.tos ?? 0),
      df,
      sport: 0,
    },
    packet,
  )
  const ip = wholeIp({
    src,
    dst: remote,
    ttl: outer.ttl,
    id: nextId(l),
    df: outer.df,
    tos: outer.tos,
    proto,
  })
  return header === null ? push(packet, ip) : push(packet, ip, header)
}

/** Which device of the kind a packet between these ends is for: the one that names most of them (ip_tunnel_lookup()). */
export function tunnelFor<D extends TunnelDev>(
  devs: readonly D[],
  { local, remote }: { readonly local: Address; readonly remote: Address },
): D | undefined {
  let best: D | undefined
  let most = -1
  for (const d of devs) {
    const named = (d.remote === undefined ? 0 : 2) + (d.local === undefined ? 0 : 1)
    const fit =
      d.up &&
      (d.local === undefined || d.local === local) &&
      (d.remote === undefined || d.remote === remote)
    if (fit && named > most) {
      best = d
      most = named
    }
  }
  return best
}

/** ip_tunnel_rcv(): the outer header comes off, and the packet comes in by the device. Where none takes it its sender is told: a port is unreachable, though there are none. */
export function tunnelRcv(
  l: Live,
  s: Skb,
  { d, strips }: { readonly d: Dev | undefined; readonly strips: number },
): void {
  const { run } = l
  const at = d === undefined ? undefined : device(l, d.name)
  if (at === undefined) {
    tunnelDrops(l, s)
    return run.ports.error(l.here, s, PORT_UNREACHABLE)
  }
  s.packet = pop(s.packet, strips)
  taken(l, s, at.dev)
}

/** What was in a tunnel comes in by its device. */
export function taken(l: Live, s: Skb, d: Dev): void {
  const { run } = l
  const at = device(l, d.name)!
  record(at, s, {
    stage: 'tunnel',
    decision: { kind: 'device', dev: at.row, did: 'decapsulate' },
  })
  const inner = scrubbed(s)
  inner.mark = s.mark
  inner.markedBy = s.markedBy
  // gro_cells: the packet is queued, not handled at once.
  cross(run, () => run.ports.receive(at, inner))
}

/** No tunnel here takes the packet. */
export function tunnelDrops(l: Live, s: Skb): void {
  const { src, dst } = ipOf(s.packet)!
  record(l.here, s, {
    stage: 'tunnel',
    decision: { kind: 'device', dev: null, did: 'decapsulate' },
    drop: { reason: 'no-tunnel', src, dst },
  })
}

const [TTL_EXCEEDED, REDIRECT, UNREACHABLE] = [11, 5, 3]
/** Nothing more follows from a path MTU that was learned, or a redirect that was followed. */
const HEARS: Sender = { tcp: false, follows: true, tell: () => {} }

/** ipip_err(), ipgre_err(): what a tunnel hears of an error about a packet of its own. Who has no fixed remote hears of none but what the path takes, and who inherits the TTL not that it ran out: the packet's own did. */
export function tunnelHears(l: Live, d: TunnelDev, { type, code }: Icmp): Sender | null {
  if ((type === UNREACHABLE && code === 4) || type === REDIRECT) return HEARS
  if (d.remote === undefined || (type === TTL_EXCEEDED && (code !== 0 || d.ttl === undefined)))
    return null
  if (type !== UNREACHABLE && type !== TTL_EXCEEDED) return null
  return {
    tcp: false,
    follows: false,
    tell() {
      l.failing ??= new Map()
      const known = l.failing.get(d.name)
      const recent = known !== undefined && l.run.now < known.last + REMEMBERED_MS
      l.failing.set(d.name, { count: recent ? known.count + 1 : 1, last: l.run.now })
    },
  }
}
