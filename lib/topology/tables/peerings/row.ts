import type { Cidr } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'

/** A VPC peering connection within one region: `cidr` is the other VPC's range. Nothing is translated, and it takes packets as large as a NIC sends (VPC peering guide; EC2 guide, network_mtu). A route of the VPC leads there by its id, `pcx-…`. */
export interface Peering {
  readonly id: string
  readonly cidr: Cidr
}

export const peerings: Table<Peering, 'vpc'> = {
  in: 'vpc',
  born: [],
  text: (x) => `${x.id}  ${x.cidr}`,
}
