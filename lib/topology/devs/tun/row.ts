import type { Kind, Link } from '../kind.ts'

/** A layer 3 device whose other end is a file descriptor held by `program`, a row of the daemons table. */
export interface TunDev extends Link {
  readonly kind: 'tun'
  readonly program: string
}

export const tun: Kind<TunDev> = { layer: 'none', noPort: true, tunnel: true, held: true }
