import { isIpv4 } from '#lib/wire/addr.ts'
import { netns, type Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { VPC_NAME } from '#lib/worlds/cluster/spec.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'
import { own } from './load.ts'
import { instead, shown, some } from './near.ts'
import { PROTOS, type OptionName } from './options.ts'
import { cli } from './words.ts'
import type { Read } from './read.ts'
import { UsageError } from './usage.ts'

/** Options that describe a flow which a name describes already. */
const DESCRIBES = [
  'from',
  'to',
  'proto',
  'sport',
  'size',
  'ttl',
  'df',
] as const satisfies readonly OptionName[]

/** Is a flow asked for: by its name, or by its ends? Options that would then say nothing are refused. */
export function asksFor(r: Read): 'name' | 'ends' | null {
  const said = DESCRIBES.filter((o) => r.has(o))
  if (r.has('flow')) {
    if (said.length > 0)
      throw new UsageError(
        cli().flowSaysAll(
          said.map((o) => `--${o}`),
          shown(r.one('flow')!),
        ),
      )
    return 'name'
  }
  return said.length > 0 ? 'ends' : null
}

/** The flow that the options mean. Throws UsageError with what would be right. */
export function flowOf(s: Scenario, r: Read): Flow {
  const asked = asksFor(r)
  const draw = whole(r, 'draw', [0, 0xffffffff])
  if (asked === 'name') {
    const name = r.one('flow')!
    const f = own(s.flows, name)
    if (f === undefined)
      throw new UsageError(
        cli().noFlow(shown(name), shown(s.id), instead(name, Object.keys(s.flows))),
      )
    return draw === undefined ? f : { ...f, draw }
  }
  const [from, to] = ends(s, r)
  const size = whole(r, 'size', [0, 65_000])
  const ttl = whole(r, 'ttl', [1, 255])
  const proto = protoOf(r, to)
  const sport = whole(r, 'sport', [1, 65_535])
  try {
    return resolveFlow(s.topology, {
      from,
      to,
      ...(proto === undefined ? {} : { proto }),
      ...(sport === undefined ? {} : { sport }),
      ...(size === undefined ? {} : { size }),
      ...(ttl === undefined ? {} : { ttl }),
      ...(r.has('df') ? { df: true } : {}),
      ...(draw === undefined ? {} : { draw }),
    })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new UsageError(error.message.replace(/^(?=(from|to|sport|size|ttl|draw): )/, '--'))
  }
}

/** Both ends, each the name of something there is; the address of either is asked for later. */
function ends(s: Scenario, r: Read): readonly [string, string] {
  const [from, to] = [r.one('from'), r.one('to')]
  if (from === undefined && to === undefined) {
    const flows = some(Object.keys(s.flows))
    throw new UsageError(
      r.has('draw') ? cli().whichFlowDraw(shown(s.id), flows) : cli().whichFlow(shown(s.id), flows),
    )
  }
  if (from === undefined) throw new UsageError(cli().noFrom)
  if (to === undefined) throw new UsageError(cli().noTo)
  for (const [option, said] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (/^\[?[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*\]?(?::\d+)?$/i.test(said))
      throw new UsageError(cli().ipv6(option, shown(said)))
  if (netns(s.topology, from) === undefined) {
    const { nobodySends, nobodySendsAtPort } = cli()
    throw new UsageError(
      (from.includes(':') ? nobodySendsAtPort : nobodySends)(
        shown(from),
        instead(from, namesIn(s.topology)),
      ),
    )
  }
  const [host = ''] = to.split(':')
  const there =
    isIpv4(host) ||
    /^[\d.]+$/.test(host) ||
    netns(s.topology, host) !== undefined ||
    s.topology.source.services?.has(host) === true
  if (!there)
    throw new UsageError(cli().nobodyReceives(shown(to), instead(host, targetsIn(s.topology))))
  return [from, to]
}

function protoOf(r: Read, to: string): Flow['proto'] | undefined {
  const said = r.one('proto')
  const proto = PROTOS.find((p) => p === said)
  if (said !== undefined && proto === undefined)
    throw new UsageError(cli().noValue('--proto', shown(said), instead(said, PROTOS)))
  const port = to.includes(':')
  if (proto === 'icmp' && port) throw new UsageError(cli().echoHasNoPort(shown(to)))
  if (r.has('df') && (proto ?? (port ? 'tcp' : 'icmp')) === 'tcp')
    throw new UsageError(cli().tcpSetsDf)
  return proto
}

/** Names that may send or be sent to; the VPC's is none of them. */
export function namesIn(t: Topology): string[] {
  return t.source.names.filter((n) => n !== VPC_NAME)
}

/** Names that may be sent to: those, and Services. */
export function targetsIn(t: Topology): string[] {
  return [...namesIn(t), ...(t.source.services?.keys() ?? [])]
}

/** The whole number behind an option; undefined if it was not given. */
export function whole(
  r: Read,
  name: OptionName,
  [low, high]: readonly [low: number, high: number],
): number | undefined {
  const text = r.one(name)
  if (text === undefined) return undefined
  const n = Number(text)
  if (!/^\d+$/.test(text) || n < low || n > high)
    throw new UsageError(cli().outOfRange(`--${name}`, shown(text), [low, high]))
  return n
}
