import { fact, ledger, loadWorld, walk } from '#lib/index.ts'
import { FLOW_SENT, WORLDS_SENT, type Sent } from './sent.ts'

/** What a trip costs, and what AWS learns by it: counted in its walk. */
export interface Cost {
  readonly world: Sent
  /** Of the packet on the wire where it is largest, and of what the pod sent. */
  readonly bytes: string
  readonly own: string
  readonly lookups: string
  /** Between kernel and a program that forwards. */
  readonly crossings: string
  /** What AWS sees as its ends. */
  readonly sees: 'pods' | 'nodes'
}

async function costOf(id: Sent): Promise<Cost> {
  const world = await loadWorld(id)
  const flow = world?.flows[FLOW_SENT]
  if (world === undefined || flow === undefined) throw new RangeError(`${id} has no ${FLOW_SENT}`)
  const w = walk(world.topology, flow)
  const last = w.steps.findLast((s) => s.message === w.steps[0]!.message)!
  return {
    world: id,
    bytes: fact(w, 'outer-length'),
    own: fact(w, 'inner-length'),
    lookups: fact(w, 'lookups'),
    crossings: fact(w, 'crossings'),
    sees: ledger(w, last.n).vpcSaw?.pods === true ? 'pods' : 'nodes',
  }
}

export const costs = (): Promise<readonly Cost[]> => Promise.all(WORLDS_SENT.map(costOf))
