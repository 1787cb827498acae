import type { Traits } from '#lib/worlds/entry.ts'
import { ROUTED } from '#lib/worlds/limits.ts'

/* What the manifest says of all of Calico’s worlds. */

export const TRAITS = {
  addresses: 'overlay',
  // blockSize of an IP pool.
  bits: 26,
  between: 'vpc',
  runtime: 'kubernetes',
  bridges: [],
  enis: 1,
  kubeProxy: true,
} as const satisfies Traits

/** A node has one block here, of 64 addresses; the first two are no pod's. */
export const LIMITS = { ...ROUTED, podsPerNode: 62 } as const
