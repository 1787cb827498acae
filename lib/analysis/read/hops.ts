import type { Mac } from '#lib/wire/addr.ts'
import { ipOf } from '#lib/wire/packet.ts'
import type { Frame, Walk } from '#lib/trace/walk.ts'

/** The frame that carried a packet over one link. */
export interface Hop {
  readonly from: Mac
  readonly to: Mac
  /** Where it was sent first. */
  readonly frame: Frame
}

/** Over which links the flow's first packet came: what goes through a bridge stays one frame, what a router passes on gets another (RFC 826, RFC 1812). Stretches without a MAC header, and ARP, are none. */
export function hops(walk: Walk): readonly Hop[] {
  const first = walk.messages.find((m) => m.kind === 'flow')?.n
  const out: Hop[] = []
  for (const frame of walk.frames) {
    const [outer] = frame.packet.headers
    if (frame.message !== first || outer?.kind !== 'ethernet' || ipOf(frame.packet) === undefined)
      continue
    if (out.some((h) => h.from === outer.src && h.to === outer.dst)) continue
    out.push({ from: outer.src, to: outer.dst, frame })
  }
  return out
}
