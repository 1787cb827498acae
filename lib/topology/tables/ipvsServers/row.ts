import type { Address } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'
import { virtualText, type Virtual } from '../ipvsServices/row.ts'

/**
 * A real server of a virtual service (struct ip_vs_dest), reached by translation (`-m`, which ipvsadm lists as Masq; direct routing `-g` and
 * tunnels `-i` are not modelled). The first row of a service is the one that is asked first: in the kernel the one that was added last
 * (__ip_vs_update_dest: list_add). With `weight` 0 it gets no new connection.
 */
export interface IpvsServer extends Virtual {
  readonly to: Address
  readonly toPort: number
  readonly weight: number
}

export const ipvsServers: Table<IpvsServer, 'netns'> = {
  in: 'netns',
  born: [],
  key: 'ip',
  text: (x) => `-a ${virtualText(x)} -r ${x.to}:${x.toPort} -m -w ${x.weight}`,
}
