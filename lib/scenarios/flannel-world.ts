import type { Edit } from '#lib/topology/edit.ts'
import { cluster, NODE_GROUP } from './cluster.ts'
import { flannel, OVERHEAD, type Backend } from './cni/flannel.ts'
import { whenAsked, type Scenario, type WhatIf } from './scenario.ts'
import { ping, POD_NETWORK, PODS, SEED, tcp } from './seed.ts'
import { NODE_PORT_OPEN, noEndpoints, serviceFlows, SERVICES } from './services.ts'
import { brNetfilterOff, common, setDev } from './what-ifs.ts'

/** What differs between flannel's worlds; the rest is the same for all three. */
export interface FlannelWorld {
  readonly backend: Backend
  readonly title: string
  readonly sources: readonly string[]
  readonly whatIfs: Readonly<Record<string, WhatIf>>
  readonly leavesOut?: readonly string[]
  /** How the default flow ends with nothing changed. */
  readonly ends: WhatIf['expect']
}

const UPSTREAM = ['https://github.com/flannel-io/flannel/tree/cdf7605/pkg/trafficmngr/iptables', 'https://github.com/containernetworking/plugins/tree/3d27709/plugins/main/bridge']

/** The seed's cluster with flannel. */
export function flannelWorld(w: FlannelWorld): Scenario {
  const podMtu = SEED.mtu - OVERHEAD[w.backend]
  // A security group as peer means addresses of interfaces, and a pod's is none: without encapsulation the pod network must be let in by its range.
  const groups = [...NODE_GROUP, ...(w.backend === 'host-gw' ? [{ group: 'sg-node', direction: 'ingress', proto: 'all', peer: POD_NETWORK } as const] : []), NODE_PORT_OPEN]
  const rows = whenAsked(() => cluster({ ...SEED, groups, services: SERVICES, clusterCidr: POD_NETWORK }, flannel({ backend: w.backend, network: POD_NETWORK, bridge: 'docker0', hairpin: false })))
  return {
    id: `flannel-${w.backend}`, title: w.title, sources: [...w.sources, ...UPSTREAM],
    get topology() { return rows() },
    flows: {
      'frontend-1-to-backend-2': tcp('web-app-frontend-1', '10.1.20.3', 8080),
      ping: ping('web-app-frontend-1', '10.1.20.3'),
      large: { ...ping('web-app-frontend-1', '10.1.20.3', podMtu - 28), df: true },
      'same-node': tcp('web-app-frontend-1', '10.1.15.3', 8080),
      'to-node': ping('web-app-frontend-1', '192.168.0.200'),
      'to-internet': tcp('web-app-frontend-1', '203.0.113.10', 443),
      ...serviceFlows('far'),
    },
    whatIfs: { ...w.whatIfs, ...own(w.ends), 'no-endpoints': noEndpoints(PODS, POD_NETWORK), 'hairpin-on': HAIRPIN, ...common(w.ends) },
    leavesOut: [
      'MAC addresses that are random on real machines are fixed here, so that they can be read.',
      'The cluster’s DNS is not in this world: a Service is asked for by its address.',
      'kube-proxy’s random choice of an endpoint follows from the connection and a number of the flow: the same flow always ends at the same pod.',
      'Node ports on 127.0.0.1, session affinity and load balancers are not in this world.',
      ...(w.leavesOut ?? []),
    ],
  }
}

function own(ends: WhatIf['expect']): Readonly<Record<string, WhatIf>> {
  const policy: Edit = { op: 'set', in: 'node-2', table: 'chains', where: { table: 'filter', chain: 'FORWARD' }, to: { policy: 'DROP' } }
  return {
    'forward-drop': { title: 'FORWARD policy DROP on node-2: flannel’s own rules still accept', edits: [policy], expect: ends },
    'forward-drop-alone': {
      title: 'FORWARD policy DROP on node-1, flannel’s rules gone', expect: 'netfilter',
      edits: [{ ...policy, in: 'node-1' }, { op: 'del', in: 'node-1', table: 'netfilter', where: { table: 'filter', chain: 'FORWARD', target: { type: 'JUMP', chain: 'FLANNEL-FWD' } } }],
    },
    'br-netfilter-off': { ...brNetfilterOff('no-socket'), title: 'Turn off br_netfilter on both nodes: a Service’s pod on the client’s node answers from an address nobody asked', flow: 'service-same-node' },
    'docker-masquerade': {
      title: 'Docker’s own masquerading on node-1 too', expect: ends,
      edits: [{ op: 'add', in: 'node-1', table: 'netfilter', row: { table: 'nat', chain: 'POSTROUTING', src: '10.1.15.0/24', oif: 'docker0', not: ['oif'], target: { type: 'MASQUERADE' } } }],
    },
    'pod-link-down': { title: 'Set backend-service-2’s eth0 down', edits: [setDev('backend-service-2', 'eth0', { up: false })], expect: ends === 'delivered' ? 'neigh-failed' : ends },
  }
}

/** kubelet's --hairpin-mode=hairpin-veth, for the one port that needs it here. */
const HAIRPIN: WhatIf = {
  title: 'Hairpin mode on for backend-service-1’s port: a pod reaches itself through its Service', flow: 'service-hairpin', expect: 'delivered',
  edits: [{ op: 'set', in: 'node-1', table: 'devs', where: { name: 'veth1' }, to: { hairpin: true } }],
}

/** The way to the other node's pods taken away: the default route takes over, and AWS sees an address that is not the sender's. */
export function dropRoute(dst: string): WhatIf {
  return { title: `Delete the route to ${dst} on node-1`, edits: [{ op: 'del', in: 'node-1', table: 'routes', where: { table: 'main', dst } }], expect: 'source-dest-check' }
}
