import {
  keys,
  netns,
  walk,
  type Flow,
  type Scenario,
  type Topology,
  type Walk,
} from '#lib/index.ts'
import { controls } from '#components/words/controls.ts'
import { making, type Made } from './made.ts'
import type { Shown } from './state.ts'

export interface Walked {
  readonly scenario: Scenario
  readonly flow: Flow
  readonly topology: Topology
  readonly walk: Walk
  readonly keys: readonly string[]
  readonly problem: string | null
}

/** The walk that is asked for. What-ifs that cannot be applied together are left out and named. */
export function walked(
  scenario: Scenario,
  asked: {
    readonly flow: string
    readonly whatIfs?: readonly string[]
    readonly draw?: number | null
  },
): Walked {
  return walkedOn(making(null, scenario, asked.whatIfs ?? []), asked)
}

/** The walk through tables as they were made. */
export function walkedOn(
  { world, topology, problem }: Made,
  asked: { readonly flow: string; readonly draw?: number | null },
): Walked {
  const named = world.flows[asked.flow] ?? Object.values(world.flows)[0]
  if (named === undefined) throw new RangeError(`${world.id} has no flow`)
  const { draw = null } = asked
  const flow = draw === null ? named : { ...named, draw }
  const w = walk(topology, flow)
  return { scenario: world, flow, topology, walk: w, keys: keys(w), problem }
}

/** Bytes from which the size of what is sent is worth a word. */
const LARGE = 200
/** A TTL below this is chosen for what it does: nobody sends so by default. */
const SHORT_LIVED = 32

/** What is sent in each flow of a world, in words: by whole names, as tables and links have them, and with a word of its key where two would read the same. */
export function flowNames(scenario: Scenario): readonly (readonly [flow: string, name: string])[] {
  const t = scenario.topology
  const names = new Map<string, string>()
  for (const n of t.source.names) {
    const s = netns(t, n)
    // 127.0.0.1 is everybody's.
    if (s !== undefined)
      for (const d of s.devs)
        if (d.kind !== 'loopback')
          for (const a of d.addrs) {
            const ip = a.split('/')[0]!
            if (!names.has(ip)) names.set(ip, n)
          }
  }
  const says = controls()
  const said = Object.entries(scenario.flows).map(([f, x]): [string, string] => {
    const to = names.get(x.to) ?? (f.startsWith('service') ? says.service(x.to) : x.to)
    const plain = says.flow(x.from, to, x.dport)
    const named = x.proto === 'udp' ? says.flowUdp(plain) : plain
    const sized = x.size > LARGE ? says.flowSize(named, x.size) : named
    return [f, x.ttl < SHORT_LIVED ? says.flowTtl(sized, x.ttl) : sized]
  })
  // Of two that read the same, the one with the longer key has what its key says beyond the other's.
  return said.map(([f, name]) => {
    const twin = said.find(([g, other]) => other === name && f.startsWith(`${g}-`))
    if (twin === undefined) return [f, name]
    return [f, says.flowApart(name, f.slice(twin[0].length + 1).replaceAll('-', ' '))]
  })
}

const MOST_DRAWS = 64

/** The next draw that sends the packet another way; null is the flow's own, and also the answer where no draw does. */
export function otherDraw(
  scenario: Scenario,
  s: Pick<Shown, 'flow' | 'whatIfs' | 'draw'>,
): number | null {
  const made = making(null, scenario, s.whatIfs)
  const way = (draw: number | null): string => walkedOn(made, { ...s, draw }).keys.join()
  const [own, here] = [way(null), way(s.draw)]
  const from = (s.draw ?? scenario.flows[s.flow]?.draw ?? 0) + 1
  for (let i = from; i < from + MOST_DRAWS; i += 1) {
    const there = way(i)
    if (there !== here) return there === own ? null : i
  }
  return null
}
