import { stringify } from 'yaml'
import type { Topology } from '#lib/topology/topology.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { parseCluster } from '#lib/worlds/all.ts'

/* A cluster file, and what becomes of it when some of its keys are other ones. */

export type Change = Readonly<Record<string, unknown>>

/** `made` is its topology, `problems` what is said of it, a line each. */
export function changing(file: Change): {
  readonly made: (change?: Change) => Topology
  readonly problems: (change: Change) => string[]
} {
  const made = (change: Change = {}): Topology =>
    parseCluster(stringify({ ...file, ...change })).topology
  return {
    made,
    problems(change) {
      try {
        made(change)
      } catch (error) {
        if (error instanceof ClusterError)
          return error.problems.map((p) => `${p.path}: ${p.message}`)
        throw error
      }
      return []
    },
  }
}
