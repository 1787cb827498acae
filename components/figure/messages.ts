import type { Ask } from './store/actions.ts'
import type { FigureStore } from './store/figure.ts'
import { DETAILS, listedWorld, type Detail } from '#lib/index.ts'
import { THEMES } from '#components/site/colours.ts'

/*
 * What a page that frames a figure says to it, and hears from it: JSON, version 1, as contract.md has it. A host is anybody, so nothing of
 * what comes is believed: it is read member by member, and what is not known is answered with an error.
 */

/** The member that marks a message as one of these, and its version. */
export const MARK = 'packet-walk'

/** What is shown, in each message that says so. */
interface Report {
  readonly scenario: string
  readonly flow: string
  readonly whatIfs: readonly string[]
  /** Key of the step; its place among the stops, from 0, and how many there are. */
  readonly key: string
  readonly n: number
  readonly of: number
  /** The same, as hosts of the first embeds read it. */
  readonly step: string
  readonly stop: number
  readonly stops: number
  /** What is decided there, in a sentence. */
  readonly text: string
}
export type Said =
  /** `steps`: the keys of all stops. */
  | ({ readonly type: 'ready'; readonly steps: readonly string[] } & Report)
  | ({ readonly type: 'step' } & Report)
  /** Pixels of CSS that the figure needs from top to bottom. */
  | { readonly type: 'resize'; readonly height: number }
  /** A key that was pressed in the figure, and is nothing to it. */
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'error'; readonly message: string }

export function shown({ read, state }: FigureStore): Report {
  const s = state()
  const [key, n, of] = [read.key(s), read.at(s), read.total(s)]
  return {
    scenario: s.scenario,
    flow: s.flow,
    whatIfs: s.whatIfs,
    key,
    n,
    of,
    step: key,
    stop: n,
    stops: of,
    text: read.sentence(s),
  }
}

/** The keys of the stops there are, each of which goTo takes. */
export function stepsOf({ read, state }: FigureStore): readonly string[] {
  const s = state()
  const { keys } = read.now(s)
  return read.list(s).map((stop) => keys[stop.step] ?? '')
}

/** The worlds whose flows and what-ifs a message names: they are to be here when it is heard. */
export function worldsNamed(data: unknown): readonly string[] {
  const m = record(data)
  const scenario = m?.[MARK] === 1 && m['type'] === 'set' ? m['scenario'] : undefined
  return typeof scenario === 'string' && listedWorld(scenario) !== undefined ? [scenario] : []
}

/** What a message asks for, in order; an error's text if it asks for what is not there; null if it is none of these messages. Never throws. */
export function heard(data: unknown, figure: FigureStore): readonly Ask[] | string | null {
  const m = record(data)
  if (m === null || m[MARK] === undefined) return null
  if (m[MARK] !== 1) return `version ${said(m[MARK])} is not known here; there is 1`
  switch (m['type']) {
    case 'next':
      return [{ type: 'move', by: 1 }]
    case 'previous':
      return [{ type: 'move', by: -1 }]
    case 'goTo':
      return goTo(m, figure)
    case 'set':
      return set(m, figure)
    default:
      return `${said(m['type'])} is no type of message; there are next, previous, goTo and set`
  }
}

type Members = Readonly<Record<string, unknown>>

/** A plain object with its own members; null for anything else. */
function record(x: unknown): Members | null {
  if (typeof x !== 'object' || x === null || Array.isArray(x)) return null
  return Object.assign(Object.create(null) as object, x) as Members
}

/** A value in an error: short, and on one line. */
function said(x: unknown): string {
  const text =
    typeof x === 'string'
      ? JSON.stringify(x)
      : x === undefined
        ? 'nothing'
        : `a value of type ${typeof x}`
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`
}

function goTo(m: Members, { read, state }: FigureStore): readonly Ask[] | string {
  const s = state()
  const { step, stop } = m
  if (typeof step === 'string')
    return read.now(s).keys.includes(step)
      ? [{ type: 'key', key: step }]
      : `${said(step)} is no step of this walk`
  const last = read.total(s) - 1
  if (typeof stop === 'number' && Number.isInteger(stop) && stop >= 0 && stop <= last)
    return [{ type: 'to', at: stop }]
  return `goTo takes step, a key, or stop, a whole number from 0 to ${last}`
}

const TAKES = ['scenario', 'flow', 'whatIfs', 'detail', 'theme'] as const

/** Everything is looked at before anything is done. */
function set(m: Members, figure: FigureStore): readonly Ask[] | string | null {
  const s = figure.state()
  const extra = Object.keys(m).find(
    (k) => k !== MARK && k !== 'type' && !TAKES.some((t) => t === k),
  )
  if (extra !== undefined) return `set has no member ${said(extra)}; there are ${TAKES.join(', ')}`
  const { scenario = s.scenario, flow, whatIfs, detail, theme } = m
  if (typeof scenario !== 'string' || listedWorld(scenario) === undefined)
    return `${said(scenario)} is no world`
  const world = figure.worlds.here(scenario)
  // It was asked for and did not come, which has been said.
  if (world === undefined) return null
  if (flow !== undefined && !(typeof flow === 'string' && Object.hasOwn(world.flows, flow)))
    return `${said(flow)} is no flow of ${world.id}`
  const level = DETAILS.find((d): d is Detail => d === detail)
  if (detail !== undefined && level === undefined)
    return `${said(detail)} is no level of detail; there are ${DETAILS.join(', ')}`
  const colours = THEMES.find((t) => t === theme)
  if (theme !== undefined && colours === undefined)
    return `${said(theme)} are no colours; there are ${THEMES.join(', ')}`
  const wanted = whatIfs === undefined ? null : listOf(whatIfs)
  if (wanted === undefined) return 'whatIfs is a list of names'
  const unknown = wanted?.find((w) => !Object.hasOwn(world.whatIfs, w))
  if (unknown !== undefined) return `${said(unknown)} is no what-if of ${world.id}`
  const on = world.id === s.scenario ? s.whatIfs : []
  const turned =
    wanted === null
      ? []
      : [...on.filter((w) => !wanted.includes(w)), ...wanted.filter((w) => !on.includes(w))]
  return [
    ...(world.id === s.scenario ? [] : [{ type: 'scenario', scenario: world.id } as const]),
    ...turned.map((whatIf) => ({ type: 'whatIf', whatIf }) as const),
    ...(typeof flow === 'string' ? [{ type: 'flow', flow } as const] : []),
    ...(level === undefined ? [] : [{ type: 'detail', detail: level } as const]),
    ...(colours === undefined ? [] : [{ type: 'theme', theme: colours } as const]),
  ]
}

/** A list of names, each once; undefined for anything else. */
function listOf(x: unknown): readonly string[] | undefined {
  if (!Array.isArray(x) || x.length > 100 || !x.every((w) => typeof w === 'string'))
    return undefined
  return [...new Set(x as readonly string[])]
}
