import type * as calico from '#lib/worlds/calico/world.ts'
import type { World } from '#lib/worlds/world.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'

/** What is between subnets: node-3 and its pod. */
const OTHER = 'to-other-subnet'

/** ipipMode CrossSubnet: what AWS would carry by itself, with source/destination checks off, goes as it is; what it would not is wrapped. */
export function world({
  buildWorld,
  calicoWorld,
  checkOn,
  otherWayBack,
  tunnelGone,
  noProtocol4,
}: typeof calico): World {
  const { mtu, ...shared } = calicoWorld('cross-subnet')
  return buildWorld(entry, asks, {
    ...shared,
    whatIfs: {
      'check-on': checkOn(),
      ...tunnelGone('cross-subnet', { node: 'node-3', flow: OTHER }),
      'no-protocol-4': noProtocol4(OTHER),
      'other-way-back': otherWayBack({ dev: 'tunl0', onlink: true }),
      ...mtu,
      ...shared.whatIfs,
    },
  })
}
