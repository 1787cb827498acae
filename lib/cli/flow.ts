import { isIpv4 } from '#lib/wire/addr.ts'
import { netns, type Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { VPC_NAME } from '#lib/scenarios/cluster.ts'
import { resolveFlow } from '#lib/scenarios/resolve.ts'
import type { Scenario } from '#lib/scenarios/scenario.ts'
import { own } from './load.ts'
import { instead, shown, some } from './near.ts'
import { PROTOS, type OptionName } from './options.ts'
import type { Read } from './read.ts'
import { UsageError } from './usage.ts'

/** Options that describe a flow which a name describes already. */
const DESCRIBES = ['from', 'to', 'proto', 'size', 'ttl', 'df'] as const satisfies readonly OptionName[]

/** Is a flow asked for: by its name, or by its ends? Options that would then say nothing are refused. */
export function asksFor(r: Read): 'name' | 'ends' | null {
  const said = DESCRIBES.filter((o) => r.has(o))
  if (r.has('flow')) {
    const remedy = `leave --flow out and name --from and --to, or leave out ${written(said)}`
    if (said.length > 0) throw new UsageError(`${written(said)}: --flow ${shown(r.one('flow')!)} says all of the flow already; ${remedy}`)
    return 'name'
  }
  return said.length > 0 ? 'ends' : null
}

const written = (names: readonly OptionName[]): string => names.map((o) => `--${o}`).join(', ')

/** The flow that the options mean. Throws UsageError with what would be right. */
export function flowOf(s: Scenario, r: Read): Flow {
  const asked = asksFor(r)
  const draw = whole(r, 'draw', 0, 0xffffffff)
  if (asked === 'name') {
    const name = r.one('flow')!
    const f = own(s.flows, name)
    if (f === undefined) throw new UsageError(`--flow ${shown(name)}: ${shown(s.id)} has no such flow; ${instead(name, Object.keys(s.flows))}`)
    return draw === undefined ? f : { ...f, draw }
  }
  const [from, to] = ends(s, r)
  const size = whole(r, 'size', 0, 65_000)
  const ttl = whole(r, 'ttl', 1, 255)
  const proto = protoOf(r, to)
  try {
    return resolveFlow(s.topology, {
      from, to, ...(proto === undefined ? {} : { proto }), ...(size === undefined ? {} : { size }), ...(ttl === undefined ? {} : { ttl }),
      ...(r.has('df') ? { df: true } : {}), ...(draw === undefined ? {} : { draw }),
    })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new UsageError(error.message.replace(/^(?=(from|to|size|ttl|draw): )/, '--'))
  }
}

/** Both ends, each the name of something there is; the address of either is asked for later. */
function ends(s: Scenario, r: Read): readonly [string, string] {
  const [from, to] = [r.one('from'), r.one('to')]
  if (from === undefined && to === undefined) {
    const why = r.has('draw') ? '--draw says not which flow: ' : ''
    throw new UsageError(`${why}--from and --to are needed, or --flow; the flows of ${shown(s.id)} are ${some(Object.keys(s.flows))}`)
  }
  if (from === undefined) throw new UsageError('--from is missing: who sends? Name a pod, node or host')
  if (to === undefined) throw new UsageError('--to is missing: where does it go? Name a pod, node, host or Service, or an address, with :PORT for TCP')
  if (netns(s.topology, from) === undefined) {
    const port = from.includes(':') ? ', and a port belongs to --to' : ''
    throw new UsageError(`--from ${shown(from)}: no pod, node or host has that name${port}; ${instead(from, namesIn(s.topology))}`)
  }
  const [host = ''] = to.split(':')
  const there = isIpv4(host) || /^[\d.]+$/.test(host) || netns(s.topology, host) !== undefined || s.topology.source.services?.has(host) === true
  if (!there) throw new UsageError(`--to ${shown(to)}: no pod, node, host or Service has that name; ${instead(host, targetsIn(s.topology))}`)
  return [from, to]
}

function protoOf(r: Read, to: string): Flow['proto'] | undefined {
  const said = r.one('proto')
  const proto = PROTOS.find((p) => p === said)
  if (said !== undefined && proto === undefined) throw new UsageError(`--proto ${shown(said)}: ${instead(said, PROTOS)}`)
  const port = to.includes(':')
  if (proto === 'icmp' && port) throw new UsageError(`--proto icmp: an echo has no port, and --to ${shown(to)} has one; leave out the port, or choose udp or tcp`)
  if (r.has('df') && (proto ?? (port ? 'tcp' : 'icmp')) === 'tcp') throw new UsageError('--df: TCP sets DF always, so it would change nothing; leave it out')
  return proto
}

/** Names that may send or be sent to; the VPC's is none of them. */
export function namesIn(t: Topology): string[] {
  return t.source.names.filter((n) => n !== VPC_NAME)
}

/** Names that may be sent to: those, and Services. */
export function targetsIn(t: Topology): string[] {
  return [...namesIn(t), ...t.source.services?.keys() ?? []]
}

/** The whole number behind an option; undefined if it was not given. */
export function whole(r: Read, name: OptionName, low: number, high: number): number | undefined {
  const text = r.one(name)
  if (text === undefined) return undefined
  const n = Number(text)
  if (!/^\d+$/.test(text) || n < low || n > high) throw new UsageError(`--${name} ${shown(text)}: not in its range; write a whole number from ${low} to ${high}`)
  return n
}
