import type { Address, Cidr, Mac } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'

/** What flanneld keeps of etcd: which node leases which range. Watched, never asked per packet. */
export interface Lease {
  readonly daemon: string
  readonly subnet: Cidr
  readonly publicIp: Address
  readonly backendType: 'udp' | 'vxlan' | 'host-gw'
  readonly vtepMac?: Mac
}

/** The key under which flannel keeps it in etcd. */
export function leaseKey(l: Pick<Lease, 'subnet'>): string {
  return `/coreos.com/network/subnets/${l.subnet.replace('/', '-')}`
}

export const leases: Table<Lease, 'netns'> = {
  in: 'netns',
  born: [],
  key: 'subnet',
  text: leaseKey,
}
