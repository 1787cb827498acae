import type { Address, Mac } from '#lib/wire/addr.ts'
import { ipLength, ipOf, isIp, type Ip, type Packet } from '#lib/wire/packet.ts'
import { deviceWith, ownerOf } from '#lib/topology/owner.ts'
import { netns, space, type Ref, type TableName } from '#lib/topology/topology.ts'
import type { SgRule } from '#lib/topology/rows.ts'
import type { DropReason } from '#lib/trace/drop.ts'
import { keys, type Step, type Walk } from '#lib/trace/walk.ts'
import { fact } from '#lib/analysis/read/facts.ts'
import { flowLog } from '#lib/analysis/print/flow-log.ts'
import { rowAsTool } from '#lib/analysis/print/tools.ts'
import { arrives, promises, type Promised } from '#lib/analysis/read/promises.ts'

/** What a prediction is about: how the flow ends and where; what its sender is told; which row a step finds; the TTL with which it arrives; its bytes on the wire where it is largest; the source and the destination that its receiver sees; who receives it; the MAC that a frame is for; the place it comes to next; what the VPC's flow log says; the bridge port it leaves by; what a gate says; the destination and the TTL that are written into a new header; how often the packet goes between kernel and a program on its way. */
export const PREDICTED = [
  'ends',
  'told',
  'row',
  'ttl',
  'bytes',
  'source',
  'destination',
  'receiver',
  'mac',
  'next',
  'log',
  'port',
  'verdict',
  'outer-dst',
  'outer-ttl',
  'crossings',
] as const
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
  | { readonly ask: 'destination'; readonly destination: Address; readonly of: string | null }
  /** In which namespace it is taken. */
  | { readonly ask: 'receiver'; readonly receiver: string }
  /** `of`: whose device has it, `node-1/docker0`; null for everybody's, and for nobody's here. */
  | { readonly ask: 'mac'; readonly mac: Mac; readonly of: string | null }
  /** `node-1/flannel.1`, or a namespace alone. */
  | { readonly ask: 'next'; readonly next: string }
  /** The records' fields, one text each, as AWS writes them; none where nothing is written. */
  | { readonly ask: 'log'; readonly records: readonly string[] }
  /** The ports a frame leaves by; `up`: the bridge keeps it for its own machine. */
  | { readonly ask: 'port'; readonly ports: readonly string[]; readonly up: boolean }
  | { readonly ask: 'verdict'; readonly passes: boolean }
  | { readonly ask: 'outer-dst'; readonly value: Address }
  | { readonly ask: 'outer-ttl'; readonly value: number }
  | { readonly ask: 'crossings'; readonly crossings: number }
  /** `of`: whose address it is; null where it is nobody's here. `source`: null where nothing arrives. */
  | { readonly ask: 'source'; readonly source: Address | null; readonly of: string | null }

/** An outcome, and the step of the walk that decides it. */
export interface Decided {
  readonly outcome: Outcome
  readonly step: number
}

/** `counts`: the bytes of a packet, if not as its header says. */
type Reads = (walk: Walk, key: string, counts?: (p: Packet) => number) => Decided | null

/** The steps of the first question on its way. */
function question(walk: Walk): readonly Step[] {
  const first = walk.messages.find((m) => m.kind === 'flow')?.n
  return walk.steps.filter((s) => s.message === first)
}

/** The steps of the packet that brings the question to whoever answers it: a program on the way (docker-proxy) asks anew. */
function brought(walk: Walk): readonly Step[] {
  const first = walk.messages.find((m) => m.kind === 'flow')
  const asks = walk.messages.findLast(
    (m) =>
      m.kind === 'flow' &&
      m.leg === 'forward' &&
      m.says === first?.says &&
      walk.steps.some((s) => s.message === m.n && arrives(s)),
  )
  return asks === undefined ? question(walk) : walk.steps.filter((s) => s.message === asks.n)
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
    return { outcome: { ask: 'told', told: 'refused' }, step: walk.loss?.step ?? comes.n }
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
    // What ended it says more than the report that comes of it.
    step: last,
  }
}

const saysNo = (says: Walk['messages'][number]['says']): boolean =>
  says === 'rst' || (typeof says === 'object' && 'icmp' in says)

const stepOf = (walk: Walk, key: string): Step | undefined => walk.steps[keys(walk).indexOf(key)]

/** Tables of which no row may answer. */
const ASKED: { readonly [K in Step['decision']['kind']]?: TableName } = {
  route: 'routes',
  neigh: 'neigh',
  fdb: 'fdb',
  lease: 'leases',
  'security-group': 'sgRules',
}

const row: Reads = (walk, key) => {
  const s = stepOf(walk, key)
  const d = s?.decision
  if (s === undefined || d === undefined || !('matched' in d)) return null
  if (d.matched === null) {
    const table = s.drop === null && d.kind !== 'neigh' ? undefined : ASKED[d.kind]
    return table === undefined ? null : { outcome: { ask: 'row', table, row: null }, step: s.n }
  }
  if (d.kind === 'route' && d.local) return ownAddress(walk, s)
  return printed(walk, d.matched, s.n)
}

/** An address of the machine's own, as `ip route show table local` prints it. */
function ownAddress(walk: Walk, { in: name, decision: d, n }: Step): Decided | null {
  if (d.kind !== 'route') return null
  const device = netns(walk.before, name)?.devs[d.matched?.row ?? -1]?.name ?? 'lo'
  const row = `local ${d.dst} dev ${device}`
  return { outcome: { ask: 'row', table: 'routes', row }, step: n }
}

/** A rule of a group in a line: AWS prints many. */
function groupRule({ proto, ports, direction, peer }: SgRule): string {
  const range = ports === undefined ? [] : [[...new Set(ports)].join('-')]
  return [proto, ...range, direction === 'ingress' ? 'from' : 'to', peer].join(' ')
}

/** A row as its tool prints it. */
function printed(walk: Walk, ref: Ref, step: number): Decided | null {
  const there = space(walk.after, ref.in)
  const grouped =
    ref.table === 'sgRules' && there?.kind === 'vpc' ? there.sgRules[ref.row] : undefined
  const row = grouped === undefined ? rowAsTool(walk.after, ref) : groupRule(grouped)
  return row === null ? null : { outcome: { ask: 'row', table: ref.table, row }, step }
}

/** The policy rule that chose the table of a route. */
const rule: Reads = (walk, key) => {
  const s = stepOf(walk, key)
  const d = s?.decision
  return s === undefined || d?.kind !== 'route' || d.rule === null
    ? null
    : printed(walk, d.rule, s.n)
}

const ttl: Reads = (walk) => {
  const steps = question(walk)
  const there = steps.findLast(arrives)
  if (there === undefined) return null
  return {
    outcome: { ask: 'ttl', ttl: ipOf(there.packet)?.ttl ?? 0 },
    step: madeAt(steps, there, (s) => innermost(s)?.ttl),
  }
}

const bytes: Reads = (walk, _, counts = ipLength) => {
  const steps = question(walk)
  const most = Math.max(...steps.map((s) => counts(s.packet)))
  const at = steps.find((s) => counts(s.packet) === most)
  return at === undefined ? null : { outcome: { ask: 'bytes', bytes: most }, step: at.n }
}

/** Where what `of` reads became what arrives; where nothing changed it, that it arrives decides. */
function madeAt(steps: readonly Step[], there: Step, of: (s: Step) => unknown): number {
  const at = changedAt(steps.slice(0, steps.indexOf(there) + 1), of)
  return at === steps[0]!.n ? there.n : at
}

/** What its receiver sees of an address of the header, whose that is, and the step that made it so; where nothing did, the last. */
function arrived(walk: Walk, field: 'src' | 'dst') {
  const steps = brought(walk)
  const there = steps.findLast(arrives)
  if (there === undefined) return null
  const address = ipOf(there.packet)![field]
  return {
    address,
    of: ownerOf(walk.before, address),
    step: madeAt(steps, there, (s) => innermost(s)?.[field]),
  }
}

const source: Reads = (walk) => {
  const there = arrived(walk, 'src')
  if (there === null)
    return walk.loss && { outcome: { ask: 'source', source: null, of: null }, step: walk.loss.step }
  return { outcome: { ask: 'source', source: there.address, of: there.of }, step: there.step }
}

const destination: Reads = (walk) => {
  const there = arrived(walk, 'dst')
  return (
    there && {
      outcome: { ask: 'destination', destination: there.address, of: there.of },
      step: there.step,
    }
  )
}

const receiver: Reads = (walk) => {
  const there = brought(walk).findLast(arrives)
  return there === undefined
    ? null
    : { outcome: { ask: 'receiver', receiver: there.in }, step: there.n }
}

/** The step of the question at the place and stage that a key names: where nobody has to be asked first, its key is another. */
const sentAt = (walk: Walk, key: string): Step | undefined => {
  const [wanted] = key.split('#')
  const all = keys(walk)
  return question(walk).find((s) => all[s.n]?.split('#')[0] === wanted) ?? stepOf(walk, key)
}

const mac: Reads = (walk, key) => {
  const s = sentAt(walk, key)
  const frame = s?.packet.headers[0]
  if (s === undefined || frame?.kind !== 'ethernet') return null
  return {
    outcome: { ask: 'mac', mac: frame.dst, of: deviceWith(walk.before, frame.dst, s.in) },
    step: s.n,
  }
}

const placeOf = (s: Step): string => (s.dev === null ? s.in : `${s.in}/${s.dev}`)

/** The place after that of a step, on the way of the same packet. */
const next: Reads = (walk, key) => {
  const s = stepOf(walk, key)
  if (s === undefined) return null
  const then = walk.steps.find(
    (x) => x.n > s.n && x.message === s.message && placeOf(x) !== placeOf(s),
  )
  return then === undefined ? null : { outcome: { ask: 'next', next: placeOf(then) }, step: then.n }
}

/** What of a record a reader is asked for, in AWS's order. */
const FIELDS = [
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'action',
] as const

/** The records of the question's own direction: its answers are written alike. */
const log: Reads = (walk) => {
  const steps = question(walk)
  const last = steps.at(-1)
  if (last === undefined) return null
  const records = flowLog(walk, last.n).map((r) => FIELDS.map((f) => r[f]).join(' '))
  const at = steps.findLast((s) => s.stage === 'sg-egress' || s.stage === 'sg-ingress') ?? last
  return { outcome: { ask: 'log', records: [...new Set(records)] }, step: at.n }
}

const port: Reads = (walk, key) => {
  const s = stepOf(walk, key)
  return s?.decision.kind === 'fdb'
    ? { outcome: { ask: 'port', ports: s.decision.ports, up: s.decision.up }, step: s.n }
    : null
}

const verdict: Reads = (walk, key) => {
  const s = stepOf(walk, key)
  return s === undefined
    ? null
    : { outcome: { ask: 'verdict', passes: s.drop === null }, step: s.n }
}

/** The outermost IP header, where one was put around another. */
function outer(walk: Walk, key: string): { readonly s: Step; readonly ip: Ip } | null {
  const s = stepOf(walk, key)
  const [first, second] = s?.packet.headers.filter((h) => isIp(h)) ?? []
  return s === undefined || first === undefined || second === undefined ? null : { s, ip: first }
}

const outerDst: Reads = (walk, key) => {
  const at = outer(walk, key)
  return at && { outcome: { ask: 'outer-dst', value: at.ip.dst }, step: at.s.n }
}

const outerTtl: Reads = (walk, key) => {
  const at = outer(walk, key)
  return at && { outcome: { ask: 'outer-ttl', value: at.ip.ttl }, step: at.s.n }
}

/** Where it went between kernel and a program last, if it did. */
const crossings: Reads = (walk) => {
  const steps = question(walk)
  const there = steps.findLast(arrives)
  if (there === undefined) return null
  const at = steps.findLast((s) => s.stage === 'daemon') ?? there
  return { outcome: { ask: 'crossings', crossings: Number(fact(walk, 'crossings')) }, step: at.n }
}

const READS: { readonly [A in Asks]: Reads } = {
  ends,
  told,
  row,
  ttl,
  bytes,
  source,
  destination,
  receiver,
  mac,
  next,
  log,
  port,
  verdict,
  'outer-dst': outerDst,
  'outer-ttl': outerTtl,
  crossings,
}

/** What a walk answers; null where it has no answer to that (nothing arrives, no such step). `key` names the step that is asked about; `counts` the bytes of a packet, if not as its header says. */
export function outcomeOf(
  walk: Walk,
  ask: Asks | 'rule',
  { key = '', counts }: { readonly key?: string; readonly counts?: (p: Packet) => number } = {},
): Decided | null {
  return ask === 'rule' ? rule(walk, key) : READS[ask](walk, key, counts)
}
