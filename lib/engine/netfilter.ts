import type { Ipv4 } from '#lib/wire/addr.ts'
import { fnv1a } from '#lib/wire/hash.ts'
import { PROTO, type Packet } from '#lib/wire/packet.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Hook, NfTable, Tuple } from '#lib/topology/linux.ts'
import { evaluate, hasRules, usesConntrack, type NfVerdict } from '#lib/lookup/netfilter.ts'
import { selectAddress } from '#lib/lookup/local.ts'
import { lookupRoute } from '#lib/lookup/route.ts'
import { confirm, keyOf, lookup, tupleOf, translate } from './conntrack.ts'
import { compared, device, record, ref, type Ct, type Live, type Run, type Skb } from '#lib/devices/run.ts'
import type { Draw, Stage } from '#lib/trace/decision.ts'

const STAGE: { readonly [H in Hook]: { readonly [T in NfTable]: Stage } } = {
  PREROUTING: { raw: 'raw', mangle: 'mangle', nat: 'nat', filter: 'mangle' },
  INPUT: { raw: 'input', mangle: 'input', nat: 'input', filter: 'input' },
  FORWARD: { raw: 'forward', mangle: 'forward', nat: 'forward', filter: 'forward' },
  OUTPUT: { raw: 'output', mangle: 'output', nat: 'output', filter: 'output' },
  POSTROUTING: { raw: 'postrouting', mangle: 'postrouting', nat: 'postrouting', filter: 'postrouting' },
}

/** Ask one table at one hook. True if the packet goes on; a drop or reject has been recorded otherwise (`rejected` says how to answer). */
export function ask(run: Run, l: Live, s: Skb, t: NfTable, hook: Hook, iif: string | null, oif: string | null): { readonly pass: boolean; readonly reject: NfVerdict | null } {
  if (!hasRules(l.n, t, hook)) return PASS
  const v = verdict(run, l, s, t, hook, iif, oif)
  const before = s.mark
  s.mark = v.mark
  const writes = markWrites(l, s, v.ctmark)
  const matched = ref(l.n.name, 'netfilter', v.rule ?? v.touched[v.touched.length - 1] ?? null)
  const dev = iif ?? oif
  if (v.verdict === 'DROP' || v.verdict === 'REJECT') {
    // No rule of its own: the chain's policy, whatever was jumped through on the way.
    const rule = ref(l.n.name, 'netfilter', v.rule)
    record(run, s, l.n.name, dev, STAGE[hook][t], { kind: 'hook', hook, table: t, matched: rule, verdict: v.verdict, ...draws(l, v) }, writes, { reason: v.verdict === 'DROP' ? 'netfilter' : 'netfilter-reject', rule, hook })
    return { pass: false, reject: v.verdict === 'REJECT' ? v : null }
  }
  // Most hooks mark and draw nothing, and many are asked: no spread for those.
  const plain = { kind: 'hook', hook, table: t, matched, verdict: 'ACCEPT' } as const
  record(run, s, l.n.name, dev, STAGE[hook][t], s.mark === before && v.draws.length === 0 ? plain : { ...plain, ...(s.mark !== before ? { mark: s.mark } : {}), ...draws(l, v) }, writes)
  return PASS
}
const PASS = { pass: true, reject: null } as const

function verdict(run: Run, l: Live, s: Skb, t: NfTable, hook: Hook, iif: string | null, oif: string | null): NfVerdict {
  const at = s.packet.headers[0]?.kind === 'ethernet' ? 1 : 0
  const ip = s.packet.headers[at]
  const q = tupleOf(s.packet)
  const v = evaluate(l.n, t, hook, {
    src: ip?.kind === 'ipv4' ? ip.src : '0.0.0.0', dst: ip?.kind === 'ipv4' ? ip.dst : '0.0.0.0', proto: ip?.kind === 'ipv4' ? ip.proto : 0,
    sport: q?.tuple.sport ?? 0, dport: q?.tuple.dport ?? 0, iif, oif, mark: s.mark, ctmark: s.ct?.mark ?? 0, ctstate: s.ctState ?? 'invalid',
    original: s.ct === null ? null : s.ct.original, draw: run.flow.draw ?? 0,
  })
  compared(run, v.compared)
  return v
}

const NO_DRAWS = {}
function draws(l: Live, v: NfVerdict): { readonly draws?: readonly Draw[] } {
  if (v.draws.length === 0) return NO_DRAWS
  return { draws: v.draws.map(({ rule, value, probability }) => ({ rule: { in: l.n.name, table: 'netfilter', row: rule }, value, probability })) }
}

const NO_WRITES: readonly Edit[] = []

function markWrites(l: Live, s: Skb, mark: number): readonly Edit[] {
  const ct = s.ct
  if (ct === null || ct.mark === mark) return NO_WRITES
  ct.mark = mark
  return ct.index < 0 ? NO_WRITES : [{ op: 'set', in: l.n.name, table: 'conntrack', where: { proto: ct.proto, original: ct.original, reply: ct.reply }, to: { mark } }]
}

const NAT_HOOKS = ['PREROUTING', 'POSTROUTING', 'OUTPUT', 'INPUT'] as const

/** The nat table: decides once per connection, later packets and replies follow the entry (nf_nat_inet_fn). `end` is what this hook may change. */
export function nat(run: Run, l: Live, s: Skb, hook: 'PREROUTING' | 'INPUT' | 'OUTPUT' | 'POSTROUTING', iif: string | null, oif: string | null, bridged = false): void {
  if (!usesConntrack(l.n) || s.ct === null) return
  const end = hook === 'PREROUTING' || hook === 'OUTPUT' ? 'dst' : 'src'
  const ct = s.ct
  let matched = null
  let kind: 'ACCEPT' | 'DNAT' | 'SNAT' | 'MASQUERADE' = 'ACCEPT'
  let asked = false
  let drew: ReturnType<typeof draws> = NO_DRAWS
  let writes: ReturnType<typeof markWrites> = NO_WRITES
  if (s.ctState === 'new' && s.ctDir === 'original' && !(end === 'dst' ? ct.dstDone : ct.srcDone) && ct.index < 0) {
    if (end === 'dst') ct.dstDone = true
    else ct.srcDone = true
    if (hasRules(l.n, 'nat', hook)) {
      asked = true
      const v = verdict(run, l, s, 'nat', hook, iif, oif)
      drew = draws(l, v)
      s.mark = v.mark
      writes = markWrites(l, s, v.ctmark)
      matched = ref(l.n.name, 'netfilter', v.rule ?? v.touched[v.touched.length - 1] ?? null)
      const target = v.target
      if (target?.type === 'DNAT') { kind = 'DNAT'; setReply(l, ct, 'dst', target.to, target.port ?? ct.original.dport, false) }
      if (target?.type === 'SNAT') { kind = 'SNAT'; setReply(l, ct, 'src', target.to, ct.original.sport, target.randomFully === true) }
      if (target?.type === 'MASQUERADE') { kind = 'MASQUERADE'; setReply(l, ct, 'src', masqueradeAddress(l, s, oif), ct.original.sport, target.randomFully === true) }
    }
    // nf_nat_alloc_null_binding(): the source keeps its address, and its port unless another connection's answers would come to it (two ways to one pod, the Service's and the pod's own).
    if (end === 'src' && kind === 'ACCEPT' && NAT_HOOKS.some((h) => hasRules(l.n, 'nat', h))) setReply(l, ct, 'src', ct.reply.dst, ct.reply.dport, false)
  }
  const was = s.packet
  const changed = translate(s, end)
  if (!asked && !changed) return
  const plain = { kind: 'hook', hook, table: 'nat', matched, verdict: kind } as const
  record(run, s, l.n.name, iif ?? oif, hook === 'PREROUTING' ? 'nat' : STAGE[hook].nat, changed || bridged || drew !== NO_DRAWS ? { ...plain, ...(changed ? { from: ends(was), to: ends(s.packet) } : {}), ...(bridged ? { bridged } : {}), ...drew } : plain, writes)
}

function ends(p: Packet): string {
  const q = tupleOf(p)
  return q === null ? '' : `${q.tuple.src}:${q.tuple.sport} → ${q.tuple.dst}:${q.tuple.dport}`
}

/** nf_nat_l4proto_unique_tuple(): 128, 64, 32 and 16 ports in rows from four random starts, no more. */
const MOST_TRIED = 128 + 64 + 32 + 16

/** The tuple replies will carry (get_unique_tuple). A clash with another connection, or --random-fully, picks another source port: by hash here, at random in the kernel. Who finds none keeps the last one tried, and is dropped when that is to be written down. A destination's port stays what the rule says. */
function setReply(l: Live, ct: Ct, end: 'src' | 'dst', ip: Ipv4, port: number, random: boolean): void {
  const { src, dst, sport, dport } = ct.reply
  const icmp = ct.proto === 'icmp'
  if (end === 'dst') { ct.reply = { src: ip, dst, sport: port, dport: icmp ? port : dport }; return }
  const make = (p: number): Tuple => ({ src, dst: ip, sport: icmp ? p : sport, dport: p })
  let reply = ip === dst && port === dport ? ct.reply : make(port)
  if (!random && lookup(l, ct.proto, reply) === undefined) { ct.reply = reply; return }
  const seed = keyOf(ct.proto, ct.original)
  const floor = ct.proto === 'icmp' ? 0 : 1024
  for (let i = 0; i < MOST_TRIED && ((random && i === 0) || lookup(l, ct.proto, reply) !== undefined); i += 1) reply = make(floor + (fnv1a(`${seed}|${i}`) % (65536 - floor)))
  ct.reply = reply
  ct.taken = lookup(l, ct.proto, reply) !== undefined
}

/** nf_nat_masquerade_ipv4(): an address of the output device, chosen for the next hop. */
function masqueradeAddress(l: Live, s: Skb, oif: string | null): Ipv4 {
  const d = oif === null ? undefined : device(l, oif)
  const q = tupleOf(s.packet)
  if (d === undefined || q === null) return '0.0.0.0'
  const nexthop = lookupRoute(l.n, q.tuple.dst, { src: q.tuple.src, mark: s.mark }).via ?? q.tuple.dst
  return selectAddress(l.n, d, nexthop) ?? '0.0.0.0'
}

/** POSTROUTING and the confirmation behind it. */
export function postrouting(run: Run, l: Live, s: Skb, oif: string, bridged = false): boolean {
  if (!ask(run, l, s, 'mangle', 'POSTROUTING', null, oif).pass) return false
  nat(run, l, s, 'POSTROUTING', null, oif, bridged)
  return confirmed(run, l, s, oif)
}

/** Write the new connection, if this packet began one. False if its answers would be another's: then it is dropped (__nf_conntrack_confirm, insert_failed). */
export function confirmed(run: Run, l: Live, s: Skb, dev: string | null): boolean {
  const { ct } = s
  if (ct !== null && ct.taken && ct.index === -1 && s.ctState !== 'related') {
    record(run, s, l.n.name, dev, 'conntrack', { kind: 'conntrack', state: 'new', matched: null, translated: true }, [], { reason: 'nat-no-port', proto: ct.proto, src: ct.reply.dst })
    return false
  }
  const writes = confirm(l, s)
  if (writes.length > 0) record(run, s, l.n.name, dev, 'conntrack', { kind: 'conntrack', state: 'new', matched: ref(l.n.name, 'conntrack', s.ct?.index ?? -1), translated: false }, writes)
  return true
}

export const PROTO_OF = PROTO
