import type { RouteAnswer } from '#lib/lookup/route.ts'
import { device } from '#lib/run/live.ts'
import type { At, Live } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'

/* What all tunnels do with a packet that they have wrapped. */

/** Is the packet in so many tunnels already that no further one may send it (iptunnel_xmit(), where it has a limit)? */
export function tooDeep({ run }: At): boolean {
  return run.traits.tunnelLimit !== null && run.nested > run.traits.tunnelLimit
}

/** The way of the outer packet, where it was looked up already, and the path MTU that was learned for it; 0: none. */
export interface OuterWay {
  readonly way: RouteAnswer | null
  readonly learned: number
}
const UNKNOWN: OuterWay = { way: null, learned: 0 }

/** udp_tunnel_xmit_skb(), iptunnel_xmit(): the outer packet keeps the mark and forgets the connection. */
export function sendOuter({ run, l, dev }: At, s: Skb, { way, learned }: OuterWay = UNKNOWN): void {
  const outer: Skb = {
    ...s,
    iif: null,
    ct: null,
    ctState: null,
    ctDir: 'original',
    fragMax: learned,
    came: null,
    sabotaged: false,
  }
  // iptunnel_xmit() counts too, where it has a limit.
  const counts = run.traits.tunnelLimit === null ? 0 : 1
  run.nested += counts
  run.ports.localOut(l.here, outer, { through: dev.name, way })
  run.nested -= counts
}

const [ECT_0, CE] = [2, 3]

/** INET_ECN_encapsulate(): the outer header's ECN bits, whatever is said of its DSCP. Congestion that the packet met before is not repeated outside (RFC 6040). */
export function outerTos(dscp: number, inner: number): number {
  const ecn = inner & 3
  return (dscp & 0xfc) | (ecn === CE ? ECT_0 : ecn)
}

/** What the link of a way takes, whatever was learned of the path. */
export function linkMtu(l: Live, { mtu, dev }: RouteAnswer): number {
  return mtu ?? (dev === null ? 0 : (device(l, dev)?.dev.mtu ?? 0))
}
