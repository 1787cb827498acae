import type { Cidr, Mac } from '#lib/wire/addr.ts'
import type { IpProto } from '#lib/wire/packet.ts'
import type { Table } from '../../table.ts'
import { marked, selects, words } from '../../text.ts'
import type { NfTable } from '../chains/row.ts'
import {
  MATCHES,
  STATES,
  type AddressRange,
  type AddrType,
  type Ctstate,
  type IcmpType,
  type Limit,
  type Negatable,
  type NfMatch,
  type PhysDev,
  type PktType,
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
  Limit,
  Negatable,
  NfMatch,
  PhysDev,
  PktType,
  Ports,
  Rate,
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
  readonly physdev?: PhysDev
  /** Who sent the frame that the packet came in. Packets of this machine's own, and those that came by no Ethernet, fit neither it nor its contrary. */
  readonly mac?: Mac
  /** Whom that frame was for; this machine's own packets are unicast. */
  readonly pkttype?: PktType
  readonly limit?: Limit
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
    ...inOrder(r).map((m, i, all) => words('-m', m, SAID[m]!.text(r, nth(m, i, all)))),
    targetText(r.target),
  )
}

/** How many of the same match stand before this one. */
const nth = (m: NfMatch, at: number, all: readonly NfMatch[]): number =>
  all.slice(0, at).filter((x) => x === m).length

export const not = (r: NfRule, field: Negatable): string =>
  r.not?.includes(field) === true ? '! ' : ''

/** The ports of -p tcp and -p udp. */
export const ported = (r: NfRule): string =>
  words(
    r.sport !== undefined && `${not(r, 'sport')}--sport ${r.sport}`,
    r.dport !== undefined && `${not(r, 'dport')}--dport ${r.dport}`,
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

/** How a match is printed. */
export interface Printed {
  /** How many of it a rule has. */
  readonly many: (r: NfRule) => number
  /** What each says behind its name. */
  readonly text: (r: NfRule, nth: number) => string
}
/** One, where a rule has any of these fields. */
export const has =
  (...fields: readonly (keyof NfRule)[]): Printed['many'] =>
  (r) =>
    Number(fields.some((k) => r[k] !== undefined && r[k] !== false))
const ports = has('sport', 'dport')
/** The older name of the same: who wrote it has it printed. */
const older = (r: NfRule): boolean => r.matches?.includes('state') === true

/** Those that many rules have. */
const SAID: { [M in NfMatch]?: Printed } = {
  tcp: { many: (r) => (r.proto === 'udp' ? 0 : ports(r)), text: ported },
  udp: { many: (r) => (r.proto === 'udp' ? ports(r) : 0), text: ported },
  mark: { many: has('mark'), text: (r) => `${not(r, 'mark')}--mark ${marked(r.mark!)}` },
  conntrack: {
    many: (r) => (older(r) ? 0 : has('ctstate')(r)),
    text: (r) => states(r, '--ctstate'),
  },
  state: { many: (r) => (older(r) ? has('ctstate')(r) : 0), text: (r) => states(r, '--state') },
  comment: { many: has('comment'), text: (r) => `--comment ${quoted(r.comment!)}` },
  addrtype: {
    many: (r) =>
      has('srcType', 'dstType', 'limitIfaceIn', 'limitIfaceOut')(r) + (r.addrtypes?.length ?? 0),
    text: (r, n) => typed(n === 0 ? r : (r.addrtypes?.[n - 1] ?? {})),
  },
  statistic: {
    many: has('statistic'),
    text: (r) =>
      `--mode random --probability ${(threshold(r.statistic!.probability) / 2 ** 31).toFixed(11)}`,
  },
  multiport: {
    many: has('sports', 'dports', 'ports'),
    text: (r) =>
      words(
        ...(['sports', 'dports', 'ports'] as const).map(
          (k) => r[k] !== undefined && `${not(r, k)}--${k} ${r[k].join(',')}`,
        ),
      ),
  },
}
/** These are printed too (print-seldom.ts). */
export function addPrinted(more: typeof SAID): void {
  Object.assign(SAID, more)
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
  return MATCHES.flatMap((m) => Array.from({ length: SAID[m]?.many(r) ?? 0 }, () => m))
}

/** A probability as xt_statistic keeps it: so many of 2^31 draws are below it. */
export function threshold(probability: number): number {
  return Math.round(probability * 2 ** 31)
}

export const netfilter: Table<NfRule, 'netns'> = { in: 'netns', born: [], text: ruleText }
