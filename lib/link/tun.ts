import { addressOf } from '#lib/wire/addr.ts'
import { encode } from '#lib/wire/codec.ts'
import {
  DATAGRAM_HEADERS,
  ipLength,
  ipOf,
  isIp,
  pop,
  PROTO,
  push,
  rewriteIp,
  size,
  type Packet,
  wholeIp,
} from '#lib/wire/packet.ts'
import { quote } from '#lib/wire/quote.ts'
import type { TunDev } from '#lib/topology/devs.ts'
import type { Daemon, Lease } from '#lib/topology/rows.ts'
import type { Ref } from '#lib/topology/topology.ts'
import type { Decision } from '#lib/trace/decision.ts'
import { localAddress } from '#lib/lookup/local.ts'
import { defaultTtl } from '#lib/lookup/sysctl.ts'
import { asProcess, cross, wakeDaemon } from '#lib/run/clock.ts'
import { isDevice, nextId, place } from '#lib/run/live.ts'
import { message, record, ref } from '#lib/run/record.ts'
import type { At, Here, Live } from '#lib/run/run.ts'
import { scrubbed, skb, type Skb } from '#lib/run/skb.ts'
import { ethernet } from './device.ts'
import { transmit } from './transmit.ts'

/* A TUN and the program behind it, flanneld's udp backend (proxy_amd64.c). */

/** Near misses recorded at most. */
const MOST_REJECTED = 8

/** A layer 3 device: a file descriptor that a program reads and writes. */
export const tun = ethernet<TunDev>({
  resolve: 'none',
  queue: true,
  /** tun_net_xmit(): queued to the file descriptor; the program behind it reads when it runs. */
  xmit(at, s) {
    transmit(at, s)
    const { run, l, dev } = at
    const daemon = l.n.daemons.find((x) => x.tun === dev.name)
    if (daemon === undefined)
      return record(at, s, {
        stage: 'daemon',
        decision: at.transmitted,
        drop: { reason: 'link-down', dev: dev.name },
      })
    // One process, one packet after the other: each read waits until the last sendto has returned.
    wakeDaemon(run, l.n.name, () => asProcess(run, () => fromTun(at, s, daemon)))
  },
  tunnel({ l }, { ip, port }) {
    const daemon = l.n.daemons.find((x) => x.port === port && x.local === ip)
    return daemon === undefined ? null : (s) => toTun(l, s, daemon)
  },
})

/** What flanneld read is for whom? */
function decided(
  { run, l }: At,
  s: Skb,
  { name: daemon, local }: Daemon,
): { readonly lease: Lease | undefined; readonly decision: Decision } {
  const { dst } = ipOf(s.packet)!
  const row = run.asks.lease(l.n, { name: daemon, local }, dst)
  const rejected: Ref[] = []
  for (let i = 0; i < l.n.leases.length && rejected.length < MOST_REJECTED; i += 1)
    if (i !== row && l.n.leases[i]?.daemon === daemon)
      rejected.push({ in: l.n.name, table: 'leases', row: i })
  const lease = l.n.leases[row]
  const matched = ref(l.n.name, 'leases', row)
  const remote = lease?.publicIp ?? null
  return { lease, decision: { kind: 'lease', daemon, dst, matched, rejected, remote } }
}

/** Look up the lease, TTL − 1, sendto. Its own socket, so its own IP header. */
function fromTun(at: At<TunDev>, s: Skb, daemon: Daemon): void {
  const { run, l } = at
  const ip = ipOf(s.packet)!
  const { lease, decision } = decided(at, s, daemon)
  if (lease === undefined) {
    record(at, s, {
      stage: 'daemon',
      decision,
      drop: { reason: 'no-lease', daemon: daemon.name, dst: ip.dst },
    })
    if (ip.proto !== PROTO.icmp && ip.offset === 0) netUnreachable(at, s)
    return
  }
  if (ip.ttl <= 1)
    return record(at, s, {
      stage: 'daemon',
      decision,
      drop: { reason: 'daemon-ttl', daemon: daemon.name, dst: ip.dst },
    })
  const inner = rewriteIp(s.packet, { ttl: ip.ttl - 1 })
  const mtu = localAddress(l.n, daemon.local)?.dev.mtu ?? 1500
  // IP_PMTUDISC_WANT: DF if it fits the route's MTU; else the sender's own kernel fragments it, DF clear.
  const outer = run.asks.outer(
    { ttl: defaultTtl(l.n), tos: 0, df: size(inner) + DATAGRAM_HEADERS <= mtu, sport: daemon.port },
    inner,
  )
  s.packet = push(
    inner,
    wholeIp({
      src: daemon.local,
      dst: lease.publicIp,
      ttl: outer.ttl,
      id: nextId(l),
      df: outer.df,
      tos: outer.tos,
      proto: PROTO.udp,
    }),
    { kind: 'udp', sport: outer.sport, dport: daemon.port },
  )
  record(at, s, { stage: 'daemon', decision })
  run.ports.localOut(l.here, scrubbed(s))
}

/** What flanneld writes for a destination nobody leases: 3/0 from the tunnel address, TTL 8, 56 bytes. The kernel then drops it: the source is its own. */
function netUnreachable(at: At<TunDev>, s: Skb): void {
  const { run } = at
  const ip = ipOf(s.packet)!
  const [first] = at.dev.addrs
  if (first === undefined) return
  const m = message(run, {
    kind: 'error',
    leg: 'back',
    says: { icmp: '3/0', by: 'flanneld' },
    cause: s.message,
  })
  const packet: Packet = {
    headers: [
      wholeIp({
        src: addressOf(first),
        dst: ip.src,
        ttl: 8,
        id: 0,
        df: false,
        tos: 0,
        proto: PROTO.icmp,
      }),
      { kind: 'icmp', type: 3, code: 0, rest: 0 },
    ],
    payload: quote(s.packet, 28),
  }
  const e = skb(packet, m, s.step)
  record(at, e, { stage: 'daemon', decision: { kind: 'icmp', type: 3, code: 0, did: 'make' } })
  cross(run, () => run.ports.receive(at, e))
}

/** A datagram for flanneld's port: TTL − 1, silently dropped at 0, then written into the TUN. No filter: whatever comes to the port is let in. */
function toTun(l: Live, s: Skb, daemon: Daemon): void {
  const at: Here = place(l, daemon.tun)
  wakeDaemon(l.run, l.n.name, () => {
    s.packet = pop(s.packet, 2)
    const ip = s.packet.headers[0]
    const decision = { kind: 'device', dev: at.row, did: 'decapsulate' } as const
    if (!isDevice(at) || !isIp(ip))
      return record(at, s, { stage: 'daemon', decision, drop: { reason: 'bad-packet' } })
    if (ip.ttl <= 1)
      return record(at, s, {
        stage: 'daemon',
        decision,
        drop: { reason: 'daemon-ttl', daemon: daemon.name, dst: ip.dst },
      })
    s.packet = rewriteIp(s.packet, { ttl: ip.ttl - 1 })
    record(at, s, { stage: 'daemon', decision })
    const inner = scrubbed(s)
    // sock_recv_packet() reads into a buffer as long as the TUN's MTU: what is longer is cut, and goes on as it is.
    if (ipLength(s.packet) > at.dev.mtu)
      inner.packet = { headers: [], payload: encode(s.packet).subarray(0, at.dev.mtu) }
    l.run.ports.receive(at, inner)
  })
}
