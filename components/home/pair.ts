import { lockstep, type Step, type Walk } from '#lib/index.ts'
import { layout, type Scene } from '#components/diagram/layout/index.ts'
import { stops } from '#components/figure/store/stops.ts'
import { sentThrough, WORLDS_SENT, type Sent } from './sent.ts'

/* The same packet in two worlds, from stop to stop by one clock. */

/** One of them: what is drawn, and its step at each tick of the clock. */
export interface Trip {
  readonly world: Sent
  readonly title: string
  readonly scene: Scene
  readonly walk: Walk
  readonly keys: readonly string[]
  readonly ticks: readonly Tick[]
}
/** Where the packet is, and where it was at its stop before; null at the first. */
interface Tick {
  readonly step: Step
  readonly before: Step | null
}

async function drawn(id: Sent) {
  const { scenario, topology, walk, keys } = await sentThrough(id)
  return {
    world: id,
    title: scenario.title,
    scene: layout(topology, walk),
    walk,
    keys,
    stops: stops(walk, 'story').map((s) => s.step),
  }
}

/** Its steps tick by tick: while it waits for the other it stays what it was. */
function ticksOf(w: Walk, steps: readonly number[]): readonly Tick[] {
  const told = [...new Set(steps)]
  return steps.map((n) => ({
    step: w.steps[n]!,
    before: w.steps[told[told.indexOf(n) - 1] ?? -1] ?? null,
  }))
}

/** Both, as far as their first packet goes. */
export async function pair(): Promise<readonly [Trip, Trip]> {
  const [a, b] = await Promise.all([drawn(WORLDS_SENT[0]), drawn(WORLDS_SENT[1])])
  const beats = lockstep(a, b).filter((t) => t.phase.message === 0)
  return [
    {
      ...a,
      ticks: ticksOf(
        a.walk,
        beats.map((t) => a.stops[t.left]!),
      ),
    },
    {
      ...b,
      ticks: ticksOf(
        b.walk,
        beats.map((t) => b.stops[t.right]!),
      ),
    },
  ]
}
