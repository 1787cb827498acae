import { fact, ledger } from '#lib/index.ts'
import { sentThrough, WORLDS_SENT, type Sent } from './sent.ts'

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
  const { walk: w } = await sentThrough(id)
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
