import { isIp } from '#lib/wire/packet.ts'
import type { Tuple } from '#lib/topology/rows.ts'
import { netns, type Ref, type Topology } from '#lib/topology/topology.ts'
import type { Step } from '#lib/trace/walk.ts'
import type { Packet } from '#lib/wire/packet.ts'

/** The row of conntrack that a step's packet belongs to, at a step that tracks or translates; null where there is none (yet: the first packet's is written when it leaves). */
export function connection(topology: Topology, step: Step): Ref | null {
  const d = step.decision
  if (d.kind !== 'conntrack' && !(d.kind === 'hook' && d.from !== undefined)) return null
  const t = tuple(step.packet)
  const rows = netns(topology, step.in)?.conntrack ?? []
  const row =
    t === null
      ? -1
      : rows.findIndex(
          (c) =>
            c.gone !== true &&
            c.proto === t.proto &&
            [c.original, c.reply].some(
              (x) =>
                same(x, t) || same({ src: x.dst, dst: x.src, sport: x.dport, dport: x.sport }, t),
            ),
        )
  return row < 0 ? null : { in: step.in, table: 'conntrack', row }
}

const same = (a: Tuple, b: Tuple): boolean =>
  a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport

/** Of the outermost IPv4 header and what it carries; the ICMP id stands for both ports, as conntrack has it. */
function tuple(p: Packet): (Tuple & { readonly proto: string }) | null {
  const at = p.headers.findIndex((h) => isIp(h))
  const ip = p.headers[at]
  const l4 = p.headers[at + 1]
  if (!isIp(ip) || l4 === undefined) return null
  if (l4.kind === 'tcp' || l4.kind === 'udp')
    return { proto: l4.kind, src: ip.src, dst: ip.dst, sport: l4.sport, dport: l4.dport }
  return l4.kind === 'icmp'
    ? { proto: 'icmp', src: ip.src, dst: ip.dst, sport: l4.rest >>> 16, dport: l4.rest >>> 16 }
    : null
}
