/* What more than one world has, by name: lib/worlds/titles.ts has the questions. */

/** What every world in a VPC can be asked. */
export const COMMON_IDS = [
  'ip-forward-off',
  'rp-filter-strict',
  'nacl-deny',
  'no-internet-route',
  'jumbo',
] as const

/** What is asked of the one Service of every Kubernetes world (lib/worlds/services.ts). */
export const SERVICE_FLOWS = [
  'service',
  'service-same-node',
  'service-hairpin',
  'node-port',
] as const
