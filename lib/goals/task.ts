import { applyAll } from '#lib/topology/apply.ts'
import { editFromJson, type Edit, type Splice } from '#lib/topology/edit.ts'
import type { Topology } from '#lib/topology/topology.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'

/** A task that goals are set by: where it starts, and edits that reach them from there. */
export interface Task {
  readonly title: string
  /** What is to be done, in a sentence or two. */
  readonly asks: string
  readonly world: string
  /** The flow of the world that is walked first; its own first one when left out. */
  readonly flow?: string
  readonly 'what-ifs'?: readonly string[]
  /** Edits of the start, as links and files have them. */
  readonly edits?: readonly unknown[]
  readonly solution: readonly unknown[]
}

const edit = (e: unknown): Edit | Splice => editFromJson(JSON.stringify(e))

/** The tables a task starts with. RangeError or EditError where it names what is not there. */
export function startOf(task: Pick<Task, 'what-ifs' | 'edits'>, world: Scenario): Topology {
  const changes = (task['what-ifs'] ?? []).flatMap((w) => {
    const whatIf = world.whatIfs[w]
    if (whatIf === undefined) throw new RangeError(`${world.id} has no what-if ${w}`)
    return whatIf.edits
  })
  return applyAll(world.topology, [...changes, ...(task.edits ?? []).map(edit)])
}

/** The tables with its solution. */
export const solved = (task: Task, world: Scenario): Topology =>
  applyAll(startOf(task, world), task.solution.map(edit))
