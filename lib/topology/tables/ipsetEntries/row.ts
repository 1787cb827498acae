import type { Table } from '../../table.ts'

/** What is in a set, as ipset prints it: 10.1.15.2, 10.1.0.0/16, `10.96.0.10,tcp:80`, `10.1.15.2,tcp:8080,10.1.15.2`, 30080. Protocols are tcp and udp. */
export interface IpSetEntry {
  readonly set: string
  readonly entry: string
  /** What is in this prefix is not in the set, whatever shorter ones say. */
  readonly nomatch?: true
}

export const ipsetEntries: Table<IpSetEntry, 'netns'> = {
  in: 'netns',
  born: [],
  key: 'entry',
  text: ({ set, entry, nomatch }) => `add ${set} ${entry}${nomatch === true ? ' nomatch' : ''}`,
}
