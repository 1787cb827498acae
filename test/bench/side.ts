/** The engine of one checkout as the benchmark uses it: by its public surface only, so that an older one can stand beside. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Edit, Flow, Topology } from '#lib/index.ts'

type Lib = typeof import('#lib/index.ts') & typeof import('#lib/worlds/all.ts')

/** A flow in a network whose neighbours and bridges know each other already. */
export interface Place {
  readonly topology: Topology
  readonly flow: Flow
}
export interface Side {
  readonly lib: Lib
  /** A flow by its names, in a network where an equal flow has been. RangeError if it is not delivered there. */
  warm(topology: Topology, asked: Parameters<Lib['resolveFlow']>[1]): Place
  /** A walk with its decisions and the bytes of every frame; how many bytes. */
  walk(place: Place): number
}

/** 2,000 nodes with 30 pods each. */
export const BIG = 'packet-walk: 1\nnetwork: flannel-vxlan\ncount: 2000\npodsPerNode: 30\n'

/** Loads lib/ of the checkout in that folder. */
export async function load(root: string): Promise<Side> {
  const index = (await import(pathToFileURL(join(root, 'lib/index.ts')).href)) as Lib
  // An older one has all worlds in its index.
  const lib = 'everyWorld' in index ? { ...index, ...(await index.everyWorld()) } : index
  const walk = ({ topology, flow }: Place): number => {
    const w = lib.walk(topology, flow)
    let bytes = 0
    for (const frame of w.frames) bytes += lib.encode(frame.packet).length
    return bytes
  }
  return {
    lib,
    walk,
    warm(topology, asked) {
      const flow = lib.resolveFlow(topology, asked)
      const first = lib.walk(topology, flow)
      if (!first.delivered)
        throw new RangeError(`the benchmark's walk was not delivered: ${first.loss?.drop.reason}`)
      const learned = first.steps
        .flatMap((s) => s.writes)
        .filter((w) => w.table === 'neigh' || w.table === 'fdb')
      return { topology: lib.applyAll(topology, learned), flow }
    },
  }
}

/** A pod's ping to one on the other node of the smallest cluster. */
export function smallPing({ lib, warm }: Side): Place {
  return warm(lib.SCENARIOS['flannel-vxlan']!.topology, {
    from: 'web-app-frontend-1',
    to: 'backend-service-2',
  })
}

/** The first pod's ping to the last one, far away. */
export function bigPing({ lib, warm }: Side): Place {
  const { topology } = lib.parseCluster(BIG)
  const pods = topology.source.names.filter((name) => name.includes('pod'))
  return warm(topology, { from: pods[0]!, to: pods[pods.length - 1]! })
}

/** Connections to the last of so many Services, in either mode of kube-proxy: each is another one, which no chain has answered yet. */
export function toLast(
  { lib, warm, walk }: Side,
  services: number,
  mode: 'iptables' | 'ipvs',
): () => number {
  const { topology } = lib.parseCluster(
    JSON.stringify({
      'packet-walk': 1,
      network: 'flannel-vxlan',
      'kube-proxy': { mode },
      nodes: [{ name: 'n1' }, { name: 'n2' }],
      pods: [
        { name: 'a', node: 'n1' },
        { name: 'b', node: 'n2' },
      ],
      services: Array.from({ length: services }, (_, i) => ({
        name: `s${i}`,
        port: 80,
        targetPort: 8080,
        pods: ['b'],
      })),
    }),
  )
  const place = warm(topology, { from: 'a', to: `s${services - 1}:80` })
  let sport = 40_000
  return () => {
    sport = sport === 60_000 ? 40_000 : sport + 1
    return walk({ ...place, flow: { ...place.flow, sport } })
  }
}

/** A change of one of the 2,000 routes of the sender's node: another metric each time. */
export function edits({ topology }: Place): (n: number) => Edit {
  const node = [...topology.edited.values()].find(
    (s) => s.kind === 'netns' && s.routes.length > 1000,
  )
  const dst = node?.kind === 'netns' ? node.routes[1500]?.dst : undefined
  if (node === undefined || dst === undefined)
    throw new RangeError('the benchmark expects a node with more than 1,500 routes')
  return (n) => ({ op: 'set', in: node.name, table: 'routes', where: { dst }, to: { metric: n } })
}
