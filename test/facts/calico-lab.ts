import { applyAll } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Topology } from '#lib/topology/topology.ts'
import { calico, caliName } from '#lib/worlds/calico/cni.ts'
import type { Mode } from '#lib/worlds/calico/modes.ts'
import { nodesOf } from '#lib/worlds/calico/world.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { POD_NETWORK } from '#lib/worlds/cluster/seed.ts'

/* The network in which section 2 of the facts about worlds was measured: Calico's nodes on a switch, and a router that counts hops and knows nothing of pods, between them and node-3. */

/** Pods and nodes by their names in the facts. */
export const [P1, P2, Q1, R1] = [
  'web-app-frontend-1',
  'backend-service-1',
  'backend-service-2',
  'backend-service-3',
] as const
export const [P1_IP, P2_IP, Q1_IP, R1_IP] = [
  '10.1.15.2',
  '10.1.15.3',
  '10.1.20.3',
  '10.1.30.2',
] as const
export const CALI = caliName(P1)
export const GW = 'gateway'

const made = new Map<Mode, Topology>()
export function calicoLab(mode: Mode, edits: readonly Edit[] = []): Topology {
  let t = made.get(mode)
  if (t === undefined) {
    const { services: _none, ...spec } = nodesOf(mode)
    // The router has an address in both subnets.
    const both: Edit = {
      op: 'set',
      in: GW,
      table: 'devs',
      where: { name: 'eth0' },
      to: { addrs: ['192.168.0.1/24', '192.168.1.1/24'] },
    }
    const plain = cluster({ ...spec, between: 'switch' }, calico(mode, POD_NETWORK))
    made.set(mode, (t = applyAll(plain, [both])))
  }
  return applyAll(t, edits)
}
