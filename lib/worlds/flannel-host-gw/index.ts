import type * as flannel from '#lib/worlds/flannel/world.ts'
import type { World } from '#lib/worlds/world.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'

/** The seed's cluster with plain routes. In AWS it is dropped until the source/destination check is off. */
export function world({
  buildWorld,
  CHECK_OFF,
  DENY,
  dropRoute,
  flannelWorld,
  lowerMtu,
}: typeof flannel): World {
  const shared = flannelWorld('host-gw', 'source-dest-check')

  return buildWorld(entry, asks, {
    ...shared,
    sources: [
      'https://github.com/flannel-io/flannel/tree/cdf7605/pkg/backend/hostgw',
      ...shared.sources,
    ],
    whatIfs: {
      'src-dst-check-off': { edits: CHECK_OFF, expect: 'delivered' },
      'drop-route': dropRoute('10.1.20.0/24'),
      'deny-security-group': {
        ...DENY,
        edits: [
          ...CHECK_OFF,
          ...DENY.edits,
          {
            op: 'del',
            in: 'vpc',
            table: 'sgRules',
            where: { group: 'sg-node', direction: 'ingress', peer: '10.1.0.0/16' },
          },
        ],
      },
      'lower-mtu': lowerMtu('eth0'),
      ...shared.whatIfs,
    },
  })
}
