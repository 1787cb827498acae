import { decoded, parts, quoted } from '#components/figure/store/fragment.ts'
import { sandbox as words } from '#components/words/sandbox.ts'
import type { Field } from '#components/words/en/sandbox.ts'
import { taskOf } from './tasks.ts'
import { taskPart, wholePart, WALK } from './carry.ts'
import { endsOf, MOST, MTU, NETWORKS, START, withEnds, type Recipe, type Sent } from './recipe.ts'
import { isSent } from './sent.ts'
import { salvage } from './salvage.ts'

/* A sandbox in a link: `sandbox=[1,network,nodes,pods,mtu,from,to,edits]`, behind them a packet of the reader's own if there is one, or a world as it ships, `sandbox=[2,world,edits]`, or a task, `sandbox=[3,task,edits]`: JSON, percent-encoded; the figure in it has its own part, `walk=…`. */

const FIELDS = ['version', 'network', 'nodes', 'pods', 'mtu', 'from', 'to', 'edits'] as const
/** With a packet of the reader's own. */
const SENDING = [...FIELDS, 'sends'] as const
/** Of a whole world. */
const WHOLE = ['version', 'network', 'edits'] as const
/** Of a task. */
const TASK = ['version', 'network', 'edits'] as const
const OURS = ['sandbox', WALK, `${WALK}.view`]

/** What a link says; each thing of it that could not be taken is named, with what stands there now. */
export interface Linked {
  readonly box: Recipe
  readonly notices: readonly string[]
}

/** The fragment with this sandbox in it; what it says of the figure stays, by the name of the network that is there now. */
export function toLink(hash: string, b: Recipe): string {
  const mine =
    b.task !== null
      ? taskPart(b.task, b.edits)
      : b.whole
        ? wholePart(b.network, b.edits)
        : `sandbox=${encodeURIComponent(JSON.stringify([1, b.network, b.nodes, b.pods, b.mtu, b.from, b.to, b.edits, ...(b.sends === null ? [] : [b.sends])]))}`
  const figure = parts(hash)
    .filter((p) => p.startsWith(`${WALK}=`) || p.startsWith(`${WALK}.view=`))
    .map((p) => p.replace(/^(walk=1;)[^;]*/, `$1${b.network}`))
  return `#${[mine, ...figure].join('&')}`
}

/** Reads a fragment; null if it has nothing of a link. Never throws. */
export function fromLink(hash: string): Linked | null {
  const all = parts(hash)
  const strange = all.filter((p) => /[=%[;]/.test(p) && !OURS.some((k) => p.startsWith(`${k}=`)))
  const mine = all.filter((p) => p.startsWith('sandbox='))
  const notices = [
    ...strange.map((p) => words().noPart(quoted(p))),
    ...mine.slice(1).map((p) => words().second(quoted(p))),
  ]
  const first = mine[0]
  if (first === undefined)
    return all.every((p) => !/[=%[;]/.test(p)) ? null : { box: START, notices }
  const { text, whole } = decoded(first.slice('sandbox='.length))
  if (!whole) notices.push(words().encoding)
  const { value, rest, twice } = salvage(text)
  if (rest !== null)
    notices.push(rest === '' ? words().endsEarly : words().unread(quoted(rest), rest.length))
  for (const key of twice) notices.push(words().twice(quoted(key)))
  const start = (why: string): Linked => ({
    box: START,
    notices: [...notices, words().start(why)],
  })
  if (!Array.isArray(value))
    return start(words().noSandbox(value === undefined ? null : quoted(value)))
  const fields: readonly unknown[] = value
  const version = fields[0]
  if (version === 3) return taskFrom(fields, notices) ?? start(words().noTask(quoted(fields[1])))
  if (version !== 1 && version !== 2)
    return start(words().noVersion(fields.length === 0 ? null : quoted(version)))
  return { box: version === 2 ? worldOf(fields, notices) : boxOf(fields, notices), notices }
}

type Taken = <T>(name: Field, fits: Fits<T>, start: T) => T

/** What takes a field by its name: one that is missing or does not fit is named, and is as at first. */
function taking(names: readonly string[], fields: readonly unknown[], notices: string[]): Taken {
  const missing = names.slice(fields.length)
  if (missing.length > 0) notices.push(words().saysNothing(missing))
  if (fields.length > names.length)
    notices.push(words().saysMore(quoted(fields.slice(names.length))))
  return (name, fits, start) => {
    const n = names.indexOf(name)
    if (n >= fields.length) return start
    const x = fields[n]
    if (fits.fits(x)) return x
    notices.push(words().wrongField(name, fits.says(quoted(x)), String(start)))
    return start
  }
}

function worldOf(fields: readonly unknown[], notices: string[]): Recipe {
  const field = taking(WHOLE, fields, notices)
  const network = field('network', named(NETWORKS), START.network)
  return { ...START, network, edits: field('edits', EDITS, []), whole: true }
}

/** Of a task; null where there is none of that name. */
function taskFrom(fields: readonly unknown[], notices: string[]): Linked | null {
  const [, name] = fields
  const posed = typeof name === 'string' ? taskOf(name) : undefined
  if (posed === undefined) return null
  const edits = taking(TASK, fields, notices)('edits', EDITS, [])
  const { world } = posed.task
  return { box: { ...START, network: world, edits, whole: true, task: posed.name }, notices }
}

function boxOf(fields: readonly unknown[], notices: string[]): Recipe {
  const sending = fields.length > FIELDS.length
  const field = taking(sending ? SENDING : FIELDS, fields, notices)
  const network = field('network', named(NETWORKS), START.network)
  const nodes = field('nodes', count(1, MOST.nodes), START.nodes)
  const pods = field('pods', count(1, MOST.pods), START.pods)
  const mtu = field('mtu', count(MTU.least, MTU.most), START.mtu)
  const ends = { ...named(endsOf({ network, nodes, pods })), says: (x: string) => words().noEnd(x) }
  const near = withEnds({ ...START, network, nodes, pods })
  const from = field('from', ends, near.from)
  const to = field('to', ends, near.to)
  const edits = field('edits', EDITS, [])
  const sends = sending ? field<Sent | null>('sends', SENT, null) : null
  return { network, nodes, pods, mtu, from, to, sends, edits, whole: false, task: null }
}

/** Which values a field takes, and what is said of another. */
interface Fits<T> {
  readonly fits: (x: unknown) => x is T
  readonly says: (value: string) => string
}
const EDITS: Fits<readonly unknown[]> = {
  fits: (x): x is readonly unknown[] => Array.isArray(x),
  says: (x) => words().noEdits(x),
}
const SENT: Fits<Sent> = {
  fits: (x): x is Sent => isSent(x),
  says: (x) => words().noPacket(x),
}
const named = (names: readonly string[]): Fits<string> => ({
  fits: (x): x is string => typeof x === 'string' && names.includes(x),
  says: (x) => words().noneOf(x, names),
})
const count = (least: number, most: number): Fits<number> => ({
  fits: (x): x is number => Number.isInteger(x) && (x as number) >= least && (x as number) <= most,
  says: (x) => words().notFromTo(x, least, most),
})
