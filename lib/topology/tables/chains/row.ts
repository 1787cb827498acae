import type { Table } from '../../table.ts'

/** Where netfilter is asked (enum nf_inet_hooks), by the names of the built-in chains. */
export type Hook = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING'

/** A table of iptables. */
export type NfTable = 'raw' | 'mangle' | 'nat' | 'filter'

/** A chain: built in (with its policy) or a user's (policy null). Built-in chains with policy ACCEPT need no row. */
export interface NfChain {
  readonly table: NfTable
  readonly chain: string
  readonly policy: 'ACCEPT' | 'DROP' | null
}

/** A chain as `iptables-save` prints it, its counters at nothing. */
export function chainText(c: { readonly chain: string; readonly policy: string | null }): string {
  return `:${c.chain} ${c.policy ?? '-'} [0:0]`
}

export const chains: Table<NfChain, 'netns'> = { in: 'netns', born: [], text: chainText }
