import type { Table } from '../../table.ts'

/** One value of `sysctl -a`, `net.ipv4.conf.all.rp_filter`. One that has no row has the kernel's default. */
export interface Sysctl {
  readonly key: `net.${string}`
  readonly value: number
}

export const sysctls: Table<Sysctl, 'netns'> = {
  in: 'netns',
  born: [],
  key: 'key',
  text: (x) => `${x.key} = ${x.value}`,
}
