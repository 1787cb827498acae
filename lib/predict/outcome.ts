import type { Address } from '#lib/wire/addr.ts'
import { addressOf } from '#lib/wire/addr.ts'
import { ipLength, ipOf, isIp } from '#lib/wire/packet.ts'
import { space, spaces, type TableName, type Topology } from '#lib/topology/topology.ts'
import { TOOLS } from '#lib/topology/tools.ts'
import type { Tool } from '#lib/topology/tool.ts'
import type { DropReason } from '#lib/trace/drop.ts'
import { keys, type Step, type Walk } from '#lib/trace/walk.ts'
import { arrives, promises, type Promised } from '#lib/analysis/read/promises.ts'

/** What a prediction is about: how the flow ends and where; what its sender is told; which row a step finds; the TTL with which it arrives; its bytes on the wire where it is largest; the source that its receiver sees. */
export const PREDICTED = ['ends', 'told', 'row', 'ttl', 'bytes', 'source'] as const
/** What one question asks for. */
export type Asks = (typeof PREDICTED)[number]

/** What a walk answers to that, as codes and names. The same value is the same answer. */
export type Outcome =
  | { readonly ask: 'ends'; readonly ends: 'arrives'; readonly broken: readonly Promised[] }
  | {
      readonly ask: 'ends'
      readonly ends: 'dies'
      readonly in: string
      /** In whose hands it was: AWS's, a pod's or another host's, a node's. */
      readonly at: 'vpc' | 'node' | 'host'
      readonly reason: DropReason
    }
  | { readonly ask: 'ends'; readonly ends: 'waits' }
  | { readonly ask: 'told'; readonly told: 'answer' | 'refused' | 'nothing' }
  /** An ICMP error, `icmp` is type/code; `by` is whose address it came from. */
  | {
      readonly ask: 'told'
      readonly told: 'error'
      readonly icmp: `${number}/${number}`
      readonly by: string
    }
  /** The row as the tool prints it; null where none fits. */
  | { readonly ask: 'row'; readonly table: TableName; readonly row: string | null }
  | { readonly ask: 'ttl'; readonly ttl: number }
  | { readonly ask: 'bytes'; readonly bytes: number }
  /** `of`: whose address it is; null where it is nobody's here. */
  | { readonly ask: 'source'; readonly source: Address; readonly of: string | null }

/** An outcome, and the step of the walk that decides it. */
export interface Decided {
  readonly outcome: Outcome
  readonly step: number
}

type Reads = (walk: Walk, key: string) => Decided | null

/** The steps of the first question on its way. */
function question(walk: Walk): readonly Step[] {
  const first = walk.messages.find((m) => m.kind === 'flow')?.n
  return walk.steps.filter((s) => s.message === first)
}

/** Whose address it is; null: of nobody here, or of several. */
function ownerOf(t: Topology, address: string): string | null {
  const owners = spaces(t).filter(
    (s) => s.kind === 'netns' && s.devs.some((d) => d.addrs.some((a) => addressOf(a) === address)),
  )
  return owners.length === 1 ? owners[0]!.name : null
}

/** Where the question last became another in what `of` reads; its beginning if it never did. */
function changedAt(steps: readonly Step[], of: (s: Step) => unknown): number {
  const at = steps.findLastIndex((s, i) => i > 0 && of(s) !== of(steps[i - 1]!))
  return (steps[Math.max(0, at)] ?? steps[0])!.n
}

const innermost = (s: Step) => s.packet.headers.findLast((h) => isIp(h))

const ends: Reads = (walk) => {
  const { loss, delivered, steps } = walk
  const last = steps.findLast(arrives) ?? steps[steps.length - 1]
  if (last === undefined) return null
  if (delivered) {
    const broken = promises(walk)
    return {
      outcome: { ask: 'ends', ends: 'arrives', broken: broken.map((b) => b.promise) },
      step: broken[0]?.by ?? question(walk).findLast(arrives)?.n ?? last.n,
    }
  }
  if (loss === null) return { outcome: { ask: 'ends', ends: 'waits' }, step: last.n }
  const there = space(walk.before, loss.in)
  const at = there?.kind === 'vpc' ? 'vpc' : there?.role === 'node' ? 'node' : 'host'
  return {
    outcome: { ask: 'ends', ends: 'dies', in: loss.in, at, reason: loss.drop.reason },
    step: loss.step,
  }
}

/** What a program's own kernel says where it finds no way (ip_route_output_key_hash). */
const AT_HOME: { readonly [R in DropReason]?: `${number}/${number}` } = {
  'no-route': '3/0',
  'unreachable-route': '3/1',
  'prohibit-route': '3/13',
}

const told: Reads = (walk) => {
  const { from } = walk.flow
  const last = walk.loss?.step ?? question(walk).findLast(arrives)?.n ?? 0
  if (walk.delivered) return { outcome: { ask: 'told', told: 'answer' }, step: last }
  const comes = walk.steps.find((s) => {
    const m = walk.messages[s.message]
    return s.in === from && m?.leg === 'back' && s.drop === null && arrives(s) && saysNo(m.says)
  })
  const says = walk.messages[comes?.message ?? -1]?.says
  if (comes !== undefined && says === 'rst')
    return { outcome: { ask: 'told', told: 'refused' }, step: comes.n }
  const home = walk.loss?.in === from ? AT_HOME[walk.loss.drop.reason] : undefined
  if (home !== undefined)
    return { outcome: { ask: 'told', told: 'error', icmp: home, by: from }, step: last }
  const error = walk.loss?.icmp
  if (comes === undefined && (error === null || error === undefined))
    return { outcome: { ask: 'told', told: 'nothing' }, step: last }
  const [icmp, by] =
    comes !== undefined && typeof says === 'object' && 'icmp' in says
      ? [says.icmp, ipOf(comes.packet)!.src]
      : [`${error!.type}/${error!.code}` as const, error!.from]
  return {
    outcome: { ask: 'told', told: 'error', icmp, by: ownerOf(walk.before, by) ?? by },
    step: comes?.n ?? last,
  }
}

const saysNo = (says: Walk['messages'][number]['says']): boolean =>
  says === 'rst' || (typeof says === 'object' && 'icmp' in says)

const row: Reads = (walk, key) => {
  const s = walk.steps[keys(walk).indexOf(key)]
  const d = s?.decision
  if (s === undefined || d === undefined || !('matched' in d)) return null
  const there = d.matched === null ? undefined : space(walk.after, d.matched.in)
  if (d.matched === null || there === undefined) return null
  const tool = TOOLS[d.matched.table] as unknown as Tool<TableName>
  const lines = tool.print(there as never).lines.filter((l) => l.row === d.matched!.row)
  const text = lines.map((l) => l.text.trim()).join(' ')
  return { outcome: { ask: 'row', table: d.matched.table, row: text }, step: s.n }
}

const ttl: Reads = (walk) => {
  const steps = question(walk)
  const there = steps.findLast(arrives)
  if (there === undefined) return null
  const at = changedAt(steps.slice(0, steps.indexOf(there) + 1), (s) => innermost(s)?.ttl)
  return { outcome: { ask: 'ttl', ttl: ipOf(there.packet)?.ttl ?? 0 }, step: at }
}

const bytes: Reads = (walk) => {
  const steps = question(walk)
  const most = Math.max(...steps.map((s) => ipLength(s.packet)))
  const at = steps.find((s) => ipLength(s.packet) === most)
  return at === undefined ? null : { outcome: { ask: 'bytes', bytes: most }, step: at.n }
}

const source: Reads = (walk) => {
  const steps = question(walk)
  const there = steps.findLast(arrives)
  if (there === undefined) return null
  const src = ipOf(there.packet)!.src
  const at = changedAt(steps.slice(0, steps.indexOf(there) + 1), (s) => innermost(s)?.src)
  return {
    outcome: { ask: 'source', source: src, of: ownerOf(walk.before, src) },
    step: at === steps[0]!.n ? there.n : at,
  }
}

const READS: { readonly [A in Asks]: Reads } = { ends, told, row, ttl, bytes, source }

/** What a walk answers; null where it has no answer to that (nothing arrives, no such step). `key` names the step of a row. */
export function outcomeOf(walk: Walk, ask: Asks, key = ''): Decided | null {
  return READS[ask](walk, key)
}
