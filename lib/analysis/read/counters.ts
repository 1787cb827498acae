import type { DropReason } from '#lib/trace/drop.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Step, Walk } from '#lib/trace/walk.ts'
import { find, ipOf, RST, SYN } from '#lib/wire/packet.ts'
import { netns } from '#lib/topology/topology.ts'

/** Counters of /proc/net/snmp and netstat that move when a packet is lost, by nstat's names. Each of them that moves must have a drop of ours, and each such drop moves it. */
export const WATCHED = [
  'IpInHdrErrors',
  'IpInAddrErrors',
  'IpInNoRoutes',
  'IpExtInNoRoutes',
  'IpOutNoRoutes',
  'IpInDiscards',
  'IpInUnknownProtos',
  'IpExtInTruncatedPkts',
  'IpFragFails',
  'IpReasmFails',
  'UdpNoPorts',
  'UdpInErrors',
  'TcpOutRsts',
  'TcpExtIPReversePathFilter',
] as const
export type Counter = (typeof WATCHED)[number]

/** inet_csk_route_req(): an answer to a SYN that has no way, whatever the reason. */
const unanswered = (s: Step): Counter | null =>
  s.stage === 'route-out' && ((find(s.packet, 'tcp')?.flags ?? 0) & SYN) !== 0 && s.message !== 0
    ? 'IpOutNoRoutes'
    : null

/** What the kernel says by itself is given up without a word: a port that nobody listens on (ip_send_unicast_reply), an error or an echo reply (net/ipv4/icmp.c). */
const ofTheKernel = (s: Step): boolean =>
  ((find(s.packet, 'tcp')?.flags ?? 0) & RST) !== 0 || find(s.packet, 'icmp') !== undefined

/** Which counter a drop moves (Linux 6.18); null: none of them. */
const MOVES: { readonly [R in DropReason]?: (s: Step, flow: Flow) => Counter | null } = {
  // ip_error(). A program's own packet: a raw socket, which an echo is sent from, does not count (net/ipv4/raw.c), the others do; nor does what the kernel says by itself; nor does what OUTPUT sent another way (ip_route_me_harder).
  'no-route': (s, flow) =>
    s.stage === 'reroute' || (s.stage === 'route-out' && (flow.proto === 'icmp' || ofTheKernel(s)))
      ? null
      : s.stage === 'route-out'
        ? 'IpOutNoRoutes'
        : 'IpExtInNoRoutes',
  'foreign-source': unanswered,
  blackhole: unanswered,
  'unreachable-route': unanswered,
  'prohibit-route': unanswered,
  'forwarding-off': () => 'IpInAddrErrors',
  // Also refused so, ARP does not count.
  'rp-filter': (s) => (ipOf(s.packet) === undefined ? null : 'TcpExtIPReversePathFilter'),
  'bad-packet': (s) => (s.stage === 'rx' ? 'IpExtInTruncatedPkts' : null),
  'ttl-exceeded': () => 'IpInHdrErrors',
  // The IP layer counts; a tunnel that tells the sender (tnl_update_pmtu()) and IPVS (ensure_mtu_is_adequate()) do not.
  'too-big': (s) =>
    s.stage === 'tunnel' || s.stage === 'input' || s.stage === 'output' ? null : 'IpFragFails',
  'over-mtu-link': (s) => (s.stage === 'fragment' ? 'IpFragFails' : null),
  'link-down': (s) => (s.stage === 'fragment' ? 'IpFragFails' : null),
  'no-socket': (s) =>
    s.drop?.reason === 'no-socket' && s.drop.proto === 'tcp' ? 'TcpOutRsts' : 'UdpNoPorts',
}

export type Counts = ReadonlyMap<string, ReadonlyMap<string, number>>

/** What a walk says the counters of each namespace move by. */
export function countersOf(w: Walk): Counts {
  const out = new Map<string, Map<string, number>>()
  for (const s of w.steps) {
    // tcp_send_active_reset()
    const resets =
      s.decision.kind === 'app' && s.decision.did === 'send' && s.decision.what === 'rst'
    const name = resets
      ? 'TcpOutRsts'
      : s.drop === null || netns(w.before, s.in) === undefined
        ? null
        : (MOVES[s.drop.reason]?.(s, w.flow) ?? null)
    if (name === null) continue
    const here = out.get(s.in) ?? new Map<string, number>()
    out.set(s.in, here.set(name, (here.get(name) ?? 0) + 1))
  }
  return out
}

/** Where the kernel's counters moved otherwise. */
export function countersDiffer(
  ours: Counts,
  kernel: Readonly<Record<string, Readonly<Record<string, number>>>>,
): string[] {
  return Object.entries(kernel).flatMap(([ns, moved]) =>
    WATCHED.flatMap((c) => {
      const [a, b] = [moved[c] ?? 0, ours.get(ns)?.get(c) ?? 0]
      return a === b ? [] : [`${ns}: counter ${c}: kernel +${a}, ours +${b}`]
    }),
  )
}
