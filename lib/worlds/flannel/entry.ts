import { COMMON_IDS, SERVICE_FLOWS } from '#lib/worlds/ids.ts'

/* What the manifest says of all of flannel's worlds. */

export const FLOWS = [
  'frontend-1-to-backend-2',
  'ping',
  'large',
  'large-no-df',
  'same-node',
  'to-node',
  'to-internet',
  ...SERVICE_FLOWS,
] as const

/** What every backend can be asked, behind its own questions. */
export const WHAT_IF_IDS = [
  'forward-drop',
  'forward-drop-alone',
  'br-netfilter-off',
  'docker-masquerade',
  'pod-link-down',
  'no-endpoints',
  'hairpin-on',
  ...COMMON_IDS,
] as const
