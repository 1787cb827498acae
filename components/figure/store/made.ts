import {
  apply,
  applyAll,
  invert,
  type Edit,
  type Scenario,
  type Splice,
  type Topology,
} from '#lib/index.ts'

/** A what-if that was made: what takes it back, and why it could not be made, if it could not. */
interface Turn {
  readonly id: string
  readonly back: readonly Splice[]
  readonly problem: string | null
}

/** The tables of a world with its what-ifs made in their order. */
export interface Made {
  readonly world: Scenario
  readonly topology: Topology
  readonly turns: readonly Turn[]
  /** Why a what-if could not be made: the last of them. It is left out, the others are made. */
  readonly problem: string | null
}

const begun = (world: Scenario): Made => ({
  world,
  topology: world.topology,
  turns: [],
  problem: null,
})

/** The tables with these what-ifs. From those that were made before, what is no longer wanted is taken back by its inverse, last first, and the rest is made. */
export function making(before: Made | null, world: Scenario, whatIfs: readonly string[]): Made {
  const from = before?.world === world ? before : begun(world)
  let kept = 0
  while (kept < from.turns.length && from.turns[kept]!.id === whatIfs[kept]) kept += 1
  const gone = from.turns.slice(kept)
  let { topology } = from
  for (const turn of gone.toReversed()) topology = applyAll(topology, turn.back)
  const turns = from.turns.slice(0, kept)
  for (const id of whatIfs.slice(kept)) {
    const { turn, to } = turned(topology, id, world.whatIfs[id]?.edits ?? [])
    turns.push(turn)
    topology = to
  }
  const problem = turns.findLast((t) => t.problem !== null)?.problem ?? null
  return { world, topology, turns, problem }
}

/** Makes one what-if, all of it or nothing. */
function turned(
  topology: Topology,
  id: string,
  edits: readonly Edit[],
): { readonly turn: Turn; readonly to: Topology } {
  let to = topology
  const back: Splice[] = []
  try {
    for (const e of edits) {
      back.unshift(...invert(to, e))
      to = apply(to, e)
    }
    return { turn: { id, back, problem: null }, to }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { turn: { id, back: [], problem }, to: topology }
  }
}
