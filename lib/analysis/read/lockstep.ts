import { netns, space } from '#lib/topology/topology.ts'
import type { Walk } from '#lib/trace/walk.ts'

/** For each message the packet it belongs to: its own number, or for ARP that of the packet that waits for it. */
export function packets(walk: Walk): readonly number[] {
  const of: number[] = []
  for (const m of walk.messages)
    of[m.n] = m.kind === 'arp' && m.cause !== null ? (of[m.cause] ?? m.cause) : m.n
  return of
}

/** For each step: the number of its message among those of the flow (ARP belongs to the packet that waits for it), and the place, the same in every world: 0 in the sender, 1 on its node, 2 between the nodes, 3 on the receiver's node, 4 at the receiver. */
export interface Phase {
  readonly message: number
  readonly place: number
}

/** For each step of the walk, in order: the packet it is of, and the place that has been reached. ARP belongs to the packet that waits for it. */
export function phases(walk: Walk): Phase[] {
  const of = packets(walk)
  const order = new Map(walk.messages.filter((m) => m.kind !== 'arp').map((m, i) => [m.n, i]))
  const reached = new Map<number, number>()
  return walk.steps.map((s) => {
    const packet = of[s.message] ?? 0
    const before = reached.get(packet) ?? 0
    const place =
      walk.messages[s.message]?.kind === 'arp'
        ? before
        : Math.max(before, placeIn(walk, s.in, before))
    reached.set(packet, place)
    return { message: order.get(packet) ?? 0, place }
  })
}

function placeIn(walk: Walk, name: string, before: number): number {
  const n = netns(walk.before, name)
  if (n === undefined) return space(walk.before, name)?.kind === 'vpc' ? 2 : before
  if (n.role === 'node') return before >= 2 ? 3 : 1
  return before === 0 ? 0 : 4
}

/** One tick of the common clock: which stop each walk is at, and where. Not `together` while one waits for what the other does elsewhere. */
export interface Beat {
  readonly left: number
  readonly right: number
  readonly phase: Phase
  readonly together: boolean
}

/** Stops in a row that are in one phase. */
interface Stretch {
  readonly phase: Phase
  readonly from: number
  readonly to: number
}

function runs({ walk: w, stops }: Told): Stretch[] {
  const all = phases(w)
  const out: Stretch[] = []
  stops.forEach((n, i) => {
    const phase = all[n]!
    const last = out[out.length - 1]
    if (last !== undefined && same(last.phase, phase)) out[out.length - 1] = { ...last, to: i }
    else out.push({ phase, from: i, to: i })
  })
  return out
}

const same = (a: Phase, b: Phase): boolean => a.message === b.message && a.place === b.place

/** A walk, and the numbers of its steps that are worth a stop. */
export interface Told {
  readonly walk: Walk
  readonly stops: readonly number[]
}

/** Two walks on one clock. Within a phase both go on stop by stop, and the one with fewer waits; what only one of them does, the other waits through. Each keeps its own order, also where packets of one connection are under way at the same time. */
export function lockstep(left: Told, right: Told): Beat[] {
  const ls = runs(left)
  const rs = runs(right)
  const ticks: Beat[] = []
  let l = 0
  let r = 0
  const emit = (x: Stretch | null, y: Stretch | null): void => {
    const steps = Math.max(x === null ? 0 : x.to - x.from + 1, y === null ? 0 : y.to - y.from + 1)
    const waits = ticks[ticks.length - 1]
    for (let i = 0; i < steps; i += 1) {
      ticks.push({
        left: x === null ? (waits?.left ?? 0) : Math.min(x.from + i, x.to),
        right: y === null ? (waits?.right ?? 0) : Math.min(y.from + i, y.to),
        phase: (x ?? y)!.phase,
        together: x !== null && y !== null,
      })
    }
  }
  while (l < ls.length || r < rs.length) {
    const x = ls[l]
    const y = rs[r]
    if (x !== undefined && y !== undefined && same(x.phase, y.phase)) {
      emit(x, y)
      l += 1
      r += 1
      continue
    }
    const leftLater = x !== undefined && rs.slice(r).some((q) => same(q.phase, x.phase))
    const rightLater = y !== undefined && ls.slice(l).some((q) => same(q.phase, y.phase))
    if (x !== undefined && (y === undefined || !leftLater || rightLater)) {
      emit(x, null)
      l += 1
    } else {
      emit(null, y!)
      r += 1
    }
  }
  return ticks
}
