import type { Cidr } from '#lib/wire/addr.ts'
import type { Ports } from '../netfilter/known.ts'
import type { Table } from '../../table.ts'
import { prefixText, selects, marked, words } from '../../text.ts'

/** `ip rule`: lowest priority number first. */
export interface Rule {
  readonly priority: number
  /** The table that is asked; left out where the rule decides by itself (`action`). */
  readonly table?: string
  readonly from?: Cidr
  readonly to?: Cidr
  readonly iif?: string
  /** The device that a socket is bound to (SO_BINDTODEVICE). Nobody here binds one, so it fits nothing. */
  readonly oif?: string
  readonly fwmark?: { readonly value: number; readonly mask: number }
  readonly ipproto?: 'tcp' | 'udp' | 'icmp'
  readonly sport?: Ports
  readonly dport?: Ports
  /** An answer of the table whose prefix is no longer than this is passed over: 0 leaves out its default route. */
  readonly suppressPrefixlength?: number
  /** It ends here: told nobody (blackhole), ICMP 3/13 (prohibit) or 3/0 (unreachable). */
  readonly action?: 'blackhole' | 'prohibit' | 'unreachable'
  /** For all that the rest does not fit (FIB_RULE_INVERT). */
  readonly not?: boolean
}

/** A policy rule as `ip rule` prints it, with its tab: `512:\tfrom all to 192.168.0.111 lookup main`. */
export function ruleRowText(r: Rule): string {
  return `${r.priority}:\t${ruleSelector(r)}`
}

/** A policy rule behind its priority. */
export function ruleSelector(r: Rule): string {
  return words(
    r.not === true && 'not',
    `from ${selects(r.from) ? prefixText(r.from) : 'all'}`,
    selects(r.to) && `to ${prefixText(r.to)}`,
    // iproute2 prints it with %#x, which is 0 for 0.
    r.fwmark !== undefined && `fwmark ${marked(r.fwmark).replace(/^0x0(?=\/|$)/, '0')}`,
    r.iif !== undefined && `iif ${r.iif}`,
    r.oif !== undefined && `oif ${r.oif}`,
    r.ipproto !== undefined && `ipproto ${r.ipproto}`,
    r.sport !== undefined && `sport ${dashed(r.sport)}`,
    r.dport !== undefined && `dport ${dashed(r.dport)}`,
    r.table !== undefined && `lookup ${r.table}`,
    r.suppressPrefixlength !== undefined && `suppress_prefixlength ${r.suppressPrefixlength}`,
    r.action,
  )
}

/** Ranges of ports as iproute2 writes them: 1000-2000. */
const dashed = (p: Ports): string => String(p).replace(':', '-')

/** A policy rule as one types it: `fwmark 0` alone would be any mark (fib_nl_newrule). */
export function ruleTyped(r: Rule): string {
  return ruleSelector(r).replace(/ fwmark 0(?= |$)/, ' fwmark 0/0xffffffff')
}

/** What `ip rule` shows in a new namespace (fib_default_rules_init). */
export const BORN: readonly Rule[] = [
  { priority: 0, table: 'local' },
  { priority: 32766, table: 'main' },
  { priority: 32767, table: 'default' },
]

export const rules: Table<Rule, 'netns'> = {
  in: 'netns',
  born: BORN,
  key: 'priority',
  text: ruleRowText,
}
