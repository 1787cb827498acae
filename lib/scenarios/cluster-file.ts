import * as v from 'valibot'
import { apply, EditError, same } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { fromFile, isTopologyFile } from '#lib/topology/file.ts'
import { problemsOf, problemText, type Problem } from '#lib/topology/problem.ts'
import { ROWS } from '#lib/topology/rows.ts'
import { netns, type TableName, type Topology } from '#lib/topology/topology.ts'
import { validate } from '#lib/topology/validate.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { cluster, type Cni, type ClusterSpec } from './cluster.ts'
import { fill } from './cluster-fill.ts'
import { CLUSTER, type ClusterFile } from './cluster-schema.ts'
import { docker } from './cni/docker.ts'
import { flannel } from './cni/flannel.ts'
import { vpcCni } from './cni/vpc.ts'
import { primaryAddress } from './resolve.ts'
import type { Scenario } from './scenario.ts'
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

/** The world in a cluster file (version 1) or in a full topology file, read already. Throws ClusterError with all its problems. */
export function clusterOf(value: unknown): Scenario {
  if (deep(value)) throw new ClusterError([{ path: '', message: 'nested too deeply; no part of a file has more than a few levels' }])
  if (isTopologyFile(value)) {
    const read = fromFile(value)
    if ('problems' in read) throw new ClusterError(read.problems)
    return scenario('topology', 'A topology, row by row', read.topology, flowsOf(read.topology))
  }
  const parsed = v.safeParse(CLUSTER, value)
  if (!parsed.success) throw new ClusterError([...problemsOf(parsed.issues), ...furtherProblems(value, parsed.issues)])
  const file = parsed.output
  const problems: Problem[] = []
  const { spec, podCidr } = fill(file, (path, message) => problems.push({ path, message }))
  if (problems.length > 0) throw new ClusterError(problems)
  const topology = edited(cluster(spec, cniOf(file, podCidr)), file.edits ?? [])
  return scenario('cluster', file.name ?? `${file.network}, ${spec.nodes.length} nodes`, topology, flowsFor(spec))
}

/** More levels than any file has: one that would exhaust the stack, or a YAML alias to what holds it. */
function deep(value: unknown): boolean {
  const objects = (xs: readonly unknown[]): readonly object[] => xs.filter((x): x is object => typeof x === 'object' && x !== null)
  let level = objects([value])
  for (let n = 0; level.length > 0; n += 1) {
    if (n > LEVELS) return true
    level = [...new Set(level.flatMap((x) => objects(Object.values(x))))]
  }
  return false
}
const LEVELS = 16

/** What else is wrong in a file whose values are not all of the right kind: those are taken out, and the rest is looked at. */
function furtherProblems(value: unknown, issues: readonly v.BaseIssue<unknown>[]): Problem[] {
  const rest = structuredClone(value)
  const removed = problemsOf(issues).map((p) => p.path)
  for (const { path } of issues) {
    const key = path?.at(-1)?.key
    const holder = path?.slice(0, -1).reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step.key as string], rest)
    if (typeof key === 'string' && typeof holder === 'object' && holder !== null) delete (holder as Record<string, unknown>)[key]
  }
  const again = v.safeParse(CLUSTER, rest)
  if (!again.success) return []
  const problems: Problem[] = []
  fill(again.output, (path, message) => problems.push({ path, message }))
  return problems.filter((p) => !removed.some((r) => p.path === r || p.path.startsWith(`${r}[`) || p.path.startsWith(`${r}.`)))
}

function cniOf(f: ClusterFile, network: Parameters<typeof flannel>[0]['network']): Cni {
  if (f.network === 'docker-bridge') return docker
  if (f.network === 'vpc-cni') return vpcCni
  const bridge = f.bridge ?? 'docker0'
  const backend = { 'flannel-udp': 'udp', 'flannel-vxlan': 'vxlan', 'flannel-host-gw': 'host-gw' } as const
  // flannel's conflist asks the bridge plugin for hairpin mode; Docker's bridge has it off.
  return flannel({ backend: backend[f.network], network, bridge, hairpin: f.hairpin ?? bridge === 'cni0' })
}

/** The edits in order; all that do not fit are reported. */
function edited(t: Topology, edits: NonNullable<ClusterFile['edits']>): Topology {
  const problems: Problem[] = []
  let out = t
  edits.forEach((e, i) => {
    const schema = Object.hasOwn(ROWS, e.table) ? ROWS[e.table as TableName] : undefined
    if (schema === undefined) { problems.push({ path: `edits[${i}].table`, message: `there is no table ${e.table}; there are ${Object.keys(ROWS).join(', ')}` }); return }
    if (e.op === 'add') {
      const row = v.safeParse(schema, e.row)
      if (!row.success) { problems.push(...problemsOf(row.issues, `edits[${i}].row`)); return }
    }
    try {
      const after = apply(out, e as Edit)
      const changed = e.op === 'set' ? v.safeParse(schema, changedRow(after, e.in, e.table, { ...e.where, ...e.to })) : null
      if (changed !== null && !changed.success) { problems.push(...problemsOf(changed.issues, `edits[${i}].to`)); return }
      out = after
    } catch (error) {
      if (!(error instanceof EditError)) throw error
      problems.push({ path: `edits[${i}]`, message: error.message })
    }
  })
  const touched = [...new Set(edits.flatMap((e) => (e.op === 'del' ? [] : [e.in])))]
  for (const f of problems.length > 0 ? [] : validate(out, touched).filter((x) => !x.odd)) {
    const i = edits.findLastIndex((e) => e.op !== 'del' && e.in === f.in && e.table === f.table)
    problems.push({ path: i < 0 ? 'edits' : `edits[${i}]`, message: `${f.path}: ${f.message}` })
  }
  if (problems.length > 0) throw new ClusterError(problems)
  return out
}

/** The row as a set left it, so that a value of the wrong kind is refused like one in `row`. */
function changedRow(t: Topology, name: string, table: string, fields: Readonly<Record<string, unknown>>): unknown {
  const s = (t.edited.get(name) ?? {}) as Readonly<Record<string, unknown>>
  const rows = Array.isArray(s[table]) ? (s[table] as readonly Readonly<Record<string, unknown>>[]) : []
  return rows.find((r) => Object.entries(fields).every(([k, x]) => same(r[k], x)))
}

function scenario(id: string, title: string, topology: Topology, flows: Readonly<Record<string, Flow>>): Scenario {
  return { id, title, sources: [], topology, flows, whatIfs: {}, leavesOut: [] }
}

/** From the first pod to the last, a connection and an echo, and to the first Service; between nodes where there are no pods. */
function flowsFor(c: ClusterSpec): Readonly<Record<string, Flow>> {
  const first = c.pods[0] ?? c.nodes[0]!
  const last = c.pods.at(-1) ?? c.nodes.at(-1)!
  const to = first === last ? c.nodes[0]!.ip : last.ip
  const service = c.pods.length === 0 ? undefined : c.services?.find((s) => s.proto === 'tcp')
  const port = c.pods.length < 2 ? undefined : c.pods.at(-1)?.listen.find((l) => l.proto === 'tcp')?.port
  return { ...(port === undefined ? {} : { 'first-to-last': tcp(first.name, to, port) }), ping: ping(first.name, to), ...(service === undefined ? {} : { service: tcp(first.name, service.ip, service.port) }) }
}

function flowsOf(t: Topology): Readonly<Record<string, Flow>> {
  const spaces = t.source.names.flatMap((name) => netns(t, name) ?? [])
  const pods = spaces.filter((n) => n.role === 'pod' || n.role === 'container')
  const [first, last] = pods.length > 1 ? [pods[0], pods.at(-1)] : [spaces[0], spaces.at(-1)]
  const to = last === undefined ? null : primaryAddress(last)
  return first === undefined || to === null ? {} : { ping: ping(first.name, to) }
}
