import { peerOf } from '#lib/topology/devs.ts'
import { emptyNetns, netns, type Topology } from '#lib/topology/topology.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { editsBetween } from '#lib/worlds/between.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { loopback } from '#lib/worlds/cluster/parts.ts'
import { build } from '#lib/worlds/cluster/patch.ts'
import { NODES, SEED } from '#lib/worlds/cluster/seed.ts'
import type { PodSpec } from '#lib/worlds/cluster/spec.ts'
import { docker } from '#lib/worlds/docker-bridge/cni.ts'
import { entry } from './entry.ts'

/* Which containers run, and what dockerd changes from one set of them to another. */

/** Each team's image listens on 80; on which number of which host it is found is somebody's choice. */
function team(at: Pick<PodSpec, 'name' | 'node' | 'ip'>, host: number): PodSpec {
  return {
    ...at,
    listen: [{ proto: 'tcp', port: 80 }],
    publish: [{ host, port: 80, proto: 'tcp' }],
  }
}
const TEAMS = {
  'team-a': team({ name: 'team-a', node: 'node-1', ip: '172.17.0.2' }, 8080),
  'team-b': team({ name: 'team-b', node: 'node-1', ip: '172.17.0.3' }, 8081),
  'team-c': team({ name: 'team-c', node: 'node-2', ip: '172.17.0.2' }, 8080),
  'team-b-2': team({ name: 'team-b-2', node: 'node-2', ip: '172.17.0.3' }, 8081),
} as const
export type Team = keyof typeof TEAMS
const ALL = Object.keys(TEAMS) as Team[]

/** The two hosts on their switch with these containers running; the namespaces of the others wait. */
export function hosts(running: readonly Team[]): Topology {
  const made = cluster(
    {
      ...SEED,
      between: 'switch',
      role: 'container',
      nodes: NODES.map((n) => ({ ...n, podCidr: entry.traits.range })),
      pods: running.map((name) => TEAMS[name]),
    },
    docker({ userlandProxy: true }),
  )
  const waiting = new Map(
    ALL.filter((name) => !running.includes(name)).map((name) => [
      name as string,
      build(emptyNetns(name, TEAMS[name].node, 'container'), [loopback(name)]),
    ]),
  )
  const { source } = made
  return {
    ...made,
    source: {
      ...source,
      names: [...source.names, ...waiting.keys()],
      derive: (name) => waiting.get(name) ?? source.derive(name),
    },
  }
}

/** What dockerd does so that these containers run in place of those: it takes down what is to stop, rewrites each host's rules, and starts the rest. */
export function editsTo(before: readonly Team[], after: readonly Team[]): readonly Edit[] {
  const [was, is] = [hosts(before), hosts(after)]
  const stopped = before.filter((name) => !after.includes(name))
  const started = after.filter((name) => !before.includes(name))
  return [
    ...stopped.flatMap((name) => stop(netns(was, name)!)),
    ...NODES.flatMap(({ name }) => {
      const rows = (t: Topology) => {
        const { netfilter, sockets } = netns(t, name)!
        return { netfilter, sockets }
      }
      return editsBetween(name, rows(was), rows(is))
    }),
    ...started.flatMap((name) => start(netns(is, name)!, is)),
  ]
}

type Container = NonNullable<ReturnType<typeof netns>>

/** Its program ends and its end of the pair goes, the host's with it. */
function stop(c: Container): readonly Edit[] {
  return [
    ...c.sockets.map((row): Edit => ({
      op: 'del',
      in: c.name,
      table: 'sockets',
      where: { ...row },
    })),
    { op: 'del', in: c.name, table: 'devs', where: { name: 'eth0' } },
  ]
}

/** The pair, the way out, the program. */
function start(c: Container, t: Topology): readonly Edit[] {
  const eth0 = c.devs.find((d) => d.name === 'eth0')!
  const outer = netns(t, c.node)!.devs.find((d) => peerOf(d)?.netns === c.name)!
  return [
    { op: 'add', in: c.node, table: 'devs', row: outer },
    { op: 'add', in: c.name, table: 'devs', row: eth0 },
    ...c.routes
      .filter((r) => r.proto !== 'kernel')
      .map((row): Edit => ({ op: 'add', in: c.name, table: 'routes', row })),
    ...c.sockets.map((row): Edit => ({ op: 'add', in: c.name, table: 'sockets', row })),
  ]
}
