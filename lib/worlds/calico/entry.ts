import { SERVICE_FLOWS } from '#lib/worlds/ids.ts'

/* What the manifest says of all of Calico's worlds. */

export const FLOWS = [
  'frontend-1-to-backend-2',
  'ping',
  'large',
  'large-request',
  'same-node',
  'to-other-subnet',
  'to-node',
  'to-own-node',
  'node-to-pod',
  'node-to-other-pod',
  'to-internet',
  'free-address',
  'probe-1',
  'probe-2',
  ...SERVICE_FLOWS,
] as const

/** What every mode can be asked, behind its own questions. */
export const WHAT_IF_IDS = [
  'no-proxy-arp',
  'no-default-route',
  'drop-route',
  'drop-route-back',
  'pod-link-down',
  'no-blackhole',
  'no-masquerade',
  'rp-filter-strict',
  'spoofed',
  'no-endpoints',
] as const
/** Where pods have less than the NICs. */
export const MTU_IDS = ['mtu-1500'] as const
/** Where a tunnel device is on every node. */
export const TUNNEL_IDS = ['tunnel-down', 'unknown-host'] as const
