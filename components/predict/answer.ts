import {
  keys,
  listedWorld,
  outcomeOf,
  predict,
  rowOfAct,
  topologyAt,
  type Option,
  type Predicted,
  type Prediction,
  type Step,
  type TableName,
  type Topology,
  type Walk,
} from '#lib/index.ts'
import { decided } from '#components/decides/decided.ts'
import type { Decided } from '#components/decides/table.ts'
import { saying } from '#components/figure/store/stops.ts'
import { decides } from '#components/words/decides.ts'
import { believes } from '#components/words/believes.ts'
import { predict as words } from '#components/words/predict.ts'

/** The walk of a wrong answer, to be seen: what is said of it, and the step from which on it is another. */
export interface Elsewhere {
  readonly walk: Walk
  readonly says: string
  readonly step: number
}

/** What is said when a question was answered. A file of its own: until then no page has an engine for it, and no answer. */
export interface Answer {
  readonly right: number
  /** What the step that decides says; '' where none does. */
  readonly said: string
  /** Of each option, which belief leads to it; of the right one nothing. */
  readonly why: readonly string[]
  /** Of each option, the walk in which it would be so; null of the right one, and where that is the same walk. */
  readonly elsewhere: readonly (Elsewhere | null)[]
  /** The tables that decided, where a row was asked for. */
  readonly decides: {
    readonly step: Step
    readonly topology: Topology
    readonly tables: readonly Decided[]
  } | null
  readonly predicted: Predicted
}

/** What the row that was picked says to the packet, and what comes of that. */
function picked(o: Option, of: Prediction, { tables }: NonNullable<Answer['decides']>): string {
  if (o.outcome.ask !== 'row' || o.why === null || typeof o.why !== 'object') return ''
  const row = 'act' in o.why ? rowOfAct(o.why.act) : null
  const { table } = o.outcome
  const said = tables
    .filter((t) => t.table === table)
    .flatMap((t) => t.all)
    .find((r) => r.ref?.row === row)?.says
  if (said === undefined) return ''
  const d = o.walk.steps[keys(o.walk).indexOf(of.step ?? '')]?.decision
  const handedOn = table === 'rules' && d?.kind === 'route' && d.rule?.row !== row
  return `${words().rowSays(decides().predicate(said))}${handedOn ? ` ${words().nextRule}` : ''}`
}

/** How it ends with another row, if otherwise than with the right one; with another port or value, in any case. */
function acted(o: Option, p: Predicted): string {
  const [ends, truth] = [o.walk, p.walk].map((w) => outcomeOf(w, 'ends')?.outcome ?? null)
  if (ends === null || ends === undefined) return ''
  const same = o.outcome.ask === 'row' && JSON.stringify(ends) === JSON.stringify(truth)
  return same ? '' : words().acted(words().outcome(ends))
}

function believed(
  o: Option,
  p: Predicted,
  { of, decides: at }: { readonly of: Prediction; readonly decides: Answer['decides'] },
): string {
  const { why } = o
  if (why === null) return ''
  if (why === 'unchanged') return words().unchanged
  if ('belief' in why) return believes().of(why.belief)
  if ('whatIf' in why)
    return believes().change(why.whatIf) ?? words().whatIf(p.scenario.whatIfs[why.whatIf]!.title)
  if ('world' in why) return words().world(listedWorld(why.world).title)
  return [at === null ? '' : picked(o, of, at), acted(o, p)].filter((x) => x !== '').join(' ')
}

function elsewhere(o: Option, of: Prediction, { walk }: Predicted): Elsewhere | null {
  if (o.why === null || o.walk === walk) return null
  const at = of.step === undefined ? -1 : keys(o.walk).indexOf(of.step)
  const outcome = words().outcome(o.outcome)
  return {
    walk: o.walk,
    says: of.acts === true ? words().yours(outcome) : words().ifSo(outcome),
    step: Math.max(0, at),
  }
}

/** Tables whose rows say all that they say where they are options. */
const inOptions: ReadonlySet<TableName> = new Set(['enis', 'leases', 'rules'])

export async function answerTo(of: Prediction): Promise<Answer> {
  const predicted = await predict(of)
  const { walk, decides: n, options, right } = predicted
  const step = walk.steps[n]!
  const topology = topologyAt(walk, n)
  const all = of.ask === 'row' || of.acts === true ? decided(step, topology) : []
  // Which table is asked was the question, and not what that says then.
  const tables = of.table === undefined ? all : all.filter((t) => t.table === of.table)
  const asked = tables.length === 0 ? null : { step, topology, tables }
  return {
    right,
    // A line of a log is written beside what happens: no step says it.
    said: of.ask === 'log' ? '' : saying(walk, step),
    why: options.map((o) => believed(o, predicted, { of, decides: asked })),
    elsewhere: options.map((o) => elsewhere(o, of, predicted)),
    // What these rows say stands in the options.
    decides: asked?.tables.every((t) => inOptions.has(t.table)) === true ? null : asked,
    predicted,
  }
}
