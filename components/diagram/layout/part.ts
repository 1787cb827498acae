import {
  peerOf,
  space,
  stageInfo,
  type Netns,
  type Topology,
  type Vpc,
  type Walk,
} from '#lib/index.ts'
import { wrapOf } from '../wrap.ts'
import { CARD, trayOf } from './measure.ts'
import { eniOf, isTunnel, nicsOf, vpcOf } from './names.ts'

/** Who takes part in a flow, read from its walks. */
export interface Part {
  readonly topology: Topology
  readonly pods: readonly Netns[]
  /** Machines, in their order: those with a column, and those of the plain network below these. */
  readonly machines: readonly Netns[]
  readonly below: readonly Netns[]
  readonly vpc: Vpc | undefined
  readonly touched: ReadonlySet<string>
  /** `namespace/device`, and ids of what stands in the VPC. */
  readonly devs: ReadonlySet<string>
  /** Namespaces of nodes in which a program of the node itself sends or takes. */
  readonly programs: ReadonlySet<string>
  /** Packets around the innermost one, at most. */
  readonly outer: number
  /** How much lower than usual what is below a node's card stands: the card of many packets around one another is high. */
  readonly deep: number
  /** Nodes that are not drawn. */
  readonly more: number | 'many'
}

/** From so many namespaces on, only those that a packet comes to are asked for. */
const MANY = 200
const MOST = 8

interface Seen {
  readonly touched: Set<string>
  readonly devs: Set<string>
  readonly programs: Set<string>
  outer: number
}

function see(walks: readonly Walk[]): Seen {
  const seen: Seen = { touched: new Set(), devs: new Set(), programs: new Set(), outer: 0 }
  for (const w of walks)
    for (const s of w.steps) {
      if (w.messages[s.message]?.kind === 'arp') continue
      seen.touched.add(s.in)
      if (s.dev !== null) {
        seen.devs.add(`${s.in}/${s.dev}`)
        seen.devs.add(s.dev)
      } else if (stageInfo(s.stage).layer === 'program') seen.programs.add(s.in)
      seen.outer = Math.max(seen.outer, wrapOf(s).outer)
    }
  return seen
}

/** Does it only hand frames on? A bridge, and no address anywhere. */
export const isSwitch = (n: Netns): boolean =>
  n.role === 'host' &&
  n.devs.some((d) => d.kind === 'bridge') &&
  n.devs.every((d) => d.kind === 'loopback' || d.addrs.length === 0)

/** The machines below the others: switches, and those that are no nodes and plugged into one. */
function between(machines: readonly Netns[]): readonly Netns[] {
  const switches = machines.filter(isSwitch)
  const plugged = (n: Netns): boolean =>
    n.devs.some((d) => switches.some((s) => s.name === peerOf(d)?.netns))
  return [...switches, ...machines.filter((n) => n.role === 'host' && !isSwitch(n) && plugged(n))]
}

export function partOf(t: Topology, walks: readonly Walk[]): Part {
  const { touched, devs, programs, outer } = see(walks)
  const flow = walks[0]!.flow
  const many = t.source.names.length > MANY
  const all = (many ? [...touched] : t.source.names)
    .map((n) => space(t, n))
    .filter((s) => s !== undefined)
  const spaces = all.filter((s): s is Netns => s.kind === 'netns')
  // Where it was to go is drawn also if it does not come there; and the machine whose interface of the VPC is the last to see it.
  for (const s of spaces)
    if (
      s.devs.some((d) => d.addrs.some((a) => a.split('/')[0] === flow.to)) ||
      nicsOf(s).some((d) => eniOf(d) !== '' && devs.has(eniOf(d)))
    )
      touched.add(s.name)
  // A pod whose machine has no namespace of its own is drawn as that machine.
  const alone = (s: Netns): boolean => space(t, s.node) === undefined
  const pods = spaces.filter((s) => (s.role === 'pod' || s.role === 'container') && !alone(s))
  const first = spaces.find((s) => s.name === flow.from)?.node
  const takes = (n: Netns): boolean =>
    touched.has(n.name) || pods.some((p) => p.node === n.name && touched.has(p.name))
  const nodes = spaces.filter((s) => s.role === 'node' || alone(s))
  const drawn = nodes
    .filter(takes)
    .toSorted((a, b) => Number(b.name === first) - Number(a.name === first))
    .slice(0, MOST)
  // In the order in which the packet comes to them.
  const order = [...touched]
  const hosts = spaces
    .filter((s) => s.role === 'host' && touched.has(s.name))
    .toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
  const machines = [...drawn, ...hosts]
  const inVpc = all.find((s): s is Vpc => s.kind === 'vpc' && touched.has(s.name))
  return {
    topology: t,
    pods,
    machines,
    below: inVpc === undefined && drawn.length > 0 ? between(machines) : [],
    vpc: inVpc,
    touched,
    devs,
    programs,
    outer,
    deep: Math.max(0, trayOf(outer).h - CARD),
    more: many ? 'many' : nodes.length - drawn.length,
  }
}

/** A device by which a machine, or a pod that has one of its own, is wired to what is outside it. */
export interface Wired {
  readonly n: Netns
  readonly d: Netns['devs'][number]
}
export const wiredOf = (part: Part, n: Netns): Wired[] =>
  n.devs.flatMap((d) => {
    const peer = peerOf(d)?.netns
    const beside =
      part.machines.includes(n) && part.machines.some((m) => m.name === peer && m !== n)
    return beside || nicsOf(n).includes(d) ? [{ n, d }] : []
  })

export const tunnelsOf = (part: Part, n: Netns): Netns['devs'] =>
  n.devs.filter((d) => isTunnel(d) && part.devs.has(`${n.name}/${d.name}`))

export const isOutside = (n: Netns): boolean =>
  n.role === 'host' && vpcOf(n) !== null && nicsOf(n).every((d) => eniOf(d) === '')
