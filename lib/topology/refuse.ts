import { isCidr, isIpv4, isMac } from '#lib/wire/addr.ts'
import type { LinuxTables, Netns, Tables } from './topology.ts'

/* What `refuse.ts` of a table's folder holds: rows that Linux refuses, in its words and with the remedy (measured on 6.18). */

export interface Refuse<T extends keyof LinuxTables> {
  /** Why the row cannot stand here, whatever stands beside it; null if it can. */
  readonly alone?: (n: Netns, row: Tables[T]) => string | null
  /** What there can be one of: rows with the same text are one. Left out where there can be any number. */
  readonly one?: (n: Netns, row: Tables[T]) => string
  /** What its tool says of a second one, with a colon and a blank behind; `File exists: ` when left out. */
  readonly exists?: string
  /** Nobody refuses a second one (EEXIST): it takes the place of the first, so one of the rows says nothing. */
  readonly replaces?: boolean
  /** Why it cannot be added or become so now, as the rest is; null if it can. */
  readonly now?: (n: Netns, row: Tables[T]) => string | null
}

/** Whatever a link holds as a row: addresses that are none are not for the kernel to say. */
export function readable(row: object): boolean {
  const r = row as Readonly<Record<string, unknown>>
  const text = (key: string, test: (x: string) => boolean): boolean =>
    r[key] === undefined || (typeof r[key] === 'string' && test(r[key]))
  return (
    text('via', isIpv4) &&
    text('src', isIpv4) &&
    text('ip', isIpv4) &&
    text('dst', (x) => isCidr(x) || isIpv4(x)) &&
    text('from', isCidr) &&
    text('to', isCidr) &&
    text('mac', isMac) &&
    (r['fwmark'] === undefined || typeof r['fwmark'] === 'object')
  )
}
