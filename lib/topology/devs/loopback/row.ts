import type { Kind, Link } from '../kind.ts'

/** `lo`: what it is given comes back in (drivers/net/loopback.c). */
export interface LoopbackDev extends Link {
  readonly kind: 'loopback'
}

export const loopback: Kind<LoopbackDev> = { layer: 'loopback', noPort: true }
