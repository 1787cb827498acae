import { isCidr, isIpv4, type Cidr } from '#lib/wire/addr.ts'
import { MULTIPORTS } from '../../bounds.ts'
import { isPorts, portsTaken } from '../../grammar.ts'
import { PROTO, type IpProto } from '#lib/wire/packet.ts'
import { MATCHES, type Ctstate, type Negatable, type NfMatch, type Ports } from './known.ts'
import type { NfRule } from './row.ts'
import { masked, type Line } from './words.ts'

/* What stands in a rule between its chain and its target, word by word. */

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
/** A rule under way. `negates` takes the ! before a word for a field; the names behind -m are kept in order. */
export interface Reading {
  readonly rule: Partial<Mutable<NfRule>>
  readonly matches: NfMatch[]
  readonly not: Negatable[]
  negated: boolean
}

/** What a word says of a rule; what stands behind it is taken from the line. */
export type Read = (r: Reading, line: Line) => void
/** A field that may be negated, and how the word behind is read. */
export const field =
  <K extends Negatable>(key: K, value: (word: string, line: Line) => NfRule[K]): Read =>
  (r, line) => {
    if (r.negated) r.not.push(key)
    r.negated = false
    r.rule[key] = value(line.take(), line)
  }

function prefix(text: string, line: Line): Cidr {
  const full = isIpv4(text) ? `${text}/32` : text
  return isCidr(full) ? full : line.fail(`not an address or prefix: ${text},`)
}

/** 80, 80:90, 80: and :80, as the kernel keeps them. */
function portRange(word: string, line: Line): Ports {
  const [low = '', high = low] = word.split(':')
  const of = `${low === '' ? 0 : low}:${high === '' ? 65535 : high}`
  const [from, to] = of.split(':')
  if (from === to && /^\d{1,5}$/.test(from!)) return Number(from)
  return isPorts(of) ? of : line.fail(`${word} is no port and no range of ports`)
}

/** The ports of multiport. */
function portList(word: string, line: Line): readonly Ports[] {
  const list = word.split(',').map((w) => portRange(w, line))
  return portsTaken(list) <= MULTIPORTS
    ? list
    : line.fail(`multiport takes up to ${MULTIPORTS} ports, a range counts as two: ${word}`)
}

function share(word: string, line: Line): { readonly probability: number } {
  const probability = Number(word)
  return probability >= 0 && probability <= 1
    ? { probability }
    : line.fail(`--probability ${word} is not from 0 to 1`)
}

/** By its name or number; IP in IP is ipencap (ipip is 94). */
function protocol(word: string, line: Line): IpProto {
  const known = Object.entries(PROTO).find(([name, n]) => word === name || word === String(n))
  return known === undefined ? line.fail(`-p ${word} is not understood`) : (known[0] as IpProto)
}

const text = <T extends string>(word: string): T => word as T
const states = field('ctstate', (word) => word.split(',') as Ctstate[])

/** XT_LIMIT_AVG: who says no rate says this. */
export const HOURLY = '3/hour'

/** What each word of a rule says. */
export const WORDS: Record<string, Read> = {
  '!': (r) => {
    r.negated = true
  },
  '-A': ({ rule }, line) => {
    rule.chain = line.take()
  },
  '-s': field('src', prefix),
  '-d': field('dst', prefix),
  '-i': field('iif', text),
  '-o': field('oif', text),
  '-p': field('proto', protocol),
  '--sport': (r, line) => ported('sport', r, line),
  '--dport': (r, line) => ported('dport', r, line),
  '--sports': field('sports', portList),
  '--dports': field('dports', portList),
  '--ports': field('ports', portList),
  // Two matches have an option of this name.
  '--mark': (r, line) =>
    field(r.matches.at(-1) === 'connmark' ? 'connmark' : 'mark', masked)(r, line),
  '--src-type': field('srcType', text<'LOCAL'>),
  '--dst-type': field('dstType', text<'LOCAL'>),
  '--limit-iface-in': ({ rule }) => {
    rule.limitIfaceIn = true
  },
  '--limit-iface-out': ({ rule }) => {
    rule.limitIfaceOut = true
  },
  '--ctstate': states,
  '--state': states,
  '--comment': ({ rule }, line) => {
    rule.comment = line.take()
  },
  '--mode': (_, line) => {
    if (line.take() !== 'random') line.fail('of statistic only --mode random is understood')
  },
  '--probability': ({ rule }, line) => {
    rule.statistic = share(line.take(), line)
  },
  '-m': ({ matches, rule }, line) => {
    const name = matchName(line)
    matches.push(name)
    if (name === 'rpfilter') rule.rpfilter ??= {}
    else if (name === 'limit') rule.limit ??= { rate: HOURLY }
  },
}

/** These words are understood too (read-seldom.ts). */
export function addWords(more: typeof WORDS): void {
  Object.assign(WORDS, more)
}

/** All ports are no question: the kernel keeps no range then, and iptables-save prints none. */
function ported(key: 'sport' | 'dport', r: Reading, line: Line): void {
  const word = line.next()
  if (!r.negated && (word === '0:65535' || word === ':' || word === '0:' || word === ':65535'))
    line.take()
  else field(key, portRange)(r, line)
}

function matchName(line: Line): NfMatch {
  const word = line.take()
  return (
    MATCHES.find((m) => m === word) ??
    line.fail(`-m ${word} is not understood; there are ${MATCHES.join(', ')}:`)
  )
}
