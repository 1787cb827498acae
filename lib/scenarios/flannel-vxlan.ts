import { dropRoute, flannelWorld } from './flannel-world.ts'
import { DENY, lowerMtu } from './what-ifs.ts'

/** The seed's cluster with flannel's VXLAN: three kernel tables, no program on the way. */
export const flannelVxlan = flannelWorld({
  backend: 'vxlan', title: 'flannel, vxlan: the kernel wraps every frame', ends: 'delivered',
  sources: ['https://github.com/flannel-io/flannel/tree/cdf7605/pkg/backend/vxlan'],
  whatIfs: {
    'stop-flanneld': {
      title: 'flanneld on node-1 is stopped and forgets its leases: what it wrote into the kernel stays',
      edits: ['10.1.15.0/24', '10.1.20.0/24'].map((subnet) => ({ op: 'del', in: 'node-1', table: 'leases', where: { subnet } })), expect: 'delivered',
    },
    'drop-route': dropRoute('10.1.20.0/24'),
    'delete-fdb': { title: 'Delete node-2’s FDB entry on node-1', edits: [{ op: 'del', in: 'node-1', table: 'fdb', where: { dev: 'flannel.1', dst: '192.168.0.200' } }], expect: 'vxlan-no-remote' },
    'delete-neigh': { title: 'Delete node-2’s neighbour entry on node-1', edits: [{ op: 'del', in: 'node-1', table: 'neigh', where: { dev: 'flannel.1', ip: '10.1.20.0' } }], expect: 'neigh-failed' },
    'stale-vtep-mac': { title: 'flannel.1 on node-2 gets a new MAC that node-1 has not heard of', edits: [{ op: 'set', in: 'node-2', table: 'devs', where: { name: 'flannel.1' }, to: { mac: '5a:00:00:00:14:99' } }], expect: 'other-host' },
    'deny-security-group': DENY,
    'lower-mtu': lowerMtu('flannel.1'),
  },
})
