import type { Address } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'

/** An address in a list of `-m recent` (struct recent_entry), and how many seconds ago a rule put it there last; just now when left out. A list has room for 100 (ip_list_tot). */
export interface Recent {
  readonly list: string
  readonly ip: Address
  readonly ago?: number
}

export const recent: Table<Recent, 'netns'> = {
  in: 'netns',
  born: [],
  key: 'ip',
  text: ({ list, ip }) => `/proc/net/xt_recent/${list}:src=${ip}`,
}
