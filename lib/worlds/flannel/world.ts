import type { Cidr } from '#lib/wire/addr.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { LARGE, ping, POD_NETWORK, PODS, SEED, tcp } from '#lib/worlds/cluster/seed.ts'
import { NODE_GROUP } from '#lib/worlds/cluster/spec.ts'
import { NODE_PORT_OPEN, noEndpoints, serviceFlows, SERVICES } from '#lib/worlds/services.ts'
import { brNetfilterOff, common, dropRoute as leadAstray, setDev } from '#lib/worlds/what-ifs.ts'
import type { Asked, Plugin } from '#lib/worlds/world.ts'
import { flannel, OVERHEAD, type Backend } from './cni.ts'
import type { FLOWS, WHAT_IF_IDS } from './entry.ts'

/* What flannel's worlds have in common: the seed's cluster, and what is asked of it. */

const UPSTREAM = [
  'https://github.com/flannel-io/flannel/tree/cdf7605/pkg/trafficmngr/iptables',
  'https://github.com/containernetworking/plugins/tree/3d27709/plugins/main/bridge',
]

// The world of each backend is made of this file, which is loaded once, with the first of them.
export { CHECK_OFF, DENY, lowerMtu } from '#lib/worlds/what-ifs.ts'
export { buildWorld } from '#lib/worlds/world.ts'

/** What is the same for all backends. */
export interface FlannelWorld {
  /** Behind the backend's own. */
  readonly sources: readonly string[]
  readonly topology: () => Topology
  readonly flows: { readonly [F in (typeof FLOWS)[number]]: Flow }
  readonly whatIfs: { readonly [W in (typeof WHAT_IF_IDS)[number]]: Asked }
  readonly plugin: Plugin
}

/** The seed's cluster with flannel. `ends` is how its default flow ends with nothing changed. */
export function flannelWorld(backend: Backend, ends: Asked['expect']): FlannelWorld {
  const podMtu = SEED.mtu - OVERHEAD[backend]
  const plugin: Plugin = ({ podCidr, bridge = 'docker0', hairpin }) =>
    // flannel's conflist asks the bridge plugin for hairpin mode; Docker's bridge has it off.
    flannel({ backend, network: podCidr, bridge, hairpin: hairpin ?? bridge === 'cni0' })
  // A security group as peer means addresses of interfaces, and a pod's is none: without encapsulation the pod network must be let in by its range.
  const groups = [
    ...NODE_GROUP,
    ...(backend === 'host-gw'
      ? [{ group: 'sg-node', direction: 'ingress', proto: 'all', peer: POD_NETWORK } as const]
      : []),
    NODE_PORT_OPEN,
  ]
  return {
    sources: UPSTREAM,
    topology: () =>
      cluster(
        { ...SEED, groups, services: SERVICES, clusterCidr: POD_NETWORK },
        plugin({ podCidr: POD_NETWORK }),
      ),
    flows: {
      'frontend-1-to-backend-2': tcp('web-app-frontend-1', '10.1.20.3', 8080),
      ping: ping('web-app-frontend-1', '10.1.20.3'),
      large: { ...ping('web-app-frontend-1', '10.1.20.3', podMtu - 28), df: true },
      'large-no-df': ping('web-app-frontend-1', '10.1.20.3', LARGE),
      'same-node': tcp('web-app-frontend-1', '10.1.15.3', 8080),
      'to-node': ping('web-app-frontend-1', '192.168.0.200'),
      'to-internet': tcp('web-app-frontend-1', '203.0.113.10', 443),
      ...serviceFlows('far'),
    },
    whatIfs: {
      ...own(ends),
      'no-endpoints': noEndpoints(PODS, POD_NETWORK),
      'hairpin-on': HAIRPIN,
      ...common(ends),
    },
    plugin,
  }
}

const POLICY: Edit = {
  op: 'set',
  in: 'node-2',
  table: 'chains',
  where: { table: 'filter', chain: 'FORWARD' },
  to: { policy: 'DROP' },
}

function own(ends: Asked['expect']) {
  return {
    'forward-drop': { edits: [POLICY], expect: ends },
    'forward-drop-alone': {
      expect: 'netfilter',
      edits: [
        { ...POLICY, in: 'node-1' },
        {
          op: 'del',
          in: 'node-1',
          table: 'netfilter',
          where: {
            table: 'filter',
            chain: 'FORWARD',
            target: { type: 'JUMP', chain: 'FLANNEL-FWD' },
          },
        },
      ],
    },
    'br-netfilter-off': { ...brNetfilterOff('no-socket'), flow: 'service-same-node' },
    'docker-masquerade': {
      expect: ends,
      edits: [
        {
          op: 'add',
          in: 'node-1',
          table: 'netfilter',
          row: {
            table: 'nat',
            chain: 'POSTROUTING',
            src: '10.1.15.0/24',
            oif: 'docker0',
            not: ['oif'],
            target: { type: 'MASQUERADE' },
          },
        },
      ],
    },
    'pod-link-down': {
      edits: [setDev('backend-service-2', 'eth0', { up: false })],
      expect: ends === 'delivered' ? 'neigh-failed' : ends,
    },
  } as const satisfies Readonly<Record<string, Asked>>
}

/** kubelet's --hairpin-mode=hairpin-veth, for the one port that needs it here. */
const HAIRPIN: Asked = {
  flow: 'service-hairpin',
  expect: 'delivered',
  edits: [
    { op: 'set', in: 'node-1', table: 'devs', where: { name: 'veth1' }, to: { hairpin: true } },
  ],
}

/** The default route takes over, and AWS sees an address that is not the sender's. */
export function dropRoute(dst: Cidr): Asked {
  return leadAstray(dst, 'source-dest-check')
}
