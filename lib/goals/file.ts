import * as v from 'valibot'
import {
  as,
  flag,
  list,
  object,
  oneOf,
  problemsOf,
  short,
  tell,
  problem,
  whole,
  words,
  type Problem,
} from '#lib/topology/problem.ts'
import { DROPS } from '#lib/trace/drops.ts'
import { LINUX_TABLES, VPC_TABLES, type TableName } from '#lib/topology/topology.ts'
import { spaceName, title } from '#lib/topology/schema.ts'
import type { DropReason } from '#lib/trace/drop.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { WORLD_IDS } from '#lib/worlds/index.ts'
import { shapeProblems } from '#lib/topology/shape.ts'
import { readValue } from '#lib/worlds/cluster/text.ts'
import type { Task } from './task.ts'
import { SHIPPED, shipped, type Goal, type Shipped } from './goal.ts'

/** What a file of goals says: the goals, and the world or file that `unchanged` and `at-most` compare with. */
export interface GoalsFile {
  readonly start: string | null
  readonly goals: readonly Goal[]
  /** The task that they are the goals of: then it is what they start from. */
  readonly task: Task | null
}

/** The most goals of one file. */
const GOALS = 200
const PLACES = 20

const opt = v.exactOptional
const text = title
const yes = v.literal(true, (i) => tell('word', short(i.input), { words: 'true' }))
const place = as<string>((x) => /^[\w.-]+(\/[\w.-]+)?$/.test(x), 'name')
const MEMBERS = {
  delivered: opt(yes),
  dropped: opt(
    v.union(
      [yes, object({ reason: opt(oneOf(Object.keys(DROPS) as DropReason[])), at: opt(spaceName) })],
      (i) => tell('word', short(i.input), { words: 'true, or { reason, at }' }),
    ),
  ),
  'seen-source': opt(place),
  'seen-destination': opt(place),
  'ttl-received': opt(whole(1, 255, 'ttl')),
  through: opt(list(place, PLACES, 'places')),
  'not-through': opt(list(place, PLACES, 'places')),
  encapsulated: opt(whole(1, 20, 'number')),
  fits: opt(yes),
  logged: opt(
    object({
      'interface-id': opt(place),
      srcaddr: opt(place),
      dstaddr: opt(place),
      srcport: opt(whole(0, 65_535, 'port')),
      dstport: opt(whole(0, 65_535, 'port')),
      protocol: opt(whole(0, 255, 'protocol')),
      action: opt(oneOf(['ACCEPT', 'REJECT'])),
      'pkt-srcaddr': opt(place),
      'pkt-dstaddr': opt(place),
      'flow-direction': opt(oneOf(['ingress', 'egress'])),
    }),
  ),
  keeps: opt(
    list(oneOf(['kubernetes-1', 'kubernetes-2', 'kubernetes-3', 'answer']), 4, 'promises'),
  ),
} as const
const expected = v.pipe(
  object(MEMBERS),
  v.check((x) => Object.keys(x).length > 0, tell('expects-nothing', words(Object.keys(MEMBERS)))),
)
/** By its form: a word, or members. */
const expect = v.lazy((x) => (typeof x === 'string' ? oneOf(['delivered', 'dropped']) : expected))
const to = as<string>((x) => /^[\w.-]+(:\d+)?$/.test(x), 'name')
const question = {
  proto: opt(oneOf(['icmp', 'udp', 'tcp'])),
  size: opt(whole(0, 1_000_000, 'size')),
} as const
const named = { id: place, say: text } as const

const FLOW = object({
  ...named,
  flow: object({
    from: spaceName,
    to,
    ...question,
    sport: opt(whole(1, 65_535, 'port')),
    ttl: opt(whole(1, 255, 'ttl')),
    df: opt(flag),
    draw: opt(whole(0, 0xffffffff, 'number')),
  }),
  expect,
})
const PAIRS = object({
  ...named,
  from: spaceName,
  to,
  except: opt(list(spaceName, 100, 'names')),
  on: opt(oneOf(['same-node'])),
  ...question,
  expect,
})
const TABLE = object({
  ...named,
  table: oneOf([...LINUX_TABLES, ...VPC_TABLES] as TableName[]),
  in: spaceName,
  expect: oneOf(['unchanged']),
})
const EDITS = object({
  ...named,
  expect: object({ 'at-most': whole(0, 100_000, 'number') }),
})
/** By the member that only one kind has. */
const goal = v.lazy((x) => {
  if (typeof x === 'string') return oneOf(Object.keys(SHIPPED) as Shipped[])
  const has = (key: string): boolean => typeof x === 'object' && x !== null && key in x
  if (has('flow')) return FLOW
  if (has('from')) return PAIRS
  return has('table') ? TABLE : EDITS
})
/** The most edits of a task's start, and of its solution. */
const MOST_EDITS = 200
const TASK = object({
  title: text,
  asks: as<string>((x) => x.length > 0 && x.length <= 2000, 'text'),
  world: oneOf(WORLD_IDS),
  flow: opt(place),
  'what-ifs': opt(list(place, PLACES, 'what-ifs')),
  edits: opt(list(v.looseObject({}), MOST_EDITS, 'edits')),
  solution: list(v.looseObject({}), MOST_EDITS, 'edits'),
})
const FILE = object({
  'packet-walk-goals': v.literal(1, (i) => tell('version', short(i.input))),
  start: opt(
    v.pipe(
      v.string((i) => tell('text', short(i.input))),
      v.minLength(1),
    ),
  ),
  task: opt(TASK),
  goals: list(goal, GOALS, 'goals'),
})

/** The goals in a file (version 1), YAML or JSON. Throws ClusterError with all its problems. */
export function parseGoals(source: string): GoalsFile {
  const value = valueIn(source)
  const shape = shapeProblems(value)
  if (shape.length > 0) throw new ClusterError(shape)
  const parsed = v.safeParse(FILE, value)
  if (!parsed.success) throw new ClusterError(problemsOf(parsed.issues))
  const { start, task = null, goals: written } = parsed.output
  if (written.length === 0) throw new ClusterError([problem('goals', 'no-goals')])
  const goals = written.map((g) => (typeof g === 'string' ? shipped(g as Shipped) : (g as Goal)))
  const again = twice(goals)
  if (again.length > 0) throw new ClusterError(again)
  return { start: start ?? null, goals, task: task as Task | null }
}

/** How a cluster file begins helps nobody whose file of goals is empty. */
function valueIn(source: string): unknown {
  try {
    return readValue(source)
  } catch (error) {
    const code = error instanceof ClusterError ? error.problems[0]?.code : undefined
    if (code !== 'empty' && code !== 'no-mapping') throw error
    throw new ClusterError([problem('', 'no-goals')])
  }
}

/** Ids that two goals have: a table of marks would have two columns of one name. */
function twice(goals: readonly Goal[]): readonly Problem[] {
  const first = new Map<string, number>()
  return goals.flatMap(({ id }, i) => {
    const before = first.get(id)
    if (before !== undefined)
      return [problem(`goals[${i}].id`, 'twice', id, `goals[${before}]`, 'id')]
    first.set(id, i)
    return []
  })
}

/** Do any of these goals compare with the start? */
export function needsStart(goals: readonly Goal[]): boolean {
  return goals.some((g) => 'table' in g || (typeof g.expect === 'object' && 'at-most' in g.expect))
}
