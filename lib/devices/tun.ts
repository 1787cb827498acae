import type { DevOf } from '#lib/topology/devs.ts'
import type { Daemon } from '#lib/topology/linux.ts'
import type { Ref } from '#lib/topology/topology.ts'
import type { Decision } from '#lib/trace/decision.ts'
import { find, ipLength, PROTO, push, pop, rewrite, size, type Packet } from '#lib/wire/packet.ts'
import { encode } from '#lib/wire/codec.ts'
import { quote } from '#lib/wire/quote.ts'
import { lookupLease } from '#lib/lookup/lease.ts'
import { defaultTtl } from '#lib/lookup/sysctl.ts'
import { localAddress } from '#lib/lookup/local.ts'
import { transmit } from './index.ts'
import { asProcess, cross, device, deviceRef, message, nextId, record, ref, skb, wake, type Live, type Run, type Skb } from './run.ts'

/** Near misses recorded at most. */
const MOST_REJECTED = 8

/** tun_net_xmit(): queued to the file descriptor; the program behind it reads when it runs. */
export function xmit(run: Run, l: Live, d: DevOf<'tun'>, s: Skb): void {
  transmit(run, l, d, s)
  const daemon = l.n.daemons.find((x) => x.tun === d.name)
  if (daemon === undefined) {
    record(run, s, l.n.name, d.name, 'daemon', { kind: 'device', dev: deviceRef(l, d.name), did: 'transmit' }, [], { reason: 'link-down', dev: d.name })
    return
  }
  // One process, one packet after the other: each read waits until the last sendto has returned.
  wake(run, 'daemon', () => asProcess(run, () => fromTun(run, l, d, daemon, s)), l.n.name)
}

/** flanneld's udp backend (proxy_amd64.c): look up the lease, TTL − 1, sendto. Its own socket, so its own IP header. */
function fromTun(run: Run, l: Live, d: DevOf<'tun'>, daemon: Daemon, s: Skb): void {
  const ip = find(s.packet, 'ipv4')!
  const row = lookupLease(l.n, daemon.name, daemon.local, ip.dst)
  const rejected: Ref[] = []
  for (let i = 0; i < l.n.leases.length && rejected.length < MOST_REJECTED; i += 1) if (i !== row && l.n.leases[i]?.daemon === daemon.name) rejected.push({ in: l.n.name, table: 'leases', row: i })
  const decision = (remote: typeof daemon.local | null): Decision => ({ kind: 'lease', daemon: daemon.name, dst: ip.dst, matched: ref(l.n.name, 'leases', row), rejected, remote })
  const lease = l.n.leases[row]
  if (lease === undefined) {
    record(run, s, l.n.name, d.name, 'daemon', decision(null), [], { reason: 'no-lease', daemon: daemon.name, dst: ip.dst })
    if (ip.proto !== PROTO.icmp && ip.offset === 0) netUnreachable(run, l, d, s)
    return
  }
  if (ip.ttl <= 1) {
    record(run, s, l.n.name, d.name, 'daemon', decision(lease.publicIp), [], { reason: 'daemon-ttl', daemon: daemon.name, dst: ip.dst })
    return
  }
  const inner = rewrite(s.packet, 'ipv4', { ttl: ip.ttl - 1 })
  const length = size(inner) + 28
  const eth = localAddress(l.n, daemon.local)?.dev
  // IP_PMTUDISC_WANT: DF if it fits the route's MTU; else the sender's own kernel fragments it, DF clear.
  const df = length <= (eth?.mtu ?? 1500)
  s.packet = push(inner, { kind: 'ipv4', src: daemon.local, dst: lease.publicIp, ttl: defaultTtl(l.n), id: nextId(l), df, mf: false, offset: 0, tos: 0, proto: PROTO.udp }, { kind: 'udp', sport: daemon.port, dport: daemon.port })
  record(run, s, l.n.name, d.name, 'daemon', decision(lease.publicIp))
  const outer = skb(s.packet, s.message, s.step)
  outer.copy = s.copy
  run.kernel.localOut(run, l, outer)
}

/** What flanneld writes for a destination nobody leases: 3/0 from the tunnel address, TTL 8, 56 bytes. The kernel then drops it: the source is its own. */
function netUnreachable(run: Run, l: Live, d: DevOf<'tun'>, s: Skb): void {
  const ip = find(s.packet, 'ipv4')!
  const src = d.addrs[0]?.split('/')[0] as typeof ip.src | undefined
  if (src === undefined) return
  const m = message(run, 'error', 'back', 'network unreachable, from flanneld', s.message)
  const packet: Packet = {
    headers: [{ kind: 'ipv4', src, dst: ip.src, ttl: 8, id: 0, df: false, mf: false, offset: 0, tos: 0, proto: PROTO.icmp }, { kind: 'icmp', type: 3, code: 0, rest: 0 }],
    payload: quote(s.packet, 28),
  }
  const e = skb(packet, m, s.step)
  record(run, e, l.n.name, d.name, 'daemon', { kind: 'icmp', type: 3, code: 0, did: 'make' })

  cross(run, () => run.kernel.receive(run, l, d, e))
}

/** A datagram for flanneld's port: TTL − 1, silently dropped at 0, then written into the TUN. No filter: whatever comes to the port is let in. */
export function input(run: Run, l: Live, daemon: Daemon, s: Skb): void {
  const d = device(l, daemon.tun)
  wake(run, 'daemon', () => {
    s.packet = pop(s.packet, 2)
    const ip = s.packet.headers[0]
    const decision = { kind: 'device', dev: deviceRef(l, daemon.tun), did: 'decapsulate' } as const
    if (d === undefined || ip?.kind !== 'ipv4') {
      record(run, s, l.n.name, daemon.tun, 'daemon', decision, [], { reason: 'bad-packet' })
      return
    }
    if (ip.ttl <= 1) {
      record(run, s, l.n.name, daemon.tun, 'daemon', decision, [], { reason: 'daemon-ttl', daemon: daemon.name, dst: ip.dst })
      return
    }
    s.packet = rewrite(s.packet, 'ipv4', { ttl: ip.ttl - 1 })
    record(run, s, l.n.name, daemon.tun, 'daemon', decision)
    // sock_recv_packet() reads into a buffer as long as the TUN's MTU: what is longer is cut, and goes on as it is.
    const packet = ipLength(s.packet) > d.mtu ? { headers: [], payload: encode(s.packet).subarray(0, d.mtu) } : s.packet
    const inner = skb(packet, s.message, s.step)
    inner.copy = s.copy
    run.kernel.receive(run, l, d, inner)
  }, l.n.name)
}
