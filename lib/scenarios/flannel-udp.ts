import { dropRoute, flannelWorld } from './flannel-world.ts'
import { DENY, lowerMtu } from './what-ifs.ts'

/** The seed's cluster as the seed describes it: flannel0, a TUN device, and flanneld behind it. */
export const flannelUdp = flannelWorld({
  backend: 'udp', title: 'flannel, udp: a program carries every packet', ends: 'delivered',
  sources: ['https://github.com/flannel-io/flannel/tree/cdf7605/pkg/backend/udp'],
  whatIfs: {
    'stop-flanneld': { title: 'Stop flanneld on node-1', edits: [{ op: 'del', in: 'node-1', table: 'daemons', where: { name: 'flanneld' } }], expect: 'source-dest-check' },
    'stop-flanneld-2': { title: 'Stop flanneld on node-2', edits: [{ op: 'del', in: 'node-2', table: 'daemons', where: { name: 'flanneld' } }], expect: 'no-socket' },
    'drop-route': dropRoute('10.1.0.0/16'),
    'drop-lease': { title: 'flanneld on node-1 forgets node-2’s lease', edits: [{ op: 'del', in: 'node-1', table: 'leases', where: { subnet: '10.1.20.0/24' } }], expect: 'no-lease' },
    'deny-security-group': DENY,
    'lower-mtu': lowerMtu('flannel0'),
  },
  leavesOut: ['How flanneld is scheduled: it reads and writes as soon as there is something.'],
})
