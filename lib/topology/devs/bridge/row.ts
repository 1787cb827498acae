import type { Kind, Link } from '../kind.ts'

/** A bridge, which is a device of its machine too (net/bridge). Its ports name it as their `master`. */
export interface BridgeDev extends Link {
  readonly kind: 'bridge'
}

export const bridge: Kind<BridgeDev> = { hasPorts: true, noPort: true }
