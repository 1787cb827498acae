import { COMMON, dropRoute, NO_ENDPOINTS } from '#lib/worlds/titles.ts'

/* What is asked of all of Calico's worlds, and what they leave out. */

/** What every mode can be asked, behind its own questions. */
export const WHAT_IFS = {
  'no-proxy-arp': 'Turn off proxy_arp at web-app-frontend-1’s end on node-1',
  'no-default-route': 'Delete the default route of node-1: it knows no way to 169.254.1.1',
  'drop-route': dropRoute('10.1.20.0/26'),
  'drop-route-back': 'Delete the route to 10.1.15.0/26 on node-2',
  'pod-link-down': 'Set backend-service-2’s end on node-2 down',
  'no-blackhole': 'The same end down, and no blackhole route for node-2’s block',
  'no-masquerade': 'Delete the MASQUERADE for what leaves the pool on node-1',
  'rp-filter-strict': COMMON['rp-filter-strict'],
  spoofed: 'web-app-frontend-1 sends as 10.1.77.7',
  'no-endpoints': NO_ENDPOINTS,
} as const

/** Where pods have less than the NICs. */
export const MTU = {
  'mtu-1500': 'MTU 1500 on web-app-frontend-1 and at its end on node-1',
} as const
/** Where a tunnel device is on every node. */
export function tunnel(dev: string, node: string) {
  return {
    'tunnel-down': `Set ${dev} of ${node} down`,
    'unknown-host': `Take node-1 out of the hosts that ${node} takes wrapped packets of`,
  } as const
}
export const NO_PROTOCOL_4 = 'The security group lets nodes talk by TCP, UDP and ICMP'
export function otherWayBack(dev: string): string {
  return `Strict rp_filter on node-2, whose route to 10.1.15.0/26 leads out of ${dev}`
}
export const CHECK_ON = 'Source/destination check on again on node-1 and node-2'

export const LEAVES_OUT = [
  'Where the VPC carries a packet between hosts, and in what wrapping, AWS does not publish: it is one step here.',
  'NetworkPolicy is not in this world: a pod’s chains have the two profiles that let everything pass.',
  'Calico’s IPAM gives any free address of a block, a tunnel’s too; here a tunnel has the first, and pods those from the third on.',
  'How BIRD learns of blocks, and Typha of nodes, is over when the walk begins.',
  'MAC addresses that are random or hashed on real machines are fixed here, so that they can be read.',
  'kube-proxy’s random choice of an endpoint follows from the connection and a number of the flow: the same flow always ends at the same pod.',
] as const

/** What those leave out besides that have tunl0. */
export const WITH_TUNL0 = [
  ...LEAVES_OUT,
  'The module ipip is loaded before a node has its NICs, so that tunl0 is the older device and the kernel takes its address where none is said; where the module came later, it takes eth0’s.',
] as const
