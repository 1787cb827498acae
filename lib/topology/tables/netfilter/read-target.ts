import type { Address, Cidr } from '#lib/wire/addr.ts'
import { isIpv4 } from '#lib/wire/addr.ts'
import { isTarget } from '../../grammar.ts'
import type { NfTarget } from './target.ts'
import { masked, type Line } from './words.ts'

/* What stands behind -j. */

/** Options that nothing stands behind. */
const FLAGS: ReadonlySet<string> = new Set([
  '--random-fully',
  '--restore-mark',
  '--save-mark',
  '--notrack',
  '--clamp-mss-to-pmtu',
])
/** What each target understands; of others it is said that they are not. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  MASQUERADE: ['--random-fully'],
  SNAT: ['--to-source', '--random-fully'],
  DNAT: ['--to-destination'],
  REDIRECT: ['--to-ports'],
  NETMAP: ['--to'],
  REJECT: ['--reject-with'],
  MARK: ['--set-xmark', '--set-mark', '--or-mark', '--xor-mark', '--and-mark'],
  CONNMARK: ['--set-xmark', '--set-mark', '--restore-mark', '--save-mark', '--nfmask', '--ctmask'],
  CT: ['--notrack'],
  TCPMSS: ['--set-mss', '--clamp-mss-to-pmtu'],
  LOG: ['--log-prefix', '--log-level'],
  NFLOG: ['--nflog-prefix', '--nflog-group'],
}

type Options = ReadonlyMap<string, string>

function optionsOf(name: string, line: Line): Options {
  const found = new Map<string, string>()
  while (line.next()?.startsWith('--') === true) {
    const key = line.take()
    if (OPTIONS[name]?.includes(key) !== true) line.fail(`${key} of ${name} is not understood`)
    found.set(key, FLAGS.has(key) ? '' : line.take())
  }
  return found
}

const PLAIN = ['ACCEPT', 'DROP', 'RETURN', 'NOTRACK'] as const
/** The ports of REDIRECT and DNAT: one. */
function portOf(word: string | undefined, line: Line): { readonly port?: number } {
  if (word === undefined) return {}
  return /^\d{1,5}$/.test(word) ? { port: Number(word) } : line.fail(`${word} is not one port`)
}

/** The target by this name, with the options that come next. A name that is no target’s is a chain’s. */
export function readTarget(name: string, line: Line): NfTarget {
  const plain = PLAIN.find((x) => x === name)
  if (plain !== undefined) return { type: plain }
  if (!isTarget(name)) return { type: 'JUMP', chain: name }
  const read = TARGETS[name]
  if (read === undefined) return line.fail(`target ${name} is not understood`)
  return read(optionsOf(name, line), line)
}

const random = (o: Options): { readonly randomFully?: true } =>
  o.has('--random-fully') ? { randomFully: true } : {}
const whole = <K extends string>(
  key: K,
  word: string | undefined,
): { readonly [P in K]?: number } =>
  (word === undefined ? {} : { [key]: Number(word) }) as { readonly [P in K]?: number }
const prefixed = (word: string | undefined): { readonly prefix?: string } =>
  word === undefined ? {} : { prefix: word }
const setMark = (
  o: Options,
): { readonly op: 'set'; readonly value: number; readonly mask: number } => ({
  op: 'set',
  ...masked(o.get('--set-xmark') ?? o.get('--set-mark') ?? '0'),
})

const TARGETS: Readonly<Record<string, (o: Options, line: Line) => NfTarget>> = {
  MASQUERADE: (o) => ({ type: 'MASQUERADE', ...random(o) }),
  SNAT: (o) => ({ type: 'SNAT', to: o.get('--to-source') as Address, ...random(o) }),
  DNAT: (o, line) => {
    const [to = '', port] = (o.get('--to-destination') ?? '').split(':')
    return { type: 'DNAT', to: to as Address, ...portOf(port, line) }
  },
  REDIRECT: (o, line) => ({ type: 'REDIRECT', ...portOf(o.get('--to-ports'), line) }),
  NETMAP: (o) => {
    const to = o.get('--to') ?? ''
    return { type: 'NETMAP', to: (isIpv4(to) ? `${to}/32` : to) as Cidr }
  },
  REJECT: (o) => ({
    type: 'REJECT',
    with: (o.get('--reject-with') ?? 'icmp-port-unreachable') as 'icmp-port-unreachable',
  }),
  MARK: (o) => {
    for (const op of ['or', 'xor', 'and'] as const)
      if (o.has(`--${op}-mark`))
        return { type: 'MARK', op, value: Number(o.get(`--${op}-mark`)), mask: 0xffffffff }
    return { type: 'MARK', ...setMark(o) }
  },
  CONNMARK: (o) => {
    const op = o.has('--restore-mark') ? 'restore' : o.has('--save-mark') ? 'save' : null
    return op === null
      ? { type: 'CONNMARK', ...setMark(o) }
      : {
          type: 'CONNMARK',
          op,
          nfmask: Number(o.get('--nfmask') ?? 0xffffffff),
          ctmask: Number(o.get('--ctmask') ?? 0xffffffff),
        }
  },
  CT: (o, line) =>
    o.has('--notrack')
      ? { type: 'CT', notrack: true }
      : line.fail('of CT only --notrack is understood'),
  TCPMSS: (o, line) => {
    const mss = o.get('--set-mss')
    if (mss !== undefined) return { type: 'TCPMSS', mss: Number(mss) }
    return o.has('--clamp-mss-to-pmtu')
      ? { type: 'TCPMSS', clampToPmtu: true }
      : line.fail('TCPMSS needs --set-mss or --clamp-mss-to-pmtu')
  },
  LOG: (o) => ({
    type: 'LOG',
    ...prefixed(o.get('--log-prefix')),
    ...whole('level', o.get('--log-level')),
  }),
  NFLOG: (o) => ({
    type: 'NFLOG',
    ...prefixed(o.get('--nflog-prefix')),
    ...whole('group', o.get('--nflog-group')),
  }),
}
