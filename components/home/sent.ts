import { loadWorld } from '#lib/index.ts'
import { walked, type Walked } from '#components/figure/store/walked.ts'

/** The worlds that the first page sends a packet through, and which. */
export const WORLDS_SENT = ['flannel-udp', 'vpc-cni'] as const
export const FLOW_SENT = 'frontend-1-to-backend-2'
export type Sent = (typeof WORLDS_SENT)[number]

/** That packet's walk through one of them. */
export async function sentThrough(id: Sent): Promise<Walked> {
  const world = await loadWorld(id)
  if (world?.flows[FLOW_SENT] === undefined) throw new RangeError(`${id} has no ${FLOW_SENT}`)
  return walked(world, { flow: FLOW_SENT })
}
