import type { Cidr } from '#lib/wire/addr.ts'
import type { IpProto } from '#lib/wire/packet.ts'
import type { Table } from '../../table.ts'
import { marked, selects, words } from '../../text.ts'
import type { NfTable } from '../chains/row.ts'
import { flagsOf, named } from './flags.ts'
import {
  STATES,
  type AddressRange,
  type AddrType,
  type Ctstate,
  type IcmpType,
  type Negatable,
  type NfMatch,
  type Ports,
  type RecentMatch,
  type RpFilter,
  type SetMatch,
} from './known.ts'
import { quoted, targetText, type NfTarget } from './target.ts'

export type {
  AddressRange,
  AddrType,
  Ctstate,
  IcmpType,
  Negatable,
  NfMatch,
  Ports,
  RecentMatch,
  RpFilter,
  SetMatch,
} from './known.ts'
export type { NfTarget } from './target.ts'

/** One iptables rule; order in the table is order in its chain. Names ending in + match any suffix. */
export interface NfRule {
  readonly table: NfTable
  readonly chain: string
  readonly src?: Cidr
  readonly dst?: Cidr
  /** ipencap is 4: IP in IP. */
  readonly proto?: IpProto
  readonly sport?: Ports
  readonly dport?: Ports
  /** -m multiport: one of them, by --sports, --dports or (either end) --ports. */
  readonly sports?: readonly Ports[]
  readonly dports?: readonly Ports[]
  readonly ports?: readonly Ports[]
  /** --tcp-flags, in its words: of the first list just those of the second are set (`SYN,RST SYN`). */
  readonly tcpFlags?: string
  readonly icmpType?: IcmpType
  readonly iif?: string
  readonly oif?: string
  /** -m iprange */
  readonly srcRange?: AddressRange
  readonly dstRange?: AddressRange
  readonly mark?: { readonly value: number; readonly mask: number }
  /** The mark of the connection, not of the packet; what has no connection fits nothing. */
  readonly connmark?: { readonly value: number; readonly mask: number }
  readonly ctstate?: readonly Ctstate[]
  readonly srcType?: 'LOCAL'
  readonly dstType?: 'LOCAL'
  /** addrtype --limit-iface-in: the address must be one of the input device's own. */
  readonly limitIfaceIn?: boolean
  /** The same with the output device; one of the two. */
  readonly limitIfaceOut?: boolean
  /** Further -m addrtype, behind the first. */
  readonly addrtypes?: readonly AddrType[]
  /** Matches written with ! before them. */
  readonly not?: readonly Negatable[]
  readonly comment?: string
  /** -m set, each of which holds. */
  readonly sets?: readonly SetMatch[]
  readonly rpfilter?: RpFilter
  readonly recent?: RecentMatch
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

type Single = 'src' | 'dst' | 'iif' | 'oif' | 'proto' | 'sport' | 'dport'

/** Everything of a rule behind its chain: what -A, -D and -C take. */
export function matchText(r: NfRule): string {
  const one = (field: Single, flag: string): string | undefined =>
    r[field] === undefined ? undefined : `${not(r, field)}${flag} ${r[field]}`
  const addr = (field: 'src' | 'dst', flag: string): string | undefined =>
    selects(r[field]) || r.not?.includes(field) === true ? one(field, flag) : undefined
  return words(
    addr('src', '-s'),
    addr('dst', '-d'),
    one('iif', '-i'),
    one('oif', '-o'),
    one('proto', '-p'),
    ...inOrder(r).map((m, i, all) => words('-m', m, SAID[m](r, nth(m, i, all)))),
    targetText(r.target),
  )
}

/** How many of the same match stand before this one. */
const nth = (m: NfMatch, at: number, all: readonly NfMatch[]): number =>
  all.slice(0, at).filter((x) => x === m).length

const not = (r: NfRule, field: Negatable): string => (r.not?.includes(field) === true ? '! ' : '')

const ported = (r: NfRule): string =>
  words(
    r.sport !== undefined && `${not(r, 'sport')}--sport ${r.sport}`,
    r.dport !== undefined && `${not(r, 'dport')}--dport ${r.dport}`,
    r.tcpFlags !== undefined &&
      `${not(r, 'tcpFlags')}--tcp-flags ${flagsOf(r.tcpFlags).map(named).join(' ')}`,
  )

const states = (r: NfRule, flag: string): string =>
  r.ctstate === undefined
    ? ''
    : `${not(r, 'ctstate')}${flag} ${STATES.filter((x) => r.ctstate!.includes(x)).join(',')}`

const typed = (x: AddrType | NfRule): string => {
  const no = (key: 'srcType' | 'dstType'): string =>
    (x.not as readonly string[] | undefined)?.includes(key) === true ? '! ' : ''
  return words(
    x.srcType !== undefined && `${no('srcType')}--src-type ${x.srcType}`,
    x.dstType !== undefined && `${no('dstType')}--dst-type ${x.dstType}`,
    x.limitIfaceIn === true && '--limit-iface-in',
    x.limitIfaceOut === true && '--limit-iface-out',
  )
}

/** What each match says behind its name. */
const SAID: { readonly [M in NfMatch]: (r: NfRule, nth: number) => string } = {
  tcp: ported,
  udp: ported,
  icmp: (r) => (r.icmpType === undefined ? '' : `${not(r, 'icmpType')}--icmp-type ${r.icmpType}`),
  mark: (r) => (r.mark === undefined ? '' : `${not(r, 'mark')}--mark ${marked(r.mark)}`),
  connmark: (r) =>
    r.connmark === undefined ? '' : `${not(r, 'connmark')}--mark ${marked(r.connmark)}`,
  iprange: (r) =>
    words(
      r.srcRange !== undefined && `${not(r, 'srcRange')}--src-range ${r.srcRange}`,
      r.dstRange !== undefined && `${not(r, 'dstRange')}--dst-range ${r.dstRange}`,
    ),
  conntrack: (r) => states(r, '--ctstate'),
  state: (r) => states(r, '--state'),
  comment: (r) => (r.comment === undefined ? '' : `--comment ${quoted(r.comment)}`),
  set: (r, n) => {
    const x = r.sets?.[n]
    return x === undefined ? '' : `${x.not === true ? '! ' : ''}--match-set ${x.name} ${x.flags}`
  },
  rpfilter: ({ rpfilter: x }) =>
    words(
      x?.loose && '--loose',
      x?.validmark && '--validmark',
      x?.acceptLocal && '--accept-local',
      x?.invert && '--invert',
    ),
  addrtype: (r, n) => typed(n === 0 ? r : (r.addrtypes?.[n - 1] ?? {})),
  multiport: (r) =>
    words(
      ...(['sports', 'dports', 'ports'] as const).map(
        (k) => r[k] !== undefined && `${not(r, k)}--${k} ${r[k].join(',')}`,
      ),
    ),
  recent: (r) =>
    r.recent === undefined
      ? ''
      : words(
          `${not(r, 'recent')}--${r.recent.op}`,
          r.recent.seconds !== undefined && `--seconds ${r.recent.seconds}`,
          r.recent.reap && '--reap',
          `--name ${r.recent.name} --mask 255.255.255.255 --r${r.recent.dest === true ? 'dest' : 'source'}`,
        ),
  statistic: (r) =>
    r.statistic === undefined
      ? ''
      : `--mode random --probability ${(threshold(r.statistic.probability) / 2 ** 31).toFixed(11)}`,
}

/** As they were written; a match that came or went since then stands at the end or is gone. */
function inOrder(r: NfRule): readonly NfMatch[] {
  const usual = usualMatches(r)
  if (r.matches === undefined) return usual
  return [
    ...r.matches.filter((m, i, all) => EMPTY.includes(m) || nth(m, i, all) < many(m, usual)),
    ...usual.filter((m, i) => nth(m, i, usual) >= many(m, r.matches!)),
  ]
}
/** Of sets a rule may ask for several. */
const many = (m: NfMatch, of: readonly NfMatch[]): number => of.filter((x) => x === m).length
/** What a protocol's match says may be nothing: `-p tcp -m tcp`. */
const EMPTY: readonly NfMatch[] = ['tcp', 'udp']

/** The matches of a rule in the order of most of them. */
export function usualMatches(r: NfRule): NfMatch[] {
  const there: NfMatch[] = []
  if (r.sport !== undefined || r.dport !== undefined || r.tcpFlags !== undefined)
    there.push(r.proto === 'udp' ? 'udp' : 'tcp')
  if (r.icmpType !== undefined) there.push('icmp')
  if (r.srcRange !== undefined || r.dstRange !== undefined) there.push('iprange')
  if (r.mark !== undefined) there.push('mark')
  if (r.connmark !== undefined) there.push('connmark')
  // The older name of the same: who wrote it has it printed.
  if (r.ctstate !== undefined)
    there.push(r.matches?.includes('state') === true ? 'state' : 'conntrack')
  if (r.comment !== undefined) there.push('comment')
  for (const _ of r.sets ?? []) there.push('set')
  if (r.rpfilter !== undefined) there.push('rpfilter')
  if (
    r.srcType !== undefined ||
    r.dstType !== undefined ||
    r.limitIfaceIn === true ||
    r.limitIfaceOut === true
  )
    there.push('addrtype')
  for (const _ of r.addrtypes ?? []) there.push('addrtype')
  if (r.recent !== undefined) there.push('recent')
  if (r.statistic !== undefined) there.push('statistic')
  if (r.sports !== undefined || r.dports !== undefined || r.ports !== undefined)
    there.push('multiport')
  return there
}

/** A probability as xt_statistic keeps it: so many of 2^31 draws are below it. */
export function threshold(probability: number): number {
  return Math.round(probability * 2 ** 31)
}

export const netfilter: Table<NfRule, 'netns'> = { in: 'netns', born: [], text: ruleText }
