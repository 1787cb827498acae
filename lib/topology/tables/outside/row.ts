import type { Address, Mac } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'

/** Hosts beyond an internet gateway or a peering connection: `gateway` is its id. */
export interface OutsideHost {
  readonly gateway: string
  readonly ip: Address
  readonly mac: Mac
  readonly attached: { readonly netns: string; readonly dev: string }
}

export const outside: Table<OutsideHost, 'vpc'> = {
  in: 'vpc',
  born: [],
  text: (x) => `${x.ip}  ${x.attached.netns}`,
}
