import type { Table } from '../../table.ts'
import { words } from '../../text.ts'

/** What an entry of a set is made of; net is a prefix, of which the longest that has an address counts. */
export type IpSetType =
  | 'hash:ip'
  | 'hash:net'
  | 'hash:ip,port'
  | 'hash:net,port'
  | 'hash:ip,port,ip'
  | 'bitmap:port'

/** A set that rules ask by its name (struct ip_set). The options that decide something; timeouts, counters, comments and IPv6 are not modelled. */
export interface IpSet {
  readonly name: string
  readonly type: IpSetType
  /** How many entries a hash may hold; 65536 when left out. */
  readonly maxelem?: number
  /** The ports that bitmap:port may hold. */
  readonly range?: `${number}-${number}`
}

export const ipsets: Table<IpSet, 'netns'> = {
  in: 'netns',
  born: [],
  key: 'name',
  text: ({ name, type, range, maxelem = 65536 }) =>
    words(
      `create ${name} ${type}`,
      ...(range === undefined
        ? ['family inet', 'hashsize 1024', `maxelem ${maxelem}`, 'bucketsize 12']
        : [`range ${range}`]),
    ),
}
