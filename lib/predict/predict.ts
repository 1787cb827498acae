import { fnv1a } from '#lib/wire/hash.ts'
import { applyAll } from '#lib/topology/apply.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { lookupRoute } from '#lib/lookup/route.ts'
import { walk, type WalkOptions } from '#lib/walk/walk.ts'
import { WORLD_IDS, loadWorld, type WorldId } from '#lib/worlds/index.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'
import { actsAt, rowOfAct, type Act } from './acts.ts'
import type { Belief } from './belief.ts'
import { BELIEFS, type BeliefId } from './beliefs.ts'
import { elsewhere } from './elsewhere.ts'
import type { Asks, Decided, Outcome } from './asked.ts'
import { outcomeOf } from './outcome.ts'
import { pickedRow } from './rows.ts'

/** Where an answer comes from: the change changes nothing; a misconception; another change; another world; something else that the device could do (lib/predict/acts.ts). */
export type Why =
  | 'unchanged'
  | { readonly belief: BeliefId }
  | { readonly whatIf: string }
  | { readonly world: WorldId }
  | { readonly act: string }

/** A question about a walk, asked before it is shown. */
export interface Prediction {
  /** Its name: the order of its answers follows from it. */
  readonly id: string
  readonly scenario: string
  /** The scenario's first flow when left out, or the one that its first what-if is about. */
  readonly flow?: string
  readonly whatIfs: readonly string[]
  readonly ask: Asks
  /** Key of the step that is asked about, for `row`. */
  readonly step?: string
  /** Whose answers stand beside the right one, in order of preference: `unchanged`, a misconception's name, `what-if:NAME`, `world:NAME`. All that fit when left out. */
  readonly options?: readonly string[]
  /** The reader is the device: the answers are what it could do at that step, each row of the table that decides, each port, each value. */
  readonly acts?: true
  /** On other addresses: which of them (lib/predict/elsewhere.ts). */
  readonly seed?: number
  /** For a route's row: the rules that choose a table are asked about, not the table. */
  readonly table?: 'rules'
}

/** One answer: what it says; `why` is null for the one that is right, and else says of which walk it would be true. */
export interface Option {
  readonly outcome: Outcome
  readonly why: Why | null
  readonly walk: Walk
}

/** A question with its answers, computed. */
export interface Predicted {
  readonly scenario: Scenario
  readonly flow: string
  /** The walk that is asked about. */
  readonly walk: Walk
  /** Number of the step that decides it. */
  readonly decides: number
  readonly options: readonly Option[]
  /** Which of them is right. */
  readonly right: number
}

/** Who believes nothing in particular. */
const NOTHING: Belief = { asks: [] }
/** One key each. */
const MOST = 4
/** Rows of a table to choose from. */
const MOST_ACTS = 9

/** Words that an author may write, of which none is a name. */
const PREFIXES = { whatIf: 'what-if:', world: 'world:' } as const

/** What a question is asked of: its world, and the packet. */
interface Case {
  readonly of: Prediction
  readonly scenario: Scenario
  readonly flow: string
}

const refuse = (why: RangeError): never => {
  throw why
}

/** An author's word as the walk that it names. */
function whyOf(word: string, { of, scenario }: Case): Why {
  if (word === 'unchanged') return word
  if (word.startsWith(PREFIXES.whatIf)) {
    const whatIf = word.slice(PREFIXES.whatIf.length)
    return scenario.whatIfs[whatIf] === undefined
      ? refuse(new RangeError(`${of.scenario} has no what-if ${whatIf}`))
      : { whatIf }
  }
  const world = WORLD_IDS.find((id) => `${PREFIXES.world}${id}` === word)
  if (world !== undefined) return { world }
  if (!Object.hasOwn(BELIEFS, word))
    return refuse(
      new RangeError(
        `no belief is called ${word}; there are unchanged, ${Object.keys(BELIEFS).join(', ')}, what-if:NAME, world:NAME`,
      ),
    )
  const belief = word as BeliefId
  return (BELIEFS[belief].asks as readonly Asks[]).includes(of.ask)
    ? { belief }
    : refuse(new RangeError(`${word} believes nothing of ${of.ask}`))
}

/** Everything that has an answer: what the reader may believe first, then what would happen elsewhere. */
function allWhys({ of, scenario, flow }: Case): readonly Why[] {
  const [first] = Object.keys(scenario.flows)
  const beliefs = (Object.keys(BELIEFS) as BeliefId[]).filter((b) =>
    (BELIEFS[b].asks as readonly Asks[]).includes(of.ask),
  )
  const elsewhere = of.ask === 'ttl' || of.ask === 'bytes' || of.ask === 'source'
  return [
    ...(of.whatIfs.length > 0 ? (['unchanged'] as const) : []),
    ...beliefs.map((belief) => ({ belief })),
    ...(of.ask === 'row' ? [] : Object.keys(scenario.whatIfs))
      .filter((w) => !of.whatIfs.includes(w) && (scenario.whatIfs[w]!.flow ?? first) === flow)
      .map((whatIf) => ({ whatIf })),
    ...(elsewhere ? WORLD_IDS.filter((w) => w !== scenario.id) : []).map((world) => ({ world })),
  ]
}

/** A belief about a step's row is about that step's machine: to it the packet comes as it does. */
function there({ walk: options = {} }: Belief, of: Prediction): WalkOptions {
  const route = options.variant?.route
  const name = of.step?.split(/[/ ]/)[0]
  if (of.ask !== 'row' || route === undefined) return options
  return {
    variant: { route: (n, dst, by) => (n.name === name ? route : lookupRoute)(n, dst, by) },
  }
}

/** A flow of a world with what-ifs, as a belief sees it. */
function walked(
  { scenario, flow }: Pick<Case, 'scenario' | 'flow'>,
  whatIfs: readonly string[],
  belief?: { readonly of: Pick<Belief, 'rows'>; readonly options: WalkOptions },
): Walk {
  const edits = whatIfs.flatMap(
    (w) =>
      scenario.whatIfs[w]?.edits ?? refuse(new RangeError(`${scenario.id} has no what-if ${w}`)),
  )
  const topology = applyAll(scenario.topology, edits)
  const sent = scenario.flows[flow]!
  const rows = belief?.of.rows?.(topology, sent) ?? topology
  return walk(rows, sent, belief?.options ?? {})
}

type Acts = ReadonlyMap<string, Act>

/** Which of the two tables of a route is asked about. */
const asks = ({ ask, table }: Prediction): Asks | 'rule' => (table === 'rules' ? 'rule' : ask)

/** What a device can do stands in the order of its table, whatever is right; no row is last. */
function asListed(found: readonly Option[]): readonly Option[] {
  const none = ({ outcome: o }: Option): number => ('row' in o && o.row === null ? 1 : 0)
  const name = ({ outcome: o }: Option): string => ('row' in o ? (o.row ?? '') : JSON.stringify(o))
  return found.toSorted(
    (a, b) => none(a) - none(b) || name(a).localeCompare(name(b), 'en', { numeric: true }),
  )
}

async function walkOf(why: Why, c: Case, acts: Acts): Promise<Walk | null> {
  if (why === 'unchanged') return walked(c, [])
  if ('act' in why) {
    const act = acts.get(why.act)!
    return walked(c, c.of.whatIfs, { of: act, options: act.walk ?? {} })
  }
  if ('belief' in why) {
    const belief: Belief = BELIEFS[why.belief]
    const whatIfs = belief.unchanged === true ? [] : c.of.whatIfs
    const made = walked(c, whatIfs, { of: belief, options: there(belief, c.of) })
    return belief.as?.(made) ?? made
  }
  if ('whatIf' in why) return walked(c, [why.whatIf])
  const world = await loadWorld(why.world)
  return world === undefined || !(c.flow in world.flows)
    ? null
    : walked({ scenario: onSeed(world, c.of), flow: c.flow }, [])
}

const onSeed = (world: Scenario, { seed }: Prediction): Scenario =>
  seed === undefined ? world : elsewhere(world, seed)

async function caseOf(of: Prediction): Promise<Case> {
  const world =
    (await loadWorld(of.scenario)) ?? refuse(new RangeError(`there is no world ${of.scenario}`))
  const scenario = onSeed(world, of)
  const asked = of.whatIfs.map((w) => scenario.whatIfs[w]?.flow).find((f) => f !== undefined)
  const flow = of.flow ?? asked ?? Object.keys(scenario.flows)[0] ?? ''
  if (scenario.flows[flow] === undefined)
    refuse(new RangeError(`${of.scenario} has no flow ${flow}`))
  return { of, scenario, flow }
}

/** What a walk answers to a question, as whoever has this `why` reads it; null is who sees it as it is. */
export function answerOf(of: Prediction, why: Why | null, w: Walk): Decided | null {
  const row =
    of.ask === 'row' && why !== null && typeof why === 'object' && 'act' in why
      ? rowOfAct(why.act)
      : null
  if (row !== null) return pickedRow(w, of.step ?? '', { row, table: of.table })
  const belief: Belief =
    why !== null && typeof why === 'object' && 'belief' in why ? BELIEFS[why.belief] : NOTHING
  const { counts } = belief
  return outcomeOf(w, asks(of), { key: of.step ?? '', ...(counts === undefined ? {} : { counts }) })
}

/** A question with its answers: the right one is its walk's, the others those of beliefs and other walks, each once.
 *  RangeError where it names what is not there, has no answer, or none that is wrong. */
export async function predict(of: Prediction): Promise<Predicted> {
  const c = await caseOf(of)
  const read = (w: Walk, why: Why | null): Decided | null => answerOf(of, why, w)
  const true_ = walked(c, of.whatIfs)
  const answer =
    read(true_, null) ??
    refuse(new RangeError(`${of.id}: ${of.scenario} ${c.flow} has no ${of.ask}`))
  const acts: Acts = of.acts === true ? actsAt(true_, { ...of, step: of.step ?? '' }) : new Map()
  const whys =
    of.acts === true
      ? [...acts.keys()].map((act): Why => ({ act }))
      : (of.options?.map((word) => whyOf(word, c)) ?? allWhys(c))
  const found: Option[] = [{ outcome: answer.outcome, why: null, walk: true_ }]
  const said = new Set([JSON.stringify(answer.outcome)])
  for (const why of whys) {
    if (found.length === (of.acts === true ? MOST_ACTS : MOST)) break
    const other = await walkOf(why, c, acts)
    const decided = other === null ? null : read(other, why)
    if (other === null || decided === null) continue
    const says = JSON.stringify(decided.outcome)
    if (said.has(says)) continue
    said.add(says)
    found.push({ outcome: decided.outcome, why, walk: other })
  }
  if (found.length < 2)
    refuse(new RangeError(`${of.id}: nothing else than the right answer is believed`))
  const rank = (o: Option): number => fnv1a(`${of.id}${of.seed ?? ''} ${JSON.stringify(o.why)}`)
  const options = of.acts === true ? asListed(found) : found.toSorted((a, b) => rank(a) - rank(b))
  return {
    scenario: c.scenario,
    flow: c.flow,
    walk: true_,
    decides: answer.step,
    options,
    right: options.findIndex((o) => o.why === null),
  }
}
