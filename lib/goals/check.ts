import { goals } from './words.ts'
import {
  LINUX_TABLES,
  netns,
  space,
  spaces,
  VPC_TABLES,
  type Space,
  type Topology,
} from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { walk } from '#lib/walk/walk.ts'
import { resolveFlow, type FlowQuestion } from '#lib/worlds/cluster/resolve.ts'
import type { EditsGoal, Expect, Expected, FlowGoal, Goal, PairsGoal, TableGoal } from './goal.ts'
import { missOf, type Miss } from './predicates.ts'

/** The first case that shows a goal not to hold: of flows the question and its walk, of rows how many differ. `asked` is no case: what the goal asks about is not there. */
export type Counterexample =
  | {
      readonly kind: 'flow'
      readonly question: FlowQuestion
      readonly walk: Walk
      readonly miss: Miss
    }
  | { readonly kind: 'rows'; readonly differ: number; readonly most: number }
  | { readonly kind: 'asked'; readonly problem: string }
/** What one goal comes to in a network, with the first case that shows it not to hold. */
export interface Verdict {
  readonly goal: Goal
  readonly holds: boolean
  /** Walks that were looked at. */
  readonly walks: number
  readonly counterexample: Counterexample | null
  /** The first walk that was looked at: where the goal holds, one that shows it. Null where none was. */
  readonly first: Walk | null
}

/** The most walks that one goal may ask for. */
export const MOST_WALKS = 4000

/** What each goal comes to in a network. `start` is what `unchanged` and `at-most` compare with. A goal that asks for what is not there does not hold, and says what it misses: the others are looked at all the same. */
export function check(goals: readonly Goal[], now: Topology, start: Topology): readonly Verdict[] {
  return goals.map((goal) => {
    try {
      return verdict(goal, now, start)
    } catch (error) {
      if (!(error instanceof RangeError) || error.message.includes('call stack')) throw error
      const counterexample = { kind: 'asked', problem: error.message } as const
      return { goal, holds: false, walks: 0, counterexample, first: null }
    }
  })
}

function verdict(goal: Goal, now: Topology, start: Topology): Verdict {
  if ('flow' in goal) return byFlows(goal, [goal.flow], now)
  if ('from' in goal) return byFlows(goal, pairs(goal, now), now)
  return byRows(goal, now, start)
}

/** A word stands for the member of the same name. */
export function expected(e: Expect): Expected {
  return typeof e === 'string' ? { [e]: true } : e
}

function byFlows(
  goal: FlowGoal | PairsGoal,
  questions: readonly FlowQuestion[],
  now: Topology,
): Verdict {
  const wanted = expected(goal.expect)
  let walks = 0
  let first: Walk | null = null
  for (const question of questions) {
    const flow: Flow = resolveFlow(now, question)
    const walked = walk(now, flow)
    walks += 1
    first ??= walked
    const receiver = question.to.split(':')[0] ?? ''
    const shown = { walk: walked, receiver: netns(now, receiver) === undefined ? null : receiver }
    const miss = missOf(shown, wanted)
    if (miss !== null)
      return {
        goal,
        holds: false,
        walks,
        counterexample: { kind: 'flow', question, walk: walked, miss },
        first,
      }
  }
  return { goal, holds: true, walks, counterexample: null, first }
}

/** The flows that a goal over pairs asks about. */
function pairs(goal: PairsGoal, now: Topology): readonly FlowQuestion[] {
  const senders = everyone(goal.from, now).filter((name) => goal.except?.includes(name) !== true)
  const receivers = targets(goal.to, now)
  const questions = senders.flatMap((from) =>
    receivers
      .filter(
        (to) =>
          to.name !== from && (goal.on === undefined || nodeOf(now, from) === nodeOf(now, to.name)),
      )
      .map(({ name, port }): FlowQuestion => ({
        from,
        to: port === undefined ? name : `${name}:${port}`,
        ...(goal.proto === undefined ? {} : { proto: goal.proto }),
        ...(goal.size === undefined ? {} : { size: goal.size }),
      })),
  )
  if (questions.length > MOST_WALKS)
    throw new RangeError(goals().tooMany(questions.length, MOST_WALKS))
  if (questions.length === 0) throw new RangeError(goals().noPair(goal.from, goal.to))
  return questions
}

const ROLES: Readonly<Record<string, readonly string[]>> = {
  'any-pod': ['pod', 'container'],
  'any-node': ['node'],
  'any-host': ['host'],
}

function everyone(who: string, now: Topology): readonly string[] {
  const roles = ROLES[who]
  if (roles !== undefined)
    return spaces(now).flatMap((s) =>
      s.kind === 'netns' && roles.includes(s.role) ? [s.name] : [],
    )
  if (netns(now, who) === undefined)
    throw new RangeError(goals().nobody(JSON.stringify(who), Object.keys(ROLES)))
  return [who]
}

interface Target {
  readonly name: string
  readonly port?: number | string
}

/** `any-pod:8080`, `any-listener`, `backend`, `10.1.20.3:80`. What is no kind is left to the flow to resolve. */
function targets(to: string, now: Topology): readonly Target[] {
  if (to === 'any-listener')
    return everyone('any-pod', now).flatMap((name) =>
      netns(now, name)!
        .sockets.filter((s) => s.proto === 'tcp')
        .map((s) => ({ name, port: s.port })),
    )
  const [who = '', port] = to.split(':')
  const names = ROLES[who] === undefined ? [who] : everyone(who, now)
  return names.map((name) => (port === undefined ? { name } : { name, port }))
}

/** The node that a pod is on; a node is on itself. */
function nodeOf(now: Topology, name: string): string | undefined {
  const n = netns(now, name)
  return n?.role === 'node' ? name : n?.node
}

function byRows(goal: TableGoal | EditsGoal, now: Topology, start: Topology): Verdict {
  const most = 'table' in goal ? 0 : goal.expect['at-most']
  const differ = 'table' in goal ? inTable(goal, now, start) : inAll(now, start)
  const holds = differ <= most
  const counterexample = holds ? null : ({ kind: 'rows', differ, most } as const)
  return { goal, holds, walks: 0, counterexample, first: null }
}

function inTable(goal: TableGoal, now: Topology, start: Topology): number {
  const [was, is] = [space(start, goal.in), space(now, goal.in)]
  if (was === undefined) throw new RangeError(goals().notAtStart(JSON.stringify(goal.in)))
  if (rowsOf(was, goal.table) === undefined)
    throw new RangeError(goals().noTable(goal.in, goal.table, tablesOf(was)))
  return differing(rowsOf(was, goal.table)!, rowsOf(is, goal.table) ?? [])
}

function inAll(now: Topology, start: Topology): number {
  const names = new Set([...start.source.names, ...now.source.names])
  let sum = 0
  for (const name of names) {
    const [was, is] = [space(start, name), space(now, name)]
    for (const table of tablesOf(was ?? is!))
      sum += differing(rowsOf(was, table) ?? [], rowsOf(is, table) ?? [])
  }
  return sum
}

const tablesOf = (s: Space): readonly string[] => (s.kind === 'vpc' ? VPC_TABLES : LINUX_TABLES)

function rowsOf(s: Space | undefined, table: string): readonly object[] | undefined {
  return (s as unknown as Readonly<Record<string, readonly object[]>> | undefined)?.[table]
}

/** Rows are compared by what they say, whoever built them: of those that only one side has, each may stand for one of the other. */
function differing(was: readonly object[], is: readonly object[]): number {
  if (was === is) return 0
  const left = new Map<string, number>()
  for (const row of was) count(left, said(row), 1)
  for (const row of is) count(left, said(row), -1)
  let [gone, come] = [0, 0]
  for (const n of left.values()) {
    if (n > 0) gone += n
    else come -= n
  }
  return Math.max(gone, come)
}

function count(left: Map<string, number>, key: string, by: number): void {
  left.set(key, (left.get(key) ?? 0) + by)
}

/** A row as text that does not depend on the order of its members. */
function said(x: unknown): string {
  if (Array.isArray(x)) return `[${x.map(said).join()}]`
  if (typeof x !== 'object' || x === null) return JSON.stringify(x) ?? ''
  const members = Object.entries(x).filter(([, member]) => member !== undefined)
  return `{${members
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, member]) => `${k}:${said(member)}`)
    .join()}}`
}
