import { SENTENCES } from '#lib/topology/problems.ts'
import { ClusterError } from '#lib/scenarios/cluster-file.ts'
import { parseCluster } from '#lib/scenarios/cluster-text.ts'
import type { Scenario } from '#lib/scenarios/scenario.ts'

/** Longest that reading one file may take, ms. */
const MOST_MS = 2000

/** Twice, if it is late: a busy machine is no failure. */
export function read(text: string): Read {
  const first = once(text)
  return first.broken.some((x) => x.startsWith('took ')) ? once(text) : first
}
interface Read { readonly scenario: Scenario | null; readonly broken: readonly string[] }

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
    if (!(error instanceof ClusterError)) return { scenario: null, broken: [error instanceof Error ? error.stack ?? error.message : String(error)] }
    const broken = error.problems.flatMap((p) => [
      ...(p.path === '' && !SENTENCES[p.code].whole ? [`no place: ${p.message}`] : []),
      ...(p.message.length > 300 ? [`too long: ${p.message}`] : []),
      ...(/^[^;].*; \S/su.test(p.message) ? [] : [`no remedy: ${p.message}`]),
      ...(p.args.some((x) => typeof x === 'string' && /(.)\1{60}/u.test(x)) || /[\p{Cc}\p{Bidi_Control}]/u.test(`${p.path}${p.message}`) ? [`quotes too much: ${p.path}: ${p.message}`] : []),
      ...(p.code === 'shape' || /Invalid (key|type)|Expected/.test(p.message) ? [`words of others: ${p.path}: ${p.message}`] : []),
      ...(p.path.length > 250 ? [`long place: ${p.path}`] : []),
    ])
    return { scenario: null, broken: [...took, ...(error.problems.length === 0 ? ['no problem'] : []), ...broken] }
  }
}
