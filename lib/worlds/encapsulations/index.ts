import type { Cidr } from '#lib/wire/addr.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { LARGE, NODES, ping, PODS, POD_NETWORK, SEED, tcp } from '#lib/worlds/cluster/seed.ts'
import { LAN_GATEWAY } from '#lib/worlds/cluster/spec.ts'
import { whenAsked } from '#lib/worlds/scenario.ts'
import { buildWorld, type Asked } from '#lib/worlds/world.ts'
import { changesBetween } from './change.ts'
import { encapsulated } from './cni.ts'
import { asks } from './asks.ts'
import { entry, PROBES } from './entry.ts'
import type { Encapsulation } from './kinds.ts'

const [FRONTEND, BACKEND_2] = ['web-app-frontend-1', '10.1.20.3'] as const
const PORT = 5001

/** The seed's cluster with each node in a network of its own. */
function by(kind: Encapsulation): Topology {
  return cluster(
    {
      ...SEED,
      between: 'switch',
      subnets: [
        { name: 'a', cidr: '192.168.0.0/25' },
        { name: 'b', cidr: '192.168.0.128/25' },
      ],
      nodes: NODES.map((n, i) => ({ ...n, subnet: i === 0 ? 'a' : 'b' })),
      pods: PODS.map((p) =>
        p.ip === BACKEND_2 ? { ...p, listen: [...p.listen, { proto: 'udp', port: PORT }] } : p,
      ),
    },
    encapsulated(kind, POD_NETWORK),
  )
}
const plain = whenAsked(() => by('plain'))

type Ends = Pick<Asked, 'expect' | 'flow'>
/** Packets carried by that way, and what else is changed; `ends` says of which flow, and how it ends. */
function wrapped(
  kind: Encapsulation,
  besides: readonly Edit[] = [],
  ends: Ends = { expect: 'delivered' },
): Asked {
  const edits = whenAsked(() => [...changesBetween(plain(), by(kind)), ...besides])
  return {
    ...ends,
    get edits() {
      return edits()
    },
  }
}

/** The gateway's route with an MTU: who forwards keeps to it (ip_dst_mtu_maybe_forward()). */
const narrow = (dst: Cidr): Edit => ({
  op: 'set',
  in: LAN_GATEWAY,
  table: 'routes',
  where: { table: 'main', dst },
  to: { mtu: 1400 },
})
const NARROW = [narrow('192.168.0.128/25')]
/** As firewalls are often set up: what is no TCP, UDP or ICMP is dropped. */
const KNOWN: readonly Edit[] = [
  ...(['tcp', 'udp', 'icmp'] as const).map((proto): Edit => ({
    op: 'add',
    in: LAN_GATEWAY,
    table: 'netfilter',
    row: { table: 'filter', chain: 'FORWARD', proto, target: { type: 'ACCEPT' } },
  })),
  {
    op: 'add',
    in: LAN_GATEWAY,
    table: 'chains',
    row: { table: 'filter', chain: 'FORWARD', policy: 'DROP' },
  },
]

const question = ping(FRONTEND, BACKEND_2)
/** 972 bytes, which make a packet of 1000. */
const datagram: Flow = {
  from: FRONTEND,
  to: BACKEND_2,
  proto: 'udp',
  sport: 40_000,
  dport: PORT,
  size: 972,
  ttl: 64,
}
const probes = Object.fromEntries(PROBES.map((name, i) => [name, { ...question, ttl: i + 1 }])) as {
  readonly [P in (typeof PROBES)[number]]: Flow
}

/** The seed's cluster on two networks with a gateway between them, which a person can have pods' packets carried across in six ways. */
export const world = buildWorld(entry, asks, {
  sources: [
    'https://github.com/flannel-io/flannel/blob/067ed7f/pkg/backend/ipip/ipip.go',
    'https://www.rfc-editor.org/rfc/rfc2003',
    'https://www.rfc-editor.org/rfc/rfc2784',
    'https://www.rfc-editor.org/rfc/rfc7637',
    'https://www.rfc-editor.org/rfc/rfc7348',
    'https://www.rfc-editor.org/rfc/rfc8926',
    'https://www.wireguard.com/quickstart/',
  ],
  topology: plain,
  flows: {
    'frontend-1-to-backend-2': tcp(FRONTEND, BACKEND_2, 8080),
    ping: question,
    datagram,
    // The MTU of pods behind VXLAN and Geneve, which every way bears.
    full: { ...ping(FRONTEND, BACKEND_2, 1450 - 28), df: true },
    large: { ...ping(FRONTEND, BACKEND_2, 1472), df: true },
    'large-no-df': ping(FRONTEND, BACKEND_2, LARGE),
    'same-node': tcp(FRONTEND, '10.1.15.3', 8080),
    'to-node': ping(FRONTEND, '192.168.0.200'),
    ...probes,
  },
  whatIfs: {
    udp: wrapped('udp'),
    ipip: wrapped('ipip'),
    gre: wrapped('gre'),
    nvgre: wrapped('nvgre'),
    vxlan: wrapped('vxlan'),
    geneve: wrapped('geneve'),
    'gateway-forgets': {
      expect: 'no-route',
      edits: NODES.map((n): Edit => ({
        op: 'del',
        in: LAN_GATEWAY,
        table: 'routes',
        where: { table: 'main', dst: n.podCidr! },
      })),
    },
    'only-known-protocols': { expect: 'delivered', edits: KNOWN },
    'narrow-way': {
      flow: 'full',
      expect: 'too-big',
      edits: [narrow('10.1.20.0/24')],
    },
    'ipip-unknown': wrapped('ipip', KNOWN, { expect: 'netfilter' }),
    'ipip-narrow': wrapped('ipip', NARROW, { flow: 'full', expect: 'too-big' }),
    'gre-narrow': wrapped('gre', NARROW, { flow: 'large-no-df', expect: 'too-big' }),
    'vxlan-narrow': wrapped('vxlan', NARROW, { flow: 'full', expect: 'delivered' }),
  },
  plugin: ({ podCidr, encapsulation = 'plain' }) => encapsulated(encapsulation, podCidr),
})
