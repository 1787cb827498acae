import { writeAll } from '#lib/topology/write.ts'
import type { Topology } from '#lib/topology/topology.ts'
import type { Walk } from '#lib/trace/walk.ts'

/** The rows as they stand right after a step. */
export function topologyAt(walk: Walk, step: number): Topology {
  return writeAll(
    walk.before,
    walk.steps.slice(0, step + 1).flatMap((s) => s.writes),
  )
}
