import type { IpSetType } from './row.ts'

/** The types of sets there are. */
export const SET_TYPES = [
  'hash:ip',
  'hash:net',
  'hash:ip,port',
  'hash:net,port',
  'hash:ip,port,ip',
  'bitmap:port',
] as const satisfies readonly IpSetType[]

/** Narrower than ipset, so that a shell and a line of iptables-restore take it as it is. IPSET_MAXNAMELEN is 32 with the NUL (ip_set.h). */
export function isSetName(x: string): boolean {
  return /^\w[\w.:-]{0,30}$/.test(x)
}

/** `30000-32767`, the lower port first. */
export function isPortRange(x: string): x is `${number}-${number}` {
  const [, low, high] = /^(0|[1-9]\d{0,4})-(0|[1-9]\d{0,4})$/.exec(x) ?? []
  return low !== undefined && Number(low) <= Number(high) && Number(high) <= 65535
}

/** Behind --match-set and a name: one word for each part of an entry. IPSET_DIM_MAX is 6 (ip_set.h). */
export function isSetFlags(x: string): boolean {
  return /^(?:src|dst)(?:,(?:src|dst)){0,5}$/.test(x)
}
