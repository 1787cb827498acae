import type { Address, Cidr, Mac } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'

/** `router` is base + 1; its MAC is what a guest learns by ARP. */
export interface Subnet {
  readonly id: string
  readonly cidr: Cidr
  readonly routeTable: string
  readonly router: { readonly ip: Address; readonly mac: Mac }
}

export const subnets: Table<Subnet, 'vpc'> = {
  in: 'vpc',
  born: [],
  text: (x) => `${x.id}  ${x.cidr}  router ${x.router.ip}`,
}
