import { netns } from '#lib/topology/topology.ts'
import { editsBetween } from '#lib/worlds/between.ts'
import { whenAsked } from '#lib/worlds/scenario.ts'
import { VPC_NAME } from '#lib/worlds/cluster/spec.ts'
import { noEndpoints } from '#lib/worlds/services.ts'
import { common, DENY, lowerMtu, setSysctl } from '#lib/worlds/what-ifs.ts'
import type { Asked } from '#lib/worlds/world.ts'
import { vethName } from './cni.ts'
import type { entry } from './entry.ts'
import type { VpcCniOptions } from './eras.ts'
import { nodes, PEERED, PODS } from './nodes.ts'

/** What the plugin writes otherwise with these settings. */
function changed(asked: Omit<Asked, 'edits'>, o: VpcCniOptions, mtu?: number): Asked {
  const edits = whenAsked(() => {
    const [before, after] = [nodes(), nodes(o, mtu)]
    return before.source.names.flatMap((name) => {
      const [a, b] = [netns(before, name), netns(after, name)]
      return a === undefined || b === undefined ? [] : editsBetween(name, a, b)
    })
  })
  return {
    ...asked,
    get edits() {
      return edits()
    },
  }
}

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
  'plugin-1-0': changed({ expect: 'source-dest-check', flow: 'node-port-inside' }, { era: 'v1.0' }),
  'plugin-1-3': changed({ expect: 'source-dest-check', flow: 'from-peer' }, { era: 'v1.3' }),
  'exclude-peer': changed({ expect: 'delivered', flow: 'to-peer' }, { excludeSnatCidrs: [PEERED] }),
  'external-snat': changed(
    { expect: 'vpc-no-public-address', flow: 'to-internet' },
    { externalSnat: true },
  ),
  'mtu-9001': changed({ expect: 'delivered', flow: 'large-no-df' }, {}, 9001),
  'eth0-strict': {
    expect: 'rp-filter',
    flow: 'node-port',
    edits: [setSysctl('node-1', 'net.ipv4.conf.eth0.rp_filter', 1)],
  },
  'no-endpoints': noEndpoints(PODS, null),
  ...common('delivered'),
} as const satisfies { readonly [W in (typeof entry)['whatIfs'][number]]: Asked }
