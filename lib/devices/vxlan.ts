import type { DevOf } from '#lib/topology/devs.ts'
import { fnv1a } from '#lib/wire/hash.ts'
import { find, PROTO, push, pop, type Ethernet, type Packet } from '#lib/wire/packet.ts'
import type { Decision } from '#lib/trace/decision.ts'
import { defaultTtl } from '#lib/lookup/sysctl.ts'
import { lookupVxlanFdb } from '#lib/lookup/fdb.ts'
import { transmit } from './index.ts'
import { cross, nextId, record, ref, deviceRef, skb, type Live, type Run, type Skb } from './run.ts'

/** net.ipv4.ip_local_port_range 32768–60999; the formula never reaches the top value (udp_flow_src_port). */
const PORT_LOW = 32768
const PORTS = 60999 - 32768

/** IP_TUNNEL_RECURSION_LIMIT: a tunnel wraps nothing that devices have handed on more often than this, itself and the tunnels before it counted twice (iptunnel_xmit(), Linux 6.18; 6.1 has only the limit of all devices). */
const TUNNEL_RECURSION_LIMIT = 5

/** vxlan_xmit(): the FDB names the remote VTEP, the frame becomes the payload of a UDP datagram to it (RFC 7348). */
export function xmit(run: Run, l: Live, d: DevOf<'vxlan'>, s: Skb): void {
  transmit(run, l, d, s)
  const frame = s.packet.headers[0] as Ethernet
  const index = lookupVxlanFdb(l.n, d.name, frame.dst)
  const remote = index < 0 ? undefined : l.n.fdb[index]?.dst
  if (remote === undefined) {
    record(run, s, l.n.name, d.name, 'tunnel', { kind: 'fdb', mac: frame.dst, matched: null, ports: [], up: false }, [], { reason: 'vxlan-no-remote', mac: frame.dst })
    return
  }
  const wraps: Decision = { kind: 'fdb', mac: frame.dst, matched: ref(l.n.name, 'fdb', index), ports: [remote], up: false }
  if (run.nested > TUNNEL_RECURSION_LIMIT) {
    record(run, s, l.n.name, d.name, 'tunnel', wraps, [], { reason: 'too-nested', dev: d.name })
    return
  }
  const inner = find(s.packet, 'ipv4')
  // Outer TTL starts afresh, DF is clear whatever the inner says, only the ECN bits are copied; the checksum is computed unless switched off.
  s.packet = push(s.packet,
    { kind: 'ipv4', src: d.local, dst: remote, ttl: defaultTtl(l.n), id: nextId(l), df: false, mf: false, offset: 0, tos: (inner?.tos ?? 0) & 3, proto: PROTO.udp },
    { kind: 'udp', sport: sourcePort(s.packet), dport: d.port, ...(d.udpcsum ? {} : { nocheck: true }) },
    { kind: 'vxlan', vni: d.vni, flags: 8 })
  record(run, s, l.n.name, d.name, 'tunnel', wraps)
  const outer: Skb = { ...s, iif: null, ct: null, ctState: null, ctDir: 'original', fragMax: 0, sabotaged: false }
  run.nested += 1
  run.kernel.localOut(run, l, outer, d.name)
  run.nested -= 1
}

/** A hash of the inner flow, its protocol (flow_hash_from_keys) and, of whole datagrams, its ports: the same both ways for ICMP and UDP; for TCP the kernel uses the socket's own hash, so each direction has its port. A hash over ports is kept when the packet is wrapped once more (iptunnel_xmit(): skb_clear_hash_if_not_l4()). */
export function sourcePort(p: Packet): number {
  const around = p.headers.findIndex((h) => h.kind === 'vxlan')
  const kept = p.headers[around - 1]
  if (kept?.kind === 'udp' && p.headers.slice(around).some((h) => h.kind === 'udp' || h.kind === 'tcp')) return kept.sport
  const ip = find(p, 'ipv4')
  const udp = find(p, 'udp')
  const tcp = find(p, 'tcp')
  if (ip === undefined) return PORT_LOW
  if (tcp !== undefined) return PORT_LOW + (fnv1a(`${ip.src}:${tcp.sport}>${ip.dst}:${tcp.dport}`) % PORTS)
  const a = `${ip.proto}|${ip.src}:${udp?.sport ?? 0}`
  const b = `${ip.proto}|${ip.dst}:${udp?.dport ?? 0}`
  return PORT_LOW + (fnv1a(a < b ? `${a}|${b}` : `${b}|${a}`) % PORTS)
}

/** vxlan_rcv(): does this device's tunnel socket take the datagram? The VNI decides; flags other than I make it drop. */
export function input(run: Run, l: Live, devs: readonly DevOf<'vxlan'>[], s: Skb): void {
  const vx = find(s.packet, 'vxlan')
  const d = devs.find((x) => x.vni === vx?.vni)
  if (vx === undefined || d === undefined) {
    record(run, s, l.n.name, devs[0]?.name ?? null, 'tunnel', { kind: 'device', dev: deviceRef(l, devs[0]?.name ?? ''), did: 'decapsulate' }, [], vx === undefined ? { reason: 'bad-packet' } : { reason: 'vxlan-unknown-vni', vni: vx.vni })
    return
  }
  s.packet = pop(s.packet, 3)
  record(run, s, l.n.name, d.name, 'tunnel', { kind: 'device', dev: deviceRef(l, d.name), did: 'decapsulate' })
  const innerSkb = skb(s.packet, s.message, s.step)
  innerSkb.mark = s.mark
  innerSkb.copy = s.copy
  // gro_cells: the inner frame is queued, not handled at once.
  cross(run, () => run.kernel.receive(run, l, d, innerSkb))
}
