import type * as flannel from '#lib/worlds/flannel/world.ts'
import type { World } from '#lib/worlds/world.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'

/** The seed's cluster with flannel's VXLAN: three kernel tables, no program on the way. */
export function world({
  buildWorld,
  DENY,
  dropRoute,
  flannelWorld,
  lowerMtu,
}: typeof flannel): World {
  const shared = flannelWorld('vxlan', 'delivered')

  return buildWorld(entry, asks, {
    ...shared,
    sources: [
      'https://github.com/flannel-io/flannel/tree/cdf7605/pkg/backend/vxlan',
      ...shared.sources,
    ],
    whatIfs: {
      'stop-flanneld': {
        edits: ['10.1.15.0/24', '10.1.20.0/24'].map((subnet) => ({
          op: 'del',
          in: 'node-1',
          table: 'leases',
          where: { subnet },
        })),
        expect: 'delivered',
      },
      'drop-route': dropRoute('10.1.20.0/24'),
      'delete-fdb': {
        edits: [
          {
            op: 'del',
            in: 'node-1',
            table: 'fdb',
            where: { dev: 'flannel.1', dst: '192.168.0.200' },
          },
        ],
        expect: 'vxlan-no-remote',
      },
      'delete-neigh': {
        edits: [
          { op: 'del', in: 'node-1', table: 'neigh', where: { dev: 'flannel.1', ip: '10.1.20.0' } },
        ],
        expect: 'neigh-failed',
      },
      'stale-vtep-mac': {
        edits: [
          {
            op: 'set',
            in: 'node-2',
            table: 'devs',
            where: { name: 'flannel.1' },
            to: { mac: '5a:00:00:00:14:99' },
          },
        ],
        expect: 'other-host',
      },
      'deny-security-group': DENY,
      'lower-mtu': lowerMtu('flannel.1'),
      ...shared.whatIfs,
    },
  })
}
