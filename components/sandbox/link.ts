import { decoded, parts, quoted } from '#components/lab/fragment.ts'
import { endsOf, MOST, MTU, NETWORKS, START, withEnds, type Box } from './box.ts'
import { salvage } from './salvage.ts'

/* A sandbox in a link: `sandbox=[1,network,nodes,pods,mtu,from,to,edits]`, JSON, percent-encoded; the figure in it has its own part, `walk=…`. */

/** The figure of the sandbox, in links. */
export const WALK = 'walk'
const FIELDS = ['version', 'network', 'nodes', 'pods', 'mtu', 'from', 'to', 'edits'] as const
const OURS = ['sandbox', WALK, `${WALK}.view`]

/** What a link says; each thing of it that could not be taken is named, with what stands there now. */
export interface Linked { readonly box: Box; readonly notices: readonly string[] }

/** The fragment with this sandbox in it; what it says of the figure stays, by the name of the network that is there now. */
export function toLink(hash: string, b: Box): string {
  const mine = `sandbox=${encodeURIComponent(JSON.stringify([1, b.network, b.nodes, b.pods, b.mtu, b.from, b.to, b.edits]))}`
  const figure = parts(hash).filter((p) => p.startsWith(`${WALK}=`) || p.startsWith(`${WALK}.view=`))
    .map((p) => p.replace(/^(walk=1;)[^;]*/, `$1${b.network}`))
  return `#${[mine, ...figure].join('&')}`
}

/** Reads a fragment; null if it has nothing of a link. Never throws. */
export function fromLink(hash: string): Linked | null {
  const all = parts(hash)
  const strange = all.filter((p) => /[=%[;]/.test(p) && !OURS.some((k) => p.startsWith(`${k}=`)))
  const mine = all.filter((p) => p.startsWith('sandbox='))
  const notices = [
    ...strange.map((p) => `${quoted(p)} is no part of a sandbox's link, and is not used`),
    ...mine.slice(1).map((p) => `a second sandbox is not used: ${quoted(p)}`),
  ]
  const first = mine[0]
  if (first === undefined) return all.every((p) => !/[=%[;]/.test(p)) ? null : { box: START, notices }
  const { text, whole } = decoded(first.slice('sandbox='.length))
  if (!whole) notices.push('its percent-encoding is broken; it was read as far as it goes')
  const { value, rest, twice } = salvage(text)
  if (rest !== null) notices.push(rest === '' ? 'it ends early' : `it could not be read from ${quoted(rest)} on (${rest.length} characters)`)
  for (const key of twice) notices.push(`the key ${quoted(key)} stands twice in an edit; the second counts`)
  const start = (why: string): Linked => ({ box: START, notices: [...notices, `${why}; this is the sandbox as it begins`] })
  if (!Array.isArray(value)) return start(`${value === undefined ? 'nothing' : quoted(value)} stands where a sandbox belongs`)
  const fields: readonly unknown[] = value
  const version = fields[0]
  if (version !== 1) return start(`${fields.length === 0 ? 'nothing' : quoted(version)} is no version known here, so nothing else of it was read`)
  return { box: boxOf(fields, notices), notices }
}

function boxOf(fields: readonly unknown[], notices: string[]): Box {
  const missing = FIELDS.slice(fields.length)
  if (missing.length > 0) notices.push(`it says nothing of ${missing.join(', ')}; there ${missing.length === 1 ? 'it is' : 'they are'} as at first`)
  if (fields.length > FIELDS.length) notices.push(`it says more than a sandbox has: ${quoted(fields.slice(FIELDS.length))}`)
  const field = <T>(n: number, fits: (x: unknown) => x is T, start: T, right: string): T => {
    const x = fields[n]
    if (n >= fields.length || fits(x)) return n >= fields.length ? start : x as T
    notices.push(`${FIELDS[n]}: ${quoted(x)} ${right}; ${Array.isArray(start) ? 'none are' : `${String(start)} stands`} here`)
    return start
  }
  const count = (least: number, most: number) => (x: unknown): x is number => Number.isInteger(x) && (x as number) >= least && (x as number) <= most
  const range = (least: number, most: number): string => `is no whole number from ${least} to ${most}`
  const network = field(1, (x): x is string => typeof x === 'string' && NETWORKS.includes(x), START.network, `is none of ${NETWORKS.join(', ')}`)
  const nodes = field(2, count(1, MOST.nodes), START.nodes, range(1, MOST.nodes))
  const pods = field(3, count(1, MOST.pods), START.pods, range(1, MOST.pods))
  const mtu = field(4, count(MTU.least, MTU.most), START.mtu, range(MTU.least, MTU.most))
  const ends = endsOf({ nodes, pods })
  const there = (x: unknown): x is string => typeof x === 'string' && ends.includes(x)
  const near = withEnds({ ...START, nodes, pods })
  const from = field(5, there, near.from, 'is no pod, node or host of it')
  const to = field(6, there, near.to, 'is no pod, node or host of it')
  const edits = field<readonly unknown[]>(7, (x): x is unknown[] => Array.isArray(x), [], 'is no list of edits')
  return { network, nodes, pods, mtu, from, to, edits }
}
