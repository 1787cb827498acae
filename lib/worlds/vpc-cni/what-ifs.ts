import { VPC_NAME } from '#lib/worlds/cluster/spec.ts'
import { noEndpoints } from '#lib/worlds/services.ts'
import { common, DENY, lowerMtu } from '#lib/worlds/what-ifs.ts'
import type { Asked } from '#lib/worlds/world.ts'
import { vethName } from './cni.ts'
import type { entry } from './entry.ts'
import { PODS } from './nodes.ts'

export const WHAT_IFS = {
  'deny-security-group': DENY,
  'drop-route': {
    expect: 'source-dest-check',
    edits: [{ op: 'del', in: 'node-1', table: 'routes', where: { table: '2', dst: '0.0.0.0/0' } }],
  },
  'drop-pod-route': {
    expect: 'source-dest-check',
    edits: [
      {
        op: 'del',
        in: 'node-2',
        table: 'routes',
        where: { dst: '192.168.0.211/32', dev: vethName('backend-service-2') },
      },
    ],
  },
  'delete-rule-1536': {
    expect: 'source-dest-check',
    edits: [
      {
        op: 'del',
        in: 'node-1',
        table: 'rules',
        where: { priority: 1536, from: '192.168.0.111/32', table: '2' },
      },
    ],
  },
  'delete-rule-512': {
    expect: 'ttl-exceeded',
    flow: 'same-node',
    edits: [
      {
        op: 'del',
        in: 'node-1',
        table: 'rules',
        where: { priority: 512, to: '192.168.0.112/32', table: 'main' },
      },
    ],
  },
  'delete-neigh': {
    expect: 'neigh-failed',
    edits: [
      {
        op: 'del',
        in: 'web-app-frontend-1',
        table: 'neigh',
        where: { ip: '169.254.1.1', dev: 'eth0' },
      },
    ],
  },
  'release-address': {
    expect: 'source-dest-check',
    edits: [
      {
        op: 'set',
        in: VPC_NAME,
        table: 'enis',
        where: { id: 'eni-node-1-eth1' },
        to: { ips: ['192.168.0.110', '192.168.0.112'] },
      },
    ],
  },
  'no-snat': {
    expect: 'source-dest-check',
    flow: 'to-internet',
    edits: [
      {
        op: 'del',
        in: 'node-1',
        table: 'netfilter',
        where: { table: 'nat', chain: 'AWS-SNAT-CHAIN-0', comment: 'AWS, SNAT' },
      },
    ],
  },
  'forward-drop': {
    expect: 'netfilter',
    edits: [
      {
        op: 'add',
        in: 'node-2',
        table: 'chains',
        row: { table: 'filter', chain: 'FORWARD', policy: 'DROP' },
      },
    ],
  },
  'lower-mtu': lowerMtu('eth1'),
  'no-connmark': {
    expect: 'source-dest-check',
    flow: 'node-port',
    edits: [
      {
        op: 'del',
        in: 'node-1',
        table: 'netfilter',
        where: { table: 'mangle', chain: 'PREROUTING', iif: 'eth0', comment: 'AWS, primary ENI' },
      },
    ],
  },
  'no-endpoints': noEndpoints(PODS, null),
  ...common('delivered'),
} as const satisfies { readonly [W in keyof (typeof entry)['whatIfs']]: Asked }
