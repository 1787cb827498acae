import { dropRoute, flannelWorld } from './flannel-world.ts'
import { CHECK_OFF, DENY, lowerMtu } from './what-ifs.ts'

/** The seed's cluster with plain routes. In AWS it is dropped until the source/destination check is off. */
export const flannelHostGw = flannelWorld({
  backend: 'host-gw', title: 'flannel, host-gw: plain routes, no wrapping', ends: 'source-dest-check',
  sources: ['https://github.com/flannel-io/flannel/tree/cdf7605/pkg/backend/hostgw'],
  whatIfs: {
    'src-dst-check-off': { title: 'Source/destination check off on both ENIs', edits: CHECK_OFF, expect: 'delivered' },
    'drop-route': dropRoute('10.1.20.0/24'),
    'deny-security-group': { ...DENY, title: 'Check off, and the pod range no longer allowed by the security group', edits: [...CHECK_OFF, ...DENY.edits, { op: 'del', in: 'vpc', table: 'sgRules', where: { group: 'sg-node', direction: 'ingress', peer: '10.1.0.0/16' } }] },
    'lower-mtu': lowerMtu('eth0'),
  },
  leavesOut: ['The security group lets the pod range in by its prefix, since a group as peer covers addresses of interfaces only.'],
})
