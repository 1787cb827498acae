import { addressOf, isIpv4, isMulticast, type Ipv4 } from '#lib/wire/addr.ts'
import { DEFAULT_SIZE, type Flow } from '#lib/trace/flow.ts'
import { VPC_NAME } from './cluster.ts'
import { netns, vpc, type Netns, type Topology } from '#lib/topology/topology.ts'

/** What a person asks: names of pods, nodes, hosts and Services, or an address; a port behind a colon. */
export interface FlowQuestion {
  readonly from: string
  /** `backend-service-2`, `backend-service-2:8080`, `backend:80`, `10.1.20.3:8080` */
  readonly to: string
  /** No port: icmp. A port: tcp, unless this says udp. */
  readonly proto?: Flow['proto']
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
  const from = netns(t, q.from)
  if (from === undefined) throw new RangeError(`from: nothing is called ${JSON.stringify(q.from)}; ${names(t, q.from)}`)
  const [host = '', portText, more] = q.to.split(':')
  if (more !== undefined) throw new RangeError(`to: ${JSON.stringify(q.to)} has more than one colon; write name:port`)
  const port = portText === undefined ? null : Number(portText)
  if (port !== null && !(Number.isInteger(port) && port > 0 && port < 65536 && /^\d+$/.test(portText!))) throw new RangeError(`to: ${JSON.stringify(portText)} is no port; a port is a number from 1 to 65535`)
  const proto = q.proto ?? (port === null ? 'icmp' : 'tcp')
  if (proto === 'icmp' && port !== null) throw new RangeError(`to: ICMP has no ports; leave out :${port}, or choose tcp or udp`)
  if (proto !== 'icmp' && port === null) throw new RangeError(`to: ${proto} needs a port; write ${host}:8080`)
  // A connection is a request and its answer: without a byte of request nobody would answer, or close.
  const size = whole('size', q.size ?? DEFAULT_SIZE[proto], proto === 'tcp' ? 1 : 0, proto === 'tcp' ? 1_000_000 : 65507)
  const ttl = whole('ttl', q.ttl ?? 64, 1, 255)
  const draw = q.draw === undefined ? {} : { draw: whole('draw', q.draw, 0, 0xffffffff) }
  return { from: q.from, to: addressFor(t, from, host), proto, dport: port ?? 0, size, ttl, ...(q.df === undefined ? {} : { df: q.df }), ...draw }
}

function whole(name: string, n: number, low: number, high: number): number {
  if (!Number.isInteger(n) || n < low || n > high) throw new RangeError(`${name}: ${n} is out of range; a whole number from ${low} to ${high}`)
  return n
}

function addressFor(t: Topology, from: Netns, host: string): Ipv4 {
  if (isIpv4(host)) {
    if (isMulticast(host)) throw new RangeError(`to: ${host} is a multicast address, and multicast is not modelled; choose an address that one machine has`)
    return host
  }
  if (/^[\d.]+$/.test(host)) throw new RangeError(`to: ${JSON.stringify(host)} is no IPv4 address; four numbers from 0 to 255, such as 10.1.20.3`)
  const n = netns(t, host)
  const service = n === undefined ? t.source.services?.get(host) : undefined
  if (service !== undefined) return service
  if (n === undefined) throw new RangeError(`to: nothing is called ${JSON.stringify(host)}; ${names(t, host, t.source.services?.keys())}, or an IPv4 address`)
  const own = primaryAddress(n)
  if (own === null) throw new RangeError(`to: ${host} has no address; give it one on a device that is up`)
  return (wireGateway(from) === null ? null : publicAddress(t, wireGateway(from)!, own)) ?? own
}

/** The address a name stands for: the first that is no loopback's and no tunnel's; a /32 (VPC CNI pods) counts unless it is a tunnel's. */
export function primaryAddress(n: Netns): Ipv4 | null {
  for (const d of n.devs) if (d.kind !== 'loopback' && d.kind !== 'tun' && d.kind !== 'vxlan' && d.addrs[0] !== undefined) return addressOf(d.addrs[0])
  return null
}

/** The VPC beyond whose gateway the namespace is; null inside. */
function wireGateway(n: Netns): string | null {
  for (const d of n.devs) if (d.kind === 'nic' && 'gateway' in d.wire) return d.wire.vpc
  return null
}

function publicAddress(t: Topology, name: string, ip: Ipv4): Ipv4 | null {
  return vpc(t, name)?.enis.find((e) => e.ips[0] === ip)?.publicIp ?? null
}

/** The names there are, those that look like the one asked for first. */
function names(t: Topology, like: string, services: Iterable<string> = []): string {
  const all = [...t.source.names.filter((n) => n !== VPC_NAME), ...services]
  const near = all.filter((n) => like.length > 1 && (n.includes(like) || like.includes(n) || n.slice(0, 4) === like.slice(0, 4)))
  const shown = [...new Set([...near, ...all])].slice(0, 12)
  return `there are ${shown.join(', ')}${all.length > shown.length ? ` and ${all.length - shown.length} more` : ''}`
}
