import { addressOf, inCidr, isIpv4, isMulticast, type Address } from '#lib/wire/addr.ts'
import { questionSize, type Flow } from '#lib/trace/flow.ts'
import { VPC_NAME } from './spec.ts'
import { isLo, portOf, traits, wireOf } from '#lib/topology/devs.ts'
import { saying } from '#lib/topology/problem.ts'
import { netns, vpc, type Netns, type Topology } from '#lib/topology/topology.ts'

/** What a person asks: names of pods, nodes, hosts and Services, or an address; a port behind a colon. */
export interface FlowQuestion {
  readonly from: string
  /** `backend-service-2`, `backend-service-2:8080`, `backend:80`, `10.1.20.3:8080` */
  readonly to: string
  /** No port: icmp. A port: tcp, unless this says udp. */
  readonly proto?: Flow['proto']
  /** The sender's port; an echo has none. */
  readonly sport?: number
  /** L4 payload, bytes. */
  readonly size?: number
  readonly ttl?: number
  readonly df?: boolean
  /** What random rules draw from (Flow.draw). */
  readonly draw?: number
}

/**
 * The flow a question means. A name stands for its first address that is neither loopback's nor a tunnel's (eth0's primary);
 * asked from beyond the internet gateway, for the public one; a Service's for its ClusterIP. Throws RangeError with what would be right.
 */
export function resolveFlow(t: Topology, q: FlowQuestion): Flow {
  const words = saying().flow
  const from = netns(t, q.from)
  if (from === undefined)
    throw new RangeError(words.noSender(JSON.stringify(q.from), names(t, q.from)))
  const [host = '', portText, more] = q.to.split(':')
  if (more !== undefined) throw new RangeError(words.colons(JSON.stringify(q.to)))
  const port = portText === undefined ? null : Number(portText)
  if (
    port !== null &&
    !(Number.isInteger(port) && port > 0 && port < 65536 && /^\d+$/.test(portText!))
  )
    throw new RangeError(words.noPort(String(JSON.stringify(portText))))
  const proto = q.proto ?? (port === null ? 'icmp' : 'tcp')
  if (proto === 'icmp' && port !== null) throw new RangeError(words.icmpPort(port))
  if (proto !== 'icmp' && port === null) throw new RangeError(words.needsPort(proto, host))
  // A connection is a request and its answer: without a byte of request nobody would answer, or close.
  const size = whole(
    'size',
    q.size ?? questionSize({ proto, dport: port ?? 0 }),
    proto === 'tcp' ? [1, 1_000_000] : [0, 65507],
  )
  const ttl = whole('ttl', q.ttl ?? 64, [1, 255])
  const draw = q.draw === undefined ? {} : { draw: whole('draw', q.draw, [0, 0xffffffff]) }
  const to = addressFor(t, from, host)
  const sport = q.sport === undefined ? {} : { sport: sourcePort(from, proto, q.sport) }
  // tcp_rcv_synsent_state_process(): crossed SYNs, of one socket with itself.
  if (
    proto === 'tcp' &&
    q.sport === port &&
    from.devs.some((d) => d.addrs.some((a) => addressOf(a) === to || (isLo(d) && inCidr(to, a))))
  )
    throw new RangeError(words.toItself(q.sport!))
  return {
    from: q.from,
    to,
    proto,
    dport: port ?? 0,
    ...sport,
    size,
    ttl,
    ...(q.df === undefined ? {} : { df: q.df }),
    ...draw,
  }
}

/** bind(): a port that a program of the sender has already is EADDRINUSE. */
function sourcePort(from: Netns, proto: Flow['proto'], port: number): number {
  if (proto === 'icmp') throw new RangeError(saying().flow.echoPort)
  const held =
    from.sockets.find((s) => s.proto === proto && s.port === port)?.program ??
    (proto === 'udp'
      ? (from.daemons.find((d) => d.port === port)?.name ??
        from.devs.find((d) => portOf(d) === port)?.name)
      : undefined)
  if (held !== undefined)
    throw new RangeError(saying().flow.portHeld(`${proto} ${port}`, from.name, held))
  return whole('sport', port, [1, 65_535])
}

function whole(name: string, n: number, [low, high]: readonly [number, number]): number {
  if (!Number.isInteger(n) || n < low || n > high)
    throw new RangeError(saying().flow.outOfRange(name, n, [low, high]))
  return n
}

function addressFor(t: Topology, from: Netns, host: string): Address {
  if (isIpv4(host)) {
    if (isMulticast(host)) throw new RangeError(saying().flow.multicast(host))
    return host
  }
  if (/^[\d.]+$/.test(host)) throw new RangeError(saying().flow.noAddress(JSON.stringify(host)))
  const n = netns(t, host)
  const service = n === undefined ? t.source.services?.get(host) : undefined
  if (service !== undefined) return service
  if (n === undefined)
    throw new RangeError(
      saying().flow.noReceiver(JSON.stringify(host), names(t, host, t.source.services?.keys())),
    )
  const own = primaryAddress(n)
  if (own === null) throw new RangeError(saying().flow.unaddressed(host))
  return (wireGateway(from) === null ? null : publicAddress(t, wireGateway(from)!, own)) ?? own
}

/** The address a name stands for: the first that is no loopback's and no tunnel's; a /32 (VPC CNI pods) counts unless it is a tunnel's. */
export function primaryAddress(n: Netns): Address | null {
  for (const d of n.devs)
    if (!isLo(d) && traits(d).tunnel !== true && d.addrs[0] !== undefined)
      return addressOf(d.addrs[0])
  return null
}

/** The VPC beyond whose gateway the namespace is; null inside. */
function wireGateway(n: Netns): string | null {
  const wires = n.devs.map(wireOf)
  return wires.find((wire) => wire !== null && 'gateway' in wire)?.vpc ?? null
}

function publicAddress(t: Topology, name: string, ip: Address): Address | null {
  return vpc(t, name)?.enis.find((e) => e.ips[0] === ip)?.publicIp ?? null
}

/** The names there are, those that look like the one asked for first. */
function names(t: Topology, like: string, services: Iterable<string> = []): string {
  const all = [...t.source.names.filter((n) => n !== VPC_NAME), ...services]
  const near = all.filter(
    (n) =>
      like.length > 1 &&
      (n.includes(like) || like.includes(n) || n.slice(0, 4) === like.slice(0, 4)),
  )
  const shown = [...new Set([...near, ...all])].slice(0, 12)
  return saying().thereAre(shown, all.length - shown.length)
}
