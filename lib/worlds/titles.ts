import type { Cidr } from '#lib/wire/addr.ts'
import type { COMMON_IDS } from './ids.ts'

/* Questions that more than one world asks; lib/worlds/what-ifs.ts has their edits. */

export const DENY = 'The security group no longer lets nodes talk to each other'
export const NO_ENDPOINTS = 'No pod is behind the Service: kube-proxy refuses what is sent to it'

/** What a world that is a model of documents says of itself before all else. */
export const DOCUMENTS =
  'This world is a model of documents: its rows are those of published pages and sources, and it has not been shown by a kernel as a whole.'

export function lowerMtu(dev: string): string {
  return `Lower the MTU of ${dev} on node-1 to 1400`
}

export function dropRoute(dst: Cidr): string {
  return `Delete the route to ${dst} on node-1`
}

/** What every world in a VPC can be asked. */
export const COMMON = {
  'ip-forward-off': 'Turn off ip_forward on node-1',
  'rp-filter-strict': 'Strict rp_filter on both nodes',
  'nacl-deny': 'The network ACL denies everything out: only what leaves the subnet notices',
  'no-internet-route': 'Delete the VPC’s route to the internet gateway',
  jumbo: 'Jumbo frames: MTU 9001 on the nodes’ NICs',
} as const satisfies { readonly [W in (typeof COMMON_IDS)[number]]: string }
