import { isMac, type Mac } from '#lib/wire/addr.ts'
import { isAddressRange } from '#lib/wire/range.ts'
import { isIcmpType } from '../../grammar.ts'
import { isSetFlags, isSetName } from '../ipsets/known.ts'
import { isTcpFlags } from './flags.ts'
import type { AddressRange, AddrType, IcmpType, PhysDev, PktType, RpFilter } from './known.ts'
import { BURST, periodOf, rateText } from './rate.ts'
import { field, HOURLY, WORDS, type Read, type Reading } from './read-match.ts'
import type { Line } from './words.ts'

/* Words that few rules have: loaded with what few networks have (lib/link/kinds.ts). */

function tcpFlags(mask: string, line: Line): string {
  const text = `${mask} ${line.take()}`
  return isTcpFlags(text) ? text : line.fail(`--tcp-flags ${text} is not understood`)
}

/** One address alone is a range of one. */
function addresses(word: string, line: Line): AddressRange {
  const range = word.includes('-') ? word : `${word}-${word}`
  return isAddressRange(range) ? range : line.fail(`${word} is no range of addresses`)
}

function icmpType(word: string, line: Line): IcmpType {
  if (!isIcmpType(word)) return line.fail(`--icmp-type ${word} is not understood`)
  return word.includes('/') ? (word as IcmpType) : Number(word)
}

/** --match-set NAME FLAGS: each is a match of its own. */
function setMatch(r: Reading, line: Line): void {
  const [name, flags] = [line.take(), line.take()]
  if (!isSetName(name) || !isSetFlags(flags))
    line.fail(`--match-set ${name} ${flags} is not understood`)
  r.rule.sets = [...(r.rule.sets ?? []), { name, flags, ...(r.negated ? { not: true } : {}) }]
  r.negated = false
}

const back =
  (key: keyof RpFilter): Read =>
  ({ rule }) => {
    rule.rpfilter = { ...rule.rpfilter, [key]: true }
  }

type Recents = NonNullable<Reading['rule']['recent']>
/** A part of -m recent; the name is DEFAULT until another is said. */
const lists =
  (part: (line: Line) => Partial<Recents>): Read =>
  (r, line) => {
    r.rule.recent = { op: 'rcheck', name: 'DEFAULT', ...r.rule.recent, ...part(line) }
  }
const does =
  (op: Recents['op']): Read =>
  (r, line) => {
    if (r.negated) r.not.push('recent')
    r.negated = false
    lists(() => ({ op }))(r, line)
  }

/** Only whole addresses are put into lists. */
function wholeMask(line: Line): object {
  const mask = line.take()
  return mask === '255.255.255.255' ? {} : line.fail(`--mask ${mask} is not understood`)
}

/** What stands behind a second -m addrtype is a match of its own. */
function typed(word: string): Read {
  const first = WORDS[word]!
  return (r, line) => {
    const n = r.matches.filter((m) => m === 'addrtype').length - 2
    if (n < 0) return first(r, line)
    const read: Reading = { rule: {}, matches: [], not: [], negated: r.negated }
    first(read, line)
    r.negated = false
    const { not = [], ...before } = r.rule.addrtypes?.[n] ?? {}
    const nots = [...not, ...read.not] as ('srcType' | 'dstType')[]
    const made = {
      ...before,
      ...(read.rule as AddrType),
      ...(nots.length === 0 ? {} : { not: nots }),
    }
    r.rule.addrtypes = [...(r.rule.addrtypes ?? []).slice(0, n), made]
  }
}

/** A port of a bridge, or that there is one; a rule asks physdev once. */
function port(key: keyof Omit<PhysDev, 'not'>, named = false): Read {
  return (r, line) => {
    const { not = [], ...x } = r.rule.physdev ?? {}
    const nots = r.negated ? [...not, key] : not
    r.negated = false
    r.rule.physdev = {
      ...x,
      [key]: named ? line.take() : true,
      ...(nots.length === 0 ? {} : { not: nots }),
    }
  }
}

/** Upper case, and one digit where the first is 0, are taken too. */
function hardware(word: string, line: Line): Mac {
  const mac = word
    .toLowerCase()
    .split(':')
    .map((x) => x.padStart(2, '0'))
    .join(':')
  return isMac(mac) ? mac : line.fail(`--mac-source ${word} is not understood`)
}

const TYPES: Readonly<Record<string, PktType>> = {
  unicast: 'unicast',
  broadcast: 'broadcast',
  multicast: 'multicast',
  host: 'unicast',
  bcast: 'broadcast',
  mcast: 'multicast',
}

function rate(r: Reading, line: Line): void {
  const word = line.take()
  const period = periodOf(word)
  if (period === null) line.fail(`--limit ${word} is not understood`)
  if (r.negated) line.fail('--limit cannot be inverted')
  r.rule.limit = { ...r.rule.limit, rate: rateText(period!) }
}

function burst({ rule }: Reading, line: Line): void {
  const word = line.take()
  const n = Number(word)
  if (!(n >= 1 && n <= 10_000)) line.fail(`--limit-burst ${word} is not from 1 to 10000`)
  const { rate: asked = HOURLY } = rule.limit ?? {}
  rule.limit = n === BURST ? { rate: asked } : { rate: asked, burst: n }
}

/** What each of these words says. */
export const SELDOM_WORDS: Record<string, Read> = {
  '--tcp-flags': field('tcpFlags', tcpFlags),
  '--icmp-type': field('icmpType', icmpType),
  '--src-range': field('srcRange', addresses),
  '--dst-range': field('dstRange', addresses),
  '--set': does('set'),
  '--rcheck': does('rcheck'),
  '--update': does('update'),
  '--remove': does('remove'),
  '--seconds': lists((line) => ({ seconds: Number(line.take()) })),
  '--reap': lists(() => ({ reap: true })),
  '--name': lists((line) => ({ name: line.take() })),
  '--mask': lists(wholeMask),
  '--rsource': lists(() => ({})),
  '--rdest': lists(() => ({ dest: true })),
  '--src-type': typed('--src-type'),
  '--dst-type': typed('--dst-type'),
  '--limit-iface-in': typed('--limit-iface-in'),
  '--limit-iface-out': typed('--limit-iface-out'),
  '--match-set': setMatch,
  '--physdev-in': port('in', true),
  '--physdev-out': port('out', true),
  '--physdev-is-in': port('isIn'),
  '--physdev-is-out': port('isOut'),
  '--physdev-is-bridged': port('isBridged'),
  '--mac-source': field('mac', hardware),
  '--pkt-type': field(
    'pkttype',
    (word, line) => TYPES[word] ?? line.fail(`--pkt-type ${word} is not understood`),
  ),
  '--limit': rate,
  '--limit-burst': burst,
  '--loose': back('loose'),
  '--validmark': back('validmark'),
  '--accept-local': back('acceptLocal'),
  '--invert': back('invert'),
}
