import type { Kind, Link, Wire } from '../kind.ts'

/** A NIC in a VPC (its wire is an ENI), or one beyond an internet gateway of that VPC. */
export interface NicDev extends Link {
  readonly kind: 'nic'
  readonly wire: Wire
}

export const nic: Kind<NicDev> = { wire: (d) => d.wire }
