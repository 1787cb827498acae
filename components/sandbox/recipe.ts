import { listedWorld, WORLDS, type Flow } from '#lib/index.ts'

/** A packet of the reader's own: what the options of `packet-walk trace` say of one. What is left out is as it is there. */
export interface Sent {
  readonly proto: Flow['proto']
  /** An echo has none. */
  readonly port?: number
  readonly sport?: number
  readonly size?: number
  readonly ttl?: number
  readonly df?: true
}

/** What a sandbox is: a network, how many nodes and pods, the NICs' MTU in bytes, who talks to whom, and what is to be changed on top:
 *  the `edits` of a cluster file as they were asked for, those too that do not fit (`build` tells which). */
export interface Recipe {
  readonly network: string
  readonly nodes: number
  readonly pods: number
  readonly mtu: number
  readonly from: string
  readonly to: string
  /** What is sent beside the packets that every sandbox sends; null: nothing. */
  readonly sends: Sent | null
  readonly edits: readonly unknown[]
  /** The world of the network as it ships, with its own machines and flows: of this box only the network and the edits count. */
  readonly whole: boolean
  /** The task by its name, whose start takes the place of the world's own rows. */
  readonly task: string | null
}
export const START: Recipe = {
  network: 'flannel-vxlan',
  nodes: 2,
  pods: 2,
  mtu: 1500,
  from: 'pod-1-1',
  to: 'pod-2-2',
  sends: null,
  edits: [],
  whole: false,
  task: null,
}
/** How many nodes, and pods on each, there is room for in the picture. */
export const MOST = { nodes: 8, pods: 12 } as const
/** What the cluster file takes (lib/worlds/cluster/schema.ts), bytes. */
export const MTU = { least: 576, most: 9001 } as const
export const NETWORKS: readonly string[] = WORLDS.map((w) => w.id)

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1)
type Size = Pick<Recipe, 'nodes' | 'pods'>
/** Has each pod a machine for itself? Then there are as many as pods, each with its pod's name behind it. */
const alone = (network: string): boolean => listedWorld(network)?.traits.alone === true
const machineOf = (pod: string): string => `vm-${pod.slice('pod-'.length)}`
const podsOf = (b: Size): readonly (readonly [node: string, pod: string])[] =>
  upTo(b.nodes).flatMap((n) => upTo(b.pods).map((p) => [`node-${n}`, `pod-${n}-${p}`] as const))
const ofNode = (b: Recipe, n: number): Readonly<Record<string, string>> => {
  const traits = listedWorld(b.network)?.traits
  const range =
    traits?.addresses === 'overlay' ? { podCidr: `10.1.${n}.0/${traits.bits ?? 24}` } : {}
  return { name: `node-${n}`, ip: `192.168.0.${10 + n}`, ...range }
}

/** Who can send and be sent to. */
export function endsOf(b: Size & Pick<Recipe, 'network'>): readonly string[] {
  const nodes = alone(b.network) ? [] : upTo(b.nodes).map((n) => `node-${n}`)
  return [...nodes, ...podsOf(b).map(([, pod]) => pod), 'internet']
}

/** The box with ends that are there: what fewer nodes or pods took away becomes the first pod, or the one farthest from it. */
export function withEnds(b: Recipe): Recipe {
  const ends = endsOf(b)
  const far = `pod-${Math.min(2, b.nodes)}-${Math.min(2, b.pods)}`
  return {
    ...b,
    from: ends.includes(b.from) ? b.from : START.from,
    to: ends.includes(b.to) ? b.to : far,
  }
}

/** Who is asked by UDP listens there as well. */
const listening = ({ sends }: Recipe, port: number): readonly string[] =>
  sends?.proto === 'udp' ? [`tcp/${port}`, `udp/${port}`] : [`tcp/${port}`]

/** Where a connection goes to when nobody says. */
export const portOf = ({ to }: Pick<Recipe, 'to'>): number => (to === 'internet' ? 443 : 8080)

/** What stands in the cluster file of a sandbox, with these edits. */
export function clusterValue(
  b: Recipe,
  edits: readonly unknown[] = b.edits,
): Readonly<Record<string, unknown>> {
  const own = alone(b.network)
  return {
    'packet-walk': 1,
    network: b.network,
    mtu: b.mtu,
    nodes: own
      ? podsOf(b).map(([, pod], i) => ({ name: machineOf(pod), ip: `192.168.0.${11 + i}` }))
      : upTo(b.nodes).map((n) => ofNode(b, n)),
    pods: podsOf(b).map(([node, name]) => ({
      name,
      node: own ? machineOf(name) : node,
      listen: listening(b, 8080),
    })),
    hosts: [{ name: 'internet', ip: '203.0.113.10', listen: listening(b, 443) }],
    ...(edits.length === 0 ? {} : { edits }),
  }
}
