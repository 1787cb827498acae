import type * as calico from '#lib/worlds/calico/world.ts'
import type { World } from '#lib/worlds/world.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'

/** ipipMode Always: what is for another node's pods has a second IP header, of the nodes, and to AWS it is protocol 4. */
export function world({
  buildWorld,
  calicoWorld,
  otherWayBack,
  tunnelGone,
  noProtocol4,
}: typeof calico): World {
  const { mtu, ...shared } = calicoWorld('ipip')
  return buildWorld(entry, asks, {
    ...shared,
    whatIfs: {
      ...tunnelGone('ipip', { node: 'node-2' }),
      'no-protocol-4': noProtocol4(),
      'other-way-back': otherWayBack({ dev: 'eth0' }),
      ...mtu,
      ...shared.whatIfs,
    },
  })
}
