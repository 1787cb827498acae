import type { Topology } from '#lib/topology/topology.ts'
import { tcp, NODES, SEED } from '#lib/worlds/cluster/seed.ts'
import type { PodSpec } from '#lib/worlds/cluster/spec.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { docker } from '#lib/worlds/docker-bridge/cni.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { entry } from './entry.ts'

/* A register of published numbers as somebody keeps it by hand: what it makes of two hosts. */

/** One line: whose container is found where. */
export interface Line {
  readonly team: string
  readonly node: string
  readonly number: number
}

/** What happens to a register: a container starts, has to leave its host, is started a second time, or crashes and comes back where it was. */
export type Event = {
  readonly does: 'starts' | 'moves' | 'copies' | 'crashes'
  readonly team: string
}

/** A week of them. */
export const WEEK: readonly Event[] = [
  { does: 'starts', team: 'a' },
  { does: 'starts', team: 'b' },
  { does: 'starts', team: 'c' },
  { does: 'moves', team: 'b' },
  { does: 'crashes', team: 'a' },
  { does: 'copies', team: 'a' },
  { does: 'starts', team: 'd' },
  { does: 'moves', team: 'c' },
]

/** Numbers that may be asked for, and the hosts. */
export const NUMBERS = [8080, 8081, 8082, 8083, 8084] as const
export const HOSTS: readonly string[] = NODES.map((n) => n.name)

/** The line that has a number of a host: the kernel gives it to one program only, so Docker starts no second. */
export const takenBy = (
  lines: readonly Line[],
  { node, number }: Omit<Line, 'team'>,
): Line | null => lines.find((l) => l.node === node && l.number === number) ?? null

/** The hosts with these containers, each on the first address that is free there. RangeError where two lines have the same number of a host. */
export function registered(lines: readonly Line[]): Topology {
  const pods = lines.map((line, i): PodSpec => {
    const before = lines.slice(0, i)
    if (takenBy(before, line) !== null)
      throw new RangeError(`${line.node} publishes ${line.number} already`)
    const index = before.filter((l) => l.node === line.node).length
    return {
      name: `team-${line.team}`,
      node: line.node,
      ip: `172.17.0.${index + 2}`,
      listen: [{ proto: 'tcp', port: 80 }],
      publish: [{ host: line.number, port: 80, proto: 'tcp' }],
    }
  })
  return cluster(
    {
      ...SEED,
      between: 'switch',
      role: 'container',
      nodes: NODES.map((n) => ({ ...n, podCidr: entry.traits.range })),
      pods,
    },
    docker({ userlandProxy: true }),
  )
}

/** A call of what stands in a line. */
export function callOf({ node, number }: Omit<Line, 'team'>): Flow {
  const { ip } = NODES.find((n) => n.name === node)!
  return tcp('internet', ip, number)
}
