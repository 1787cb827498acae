import type { Cidr } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'

/** A route of a VPC's route table; the longest prefix wins. `target` is `local`, or the id of an ENI or of a gateway (`igw-…`) or a peering connection (`pcx-…`). The VPC's own ranges are local without a row. */
export interface VpcRoute {
  readonly routeTable: string
  readonly dst: Cidr
  readonly target: string
}

export const vpcRoutes: Table<VpcRoute, 'vpc'> = {
  in: 'vpc',
  born: [],
  text: (x) => `${x.routeTable}  ${x.dst}  ${x.target}`,
}
