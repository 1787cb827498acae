import type { Cidr, Address } from '#lib/wire/addr.ts'
import { MULTIPORTS } from './bounds.ts'
import { isCidr, isIpv4 } from '#lib/wire/addr.ts'
import type { Ctstate, NfChain, NfMatch, NfRule, NfTable, NfTarget } from './rows.ts'
import { usualMatches } from './tables/netfilter/row.ts'

/** What `iptables-save` prints, as rows. */
export interface Saved {
  readonly chains: readonly NfChain[]
  readonly netfilter: readonly NfRule[]
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Negatable = NonNullable<NfRule['not']>[number]

/** Read iptables-save text (`*table`, `:CHAIN POLICY`, `-A CHAIN …`); counters and COMMIT are passed over.
 *  RangeError names the line and the word that is not understood: nothing is skipped in silence. */
export function parseIptables(text: string): Saved {
  const chains: NfChain[] = []
  const netfilter: NfRule[] = []
  let table: NfTable = 'filter'
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line === 'COMMIT') return
    if (line.startsWith('*')) {
      table = line.slice(1) as NfTable
      return
    }
    if (line.startsWith(':')) {
      const [chain = '', policy = '-'] = line.slice(1).split(/\s+/)
      // A built-in chain that accepts is the kernel's own state: it needs no row.
      if (policy === 'DROP' || policy === '-')
        chains.push({ table, chain, policy: policy === 'DROP' ? 'DROP' : null })
      return
    }
    netfilter.push(parseRule(table, line, i + 1))
  })
  return { chains, netfilter }
}

function words(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
    (m) => m[1]?.replaceAll(/\\(.)/g, '$1') ?? m[2] ?? '',
  )
}

function prefix(text: string): Cidr {
  const full = isIpv4(text) ? `${text}/32` : text
  if (!isCidr(full)) throw new RangeError(`not an address or prefix: ${text}`)
  return full
}

function masked(text: string): { value: number; mask: number } {
  const [v = '', m = '0xffffffff'] = text.split('/')
  return { value: Number(v), mask: Number(m) }
}

/** One `-A CHAIN …` line. */
export function parseRule(table: NfTable, line: string, at = 1): NfRule {
  const w = words(line)
  const rule: Partial<Mutable<NfRule>> = { table }
  const not: Negatable[] = []
  const matches: NfMatch[] = []
  let negated = false
  let target: NfTarget | null = null
  const take = (): string => w.shift() ?? ''
  const match = (key: Negatable): void => {
    if (negated) not.push(key)
    negated = false
  }
  while (w.length > 0) {
    const word = take()
    switch (word) {
      case '!':
        negated = true
        break
      case '-A':
        rule.chain = take()
        break
      case '-s':
        match('src')
        rule.src = prefix(take())
        break
      case '-d':
        match('dst')
        rule.dst = prefix(take())
        break
      case '-i':
        match('iif')
        rule.iif = take()
        break
      case '-o':
        match('oif')
        rule.oif = take()
        break
      case '-p':
        match('proto')
        rule.proto = take() as 'tcp' | 'udp' | 'icmp'
        break
      case '--dport':
        match('dport')
        rule.dport = Number(take())
        break
      case '--dports': {
        const ports = negated ? null : portList(take())
        if (ports === null)
          throw new RangeError(
            `line ${at}: of multiport only --dports with up to 15 ports is understood: ${line}`,
          )
        rule.dports = ports
        break
      }
      case '--sport':
        match('sport')
        rule.sport = Number(take())
        break
      case '--mark':
        match('mark')
        rule.mark = masked(take())
        break
      case '--src-type':
        match('srcType')
        rule.srcType = take() as 'LOCAL'
        break
      case '--dst-type':
        match('dstType')
        rule.dstType = take() as 'LOCAL'
        break
      case '--limit-iface-in':
        rule.limitIfaceIn = true
        break
      case '--ctstate':
        rule.ctstate = take().split(',') as Ctstate[]
        break
      case '--comment':
        rule.comment = take()
        break
      case '--mode':
        if (take() !== 'random')
          throw new RangeError(`line ${at}: of statistic only --mode random is understood: ${line}`)
        break
      case '--probability':
        rule.statistic = { probability: share(take(), line, at) }
        break
      case '-m':
        matches.push(matchName(take(), line, at))
        break
      case '-j':
        target = parseTarget(take(), w)
        break
      default:
        throw new RangeError(`line ${at}: ${word} is not understood in ${line}`)
    }
  }
  if (rule.chain === undefined || target === null)
    throw new RangeError(`line ${at}: a rule needs -A CHAIN and -j TARGET: ${line}`)
  const made = { ...rule, ...(not.length > 0 ? { not } : {}), table, chain: rule.chain, target }
  const usual = usualMatches(made)
  return matches.length === usual.length && matches.every((m, i) => m === usual[i])
    ? made
    : { ...made, matches }
}

const MATCHES: readonly NfMatch[] = [
  'tcp',
  'udp',
  'mark',
  'conntrack',
  'comment',
  'addrtype',
  'statistic',
  'multiport',
]
function matchName(word: string, line: string, at: number): NfMatch {
  const known = MATCHES.find((m) => m === word)
  if (known === undefined)
    throw new RangeError(
      `line ${at}: -m ${word} is not understood in ${line}; there are ${MATCHES.join(', ')}`,
    )
  return known
}

/** The ports of `--dports`; null for what multiport has beside single ones. */
function portList(word: string): number[] | null {
  const list = word.split(',')
  return list.length <= MULTIPORTS && list.every((x) => /^\d{1,5}$/.test(x))
    ? list.map(Number)
    : null
}

function share(word: string, line: string, at: number): number {
  const p = Number(word)
  if (!(p >= 0 && p <= 1))
    throw new RangeError(`line ${at}: --probability ${word} is not from 0 to 1 in ${line}`)
  return p
}

function parseTarget(name: string, w: string[]): NfTarget {
  const options = new Map<string, string>()
  let mode = ''
  while (w[0]?.startsWith('--') === true) {
    const key = w.shift()!
    if (key === '--random-fully' || key === '--restore-mark' || key === '--save-mark') {
      options.set(key, '')
      if (key !== '--random-fully') mode = key
    } else options.set(key, w.shift() ?? '')
  }
  const random = options.has('--random-fully') ? { randomFully: true } : {}
  switch (name) {
    case 'ACCEPT':
    case 'DROP':
    case 'RETURN':
      return { type: name }
    case 'MASQUERADE':
      return { type: name, ...random }
    case 'SNAT':
      return { type: name, to: options.get('--to-source') as Address, ...random }
    case 'DNAT': {
      const [to = '', port] = (options.get('--to-destination') ?? '').split(':')
      return {
        type: name,
        to: to as Address,
        ...(port === undefined ? {} : { port: Number(port) }),
      }
    }
    case 'REJECT':
      return {
        type: name,
        with: (options.get('--reject-with') ?? 'icmp-port-unreachable') as 'icmp-port-unreachable',
      }
    case 'MARK': {
      for (const op of ['or', 'xor', 'and'] as const)
        if (options.has(`--${op}-mark`))
          return { type: name, op, value: Number(options.get(`--${op}-mark`)), mask: 0xffffffff }
      return {
        type: name,
        op: 'set',
        ...masked(options.get('--set-xmark') ?? options.get('--set-mark') ?? '0'),
      }
    }
    case 'CONNMARK':
      if (mode !== '')
        return {
          type: name,
          op: mode === '--restore-mark' ? 'restore' : 'save',
          nfmask: Number(options.get('--nfmask') ?? 0xffffffff),
          ctmask: Number(options.get('--ctmask') ?? 0xffffffff),
        }
      return {
        type: name,
        op: 'set',
        ...masked(options.get('--set-xmark') ?? options.get('--set-mark') ?? '0'),
      }
    default:
      return { type: 'JUMP', chain: name }
  }
}
