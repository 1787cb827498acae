import type { Edit } from '#lib/topology/edit.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { LARGE, NODES, ping, SEED, tcp } from '#lib/worlds/cluster/seed.ts'
import { LAN_GATEWAY, SWITCH } from '#lib/worlds/cluster/spec.ts'
import { dropRoute, FORWARD_OFF, lowerMtu, rpFilterStrict, setDev } from '#lib/worlds/what-ifs.ts'
import { buildWorld } from '#lib/worlds/world.ts'
import { routed } from './cni.ts'
import { asks } from './asks.ts'
import { entry, PROBES } from './entry.ts'

const question = ping('web-app-frontend-1', '10.1.20.3')
const probes = Object.fromEntries(PROBES.map((name, i) => [name, { ...question, ttl: i + 1 }])) as {
  readonly [P in (typeof PROBES)[number]]: Flow
}
const DROP = dropRoute('10.1.20.0/24', 'no-route')

/** The seed's nodes on a switch, as in an office: each has a route to the other's pods, and all else goes to the gateway. */
export const world = buildWorld(entry, asks, {
  sources: ['https://www.rfc-editor.org/rfc/rfc1812', 'https://www.rfc-editor.org/rfc/rfc826'],
  topology: () => cluster({ ...SEED, between: 'switch' }, routed),
  flows: {
    'frontend-1-to-backend-2': tcp('web-app-frontend-1', '10.1.20.3', 8080),
    ping: question,
    'same-node': tcp('web-app-frontend-1', '10.1.15.3', 8080),
    'frontend-1-to-frontend-2': tcp('web-app-frontend-1', '10.1.20.2', 8080),
    'backend-2-to-frontend-1': tcp('backend-service-2', '10.1.15.2', 8080),
    large: { ...ping('web-app-frontend-1', '10.1.20.3', 1472), df: true },
    'large-no-df': ping('web-app-frontend-1', '10.1.20.3', LARGE),
    'to-node': ping('web-app-frontend-1', '192.168.0.200'),
    'to-internet': tcp('web-app-frontend-1', '203.0.113.10', 443),
    'node-to-internet': tcp('node-1', '203.0.113.10', 443),
    ...probes,
  },
  whatIfs: {
    'drop-route': DROP,
    'drop-route-back': {
      edits: [
        { op: 'del', in: 'node-2', table: 'routes', where: { table: 'main', dst: '10.1.15.0/24' } },
      ],
      expect: 'no-route',
    },
    detour: {
      edits: [
        ...DROP.edits,
        ...NODES.map((n): Edit => ({
          op: 'add',
          in: LAN_GATEWAY,
          table: 'routes',
          row: { table: 'main', dst: n.podCidr!, via: n.ip, dev: 'eth0' },
        })),
      ],
      expect: 'delivered',
    },
    'wrong-neighbour': {
      edits: [
        {
          op: 'add',
          in: 'node-1',
          table: 'neigh',
          row: {
            ip: '192.168.0.200',
            dev: 'eth0',
            lladdr: '0e:00:c0:a8:00:01',
            state: 'PERMANENT',
          },
        },
      ],
      expect: 'no-route',
    },
    'unplug-node-2': { edits: [setDev(SWITCH, 'port3', { up: false })], expect: 'neigh-failed' },
    'pod-link-down': {
      edits: [setDev('backend-service-2', 'eth0', { up: false })],
      expect: 'neigh-failed',
    },
    'ip-forward-off': FORWARD_OFF,
    'rp-filter-strict': rpFilterStrict('delivered'),
    'lower-mtu': lowerMtu('eth0'),
  },
  plugin: () => routed,
})
