import type { Flow } from '#lib/trace/flow.ts'
import type * as flannel from '#lib/worlds/flannel/world.ts'
import type { World } from '#lib/worlds/world.ts'
import { asks } from './asks.ts'
import { entry, PROBES } from './entry.ts'

/** The seed's cluster as the seed describes it: flannel0, a TUN device, and flanneld behind it. */
export function world({
  buildWorld,
  DENY,
  dropRoute,
  flannelWorld,
  lowerMtu,
}: typeof flannel): World {
  const shared = flannelWorld('udp', 'delivered')
  const probes = Object.fromEntries(
    PROBES.map((name, i) => [name, { ...shared.flows.ping, ttl: i + 1 }]),
  ) as { readonly [P in (typeof PROBES)[number]]: Flow }

  return buildWorld(entry, asks, {
    ...shared,
    sources: [
      'https://github.com/flannel-io/flannel/tree/cdf7605/pkg/backend/udp',
      ...shared.sources,
    ],
    flows: { ...shared.flows, ...probes },
    whatIfs: {
      'stop-flanneld': {
        edits: [{ op: 'del', in: 'node-1', table: 'daemons', where: { name: 'flanneld' } }],
        expect: 'source-dest-check',
      },
      'stop-flanneld-2': {
        edits: [{ op: 'del', in: 'node-2', table: 'daemons', where: { name: 'flanneld' } }],
        expect: 'no-socket',
      },
      'drop-route': dropRoute('10.1.0.0/16'),
      'drop-lease': {
        edits: [{ op: 'del', in: 'node-1', table: 'leases', where: { subnet: '10.1.20.0/24' } }],
        expect: 'no-lease',
      },
      'deny-security-group': DENY,
      'lower-mtu': lowerMtu('flannel0'),
      ...shared.whatIfs,
    },
  })
}
