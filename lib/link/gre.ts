import { ipOf, isIp, PROTO, type Gre, type Header, type Packet } from '#lib/wire/packet.ts'
import type { Dev, GreDev, GretapDev } from '#lib/topology/devs.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { indexed } from '#lib/topology/indexed.ts'
import type { Here, Live } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import { ethernet, type Kind } from './device.ts'
import { tunnelDrops, tunnelFor, tunnelHears, tunnelRcv, tunnelXmit } from './ip-tunnel.ts'

/* net/ipv4/ip_gre.c, gre_demux.c: a header of its own with a key, if it has one. The module is taken to be loaded on every machine, since somebody sends by it. */

type GreTunnelDev = GreDev | GretapDev

const tunnelsOf = indexed((devs: readonly Dev[]): readonly GreTunnelDev[] =>
  devs.filter((d) => d.kind === 'gre' || d.kind === 'gretap'),
)

function headerOf({ key, csum }: GreTunnelDev): Gre {
  const checksum = csum === true
  return key === undefined ? { kind: 'gre', checksum } : { kind: 'gre', checksum, key }
}

/** Whose the packet is (__ipgre_rcv()): a frame is for one of frames, or else for one of packets, which is not looked at twice. */
function takes(
  n: Netns,
  [header, inside]: readonly (Header | undefined)[],
  ends: Parameters<typeof tunnelFor>[1],
): GreTunnelDev | undefined {
  if (header?.kind !== 'gre') return undefined
  const kind = inside?.kind === 'ethernet' ? 'gretap' : 'gre'
  return tunnelFor(
    tunnelsOf(n.devs).filter((d) => d.kind === kind && d.key === header.key),
    ends,
  )
}

/** gre_rcv() */
function receive(l: Live, s: Skb): void {
  const { src: remote, dst: local } = ipOf(s.packet)!
  const header = s.packet.headers[1]
  const d = takes(l.n, s.packet.headers.slice(1), { local, remote })
  // ip_tunnel_rcv(): whoever has checksums wants them, and who has none takes none.
  if (header?.kind === 'gre' && d !== undefined && header.checksum !== (d.csum === true))
    return tunnelDrops(l, s)
  tunnelRcv(l, s, { d, strips: 2 })
}

/** ipgre_err(): a port that is unreachable tells nothing of a tunnel. */
function sender({ l }: Here, quoted: Packet, icmp: Parameters<typeof tunnelHears>[2]) {
  const about = quoted.headers[0]
  if (!isIp(about) || about.proto !== PROTO.gre || (icmp.type === 3 && icmp.code === 3)) return null
  const ends = { local: about.src, remote: about.dst }
  const d = takes(l.n, quoted.headers.slice(1), ends)
  return d === undefined ? null : tunnelHears(l, d, icmp)
}

export const gre: Kind<GreDev> = ethernet<GreDev>({
  resolve: 'none',
  cutsAnew: true,
  xmit: (at, s) => tunnelXmit(at, s, { proto: PROTO.gre, header: headerOf(at.dev) }),
  protocol: ({ l }, proto) => (proto === PROTO.gre ? (s) => receive(l, s) : null),
  sender,
})

/** Frames by GRE. The protocol's handler, which both have, is the other kind's. */
export const gretap: Kind<GretapDev> = ethernet<GretapDev>({
  cutsAnew: true,
  queue: true,
  xmit: (at, s) => tunnelXmit(at, s, { proto: PROTO.gre, header: headerOf(at.dev) }),
})
