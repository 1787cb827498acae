import type { Address } from '#lib/wire/addr.ts'
import { ipOf } from '#lib/wire/packet.ts'
import type { Step, Walk } from '#lib/trace/walk.ts'

/** What a copy of a packet still waits for when the walk is over: the other fragments of a datagram (Linux gives up after `net.ipv4.ipfrag_time`, 30 s; nobody waits so long here), or a neighbour's answer (only where a budget was spent first). */
export type Held =
  | { readonly for: 'fragments'; readonly src: Address; readonly dst: Address; readonly id: number }
  | { readonly for: 'neighbour'; readonly ip: Address; readonly dev: string }

/** The steps at which a copy of a packet waits at the walk's end, by number. */
export function held(walk: Walk): ReadonlyMap<number, Held> {
  const out = new Map<number, Held>()
  const goesOn = new Set<number>()
  // Backwards: what follows a step is known when the step is looked at.
  for (let i = walk.steps.length - 1; i >= 0; i -= 1) {
    const s = walk.steps[i]!
    if (s.drop === null && !goesOn.has(i)) {
      const waits = waitsFor(walk, s)
      if (waits !== null) out.set(i, waits)
    }
    if (walk.steps[s.from]?.message === s.message) goesOn.add(s.from)
  }
  return new Map([...out].toReversed())
}

function waitsFor(walk: Walk, s: Step): Held | null {
  const d = s.decision
  if (d.kind === 'neigh' && d.lladdr === null)
    return { for: 'neighbour', ip: d.ip, dev: s.dev ?? '' }
  if (d.kind !== 'fragments' || d.did !== 'hold') return null
  const ip = ipOf(s.packet)!
  const joined = walk.steps
    .slice(s.n)
    .some(
      (x) =>
        x.in === s.in &&
        x.message === s.message &&
        x.decision.kind === 'fragments' &&
        x.decision.did === 'reassemble' &&
        sameDatagram(x, s),
    )
  return joined ? null : { for: 'fragments', src: ip.src, dst: ip.dst, id: ip.id }
}

/** ip_frag_queue(): fragments belong together by addresses, id and protocol. */
function sameDatagram(a: Step, b: Step): boolean {
  const [x, y] = [ipOf(a.packet)!, ipOf(b.packet)!]
  return x.src === y.src && x.dst === y.dst && x.id === y.id && x.proto === y.proto
}
