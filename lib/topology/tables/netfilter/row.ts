import type { Address, Cidr } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'
import { hex, marked, selects, words } from '../../text.ts'
import type { NfTable } from '../chains/row.ts'

/** What `-m conntrack --ctstate` asks for. */
export type Ctstate = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID'

/** What stands behind -j, with its options. Addresses and ports are single ones, no ranges. */
export type NfTarget =
  | { readonly type: 'ACCEPT' | 'DROP' | 'RETURN' }
  | { readonly type: 'JUMP'; readonly chain: string }
  | { readonly type: 'MASQUERADE'; readonly randomFully?: boolean }
  | { readonly type: 'SNAT'; readonly to: Address; readonly randomFully?: boolean }
  | { readonly type: 'DNAT'; readonly to: Address; readonly port?: number }
  /** new mark = (mark & ~mask) ^ value for set; or, xor and and do what they say with value. */
  | {
      readonly type: 'MARK'
      readonly op: 'set' | 'or' | 'xor' | 'and'
      readonly value: number
      readonly mask: number
    }
  | { readonly type: 'CONNMARK'; readonly op: 'set'; readonly value: number; readonly mask: number }
  | {
      readonly type: 'CONNMARK'
      readonly op: 'save' | 'restore'
      readonly nfmask: number
      readonly ctmask: number
    }
  | {
      readonly type: 'REJECT'
      readonly with:
        | 'icmp-port-unreachable'
        | 'icmp-host-unreachable'
        | 'icmp-admin-prohibited'
        | 'tcp-reset'
    }

/** The words behind -m, for the matches of an NfRule; ports are those of tcp or udp. */
export type NfMatch =
  | 'tcp'
  | 'udp'
  | 'mark'
  | 'conntrack'
  | 'comment'
  | 'addrtype'
  | 'statistic'
  | 'multiport'

/** One iptables rule; order in the table is order in its chain. Names ending in + match any suffix. */
export interface NfRule {
  readonly table: NfTable
  readonly chain: string
  readonly src?: Cidr
  readonly dst?: Cidr
  readonly proto?: 'tcp' | 'udp' | 'icmp'
  readonly sport?: number
  readonly dport?: number
  /** -m multiport --dports: one of them. */
  readonly dports?: readonly number[]
  readonly iif?: string
  readonly oif?: string
  readonly mark?: { readonly value: number; readonly mask: number }
  readonly ctstate?: readonly Ctstate[]
  readonly srcType?: 'LOCAL'
  readonly dstType?: 'LOCAL'
  /** addrtype --limit-iface-in: the address must be one of the input device's own. */
  readonly limitIfaceIn?: boolean
  /** Matches written with ! before them. */
  readonly not?: readonly (
    | 'src'
    | 'dst'
    | 'proto'
    | 'sport'
    | 'dport'
    | 'iif'
    | 'oif'
    | 'mark'
    | 'srcType'
    | 'dstType'
  )[]
  readonly comment?: string
  /** -m statistic --mode random: the share of packets that match, from 0 to 1. The kernel keeps 31 bits of it. */
  readonly statistic?: { readonly probability: number }
  /** The order in which the matches were written, where it is not mark, conntrack, comment, addrtype behind the ports: iptables-save keeps it. */
  readonly matches?: readonly NfMatch[]
  readonly target: NfTarget
}

/** A rule as `iptables-save` prints it: `-A FLANNEL-FWD -s 10.1.0.0/16 -m comment --comment "flanneld forward" -j ACCEPT`. The table is not part of it. */
export function ruleText(r: NfRule): string {
  return `-A ${r.chain} ${matchText(r)}`
}

/** Everything of a rule behind its chain: what -A, -D and -C take. */
export function matchText(r: NfRule): string {
  const not = (field: NonNullable<NfRule['not']>[number]): string =>
    r.not?.includes(field) === true ? '! ' : ''
  const one = (
    field: 'src' | 'dst' | 'iif' | 'oif' | 'proto' | 'sport' | 'dport',
    flag: string,
  ): string | undefined => (r[field] === undefined ? undefined : `${not(field)}${flag} ${r[field]}`)
  const addr = (field: 'src' | 'dst', flag: string): string | undefined =>
    selects(r[field]) || r.not?.includes(field) === true ? one(field, flag) : undefined
  const ports = words(one('sport', '--sport'), one('dport', '--dport'))
  const addrtype = words(
    r.srcType !== undefined && `${not('srcType')}--src-type ${r.srcType}`,
    r.dstType !== undefined && `${not('dstType')}--dst-type ${r.dstType}`,
    r.limitIfaceIn === true && '--limit-iface-in',
  )
  const said: { readonly [M in NfMatch]: string } = {
    tcp: ports,
    udp: ports,
    addrtype,
    mark: r.mark === undefined ? '' : `${not('mark')}--mark ${marked(r.mark)}`,
    conntrack:
      r.ctstate === undefined
        ? ''
        : `--ctstate ${CTSTATES.filter((x) => r.ctstate!.includes(x)).join(',')}`,
    comment: r.comment === undefined ? '' : `--comment ${quoted(r.comment)}`,
    multiport: r.dports === undefined ? '' : `--dports ${r.dports.join(',')}`,
    statistic:
      r.statistic === undefined
        ? ''
        : `--mode random --probability ${(threshold(r.statistic.probability) / 2 ** 31).toFixed(11)}`,
  }
  return words(
    addr('src', '-s'),
    addr('dst', '-d'),
    one('iif', '-i'),
    one('oif', '-o'),
    one('proto', '-p'),
    ...inOrder(r).map((m) => words('-m', m, said[m])),
    targetText(r.target),
  )
}

/** As they were written; a match that came or went since then stands at the end or is gone. */
function inOrder(r: NfRule): readonly NfMatch[] {
  const usual = usualMatches(r)
  if (r.matches === undefined) return usual
  return [
    ...r.matches.filter((m) => m === 'tcp' || m === 'udp' || usual.includes(m)),
    ...usual.filter((m) => r.matches?.includes(m) === false),
  ]
}

/** The matches of a rule in the order of most of them. */
export function usualMatches(r: NfRule): NfMatch[] {
  const there: NfMatch[] = []
  if (r.sport !== undefined || r.dport !== undefined) there.push(r.proto === 'udp' ? 'udp' : 'tcp')
  if (r.mark !== undefined) there.push('mark')
  if (r.ctstate !== undefined) there.push('conntrack')
  if (r.comment !== undefined) there.push('comment')
  if (r.srcType !== undefined || r.dstType !== undefined || r.limitIfaceIn === true)
    there.push('addrtype')
  if (r.statistic !== undefined) there.push('statistic')
  if (r.dports !== undefined) there.push('multiport')
  return there
}

/** A probability as xt_statistic keeps it: so many of 2^31 draws are below it. */
export function threshold(probability: number): number {
  return Math.round(probability * 2 ** 31)
}

/** The states are bits of one number: they are printed in this order, however they were typed. */
const CTSTATES: readonly Ctstate[] = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED']

/** xtables_save_string(): quotes unless all characters are plain. */
function quoted(text: string): string {
  return /^[\w-]+$/.test(text) ? text : `"${text.replace(/(["\\'])/g, '\\$1')}"`
}

function targetText(t: NfTarget): string {
  switch (t.type) {
    case 'ACCEPT':
    case 'DROP':
    case 'RETURN':
      return `-j ${t.type}`
    case 'JUMP':
      return `-j ${t.chain}`
    case 'MASQUERADE':
      return words('-j MASQUERADE', t.randomFully === true && '--random-fully')
    case 'SNAT':
      return words(`-j SNAT --to-source ${t.to}`, t.randomFully === true && '--random-fully')
    case 'DNAT':
      return `-j DNAT --to-destination ${t.to}${t.port === undefined ? '' : `:${t.port}`}`
    case 'REJECT':
      return `-j REJECT --reject-with ${t.with}`
    case 'CONNMARK':
      return t.op === 'set'
        ? `-j CONNMARK --set-xmark ${hex(t.value)}/${hex(t.mask)}`
        : `-j CONNMARK --${t.op}-mark --nfmask ${hex(t.nfmask)} --ctmask ${hex(t.ctmask)}`
    // The kernel knows one operation, (mark & ~mask) ^ value; iptables-save prints that.
    case 'MARK': {
      const value = hex(t.value)
      const pair = {
        set: `${value}/${hex(t.mask)}`,
        or: `${value}/${value}`,
        xor: `${value}/0x0`,
        and: `0x0/${hex(~t.value)}`,
      }
      return `-j MARK --set-xmark ${pair[t.op]}`
    }
  }
}

export const netfilter: Table<NfRule, 'netns'> = { in: 'netns', born: [], text: ruleText }
