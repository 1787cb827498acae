import type { Ipv4 } from '#lib/wire/addr.ts'
import { find, SYN, type Icmp, type Packet } from '#lib/wire/packet.ts'
import { parseQuote } from '#lib/wire/quote.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { vxlansOn } from '#lib/lookup/link.ts'
import { cachedMtu } from '#lib/lookup/route.ts'
import { lookupSocket } from '#lib/lookup/socket.ts'
import { defaultTtl } from '#lib/lookup/sysctl.ts'
import { input as vxlanInput } from '#lib/devices/vxlan.ts'
import { input as tunInput } from '#lib/devices/tun.ts'
import { message, nextId, record, ref, skb, type End, type Live, type Run, type Skb } from '#lib/devices/run.ts'
import { isIcmpError, tupleOf } from './conntrack.ts'
import { boundKey, endKey, udpReceived } from './apps.ts'
import { reject, sendError, sendReset } from './icmp.ts'
import { ask, confirmed, nat } from './netfilter.ts'
import { localOut } from './output.ts'
import { gather } from './receive.ts'
import { tcpReceive, tcpTooBig } from './tcp.ts'
import type { Ends } from './tcp-output.ts'

/** ip_local_deliver(): put fragments together, INPUT, then whoever wants it. */
export function deliver(run: Run, l: Live, d: Dev, s: Skb): void {
  if (!gather(run, l, s, d.name, 'input')) return
  for (const t of ['mangle', 'filter'] as const) {
    const a = ask(run, l, s, t, 'INPUT', d.name, null)
    if (a.pass) continue
    if (a.reject !== null) reject(run, l, s, a.reject)
    return
  }
  nat(run, l, s, 'INPUT', d.name, null)
  if (!confirmed(run, l, s, d.name)) return
  const l4 = s.packet.headers[1]
  if (l4?.kind === 'icmp') return icmpReceive(run, l, d, s, l4)
  if (l4?.kind === 'udp') return udpReceive(run, l, d, s, l4.dport)
  if (l4?.kind === 'tcp') return tcpDeliver(run, l, d, s)
}

function udpReceive(run: Run, l: Live, d: Dev, s: Skb, port: number): void {
  const ip = find(s.packet, 'ipv4')!
  const tunnels = vxlansOn(l.n, port)
  if (tunnels.length > 0) return vxlanInput(run, l, tunnels, s)
  const daemon = l.n.daemons.find((x) => x.port === port && x.local === ip.dst)
  if (daemon !== undefined) return tunInput(run, l, daemon, s)
  const client = run.ends.get(boundKey(l.n.name, ip.dst, port))
  const row = lookupSocket(l.n, 'udp', ip.dst, port)
  if (client === undefined && row < 0) {
    record(run, s, l.n.name, d.name, 'socket', { kind: 'socket', matched: null, proto: 'udp', port, did: 'nobody listens' }, [], { reason: 'no-socket', proto: 'udp', port })
    return sendError(run, l, s, 3, 3, 0)
  }
  record(run, s, l.n.name, d.name, 'socket', { kind: 'socket', matched: ref(l.n.name, 'sockets', client === undefined ? row : null), proto: 'udp', port, did: client === undefined ? 'receives the datagram' : 'receives the answer' })
  udpReceived(run, l, s, client !== undefined)
}

function tcpDeliver(run: Run, l: Live, d: Dev, s: Skb): void {
  const ip = find(s.packet, 'ipv4')!
  const tcp = find(s.packet, 'tcp')!
  const end = run.ends.get(endKey(l.n.name, 'tcp', ip.dst, tcp.dport, ip.src, tcp.sport))
  const row = lookupSocket(l.n, 'tcp', ip.dst, tcp.dport)
  if (end === undefined && (row < 0 || (tcp.flags & SYN) === 0)) {
    record(run, s, l.n.name, d.name, 'socket', { kind: 'socket', matched: null, proto: 'tcp', port: tcp.dport, did: 'nobody listens' }, [], { reason: 'no-socket', proto: 'tcp', port: tcp.dport })
    return sendReset(run, l, s)
  }
  record(run, s, l.n.name, d.name, 'socket', { kind: 'socket', matched: ref(l.n.name, 'sockets', end?.role === 'client' ? null : row), proto: 'tcp', port: tcp.dport, did: end?.role === 'client' ? 'the client takes it' : 'the server takes it' })
  tcpReceive(run, l, s, end)
}

/** icmp_rcv(): answer an echo, hand an error to the socket it is about. */
function icmpReceive(run: Run, l: Live, d: Dev, s: Skb, icmp: Icmp): void {
  if (icmp.type === 8) return echoReply(run, l, d, s, icmp)
  if (icmp.type === 0) {
    const ip = find(s.packet, 'ipv4')!
    const mine = run.ends.get(endKey(l.n.name, 'icmp', ip.dst, icmp.rest >>> 16, run.flow.to, 0))
    record(run, s, l.n.name, d.name, 'icmp', { kind: 'icmp', type: 0, code: 0, did: mine === undefined ? 'ignore' : 'receive' })
    if (mine !== undefined) { mine.got += 1; run.done = mine.got >= (run.flow.count ?? 1) }
    return
  }
  if (!isIcmpError(icmp)) return
  const quoted = parseQuote(s.packet.payload)
  const mine = aboutOurFlow(run, l, quoted)
  const mtu = icmp.type === 3 && icmp.code === 4 ? icmp.rest & 0xffff : null
  const q = find(quoted, 'ipv4')
  // A learned path MTU is a route exception of its own (RFC 1191): `ip route show cache`.
  const about = tcpAbout(run, l, quoted)
  const writes = mtu !== null && q !== undefined && (mine || about !== null) ? learnMtu(l, q.dst, mtu) : []
  record(run, s, l.n.name, d.name, 'icmp', { kind: 'icmp', type: icmp.type, code: icmp.code, did: mine || about !== null ? 'receive' : 'ignore' }, writes)
  if (about !== null && mtu !== null) tcpTooBig(run, l, s, about)
  if (mine && run.icmp === null) {
    const ip = find(s.packet, 'ipv4')!
    run.icmp = { type: icmp.type, code: icmp.code, from: ip.src, ...(mtu === null ? {} : { mtu }) }
  }
}

/** update_or_create_fnhe(): one exception for a destination; an error that says nothing new writes nothing. */
function learnMtu(l: Live, dst: Ipv4, mtu: number): readonly Edit[] {
  const known = l.pmtu?.get(dst) ?? cachedMtu(l.n, dst)
  if (known === mtu) return []
  l.pmtu ??= new Map()
  l.pmtu.set(dst, mtu)
  if (known !== null) return [{ op: 'set', in: l.n.name, table: 'routes', where: { table: 'cache', dst: `${dst}/32` }, to: { mtu } }]
  l.routeRows += 1
  return [{ op: 'add', in: l.n.name, table: 'routes', row: { table: 'cache', dst: `${dst}/32`, mtu } }]
}

/** The connection here that sent what an error quotes. */
function tcpAbout(run: Run, l: Live, quoted: Packet): { readonly ends: Ends; readonly end: End } | null {
  const q = tupleOf(quoted)
  if (q?.proto !== 'tcp') return null
  const { src, sport, dst, dport } = q.tuple
  const end = run.ends.get(endKey(l.n.name, 'tcp', src, sport, dst, dport))
  return end === undefined ? null : { end, ends: { ip: src, port: sport, peer: dst, peerPort: dport } }
}

function aboutOurFlow(run: Run, l: Live, quoted: Packet): boolean {
  if (l.n.name !== run.flow.from) return false
  const q = tupleOf(quoted)
  if (q === null) return find(quoted, 'ipv4')?.dst === run.flow.to
  if (q.proto === 'udp') return run.ends.has(boundKey(l.n.name, q.tuple.src, q.tuple.sport))
  const port = q.proto === 'icmp' ? 0 : q.tuple.dport
  return run.ends.has(endKey(l.n.name, q.proto, q.tuple.src, q.tuple.sport, q.tuple.dst, port))
}

/** icmp_echo(): the same id, sequence and payload, from the address that was asked, TTL 64, DF clear, TOS kept. */
function echoReply(run: Run, l: Live, d: Dev, s: Skb, icmp: Icmp): void {
  const ip = find(s.packet, 'ipv4')!
  record(run, s, l.n.name, d.name, 'icmp', { kind: 'icmp', type: 8, code: 0, did: 'receive' })
  const leg = run.messages[s.message]?.leg === 'forward' ? 'back' : 'forward'
  const m = message(run, 'flow', leg, 'echo reply', s.message)
  const packet: Packet = { headers: [{ ...ip, src: ip.dst, dst: ip.src, ttl: defaultTtl(l.n), id: nextId(l), df: false }, { ...icmp, type: 0 }], payload: s.packet.payload }
  const r = skb(packet, m, s.step)
  record(run, r, l.n.name, null, 'icmp', { kind: 'icmp', type: 0, code: 0, did: 'make' })
  localOut(run, l, r)
}
