import type { Address } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'

/** What names a virtual service of IPVS: protocol, address, port. */
export interface Virtual {
  readonly proto: 'tcp' | 'udp'
  readonly ip: Address
  readonly port: number
}

/** A virtual service (struct ip_vs_service). Its real servers take turns (`rr`, ip_vs_rr.c); other schedulers, persistence and firewall marks are not modelled. */
export interface IpvsService extends Virtual {
  readonly scheduler: 'rr'
}

/** As `ipvsadm` names it: `-t 10.96.0.10:80`. */
export function virtualText({ proto, ip, port }: Virtual): string {
  return `${proto === 'tcp' ? '-t' : '-u'} ${ip}:${port}`
}

/** Are these of one virtual service? */
export function sameVirtual(a: Virtual, b: Virtual): boolean {
  return a.ip === b.ip && a.port === b.port && a.proto === b.proto
}

export const ipvsServices: Table<IpvsService, 'netns'> = {
  in: 'netns',
  born: [],
  key: 'ip',
  text: (x) => `-A ${virtualText(x)} -s ${x.scheduler}`,
}
