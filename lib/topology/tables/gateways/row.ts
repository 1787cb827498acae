import type { Table } from '../../table.ts'

/** An internet gateway. `mtu` in bytes: what is larger is fragmented, or with DF set answered by an ICMP 3/4. */
export interface Gateway {
  readonly id: string
  readonly kind: 'igw'
  readonly mtu: number
}

export const gateways: Table<Gateway, 'vpc'> = {
  in: 'vpc',
  born: [],
  text: (x) => `${x.id}  mtu ${x.mtu}`,
}
