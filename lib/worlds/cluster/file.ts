import * as v from 'valibot'
import { networkOf, type Cidr } from '#lib/wire/addr.ts'
import { fromFile, isTopologyFile } from '#lib/topology/file.ts'
import { FEW } from '#lib/topology/bounds.ts'
import { problem, problemsOf, problemText, saying, type Problem } from '#lib/topology/problem.ts'
import { shapeProblems } from '#lib/topology/shape.ts'
import { netns, type Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { cluster } from './cluster.ts'
import type { ClusterSpec, Cni } from './spec.ts'
import type { WorldId } from '#lib/worlds/index.ts'
import type { Plugin } from '#lib/worlds/world.ts'
import { edited } from './edits.ts'
import { dockerOf } from './docker.ts'
import { fill } from './fill.ts'
import { CLUSTER, type ClusterFile } from './schema.ts'
import { primaryAddress } from './resolve.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'
import { ping, tcp } from './seed.ts'

/** A file that cannot be used: every problem, each with its place in the file, what is wrong and what would be right. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError'
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(problems.map(problemText).join('\n'))
    this.problems = problems
  }
}

/** Each network's plugin; whoever reads files has loaded all of them. */
export type Plugins = { readonly [Id in WorldId]: Plugin }

/** The world in a cluster file (version 1) or in a full topology file, read already. Throws ClusterError with all its problems. */
export function clusterOf(value: unknown, plugins: Plugins): Scenario {
  const shape = shapeProblems(value)
  if (shape.length > 0) throw new ClusterError(shape)
  if (isTopologyFile(value)) {
    const read = fromFile(value)
    if ('problems' in read) throw new ClusterError(read.problems)
    const { topology } = read
    return ofFile({
      id: 'topology',
      title: saying().titles.topology,
      topology,
      flows: flowsOf(topology),
    })
  }
  const parsed = v.safeParse(CLUSTER, value)
  if (!parsed.success)
    throw new ClusterError([...problemsOf(parsed.issues), ...furtherProblems(value, parsed.issues)])
  const file = parsed.output
  const problems: Problem[] = []
  const { spec, podCidr } = fill(file, (path, code, ...args) => {
    problems.push(problem(path, code, ...args))
  })
  if (problems.length > 0) throw new ClusterError(problems)
  const made = edited(cluster(spec, cniOf(file, podCidr, plugins)), file.edits ?? [])
  if ('problems' in made) throw new ClusterError(made.problems)
  const title = file.name ?? saying().titles.cluster(file.network, spec.nodes.length)
  return ofFile({ id: 'cluster', title, topology: made.topology, flows: flowsFor(spec) })
}

/** What else is wrong in a file whose values are not all of the right kind: those are taken out, and the rest is looked at. */
function furtherProblems(value: unknown, issues: readonly v.BaseIssue<unknown>[]): Problem[] {
  // With so many the rest can wait.
  if (issues.length > FEW) return []
  const rest = structuredClone(value)
  const removed = new Set(problemsOf(issues).map((p) => p.path))
  for (const { path } of issues) {
    const key = path?.at(-1)?.key
    const holder = path
      ?.slice(0, -1)
      .reduce<unknown>(
        (at, step) => (at as Record<string, unknown> | undefined)?.[step.key as string],
        rest,
      )
    if (typeof key === 'string' && typeof holder === 'object' && holder !== null)
      delete (holder as Record<string, unknown>)[key]
  }
  // Everything else is measured by it.
  if (removed.has('vpc.cidr') || removed.has('podCidr')) return []
  const again = v.safeParse(CLUSTER, rest)
  if (!again.success) return []
  const problems: Problem[] = []
  fill(again.output, (path, code, ...args) => {
    problems.push(problem(path, code, ...args))
  })
  return problems.filter((p) => !steps(p.path).some((step) => removed.has(step)))
}

/** `pods[1].ip` with everything above it: `pods`, `pods[1]`. */
function steps(path: string): readonly string[] {
  return [...path.matchAll(/[.[]/g), { index: path.length }].map(({ index }) =>
    path.slice(0, index),
  )
}

function cniOf(f: ClusterFile, podCidr: Cidr, plugins: Plugins): Cni {
  const proxy = f['userland-proxy']
  const { version, externalSnat, excludeSnatCidrs, securityGroupsForPods } = f['vpc-cni'] ?? {}
  const docker = dockerOf(f)
  return plugins[f.network]({
    podCidr,
    ...(docker === undefined ? {} : { docker }),
    ...(f.bridge === undefined ? {} : { bridge: f.bridge }),
    ...(f.hairpin === undefined ? {} : { hairpin: f.hairpin }),
    ...(proxy === undefined ? {} : { userlandProxy: proxy }),
    ...(version === undefined ? {} : { era: version }),
    ...(securityGroupsForPods === undefined ? {} : { enforcing: securityGroupsForPods }),
    ...(f.encapsulation === undefined ? {} : { encapsulation: f.encapsulation }),
    ...(externalSnat === undefined ? {} : { externalSnat }),
    ...(excludeSnatCidrs === undefined
      ? {}
      : { excludeSnatCidrs: excludeSnatCidrs.map(networkOf) }),
  })
}

/** What a file has of a scenario: no what-ifs, and nothing that it leaves out. */
function ofFile(x: Pick<Scenario, 'id' | 'title' | 'topology' | 'flows'>): Scenario {
  return { ...x, sources: [], whatIfs: {}, leavesOut: [] }
}

/** From the first pod to the last, a connection and an echo, and to the first Service; between nodes where there are no pods. */
function flowsFor(c: ClusterSpec): Readonly<Record<string, Flow>> {
  const count = c.pods.length + (c.counted?.count ?? 0)
  const first = c.pods[0] ?? c.counted?.on(c.nodes[0]!.name)[0] ?? c.nodes[0]!
  const lastPod = c.counted?.on(c.nodes.at(-1)!.name).at(-1) ?? c.pods.at(-1)
  const last = lastPod ?? c.nodes.at(-1)!
  const to = first.name === last.name ? c.nodes[0]!.ip : last.ip
  const service = count === 0 ? undefined : c.services?.find((s) => s.proto === 'tcp')
  const port = count < 2 ? undefined : lastPod?.listen.find((l) => l.proto === 'tcp')?.port
  return {
    ...(port === undefined ? {} : { 'first-to-last': tcp(first.name, to, port) }),
    ping: ping(first.name, to),
    ...(service === undefined ? {} : { service: tcp(first.name, service.ip, service.port) }),
  }
}

function flowsOf(t: Topology): Readonly<Record<string, Flow>> {
  const spaces = t.source.names.flatMap((name) => netns(t, name) ?? [])
  const pods = spaces.filter((n) => n.role === 'pod' || n.role === 'container')
  const [first, last] = pods.length > 1 ? [pods[0], pods.at(-1)] : [spaces[0], spaces.at(-1)]
  const to = last === undefined ? null : primaryAddress(last)
  return first === undefined || to === null ? {} : { ping: ping(first.name, to) }
}
