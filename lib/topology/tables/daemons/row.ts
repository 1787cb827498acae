import type { Address } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'

/** flanneld's udp backend: a program that holds a TUN device and a UDP socket. */
export interface Daemon {
  readonly name: string
  readonly tun: string
  readonly port: number
  readonly local: Address
}

export const daemons: Table<Daemon, 'netns'> = {
  in: 'netns',
  born: [],
  text: (x) => `${x.name}  ${x.tun}  udp ${x.local}:${x.port}`,
}
