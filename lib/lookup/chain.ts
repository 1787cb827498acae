import { parseCidr } from '#lib/wire/addr.ts'
import { PROTO } from '#lib/wire/packet.ts'
import type { Ctstate, Hook, NfChain, NfRule, NfTable, NfTarget } from '#lib/topology/rows.ts'
import { threshold } from '#lib/topology/tables/netfilter/row.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { indexed } from '#lib/topology/indexed.ts'
import { span, type Span } from './span.ts'
import type { Extra, Remembered } from './verdict.ts'

/** A rule ready to be compared; what it does not ask is null. Prefixes and marks are signed 32-bit numbers. */
export interface CompiledRule {
  readonly row: number
  readonly target: NfTarget
  readonly src: { readonly base: number; readonly mask: number } | null
  readonly dst: { readonly base: number; readonly mask: number } | null
  /** IP protocol number. */
  readonly proto: number | null
  readonly sport: Span | null
  readonly dport: Span | null
  readonly multi: Multi | null
  readonly iif: NamePattern | null
  readonly oif: NamePattern | null
  readonly mark: { readonly value: number; readonly mask: number } | null
  readonly ctstate: readonly string[] | null
  readonly srcLocal: boolean
  readonly dstLocal: boolean
  readonly limitIfaceIn: boolean
  readonly limitIfaceOut: boolean
  /** What few rules ask; null: nothing of the kind. */
  readonly extras: readonly Extra[] | null
  /** A draw of 31 bits below this matches; null: nothing is drawn. */
  readonly below: number | null
  /** Bits of NOT for the matches with ! before them. */
  readonly not: number
}
/** -m multiport: which ends are looked at, and for what. */
export interface Multi {
  readonly src: boolean
  readonly dst: boolean
  readonly spans: readonly Span[]
  readonly not: boolean
}
/** A device name, or the beginning of one when it was written with a + at the end. */
export interface NamePattern {
  readonly text: string
  readonly prefix: boolean
}
/** Rules in order; or many in a row that each ask for one destination, found by it (32 bits, signed): of those only the ones of the packet's can match. */
export type Part = readonly CompiledRule[] | ReadonlyMap<number, readonly CompiledRule[]>
/** One chain: its rules in order, in parts; `policy` is what the end of a built-in chain says. */
export interface CompiledChain {
  readonly policy: 'ACCEPT' | 'DROP'
  readonly parts: readonly Part[]
  /** The last few answers of a built-in chain (lib/lookup/netfilter.ts). */
  readonly answers: Remembered[]
}
/** All chains of a namespace, by table and name; built-in chains without rules and with policy ACCEPT are left out. */
export interface Compiled {
  readonly chains: { readonly [T in NfTable]: ReadonlyMap<string, CompiledChain> }
  readonly conntrack: boolean
  /** The nat table has a rule at some hook. */
  readonly nat: boolean
}

export const NOT = {
  src: 1,
  dst: 2,
  proto: 4,
  sport: 8,
  dport: 16,
  iif: 32,
  oif: 64,
  mark: 128,
  srcType: 256,
  dstType: 512,
  ctstate: 1024,
} as const
const BUILT_IN: readonly string[] = [
  'PREROUTING',
  'INPUT',
  'FORWARD',
  'OUTPUT',
  'POSTROUTING',
] satisfies Hook[]
const NAT_HOOKS = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'] as const satisfies Hook[]

const perRules = indexed((rules: readonly NfRule[]) =>
  indexed((chains: readonly NfChain[]) => compile(rules, chains)),
)
// Each packet asks this some twenty times of the namespace that it is in.
let lastSpace: Netns | null = null
let lastCompiled: Compiled | null = null

/** The rules of a namespace, compiled once per pair of tables (chains for the policies, netfilter for the rules). */
export function compileChain(n: Netns): Compiled {
  if (n === lastSpace) return lastCompiled!
  lastCompiled = perRules(n.netfilter)(n.chains)
  lastSpace = n
  return lastCompiled
}

interface Rules {
  policy: 'ACCEPT' | 'DROP'
  rules: CompiledRule[]
}

function compile(rows: readonly NfRule[], chainRows: readonly NfChain[]): Compiled {
  const chains: { [T in NfTable]: Map<string, Rules> } = {
    raw: new Map(),
    mangle: new Map(),
    nat: new Map(),
    filter: new Map(),
  }
  for (const c of chainRows) {
    // A user's chain is known even when empty; a built-in one only matters when it can drop.
    if (c.policy === 'DROP' || !BUILT_IN.includes(c.chain))
      chains[c.table].set(c.chain, { policy: c.policy ?? 'ACCEPT', rules: [] })
  }
  let conntrack = false
  rows.forEach((r, row) => {
    let chain = chains[r.table].get(r.chain)
    if (chain === undefined) chains[r.table].set(r.chain, (chain = { policy: 'ACCEPT', rules: [] }))
    chain.rules.push(compileRule(r, row))
    conntrack ||=
      r.table === 'nat' ||
      r.ctstate !== undefined ||
      r.connmark !== undefined ||
      r.target.type === 'CONNMARK'
  })
  for (const [table, of] of Object.entries(chains)) refuseLoops(table, of)
  const compiled = (of: ReadonlyMap<string, Rules>): ReadonlyMap<string, CompiledChain> =>
    new Map(
      [...of].map(([name, c]) => [
        name,
        { policy: c.policy, parts: partsOf(c.rules), answers: [] },
      ]),
    )
  return {
    chains: {
      raw: compiled(chains.raw),
      mangle: compiled(chains.mangle),
      nat: compiled(chains.nat),
      filter: compiled(chains.filter),
    },
    conntrack,
    nat: NAT_HOOKS.some((hook) => chains.nat.has(hook)),
  }
}

/** Chains below each other at most: nf_tables has 16 (NFT_JUMP_STACK_SIZE), x_tables as many as there are chains. */
const MOST_DEPTH = 1000

/** iptables refuses a loop of chains when it is loaded ("Loop found in table filter"). Throws RangeError that names it. */
function refuseLoops(table: string, chains: ReadonlyMap<string, Rules>): void {
  /** Whether all below a chain was looked at; false while it is. */
  const done = new Map<string, boolean>()
  const jumps = (name: string): readonly string[] =>
    (chains.get(name)?.rules ?? []).flatMap((r) => ('chain' in r.target ? [r.target.chain] : []))
  // A loop that no hook leads to is nobody's business, the kernel's neither.
  for (const start of BUILT_IN) {
    if (!chains.has(start) || done.has(start)) continue
    const open = [{ name: start, to: jumps(start), at: 0 }]
    while (open.length > 0) {
      const here = open[open.length - 1]!
      if (here.at === 0) done.set(here.name, false)
      const next = here.to[here.at]
      here.at += 1
      const known = next === undefined ? undefined : done.get(next)
      if (known === false) {
        const loop = [...open.map((o) => o.name), next].slice(-4).join(' → ')
        throw new RangeError(
          `netfilter: chain ${next} of table ${table} is reached again from itself (${loop}); iptables refuses a loop, so take out one of these jumps`,
        )
      }
      if (open.length > MOST_DEPTH)
        throw new RangeError(
          `netfilter: chains of table ${table} jump more than ${MOST_DEPTH} deep; take out some`,
        )
      if (next === undefined) {
        done.set(here.name, true)
        open.pop()
      } else if (known === undefined) open.push({ name: next, to: jumps(next), at: 0 })
    }
  }
}

/** Fewer in a row are compared as fast as they are looked up. KUBE-SERVICES has one for each Service: the kernel compares them all. */
const WORTH_AN_INDEX = 8

function partsOf(rules: readonly CompiledRule[]): Part[] {
  const parts: Part[] = []
  let plain: CompiledRule[] = []
  const flush = (): void => {
    if (plain.length > 0) parts.push(plain)
    plain = []
  }
  const indexable = (r: CompiledRule | undefined): boolean =>
    r?.dst?.mask === -1 && (r.not & NOT.dst) === 0
  for (let i = 0; i < rules.length;) {
    let end = i
    while (indexable(rules[end])) end += 1
    if (end - i >= WORTH_AN_INDEX) {
      flush()
      parts.push(byDestination(rules.slice(i, end)))
    } else {
      end = Math.max(end, i + 1)
      plain.push(...rules.slice(i, end))
    }
    i = end
  }
  flush()
  return parts
}

function byDestination(
  rules: readonly CompiledRule[],
): ReadonlyMap<number, readonly CompiledRule[]> {
  const found = new Map<number, CompiledRule[]>()
  for (const r of rules) {
    const base = r.dst?.base ?? 0
    const there = found.get(base)
    if (there === undefined) found.set(base, [r])
    else there.push(r)
  }
  return found
}

function compileRule(r: NfRule, row: number): CompiledRule {
  let not = 0
  for (const name of r.not ?? []) if (name in NOT) not |= NOT[name as keyof typeof NOT]
  return {
    row,
    target: r.target,
    not,
    src: prefix(r.src),
    dst: prefix(r.dst),
    proto: r.proto === undefined ? null : PROTO[r.proto],
    sport: r.sport === undefined ? null : span(r.sport),
    dport: r.dport === undefined ? null : span(r.dport),
    multi: multi(r),
    iif: pattern(r.iif),
    oif: pattern(r.oif),
    mark: r.mark === undefined ? null : { value: r.mark.value | 0, mask: r.mark.mask | 0 },
    ctstate: r.ctstate === undefined || asksForNat(r.ctstate) ? null : r.ctstate.map(lower),
    srcLocal: r.srcType === 'LOCAL',
    dstLocal: r.dstType === 'LOCAL',
    limitIfaceIn: r.limitIfaceIn === true,
    limitIfaceOut: r.limitIfaceOut === true,
    extras: asksMore(r) ? extrasOf(r) : null,
    below: r.statistic === undefined ? null : threshold(r.statistic.probability),
  }
}

let extrasOf: (r: NfRule) => readonly Extra[] = () => {
  throw new RangeError('call loadMore() first')
}
/** What few rules ask (lib/lookup/extras.ts) is understood from now on. */
export function addMatches(of: typeof extrasOf): void {
  extrasOf = of
}
const asksMore = (r: NfRule): boolean =>
  (r.addrtypes ??
    r.tcpFlags ??
    r.icmpType ??
    r.srcRange ??
    r.dstRange ??
    r.connmark ??
    r.sets ??
    r.rpfilter ??
    r.recent ??
    r.physdev ??
    r.mac ??
    r.pkttype ??
    r.limit) !== undefined ||
  (r.ctstate !== undefined && asksForNat(r.ctstate))
/** Is a state among these that stands beside the others: how a connection is translated? */
export function asksForNat(states: readonly Ctstate[]): boolean {
  return states.includes('DNAT') || states.includes('SNAT')
}

const lower = (s: string): string => s.toLowerCase()

function multi(r: NfRule): Multi | null {
  const key = (['ports', 'sports', 'dports'] as const).find((k) => r[k] !== undefined)
  if (key === undefined) return null
  return {
    src: key !== 'dports',
    dst: key !== 'sports',
    spans: r[key]!.map(span),
    not: r.not?.includes(key) === true,
  }
}

function prefix(text: string | undefined): { base: number; mask: number } | null {
  if (text === undefined) return null
  const { base, mask } = parseCidr(text)
  return { base: base | 0, mask: mask | 0 }
}

function pattern(name: string | undefined): NamePattern | null {
  if (name === undefined) return null
  return name.endsWith('+')
    ? { text: name.slice(0, -1), prefix: true }
    : { text: name, prefix: false }
}
