import { ipLength, ipOf, isIp, type Ip, type Packet } from '#lib/wire/packet.ts'
import { deviceWith, ownerOf } from '#lib/topology/owner.ts'
import { keys, type Step, type Walk } from '#lib/trace/walk.ts'
import { fact } from '#lib/analysis/read/facts.ts'
import { flowLog, TALKED } from '#lib/analysis/print/flow-log.ts'
import { arrives } from '#lib/analysis/read/promises.ts'
import { question, stepOf, type Asks, type Decided, type Reads } from './asked.ts'
import { ends, told } from './ends.ts'
import { row, rule } from './rows.ts'

/* What a walk answers to each question. */

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

/** What of a record a reader is asked for. */
const FIELDS = [...TALKED, 'action'] as const

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
