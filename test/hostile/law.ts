import { walk } from '#lib/walk/walk.ts'
import { SENTENCES } from '#lib/words/en/problems/index.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'
import { netns } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { parseCluster } from '#lib/worlds/all.ts'
import { ends } from '../walk/ends.ts'
import { refs } from '../walk/refs.ts'

/** Longest that reading one file may take, ms. */
const MOST_MS = 2000

/** Twice, if it is late: a busy machine is no failure. */
export function read(text: string): Read {
  const first = once(text)
  return first.broken.some((x) => x.startsWith('took ')) ? once(text) : first
}
interface Read {
  readonly scenario: Scenario | null
  readonly broken: readonly string[]
}

/** What a file came to, and where that breaks the law: a scenario, or problems that each have a place, a remedy and a bound; nothing else, and not late. */
function once(text: string): Read {
  const start = performance.now()
  const before = process.cpuUsage()
  // Of the time and the processor's time the smaller: others may have had the processor.
  const late = (): string[] => {
    const { user, system } = process.cpuUsage(before)
    const ms = Math.min(performance.now() - start, (user + system) / 1000)
    return ms > MOST_MS ? [`took ${ms.toFixed(0)} ms`] : []
  }
  try {
    const scenario = parseCluster(text)
    return { scenario, broken: late() }
  } catch (error) {
    const took = late()
    if (!(error instanceof ClusterError))
      return {
        scenario: null,
        broken: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
      }
    const broken = error.problems.flatMap((p) => [
      ...(p.path === '' && !SENTENCES[p.code].whole ? [`no place: ${p.message}`] : []),
      ...(p.message.length > 300 ? [`too long: ${p.message}`] : []),
      ...(/^[^;].*; \S/su.test(p.message) ? [] : [`no remedy: ${p.message}`]),
      ...(p.args.some((x) => typeof x === 'string' && /(.)\1{60}/u.test(x)) ||
      /[\p{Cc}\p{Bidi_Control}]/u.test(`${p.path}${p.message}`)
        ? [`quotes too much: ${p.path}: ${p.message}`]
        : []),
      ...(p.code === 'shape' || /Invalid (key|type)|Expected/.test(p.message)
        ? [`words of others: ${p.path}: ${p.message}`]
        : []),
      ...(p.path.length > 250 ? [`long place: ${p.path}`] : []),
    ])
    return {
      scenario: null,
      broken: [...took, ...(error.problems.length === 0 ? ['no problem'] : []), ...broken],
    }
  }
}

/** What walks of an accepted file came to: each ends at once, delivered or lost somewhere, and with edits that made the network what nobody would. */
export function walks(scenario: Scenario): readonly string[] {
  const { topology, flows } = scenario
  const names = topology.source.names
    .filter((n) => netns(topology, n) !== undefined)
    .slice(0, MOST_SENDERS)
  const asked: readonly (readonly [string, Flow])[] = [
    ...Object.entries(flows),
    ...names.flatMap((from) =>
      TARGETS.map(
        (to) =>
          [`${from} to ${to}`, { from, to, proto: 'udp', dport: 53, size: 1400, ttl: 64 }] as const,
      ),
    ),
  ]
  return asked.flatMap(([name, flow]) => {
    const took = twice(() => walk(topology, flow))
    if (took instanceof Error) return [`${name}: ${took.stack ?? took.message}`]
    const { value: w, ms } = took
    return [
      ...(ms > MOST_MS ? [`${name}: took ${ms.toFixed(0)} ms`] : []),
      ...[...ends(w), ...refs(w)].map((x) => `${name}: ${x}`),
    ]
  })
}
const MOST_SENDERS = 3
const TARGETS = ['8.8.8.8', '10.1.2.3', '192.168.0.255', '127.0.0.1'] as const

/** A value with the processor's time it took, the shorter of two if the first was late. */
function twice<T>(f: () => T): { readonly value: T; readonly ms: number } | Error {
  const once = (): { readonly value: T; readonly ms: number } => {
    const before = process.cpuUsage()
    const value = f()
    const { user, system } = process.cpuUsage(before)
    return { value, ms: (user + system) / 1000 }
  }
  try {
    const first = once()
    return first.ms > MOST_MS ? once() : first
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
