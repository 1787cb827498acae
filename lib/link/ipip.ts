import { ipOf, isIp, PROTO } from '#lib/wire/packet.ts'
import type { Dev, IpipDev } from '#lib/topology/devs.ts'
import { indexed } from '#lib/topology/indexed.ts'
import { ethernet } from './device.ts'
import { tunnelFor, tunnelHears, tunnelRcv, tunnelXmit } from './ip-tunnel.ts'

const INSIDE = { proto: PROTO.ipencap, header: null } as const

const tunnelsOf = indexed((devs: readonly Dev[]): readonly IpipDev[] =>
  devs.filter((d) => d.kind === 'ipip'),
)

/** IP in IP (RFC 2003, net/ipv4/ipip.c). The module is taken to be loaded on every machine, since somebody sends by it: so protocol 4 is known where no device takes it, too. */
export const ipip = ethernet<IpipDev>({
  resolve: 'none',
  cutsAnew: true,
  xmit: (at, s) => tunnelXmit(at, s, INSIDE),
  protocol: ({ l }, proto) =>
    proto !== PROTO.ipencap
      ? null
      : (s) => {
          const { src: remote, dst: local } = ipOf(s.packet)!
          tunnelRcv(l, s, { d: tunnelFor(tunnelsOf(l.n.devs), { local, remote }), strips: 1 })
        },
  sender({ l }, quoted, icmp) {
    const about = quoted.headers[0]
    if (!isIp(about) || about.proto !== PROTO.ipencap) return null
    const { src: local, dst: remote } = about
    const d = tunnelFor(tunnelsOf(l.n.devs), { local, remote })
    return d === undefined ? null : tunnelHears(l, d, icmp)
  },
})
