import { reassemble } from '#lib/wire/fragment.ts'
import { headerLength, ipLength, ipOf, pop } from '#lib/wire/packet.ts'
import { own } from '#lib/run/live.ts'
import { record } from '#lib/run/record.ts'
import type { At } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'

/**
 * ip_defrag(): put fragments together; false while some are missing. Ethernet of the last one is kept. `user` says who gathers, since
 * those of one do not wait for those of another: connection tracking before PREROUTING, or the way in (enum ip_defrag_users).
 */
export function gather(at: At, s: Skb, user: 'prerouting' | 'input'): boolean {
  const { l } = at
  const ip = ipOf(s.packet)
  if (ip === undefined || (!ip.mf && ip.offset === 0)) return true
  const id = `${user}|${ip.src}|${ip.dst}|${ip.id}|${ip.proto}`
  const ethernet = s.packet.headers[0]?.kind === 'ethernet' ? s.packet.headers[0] : null
  const held = l.holding.get(id) ?? []
  held.push({ ...s, packet: ethernet === null ? s.packet : pop(s.packet) })
  own(l, 'holding').set(id, held)
  const whole = reassemble(held.map((h) => h.packet))
  const sizes = held.map((h) => ipLength(h.packet))
  if (whole === null) {
    record(at, s, { stage: 'reassemble', decision: { kind: 'fragments', did: 'hold', sizes } })
    return false
  }
  l.holding.delete(id)
  s.fragMax = Math.max(...sizes)
  s.came = held
    .map((h) => ipOf(h.packet)!)
    .map((h, i) => ({ at: h.offset, carries: sizes[i]! - headerLength(h) }))
    .toSorted((a, b) => a.at - b.at)
    .map((x) => x.carries)
  s.packet =
    ethernet === null ? whole : { headers: [ethernet, ...whole.headers], payload: whole.payload }
  record(at, s, { stage: 'reassemble', decision: { kind: 'fragments', did: 'reassemble', sizes } })
  return true
}
