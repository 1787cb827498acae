import { toNumber } from '#lib/wire/addr.ts'
import { fnv1a } from '#lib/wire/hash.ts'
import type { Hook, NfTable, NfTarget } from '#lib/topology/rows.ts'
import type { Netns, Ref } from '#lib/topology/topology.ts'
import {
  compileChain,
  NOT,
  type CompiledChain,
  type CompiledRule,
  type Multi,
  type NamePattern,
} from './chain.ts'
import { localAddress } from './local.ts'
import { within } from './span.ts'
import type { Clamp, Marked, NfDraw, NfQuestion, NfVerdict, Noted, Remembered } from './verdict.ts'

export { compileChain } from './chain.ts'
export type { Clamp, Marked, NfDraw, NfQuestion, NfVerdict } from './verdict.ts'

const NONE: readonly never[] = []
/** One question compares no more rules than this: chains that jump to each other again and again could ask without end. Who gets so far cannot trust the verdict. */
export const MOST_COMPARED = 8_000_000
const MOST_TOUCHED = 10_000
/** A draw takes as long as so many comparisons. */
const DRAW = 50

/** Has the built-in chain of this hook any rule, or a policy that drops? False means: nothing to ask. */
export function hasRules(n: Netns, table: NfTable, hook: Hook): boolean {
  const chains = compileChain(n).chains[table]
  // Most namespaces have none in most tables.
  return chains.size > 0 && chains.has(hook)
}

/** Has the nat table a rule at any hook? */
export function translates(n: Netns): boolean {
  return compileChain(n).nat
}

/** Does anything in the namespace need connections tracked: a rule in nat, a ctstate match or a CONNMARK target? */
export function usesConntrack(n: Netns): boolean {
  return compileChain(n).conntrack
}

interface State {
  readonly n: Netns
  readonly q: NfQuestion
  readonly src: number
  readonly dst: number
  ctstate: NfQuestion['ctstate']
  mark: number
  ctmark: number
  markedBy: Marked
  ctmarkedBy: Marked
  weighed: Marked
  touched: number[] | null
  draws: NfDraw[] | null
  clamps: Clamp[] | null
  noted: readonly Noted[] | null
  /** More was looked at than a question is compared by. */
  closer: boolean
  compared: number
}

/** ipt_do_table(): walk the built-in chain of the hook, jumping into users' chains and back, until a rule or the policy decides. */
export function evaluate(
  n: Netns,
  { table, hook }: { readonly table: NfTable; readonly hook: Hook },
  q: NfQuestion,
): NfVerdict {
  const { chains } = compileChain(n)
  const chain = chains[table].get(hook)
  const known = chain === undefined ? undefined : remembered(chain, n, q)
  if (known !== undefined) return known
  if (chain === undefined)
    return {
      verdict: 'ACCEPT',
      rule: null,
      target: null,
      mark: q.mark,
      ctmark: q.ctmark,
      markedBy: q.markedBy ?? null,
      ctmarkedBy: q.ctmarkedBy ?? null,
      weighed: null,
      touched: NONE,
      untracked: false,
      clamps: NONE,
      draws: NONE,
      compared: 0,
    }
  const s: State = {
    n,
    q,
    src: toNumber(q.src) | 0,
    dst: toNumber(q.dst) | 0,
    ctstate: q.ctstate,
    mark: q.mark,
    ctmark: q.ctmark,
    markedBy: q.markedBy ?? null,
    ctmarkedBy: q.ctmarkedBy ?? null,
    weighed: null,
    touched: null,
    draws: null,
    clamps: null,
    noted: null,
    closer: false,
    compared: 0,
  }
  const decided = traverse(s, chains[table], chain)
  const target = decided?.target ?? null
  const verdict: NfVerdict = {
    verdict: decided === null ? chain.policy : (decided.target.type as NfVerdict['verdict']),
    rule: decided?.row ?? null,
    target,
    mark: s.mark >>> 0,
    ctmark: s.ctmark >>> 0,
    markedBy: s.markedBy,
    ctmarkedBy: s.ctmarkedBy,
    weighed: s.weighed,
    touched: s.touched ?? NONE,
    untracked: s.ctstate !== q.ctstate,
    clamps: s.clamps ?? NONE,
    noted: s.noted,
    draws: s.draws ?? NONE,
    compared: s.compared,
  }
  if (!s.closer) remember(chain, n, { q, verdict })
  return verdict
}

/** So many questions and answers are kept of each chain of a hook: a flow asks the same ones each time that it is walked. */
const REMEMBERED = 8

/** What the chain said to the same question, if that was lately. Verdicts rest on the devices of the namespace too. */
function remembered({ answers }: CompiledChain, n: Netns, q: NfQuestion): NfVerdict | undefined {
  for (let i = 0; i < answers.length; i += 1) {
    const a = answers[i]!
    if (a.devs === n.devs && a.name === n.name && sameQuestion(a.q, q)) return a.verdict
  }
  return undefined
}

function sameQuestion(a: NfQuestion, b: NfQuestion): boolean {
  return (
    a.src === b.src &&
    a.dst === b.dst &&
    a.proto === b.proto &&
    a.sport === b.sport &&
    a.dport === b.dport &&
    a.iif === b.iif &&
    a.oif === b.oif &&
    a.mark === b.mark &&
    a.ctmark === b.ctmark &&
    a.ctstate === b.ctstate &&
    unmarked(b)
  )
}

const unmarked = (q: NfQuestion): boolean =>
  (q.markedBy ?? null) === null && (q.ctmarkedBy ?? null) === null

/** Not what was drawn, or whose marks have a history: those rest on more than is compared. */
function remember(
  { answers }: CompiledChain,
  { devs, name }: Netns,
  { q, verdict }: Pick<Remembered, 'q' | 'verdict'>,
): void {
  if (verdict.draws.length > 0 || !unmarked(q)) return
  if (answers.length === REMEMBERED) answers.shift()
  answers.push({ devs, name, q, verdict })
}

/** The rule that decides in this chain or one it jumps to; null when the end or a RETURN is reached. */
function traverse(
  s: State,
  chains: ReadonlyMap<string, CompiledChain>,
  chain: CompiledChain,
): CompiledRule | null {
  for (const part of chain.parts)
    for (const r of 'get' in part ? (part.get(s.dst) ?? NONE) : part) {
      s.compared += 1
      if (s.compared > MOST_COMPARED) return null
      if (!matches(s, r)) continue
      switch (r.target.type) {
        case 'RETURN':
          touch(s, r)
          return null
        case 'JUMP':
        case 'GOTO': {
          touch(s, r)
          const next = chains.get(r.target.chain)
          const decided = next === undefined ? null : traverse(s, chains, next)
          // What comes to the end of a chain that -g led to is where the last jump came from.
          if (decided !== null || r.target.type === 'GOTO') return decided
          break
        }
        case 'MARK':
        case 'CONNMARK':
        case 'NOTRACK':
        case 'CT':
        case 'TCPMSS':
        case 'LOG':
        case 'NFLOG':
          touch(s, r)
          act(s, r)
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

/** What a target does that goes on: XT_CONTINUE. */
function act(s: State, r: CompiledRule): void {
  const { target } = r
  switch (target.type) {
    case 'NOTRACK':
    case 'CT':
      // notrack_tg(): what has its connection keeps it.
      if (s.q.original === null || s.q.original === undefined) s.ctstate = 'untracked'
      break
    case 'TCPMSS':
      if (s.clamps === null) s.clamps = [target]
      else s.clamps.push(target)
      break
    case 'CONNMARK':
      // connmark_tg(): what has no connection has no mark of one.
      if (s.q.original === null) break
      remark(s, r)
      break
    default:
      remark(s, r)
  }
}

function remark(s: State, r: CompiledRule): void {
  const { mark, ctmark } = s
  setMarks(s, r.target)
  follow(s, r, { mark, ctmark })
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

/** Whose mark it is after a rule has changed one; what a mark of other bits came from is kept. */
function follow(
  s: State,
  r: CompiledRule,
  { mark, ctmark }: { readonly mark: number; readonly ctmark: number },
): void {
  const copies = r.target.type === 'CONNMARK' && r.target.op !== 'set'
  if (s.mark !== mark)
    s.markedBy =
      s.mark === 0
        ? null
        : behind(copies ? s.ctmarkedBy : mark === 0 ? null : s.markedBy, s.n.name, r.row)
  if (s.ctmark !== ctmark)
    s.ctmarkedBy =
      s.ctmark === 0
        ? null
        : behind(copies ? s.markedBy : ctmark === 0 ? null : s.ctmarkedBy, s.n.name, r.row)
}

function behind(before: Marked, name: string, row: number): Marked {
  if (before?.some((x) => x.row === row) === true) return before
  const rule: Ref = { in: name, table: 'netfilter', row }
  return before === null ? [rule] : [...before, rule]
}

function matches(s: State, r: CompiledRule): boolean {
  const { q } = s
  const { not } = r
  if (r.src !== null && ((s.src & r.src.mask) === r.src.base) === ((not & NOT.src) !== 0))
    return false
  if (r.dst !== null && ((s.dst & r.dst.mask) === r.dst.base) === ((not & NOT.dst) !== 0))
    return false
  if (r.proto !== null && (q.proto === r.proto) === ((not & NOT.proto) !== 0)) return false
  if (r.iif !== null && named(r.iif, q.iif) === ((not & NOT.iif) !== 0)) return false
  if (r.oif !== null && named(r.oif, q.oif) === ((not & NOT.oif) !== 0)) return false
  if (r.sport !== null || r.dport !== null || r.multi !== null) {
    // Port matches belong to -p tcp or -p udp: nothing else has ports, not even for a ! match.
    if (q.proto !== 6 && q.proto !== 17) return false
    if (r.sport !== null && within(r.sport, q.sport) === ((not & NOT.sport) !== 0)) return false
    if (r.multi !== null && oneOf(r.multi, q) === r.multi.not) return false
    if (r.dport !== null && within(r.dport, q.dport) === ((not & NOT.dport) !== 0)) return false
  }
  if (r.mark !== null) {
    if ((s.mark & r.mark.mask) !== 0) s.weighed = s.markedBy
    if (((s.mark & r.mark.mask) === r.mark.value) === ((not & NOT.mark) !== 0)) return false
  }
  if (r.ctstate !== null && r.ctstate.includes(s.ctstate) === ((not & NOT.ctstate) !== 0))
    return false
  if (r.srcLocal && isLocal(s, r, q.src) === ((not & NOT.srcType) !== 0)) return false
  if (r.dstLocal && isLocal(s, r, q.dst) === ((not & NOT.dstType) !== 0)) return false
  if (r.extras !== null && !all(s, r.extras)) return false
  return r.below === null || drawn(s, r, r.below)
}

function all(s: State, extras: NonNullable<CompiledRule['extras']>): boolean {
  s.closer = true
  for (const e of extras) if (e.holds(s) === e.not) return false
  return true
}

/** multiport_mt() */
function oneOf({ src, dst, spans }: Multi, q: NfQuestion): boolean {
  for (const x of spans) if ((src && within(x, q.sport)) || (dst && within(x, q.dport))) return true
  return false
}

/** statistic_mt() draws 31 random bits anew for every question. Here they follow from the machine, the connection, the flow's draw and how many were drawn before: the same flow always ends the same way, another draw may not. */
function drawn(s: State, r: CompiledRule, below: number): boolean {
  const { q } = s
  const t = q.original ?? q
  s.compared += DRAW
  const before = s.draws?.length ?? 0
  const bits =
    fnv1a(
      `${s.n.name}|${q.proto}|${t.src}|${t.dst}|${t.sport}|${t.dport}|${q.draw ?? 0}|${before}`,
    ) >>> 1
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
  if (owner === null) return false
  // inet_addr_type_dev_table(): where a hook knows no such device, none is asked for.
  const only = r.limitIfaceIn ? s.q.iif : r.limitIfaceOut ? s.q.oif : null
  return only === null || owner.dev.name === only
}
