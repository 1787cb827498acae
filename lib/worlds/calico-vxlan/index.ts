import type * as calico from '#lib/worlds/calico/world.ts'
import type { World } from '#lib/worlds/world.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'

/** vxlanMode Always: Felix writes what flanneld would, and BIRD does not run. */
export function world({ buildWorld, calicoWorld, tunnelGone }: typeof calico): World {
  const { mtu, ...shared } = calicoWorld('vxlan')
  return buildWorld(entry, asks, {
    ...shared,
    whatIfs: { ...tunnelGone('vxlan', { node: 'node-2' }), ...mtu, ...shared.whatIfs },
  })
}
