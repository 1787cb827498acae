import {
  applyAll,
  clusterWith,
  ClusterError,
  command,
  editFromJson,
  EditError,
  fromFile,
  netns,
  resolveFlow,
  startOf,
  toFile,
  walk,
  type Edit,
  type Flow,
  type Plugins,
  type Scenario,
  type Topology,
} from '#lib/index.ts'
import { quoted } from '#components/figure/store/fragment.ts'
import { sandbox as words } from '#components/words/sandbox.ts'
import { WORLDS_HERE } from '#components/figure/effects/worlds.ts'
import { taskOf } from './tasks.ts'
import { clusterValue, portOf, START, type Recipe } from './recipe.ts'

/** An edit that could not be made: which of the list, in short, and why. */
export interface Left {
  readonly n: number
  readonly edit: unknown
  readonly name: string
  readonly why: string
}
/** A sandbox that can be walked: the edits that were made, in order, each with its place in the box, and those that were left out. */
export interface Built {
  readonly scenario: Scenario
  readonly edits: readonly { readonly n: number; readonly edit: Edit }[]
  readonly left: readonly Left[]
  readonly notices: readonly string[]
}

/** After so many times of leaving out what does not fit, only what stands before the next such edit is kept: each time is a cluster put together. */
const ROUNDS = 12

/**
 * Puts a sandbox together by the one path there is: cluster value, clusterOf(), walk. Its network's world is here. The edits are the file's, and validated as such.
 * What does not fit is left out and named, the rest works. Never throws.
 */
export function build(b: Recipe): Built {
  if (WORLDS_HERE.here(b.network) === undefined) throw new Error(`${b.network} was not brought`)
  const asked = b.edits.map((edit, n) => ({ edit, n }))
  const leave = (x: { readonly edit: unknown; readonly n: number }, why: string): Left => ({
    ...x,
    name: nameOf(x.edit),
    why,
  })
  const left: Left[] = asked.flatMap((x) => {
    const key = inherited(x.edit)
    return key === null ? [] : [leave(x, words().noField(key))]
  })
  let kept = asked.filter((x) => left.every((l) => l.n !== x.n))
  let made = tried(
    b,
    kept.map((x) => x.edit),
  )
  for (let round = 0; 'wrong' in made; round += 1) {
    // Only a box that no control and no link makes cannot be made without edits.
    if (kept.length === 0) {
      const notices = [words().asItBegins(made.wrong[0]?.message ?? '')]
      return {
        ...build({ ...START, network: b.network, whole: b.whole, task: b.task }),
        notices,
        left: asked.map((x) => leave(x, words().notMade)),
      }
    }
    const named = whyOf(made.wrong, kept.length)
    const why =
      named.size > 0 && round < ROUNDS
        ? named
        : beforeWrong(
            b,
            kept.map((x) => x.edit),
            made.wrong,
          )
    if (round >= ROUNDS) notTried(why, kept.length)
    const all = kept
    left.push(...[...why].map(([i, reason]) => leave(all[i]!, reason)))
    kept = all.filter((_, i) => !why.has(i))
    made = tried(
      b,
      kept.map((x) => x.edit),
    )
  }
  return {
    scenario: made.scenario,
    edits: kept as Built['edits'],
    left: left.toSorted((x, y) => x.n - y.n),
    notices: made.notices,
  }
}

type Problems = readonly { readonly path: string; readonly message: string }[]
type Tried =
  | { readonly scenario: Scenario; readonly notices: readonly string[] }
  | { readonly wrong: Problems }

/** The cluster of a box, with these edits. A file has one network, and asks for its plugin only. */
function clusterHere(b: Recipe, edits: readonly unknown[]): Scenario {
  const world = WORLDS_HERE.here(b.network)!
  return clusterWith(clusterValue(b, edits), { [world.id]: world.plugin } as unknown as Plugins)
}

/** The cluster with these edits and its flows, walked once each; or what is wrong. */
function tried(b: Recipe, edits: readonly unknown[]): Tried {
  try {
    if (b.whole) return changedWorld(b, edits)
    const base = clusterHere(b, edits)
    const { flows, notices } = flowsOf(b, base.topology)
    // Without edits there is nothing that could stop a walk.
    if (edits.length > 0) for (const f of Object.values(flows)) walk(base.topology, f)
    const title = words().titleOf(b.network, b.nodes)
    return {
      scenario: {
        ...base,
        id: b.network,
        title,
        flows,
        whatIfs: {},
        leavesOut: WORLDS_HERE.here(b.network)?.leavesOut ?? [],
      },
      notices,
    }
  } catch (error) {
    if (error instanceof ClusterError) return { wrong: error.problems }
    if (error instanceof EditError) return { wrong: [{ path: '', message: error.message }] }
    return {
      wrong: [
        {
          path: '',
          message: error instanceof RangeError ? error.message : words().wrongKind,
        },
      ],
    }
  }
}

/** The world as it ships, with these edits: they are held to what a file of its tables would be held to. */
function changedWorld({ network, task }: Recipe, edits: readonly unknown[]): Tried {
  const world = WORLDS_HERE.here(network)!
  const posed = task === null ? undefined : taskOf(task)
  const topology = applyAll(
    posed === undefined ? world.topology : startOf(posed.task, world),
    edits.map((e) => editFromJson(JSON.stringify(e))),
  )
  if (edits.length > 0) {
    const file = fromFile(toFile(topology))
    // A path in that file says nothing of the edit that is behind it.
    if ('problems' in file) return { wrong: file.problems.map((p) => ({ ...p, path: '' })) }
    for (const f of Object.values(world.flows)) walk(topology, f)
  }
  return { scenario: { ...world, topology, whatIfs: {} }, notices: [] }
}

/** An echo, a connection, a large packet, and one of the reader's own. To a machine that lost its address they go where it was. */
function flowsOf(
  b: Recipe,
  t: Topology,
): { readonly flows: Readonly<Record<string, Flow>>; readonly notices: readonly string[] } {
  const { to, lost } = whither(b, t)
  const own = ownFlow(b, t, to)
  return {
    flows: {
      ping: resolveFlow(t, { from: b.from, to }),
      tcp: resolveFlow(t, { from: b.from, to: `${to}:${portOf(b)}` }),
      big: resolveFlow(t, { from: b.from, to, size: 1472, df: true }),
      ...(typeof own === 'object' && own !== null ? { packet: own } : {}),
    },
    notices: [
      ...(lost ? [words().noAddress(b.to, to)] : []),
      ...(typeof own === 'string' ? [words().notSent(own)] : []),
    ],
  }
}

/** The reader's own packet; in words why it cannot be sent; null if nobody asked for one. */
function ownFlow(b: Recipe, t: Topology, to: string): Flow | string | null {
  if (b.sends === null) return null
  const { port, ...rest } = b.sends
  try {
    return resolveFlow(t, { from: b.from, to: port === undefined ? to : `${to}:${port}`, ...rest })
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}

/** What `to` is written as: its name, or the address it had before the edits, if they took it. */
export function whither(b: Recipe, t: Topology): { readonly to: string; readonly lost: boolean } {
  try {
    resolveFlow(t, { from: b.from, to: b.to })
    return { to: b.to, lost: false }
  } catch (error) {
    if (!(error instanceof RangeError) || netns(t, b.from) === undefined) throw error
    return {
      to: resolveFlow(clusterHere(b, []).topology, { from: b.from, to: b.to }).to,
      lost: true,
    }
  }
}

/** Why, by the place in the list, as far as the problems name one of the first `length`. */
function whyOf(wrong: Problems, length: number): Map<number, string> {
  const out = new Map<number, string>()
  for (const { path, message } of wrong) {
    const m = /^edits\[(\d+)\]\.?(.*)$/.exec(path)
    const n = Number(m?.[1])
    if (m !== null && n < length && !out.has(n))
      out.set(n, m[2] === '' ? message : `${m[2]}: ${message}`)
  }
  return out
}

/** A key that every object has from its prototype: a reader that skips it would make another edit of it, one that takes it worse. */
function inherited(x: unknown): string | null {
  if (typeof x !== 'object' || x === null) return null
  for (const [k, value] of Object.entries(x)) {
    const found = ['__proto__', 'constructor', 'prototype'].includes(k) ? k : inherited(value)
    if (found !== null) return found
  }
  return null
}

/** All behind the one edit that is named already: there is no time to try them. */
function notTried(why: Map<number, string>, length: number): void {
  for (let i = Math.max(...why.keys()) + 1; i < length; i += 1) why.set(i, words().notTried)
}

/** The first edit that, with those before it, makes no network. */
function beforeWrong(b: Recipe, edits: readonly unknown[], last: Problems): Map<number, string> {
  let [fits, fails, wrong] = [0, edits.length, last]
  while (fits + 1 < fails) {
    const half = (fits + fails) >> 1
    const made = tried(b, edits.slice(0, half))
    if ('wrong' in made) [fails, wrong] = [half, made.wrong]
    else fits = half
  }
  const at = fails - 1
  return new Map([[at, whyOf(wrong, fails).get(at) ?? wrong[0]?.message ?? words().doesNotFit]])
}

/** An edit in short: as one would type it if it can be said so. At most 200 signs. */
export function nameOf(edit: unknown): string {
  if (typeof edit !== 'object' || edit === null || Array.isArray(edit)) return quoted(edit)
  try {
    const text = command(editFromJson(JSON.stringify(edit)) as Edit)
    // A command made of fields that are not there says nothing, and neither does a remark.
    if (text !== '' && !text.startsWith('#') && !/undefined|NaN|\[object/.test(text))
      return text.length <= MOST_NAME ? text : `${text.slice(0, MOST_NAME - 1)}…`
  } catch {
    // What is no edit has no command.
  }
  const { op, in: where, table, ...rest } = edit as Readonly<Record<string, unknown>>
  const said = [op, where, table].every((x) => typeof x === 'string')
  const text = said
    ? [
        op,
        `${String(where)}.${String(table)}`,
        ...Object.entries(rest).map(([k, x]) => `${k} ${quoted(x)}`),
      ].join(' ')
    : quoted(edit)
  return text.length <= MOST_NAME ? text : `${text.slice(0, MOST_NAME - 1)}…`
}
const MOST_NAME = 200
