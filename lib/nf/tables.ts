import { ipOf } from '#lib/wire/packet.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Hook, NfTable } from '#lib/topology/rows.ts'
import type { Ref } from '#lib/topology/topology.ts'
import { hasRules, type NfVerdict } from '#lib/lookup/netfilter.ts'
import { compared, NO_WRITES, record, ref } from '#lib/run/record.ts'
import type { Here, Live } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import type { Draw } from '#lib/trace/decision.ts'
import type { Stage } from '#lib/trace/stages.ts'
import { seldom } from './seldom.ts'
import { tupleOf } from './tuple.ts'

/** Which table is asked, where (struct nf_hook_state). `out`: where a forwarded packet will leave. */
export interface Asked {
  readonly table: NfTable
  readonly hook: Hook
  readonly out?: string
}

const STAGE: { readonly [H in Hook]: { readonly [T in NfTable]: Stage } } = {
  PREROUTING: { raw: 'raw', mangle: 'mangle', nat: 'nat', filter: 'mangle' },
  INPUT: { raw: 'input', mangle: 'input', nat: 'input', filter: 'input' },
  FORWARD: { raw: 'forward', mangle: 'forward', nat: 'forward', filter: 'forward' },
  OUTPUT: { raw: 'output', mangle: 'output', nat: 'output', filter: 'output' },
  POSTROUTING: {
    raw: 'postrouting',
    mangle: 'postrouting',
    nat: 'postrouting',
    filter: 'postrouting',
  },
}

/** The stage under which a table's answer at a hook is told. */
export function stageOf({ hook, table }: Asked): Stage {
  return STAGE[hook][table]
}

/** At OUTPUT and POSTROUTING a packet has no way in, and at PREROUTING and INPUT none out yet. */
export function isOut(hook: Hook): boolean {
  return hook === 'OUTPUT' || hook === 'POSTROUTING'
}

/** Ask one table at one hook: where the packet came in, or at OUTPUT and POSTROUTING where it leaves. What does not pass has been recorded as dropped; `reject` says how to answer. */
export function ask(
  here: Here,
  s: Skb,
  asked: Asked,
): { readonly pass: boolean; readonly reject: NfVerdict | null } {
  const { l } = here
  const { table, hook } = asked
  if (!hasRules(l.n, table, hook)) return PASS
  const v = verdict(here, s, asked)
  const before = s.mark
  const writes = heeded(here, s, v)
  const stage = STAGE[hook][table]
  if (v.verdict === 'DROP' || v.verdict === 'REJECT') {
    // No rule of its own: the chain's policy, whatever was jumped through on the way.
    const rule = ref(l.n.name, 'netfilter', v.rule)
    record(here, s, {
      stage,
      decision: {
        kind: 'hook',
        hook,
        table,
        matched: rule,
        verdict: v.verdict,
        ...draws(l, v),
        ...marks(v),
      },
      writes,
      drop: { reason: v.verdict === 'DROP' ? 'netfilter' : 'netfilter-reject', rule, hook },
    })
    return { pass: false, reject: v.verdict === 'REJECT' ? v : null }
  }
  // Most hooks mark and draw nothing, and many are asked: no spread for those.
  const plain = {
    kind: 'hook',
    hook,
    table,
    matched: lastTouched(l, v),
    verdict: 'ACCEPT',
  } as const
  const said = saidOf(s, { l, v, marked: s.mark !== before })
  record(here, s, { stage, decision: said === null ? plain : { ...plain, ...said }, writes })
  return PASS
}
const PASS = { pass: true, reject: null } as const

/** The rule that decided, or the last that was gone through. */
export function lastTouched(l: Live, v: NfVerdict): Ref | null {
  return ref(l.n.name, 'netfilter', v.rule ?? v.touched[v.touched.length - 1] ?? null)
}

/** What a table says to a packet. */
export function verdict(here: Here, s: Skb, asked: Asked): NfVerdict {
  const { run, l, on } = here
  const ip = ipOf(s.packet)
  const q = tupleOf(s.packet)
  const leaves = isOut(asked.hook)
  const v = run.asks.chain(l.n, asked, {
    src: ip?.src ?? '0.0.0.0',
    dst: ip?.dst ?? '0.0.0.0',
    proto: ip?.proto ?? 0,
    sport: q?.tuple.sport ?? 0,
    dport: q?.tuple.dport ?? 0,
    iif: leaves ? null : on,
    oif: leaves ? on : (asked.out ?? null),
    mark: s.mark,
    ctmark: s.ct?.mark ?? 0,
    markedBy: s.markedBy,
    ctmarkedBy: s.ct?.markedBy ?? null,
    ctstate: s.ctState ?? 'invalid',
    original: s.ct === null ? null : s.ct.original,
    reply: s.ct === null ? null : s.ct.reply,
    packet: s.packet,
    draw: run.flow.draw ?? 0,
    noted: l.noted,
    now: run.now,
    link: s,
  })
  compared(run, v.compared)
  return v
}

/** What a decision says beside its verdict; null if nothing. */
export function saidOf(
  s: Skb,
  { l, v, marked }: { readonly l: Live; readonly v: NfVerdict; readonly marked: boolean },
): Said | null {
  if (
    !marked &&
    v.draws.length === 0 &&
    v.weighed === null &&
    v.clamps.length === 0 &&
    !v.untracked
  )
    return null
  return {
    ...(marked ? { mark: v.mark } : {}),
    ...(v.clamps.length === 0 ? {} : { mss: seldom().mss.mssOf(s.packet) }),
    ...(v.untracked ? { untracked: true } : {}),
    ...draws(l, v),
    ...marks(v),
  }
}
export interface Said {
  readonly mark?: number
  readonly mss?: number
  readonly untracked?: true
  readonly draws?: readonly Draw[]
  readonly marks?: readonly Ref[]
}

/** The rules behind the mark that a rule compared, where a rule decided. */
function marks(v: NfVerdict): { readonly marks?: readonly Ref[] } {
  return v.weighed === null || v.rule === null ? {} : { marks: v.weighed }
}

function draws(l: Live, v: NfVerdict): { readonly draws?: readonly Draw[] } {
  if (v.draws.length === 0) return {}
  return {
    draws: v.draws.map(({ rule, value, probability }) => ({
      rule: { in: l.n.name, table: 'netfilter', row: rule },
      value,
      probability,
    })),
  }
}

/** What the targets met on the way did to the packet and its connection; what that writes. */
export function heeded(here: Here, s: Skb, v: NfVerdict): readonly Edit[] {
  if (v.untracked) s.ctState = 'untracked'
  for (const clamp of v.clamps) s.packet = seldom().mss.clamped(here, s, clamp)
  const { noted = null } = v
  return noted === null
    ? marked(here.l, s, v)
    : [...seldom().recent.written(here.l, noted), ...marked(here.l, s, v)]
}

/** The packet and its connection get the marks that the rules gave them; what that writes. */
function marked(l: Live, s: Skb, v: NfVerdict): readonly Edit[] {
  s.mark = v.mark
  s.markedBy = v.markedBy
  const { ct } = s
  if (ct === null || ct.mark === v.ctmark) return NO_WRITES
  ct.mark = v.ctmark
  ct.markedBy = v.ctmarkedBy
  return ct.index < 0
    ? NO_WRITES
    : [
        {
          op: 'set',
          in: l.n.name,
          table: 'conntrack',
          where: { proto: ct.proto, original: ct.original, reply: ct.reply },
          to: { mark: v.ctmark },
        },
      ]
}
