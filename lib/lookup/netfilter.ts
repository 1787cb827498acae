import { toNumber } from '#lib/wire/addr.ts'
import { fnv1a } from '#lib/wire/hash.ts'
import type { Hook, NfTable, NfTarget, Tuple } from '#lib/topology/linux.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { compileChain, NOT, type CompiledChain, type CompiledRule, type NamePattern } from './chain.ts'
import { localAddress } from './local.ts'

export { compileChain } from './chain.ts'

/** What the matches of a rule look at. Ports are 0 where the protocol has none; `iif` or `oif` is null at hooks that do not know it. */
export interface NfQuestion {
  readonly src: string; readonly dst: string
  /** IP protocol number. */
  readonly proto: number
  readonly sport: number; readonly dport: number
  readonly iif: string | null; readonly oif: string | null
  readonly mark: number; readonly ctmark: number
  readonly ctstate: 'new' | 'established' | 'related' | 'invalid'
  /** What random matches draw from: the connection's original tuple (the packet's own where there is no connection) and the flow's `draw` (0). */
  readonly original?: Tuple | null; readonly draw?: number
}
/** One question to a statistic match: what was drawn, in [0, 1), and what it had to be below. */
export interface NfDraw { readonly rule: number; readonly value: number; readonly probability: number }
/** What a table decided at a hook. */
export interface NfVerdict {
  readonly verdict: 'ACCEPT' | 'DROP' | 'REJECT' | 'DNAT' | 'SNAT' | 'MASQUERADE'
  /** Row of the rule that decided; null: the policy of the chain did. */
  readonly rule: number | null
  readonly target: NfTarget | null
  /** The marks after MARK and CONNMARK targets met on the way, unsigned 32-bit. */
  readonly mark: number
  readonly ctmark: number
  /** Rows that matched on the way without deciding: jumps, marks, returns; in order. */
  readonly touched: readonly number[]
  /** What was drawn on the way, in order. */
  readonly draws: readonly NfDraw[]
  /** How many rules were compared. */
  readonly compared: number
}

const NONE: readonly never[] = []
/** One question compares no more rules than this: chains that jump to each other again and again could ask without end. Who gets so far cannot trust the verdict. */
export const MOST_COMPARED = 8_000_000
const MOST_TOUCHED = 10_000
/** A draw takes as long as so many comparisons. */
const DRAW = 50

/** Has the built-in chain of this hook any rule, or a policy that drops? False means: nothing to ask. */
export function hasRules(n: Netns, table: NfTable, hook: Hook): boolean {
  return compileChain(n).chains[table].has(hook)
}

/** Does anything in the namespace need connections tracked: a rule in nat, a ctstate match or a CONNMARK target? */
export function usesConntrack(n: Netns): boolean {
  return compileChain(n).conntrack
}

interface State { readonly n: Netns; readonly q: NfQuestion; readonly src: number; readonly dst: number; mark: number; ctmark: number; touched: number[] | null; draws: NfDraw[] | null; compared: number }

/** ipt_do_table(): walk the built-in chain of the hook, jumping into users' chains and back, until a rule or the policy decides. */
export function evaluate(n: Netns, table: NfTable, hook: Hook, q: NfQuestion): NfVerdict {
  const { chains } = compileChain(n)
  const chain = chains[table].get(hook)
  if (chain === undefined) return { verdict: 'ACCEPT', rule: null, target: null, mark: q.mark, ctmark: q.ctmark, touched: NONE, draws: NONE, compared: 0 }
  const s: State = { n, q, src: toNumber(q.src) | 0, dst: toNumber(q.dst) | 0, mark: q.mark, ctmark: q.ctmark, touched: null, draws: null, compared: 0 }
  const decided = traverse(s, chains[table], chain)
  const target = decided?.target ?? null
  return {
    verdict: decided === null ? chain.policy : (decided.target.type as NfVerdict['verdict']),
    rule: decided?.row ?? null, target, mark: s.mark >>> 0, ctmark: s.ctmark >>> 0, touched: s.touched ?? NONE, draws: s.draws ?? NONE, compared: s.compared,
  }
}

/** The rule that decides in this chain or one it jumps to; null when the end or a RETURN is reached. */
function traverse(s: State, chains: ReadonlyMap<string, CompiledChain>, chain: CompiledChain): CompiledRule | null {
  for (const part of chain.parts) for (const r of 'get' in part ? part.get(s.dst) ?? NONE : part) {
    s.compared += 1
    if (s.compared > MOST_COMPARED) return null
    if (!matches(s, r)) continue
    switch (r.target.type) {
      case 'RETURN':
        touch(s, r)
        return null
      case 'JUMP': {
        touch(s, r)
        const next = chains.get(r.target.chain)
        const decided = next === undefined ? null : traverse(s, chains, next)
        if (decided !== null) return decided
        break
      }
      case 'MARK':
      case 'CONNMARK':
        touch(s, r)
        setMarks(s, r.target)
        break
      default:
        return r
    }
  }
  return null
}

function touch(s: State, r: CompiledRule): void {
  if (s.touched === null) s.touched = [r.row]
  // Nobody reads thousands; the last one stands for those before it.
  else if (s.touched.length < MOST_TOUCHED) s.touched.push(r.row)
  else s.touched[MOST_TOUCHED - 1] = r.row
}

/** The formulas of xt_mark.c and xt_connmark.c, which xor. */
function setMarks(s: State, t: NfTarget): void {
  if (t.type === 'MARK') {
    if (t.op === 'set') s.mark = (s.mark & ~t.mask) ^ t.value
    else if (t.op === 'or') s.mark |= t.value
    else if (t.op === 'xor') s.mark ^= t.value
    else s.mark &= t.value
  } else if (t.type === 'CONNMARK') {
    if (t.op === 'set') s.ctmark = (s.ctmark & ~t.mask) ^ t.value
    else if (t.op === 'save') s.ctmark = (s.ctmark & ~t.ctmask) ^ (s.mark & t.nfmask)
    else s.mark = (s.mark & ~t.nfmask) ^ (s.ctmark & t.ctmask)
  }
}

function matches(s: State, r: CompiledRule): boolean {
  const { q } = s
  const { not } = r
  if (r.src !== null && ((s.src & r.src.mask) === r.src.base) === ((not & NOT.src) !== 0)) return false
  if (r.dst !== null && ((s.dst & r.dst.mask) === r.dst.base) === ((not & NOT.dst) !== 0)) return false
  if (r.proto !== null && (q.proto === r.proto) === ((not & NOT.proto) !== 0)) return false
  if (r.iif !== null && named(r.iif, q.iif) === ((not & NOT.iif) !== 0)) return false
  if (r.oif !== null && named(r.oif, q.oif) === ((not & NOT.oif) !== 0)) return false
  if (r.sport !== null || r.dport !== null || r.dports !== null) {
    // Port matches belong to -p tcp or -p udp: nothing else has ports, not even for a ! match.
    if (q.proto !== 6 && q.proto !== 17) return false
    if (r.sport !== null && (q.sport === r.sport) === ((not & NOT.sport) !== 0)) return false
    if (r.dports !== null && !r.dports.includes(q.dport)) return false
    if (r.dport !== null && (q.dport === r.dport) === ((not & NOT.dport) !== 0)) return false
  }
  if (r.mark !== null && ((s.mark & r.mark.mask) === r.mark.value) === ((not & NOT.mark) !== 0)) return false
  if (r.ctstate !== null && !r.ctstate.includes(q.ctstate)) return false
  if (r.srcLocal && isLocal(s, r, q.src) === ((not & NOT.srcType) !== 0)) return false
  if (r.dstLocal && isLocal(s, r, q.dst) === ((not & NOT.dstType) !== 0)) return false
  return r.below === null || drawn(s, r, r.below)
}

/** statistic_mt() draws 31 random bits anew for every question. Here they follow from the machine, the connection, the flow's draw and how many were drawn before: the same flow always ends the same way, another draw may not. */
function drawn(s: State, r: CompiledRule, below: number): boolean {
  const { q } = s
  const t = q.original ?? q
  s.compared += DRAW
  const before = s.draws?.length ?? 0
  const bits = fnv1a(`${s.n.name}|${q.proto}|${t.src}|${t.dst}|${t.sport}|${t.dport}|${q.draw ?? 0}|${before}`) >>> 1
  const draw = { rule: r.row, value: bits / 2 ** 31, probability: below / 2 ** 31 }
  if (s.draws === null) s.draws = [draw]
  else s.draws.push(draw)
  return bits < below
}

/** A hook that has no such device compares with the empty name. */
function named(p: NamePattern, name: string | null): boolean {
  const have = name ?? ''
  return p.prefix ? have.startsWith(p.text) : have === p.text
}

function isLocal(s: State, r: CompiledRule, ip: string): boolean {
  const owner = localAddress(s.n, ip)
  return owner !== null && (!r.limitIfaceIn || owner.dev.name === s.q.iif)
}
