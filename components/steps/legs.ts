import {
  addressOf,
  inCidr,
  ipOf,
  loadWorld,
  netns,
  predict,
  rowAsTool,
  topologyAt,
  type Prediction,
  type Step,
  type TableName,
  type Walk,
} from '#lib/index.ts'
import { saying } from '#components/figure/store/stops.ts'
import { walked } from '#components/figure/store/walked.ts'

/* A walk as places, one after the other. A file of its own: pages load it when one is asked for. */

/** From one place to the next: what decides it, and where else it could have gone. */
export interface Leg {
  readonly key: string
  /** What is asked: which row decides here, which gives the frame its MAC, which says where a MAC is, from whom to whom it goes on, or where. */
  readonly asks: 'row' | 'neigh' | 'fdb' | 'names' | 'place'
  readonly from: string
  /** What the step says that sends it on. */
  readonly said: string
  readonly options: readonly string[]
  readonly right: number
  /** The next place. */
  readonly to: string
}

/** Which walk it is. */
export interface Way {
  readonly id: string
  readonly scenario: string
  readonly flow: string
  readonly whatIfs: readonly string[]
}

/** Places to choose from. */
const MOST = 4
/** From which address to which a packet is, and what stands between them. */
type Ends = readonly [from: string, to: string]
const BETWEEN = ' → '

/** What says where a packet goes. */
const DECIDES: ReadonlySet<Step['decision']['kind']> = new Set([
  'route',
  'fdb',
  'lease',
  'vpc-mapping',
])
/** Where nothing else does, a rule that exchanges an address; then the neighbour, which says whose MAC the frame is for. */
const decidesAt = (walk: Walk, steps: readonly Step[]): Step =>
  steps.findLast((s) => DECIDES.has(s.decision.kind)) ??
  steps.findLast((s) => exchanged(walk, s) !== null) ??
  steps.findLast((s) => s.decision.kind === 'neigh' && s.decision.matched !== null) ??
  steps.at(-1)!

/** From which address to which the packet is, before and after a rule that exchanges one; null of any other step. */
function exchanged(walk: Walk, s: Step): readonly [before: Ends, after: Ends] | null {
  const came = walk.steps[s.from]
  if (s.decision.kind !== 'hook' || came === undefined) return null
  const [before, after] = [ipOf(came.packet), ipOf(s.packet)]
  if (before === undefined || after === undefined) return null
  return before.src === after.src && before.dst === after.dst
    ? null
    : [
        [before.src, before.dst],
        [after.src, after.dst],
      ]
}

const placeOf = (s: Step): string => (s.dev === null ? s.in : `${s.in}/${s.dev}`)

/** Places that the packet could go to by mistake: where it was, where it comes later, and devices of the same machine. */
function others(walk: Walk, at: readonly Step[], i: number): readonly string[] {
  const places = at.map(placeOf)
  const machine = walk.before.source.names.includes(at[i]!.in) ? at[i]!.in : ''
  const beside = walk.steps.filter((s) => s.in === machine).map(placeOf)
  const known = new Set([places[i]!, places[i + 1]!])
  return [
    ...new Set([...places.slice(i + 2, i + 4), ...places.slice(0, i).toReversed(), ...beside]),
  ]
    .filter((p) => !known.has(p))
    .slice(0, MOST - 1)
}

/** Rows that a device could have gone by, where it has more than one: another row of its table is another walk. */
async function rowsAt(
  { id, scenario, flow, whatIfs }: Way,
  key: string,
): Promise<Pick<Leg, 'asks' | 'options' | 'right'> | null> {
  const asked: Prediction = { id, scenario, flow, whatIfs, ask: 'row', step: key, acts: true }
  try {
    const { options, right } = await predict(asked)
    const rows = options.flatMap(({ outcome: o }, i) =>
      o.ask === 'row' && o.row !== null ? [{ row: o.row, right: i === right }] : [],
    )
    const some = [...rows.filter((r) => r.right), ...rows.filter((r) => !r.right)]
      .slice(0, MOST)
      .toSorted((a, b) => rows.indexOf(a) - rows.indexOf(b))
    if (some.length < 2 || !some.some((r) => r.right)) return null
    const picked = some.findIndex((r) => r.right)
    return { asks: 'row', options: some.map((r) => r.row), right: picked }
  } catch (error) {
    // A table of one row leaves nothing to choose.
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Tables of which any row may be the one: they have several of a kind. */
const TABLES: ReadonlySet<Step['decision']['kind']> = new Set(['route', 'lease'])
/** Tables whose row is one of a chain: a route names a next hop, a neighbour its MAC, an FDB where that is. Which of them is asked here? */
const CHAIN: ReadonlySet<TableName> = new Set(['routes', 'neigh', 'fdb'])

/** The row that answered at a step, as its tool prints it; null where none did. */
function answered(walk: Walk, { n, decision: d }: Step): string | null {
  const of = 'matched' in d ? d.matched : null
  return of !== null && CHAIN.has(of.table) ? rowAsTool(topologyAt(walk, n), of) : null
}

/** The row that a bridge, a tunnel or a neighbour table answered with, among those by which the same machine answered other questions about the packet, and others of the same bridge. */
function rowsAround(
  walk: Walk,
  own: readonly Step[],
  s: Step,
): Pick<Leg, 'asks' | 'options' | 'right'> | null {
  const asks = s.decision.kind
  const right = asks === 'fdb' || asks === 'neigh' ? answered(walk, s) : null
  if (right === null || (asks !== 'fdb' && asks !== 'neigh')) return null
  const asked = own
    .filter((x) => x.in === s.in && x !== s)
    .toSorted((a, b) => Math.abs(a.n - s.n) - Math.abs(b.n - s.n))
  const beside =
    netns(topologyAt(walk, s.n), s.in)?.fdb.flatMap((f, row) =>
      asks === 'fdb' && f.master === s.dev && f.state === 'learned'
        ? [rowAsTool(topologyAt(walk, s.n), { in: s.in, table: 'fdb', row })]
        : [],
    ) ?? []
  const all = [right, ...asked.map((x) => answered(walk, x)), ...beside]
  const options = [...new Set(all.filter((x) => x !== null))].slice(0, MOST).toSorted()
  return options.length < 2 ? null : { asks, options, right: options.indexOf(right) }
}

/** From which address to which the packet goes on where a rule exchanges one: with none exchanged, or with another one of the machine's. */
function namesAt(walk: Walk, s: Step): Pick<Leg, 'asks' | 'options' | 'right'> | null {
  const names = exchanged(walk, s)
  if (names === null) return null
  const [before, after] = names
  const end = before[0] === after[0] ? 1 : 0
  const others = (netns(topologyAt(walk, s.n), s.in)?.devs ?? [])
    .flatMap((d) => d.addrs.map(addressOf))
    .filter((own) => !inCidr(own, '127.0.0.0/8'))
    .map((own) => after.with(end, own))
  const all = [after, before, ...others].map((ends) => ends.join(BETWEEN))
  const options = [...new Set(all)].slice(0, MOST).toSorted()
  return { asks: 'names', options, right: options.indexOf(all[0]!) }
}

/** The way of the question, place by place. RangeError where it names what is not there. */
export async function legsOf(of: Way): Promise<readonly Leg[]> {
  const { scenario, flow, whatIfs } = of
  const world = await loadWorld(scenario)
  if (world?.flows[flow] === undefined) throw new RangeError(`${scenario} has no flow ${flow}`)
  const { walk, keys } = walked(world, { flow, whatIfs })
  const first = walk.messages.find((m) => m.kind === 'flow')?.n
  const own = walk.steps.filter((s) => s.message === first)
  const stays = own.reduce<Step[][]>((all, s) => {
    const here = all.at(-1)
    if (here !== undefined && placeOf(here[0]!) === placeOf(s)) here.push(s)
    else all.push([s])
    return all
  }, [])
  const last = stays.map((steps) => decidesAt(walk, steps))
  return Promise.all(
    last.slice(0, -1).map(async (s, i): Promise<Leg> => {
      const to = placeOf(last[i + 1]!)
      const key = keys[s.n]!
      const leg = { key, from: placeOf(s), said: saying(walk, s), to }
      const rows = TABLES.has(s.decision.kind)
        ? await rowsAt(of, key)
        : (namesAt(walk, s) ?? rowsAround(walk, own, s))
      if (rows !== null) return { ...leg, ...rows }
      const options = [to, ...others(walk, last, i)].toSorted()
      return { ...leg, asks: 'place', options, right: options.indexOf(to) }
    }),
  )
}
