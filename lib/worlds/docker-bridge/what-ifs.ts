import type { Edit } from '#lib/topology/edit.ts'
import { netns } from '#lib/topology/topology.ts'
import { editsBetween } from '#lib/worlds/between.ts'
import { VPC_NAME } from '#lib/worlds/cluster/spec.ts'
import { whenAsked } from '#lib/worlds/scenario.ts'
import { brNetfilterOff, common, DENY, lowerMtu, setDev } from '#lib/worlds/what-ifs.ts'
import type { Asked } from '#lib/worlds/world.ts'
import type { entry } from './entry.ts'
import { hosts } from './hosts.ts'

/** node-1 as dockerd makes it with and without docker-proxy. */
const node1 = (userlandProxy: boolean, icc = true) =>
  netns(hosts({ userlandProxy, icc }), 'node-1')!

/** docker-proxy's sockets there, closed. */
const proxies = whenAsked(() =>
  node1(true)
    .sockets.filter((s) => s.program === 'docker-proxy')
    .map((row): Edit => ({ op: 'del', in: 'node-1', table: 'sockets', where: { ...row } })),
)
/** What it changes when that says `icc: false`. */
const iccOff = whenAsked(() => editsBetween('node-1', node1(true), node1(true, false)))
/** What dockerd changes there when daemon.json says `userland-proxy: false`. */
const proxyOff = whenAsked(() => editsBetween('node-1', node1(true), node1(false)))

export const WHAT_IFS = {
  'delete-dnat': {
    expect: 'delivered',
    edits: [
      {
        op: 'del',
        in: 'node-2',
        table: 'netfilter',
        where: { table: 'nat', chain: 'DOCKER', dport: 8080 },
      },
    ],
  },
  'delete-masquerade': {
    expect: 'source-dest-check',
    edits: [
      {
        op: 'del',
        in: 'node-1',
        table: 'netfilter',
        where: { table: 'nat', chain: 'POSTROUTING', target: { type: 'MASQUERADE' } },
      },
    ],
  },
  'delete-accept': {
    expect: 'netfilter',
    edits: [
      {
        op: 'del',
        in: 'node-2',
        table: 'netfilter',
        where: { table: 'filter', chain: 'DOCKER', dst: '172.17.0.3/32' },
      },
    ],
  },
  'drop-route': {
    expect: 'netfilter',
    edits: [{ op: 'del', in: 'node-2', table: 'routes', where: { dst: '172.17.0.0/16' } }],
  },
  'bridge-down': {
    edits: [setDev('node-1', 'docker0', { up: false })],
    expect: 'neigh-failed',
  },
  'deny-security-group': {
    ...DENY,
    edits: [
      ...DENY.edits,
      {
        op: 'del',
        in: VPC_NAME,
        table: 'sgRules',
        where: { direction: 'ingress', peer: '0.0.0.0/0' },
      },
    ],
  },
  'lower-mtu': lowerMtu('eth0'),
  'br-netfilter-off': brNetfilterOff('delivered'),
  'stop-docker-proxy': {
    flow: 'own-host',
    expect: 'no-socket',
    get edits() {
      return proxies()
    },
  },
  'userland-proxy-off': {
    flow: 'own-host',
    expect: 'delivered',
    get edits() {
      return proxyOff()
    },
  },
  'icc-off': {
    flow: 'same-host',
    expect: 'netfilter',
    get edits() {
      return iccOff()
    },
  },
  'docker-user': {
    flow: 'internet-to-host-1',
    expect: 'netfilter',
    edits: [
      {
        op: 'add',
        in: 'node-1',
        table: 'netfilter',
        row: { table: 'filter', chain: 'DOCKER-USER', iif: 'eth0', target: { type: 'DROP' } },
      },
    ],
  },
  ...common('delivered'),
} as const satisfies { readonly [W in (typeof entry)['whatIfs'][number]]: Asked }
