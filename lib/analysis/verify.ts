import type { Flow } from '#lib/trace/flow.ts'
import type { Draw } from '#lib/trace/decision.ts'
import type { DropReason } from '#lib/trace/drop.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { dev, netns, spaces, withSpace, withTable, type Topology } from '#lib/topology/topology.ts'
import { acksDiffer, beyondWindow, FIRST_WINDOW, longestWrite, pushedAlone, withoutAcks } from './agree-tcp.ts'
import { ALLOWANCES, apart, compare, wholeKernels, wholeOurs, type CapturedFrame, type Comparison, type Fixed, type OurFrame, type Pair, type RawFrame } from './agree.ts'
import { countersDiffer, countersOf } from './counters.ts'

/** What else than single fields may differ in a lab, and why. */
export const RULES = {
  ...ALLOWANCES,
  'tcp-bursts': 'How many segments of a write leave in one go is timing, and so what comes in between: acknowledgements, ICMP errors. Demanded: the order of what each device takes in, and of what it sends; never more segments than ten and two for each acknowledged.',
  'tcp-acks': 'How many segments of a write longer than the first window one acknowledgement covers is timing. Demanded: each at the end of a segment, in order, up to the last; IP ids that count up.',
  timers: 'A lab does not wait: ARP asks again after 80 ms instead of a second, and TCP sends again only after 5 s. Demanded: three questions, then the same errors.',
  'beyond-aws': 'Security groups, network ACLs, the source/destination check and the gateway’s MTU are AWS’s: a kernel without them goes on where AWS drops. Demanded: all frames up to there, and the further ones behind them in each namespace; the error that AWS sends back is not looked for.',
  draw: 'A rule with a probability draws at random. In the lab the rules that the walk asked have 1 or 0 in its place, as the walk drew. Demanded: the same endpoint, and all that follows from it.',
} as const satisfies Readonly<Record<string, string>>
export type Rule = keyof typeof RULES

/** The rules that were needed, in the order of RULES, with how often and what they say. */
export function rulesOf(used: Agreement['allowances']): { readonly rule: string; readonly count: number; readonly text: string }[] {
  return Object.entries(RULES).flatMap(([rule, text]) => { const count = used[rule as Rule]; return count === undefined ? [] : [{ rule, count, text }] })
}

/** What came of one flow, for a person, a script or a badge. */
export interface Agreement {
  readonly version: 1
  readonly kernel: string; readonly world: string; readonly whatIf: readonly string[]; readonly flow: string
  readonly verdict: 'agrees' | 'differs' | 'not verified'
  /** What differs is asked once more, in a new lab: a busy machine is late, and an id drawn at random may be drawn twice. All must agree then. */
  readonly asked: 1 | 2
  /** Frames of the kernel that were compared with ours, and those that came after AWS would have dropped the packet. */
  readonly frames: number; readonly beyond: number
  readonly allowances: Readonly<Partial<Record<Rule, number>>>
  readonly differences: readonly string[]
  /** What this machine or no machine outside AWS can show, one line each. */
  readonly notVerified: readonly string[]
}

/** What the kernel showed of a flow, as the agent in the lab reports it. */
export interface Showing { readonly outcome: string; readonly lost: number; readonly counters: Readonly<Record<string, Readonly<Record<string, number>>>>; readonly frames: readonly RawFrame[] }

const AWS: readonly DropReason[] = ['security-group', 'network-acl', 'source-dest-check', 'vpc-too-big']

/** A walk and the kernel's frames: pair by pair, and what does not agree. */
export function judge(w: Walk, shown: Showing): { readonly pairs: readonly Pair[] } & Pick<Agreement, 'frames' | 'beyond' | 'allowances' | 'differences' | 'notVerified'> {
  const bare = (ns: string, name: string): boolean => { const n = netns(w.before, ns); return n !== undefined && dev(n, name)?.kind === 'tun' }
  const kernel = wholeKernels(shown.frames, bare)
  const madeByAws = new Set(w.messages.filter((m) => m.kind === 'error' && netns(w.before, w.steps.find((s) => s.message === m.n)?.in ?? '') === undefined).map((m) => m.n))
  const ours = wholeOurs(w.frames.filter((f) => !madeByAws.has(f.message)))
  const aws = [...new Set(w.steps.flatMap((s) => (s.drop !== null && AWS.includes(s.drop.reason) ? [s.drop.reason] : [])))]
  const { c, beyond, rule, more } = lined(kernel, ours, fixedBy(w), aws.length > 0, (ns) => (netns(w.before, ns)?.daemons.length ?? 0) > 0)
  const allowances: Partial<Record<Rule, number>> = Object.fromEntries(c.used)
  if (rule !== null) allowances[rule] = 1
  if (beyond > 0) allowances['beyond-aws'] = beyond
  const failed = w.steps.filter((s) => s.drop?.reason === 'neigh-failed').length
  if (failed > 0) allowances.timers = failed
  const drawn = drawsOf(w).length
  if (drawn > 0) allowances.draw = drawn
  const outcome = outcomeOf(w)
  return {
    pairs: c.pairs, frames: kernel.length - beyond, beyond, allowances,
    differences: [
      ...c.differences, ...more, ...pushedAlone(kernel), ...(longestWrite(ours) > FIRST_WINDOW ? beyondWindow(kernel) : []), ...(shown.lost > 0 ? [`the capture lost ${shown.lost} frames`] : []),
      ...(aws.length > 0 ? [] : [...countersDiffer(countersOf(w), shown.counters), ...(outcome === shown.outcome ? [] : [`the program: kernel ${shown.outcome}, ours ${outcome}`])]),
    ],
    notVerified: aws.map((reason) => `${reason}: not verifiable outside AWS; compared up to where the frame enters the VPC`),
  }
}

const drawsOf = (w: Walk): Draw[] => w.steps.flatMap((s) => (s.decision.kind === 'hook' ? s.decision.draws ?? [] : []))

/** The walk's world with every rule that drew made certain: it matches always or never, as in the walk. The same world if nothing drew. */
export function pinned(w: Walk): Topology {
  return drawsOf(w).reduce((t, { rule, value, probability }) => {
    const n = netns(t, rule.in)!
    const row = n.netfilter[rule.row]!
    return withSpace(t, withTable(n, 'netfilter', n.netfilter.with(rule.row, { ...row, statistic: { probability: value < probability ? 1 : 0 } })))
  }, w.before)
}

/** `rule`: what had to be allowed of the order; `more`: what that demands and the kernel did not show. */
interface Lined { readonly c: Comparison; readonly beyond: number; readonly rule: Rule | null; readonly more: readonly string[] }

/** In the order of the whole, or, where two processors or programs raced, in that of each namespace, or, beside flanneld, of each device and direction;
 *  so also where TCP sends in several bursts. */
function lined(kernel: readonly CapturedFrame[], ours: readonly OurFrame[], fixed: Fixed, aws: boolean, daemon: (ns: string) => boolean): Lined {
  const strict = cut(compare(kernel, ours, fixed), aws)
  if (strict.c.differences.length === 0) return { ...strict, rule: null, more: [] }
  const all = (): boolean => true
  const segments = longestWrite(ours)
  const ways: readonly (readonly [Rule, (ns: string) => boolean])[] = [
    ['scheduling', () => false], ...(kernel.some((f) => daemon(f.ns)) ? [['scheduling', daemon]] as const : []), ...(segments > 1 ? [['tcp-bursts', all]] as const : []),
  ]
  let best: Lined | null = null
  for (const [rule, split] of ways) {
    const each = cut(compare(apart(kernel, split), apart(ours, split), fixed), aws)
    if (best === null || each.c.differences.length < best.c.differences.length) best = { ...each, rule, more: [] }
    if (best.c.differences.length === 0) return best
  }
  if (segments > FIRST_WINDOW && !aws) {
    const more = acksDiffer(kernel, ours, fixed.ip_ids)
    const c = compare(apart(withoutAcks(kernel), all), apart(withoutAcks(ours), all), fixed, false)
    if (c.differences.length + more.length < best!.c.differences.length) best = { c, beyond: 0, rule: 'tcp-acks', more }
  }
  return best!.c.differences.length + best!.more.length < strict.c.differences.length || aws ? best! : { ...strict, rule: null, more: [] }
}

/** Takes away the kernel's frames behind our last one in each namespace, where AWS would have stopped the packet. */
function cut(c: Comparison, aws: boolean): { readonly c: Comparison; readonly beyond: number } {
  if (!aws) return { c, beyond: 0 }
  const last = new Map<string, number>()
  c.pairs.forEach((p, i) => { if (p.ours !== null) last.set(p.ours.ns, i) })
  const pairs = c.pairs.filter((p, i) => p.ours !== null || i < (last.get(p.kernel!.ns) ?? -1))
  return { c: { ...c, pairs, differences: pairs.flatMap((p) => { const f = (p.kernel ?? p.ours)!; return p.differences.map((d) => `${f.ns}/${f.iface} ${f.dir}: ${d}`) }) }, beyond: c.pairs.length - pairs.length }
}

/** The numbers that somebody chose: the sender's, those of listeners, rules, tunnels. IP id 0 is chosen too. */
function fixedBy(w: Walk): Fixed {
  const first = w.frames[0]
  const own = senders(w)
  const ports = spaces(w.before).flatMap((s) => (s.kind === 'vpc' ? [] : [
    ...s.sockets.map((x) => x.port), ...s.daemons.map((x) => x.port), ...s.devs.flatMap((d) => (d.kind === 'vxlan' ? [d.port] : [])), ...s.netfilter.flatMap((r) => [r.dport, r.sport, r.target.type === 'DNAT' ? r.target.port : undefined]),
  ])).filter((p) => p !== undefined)
  const id = first === undefined || w.flow.id === undefined ? [] : [w.flow.id]
  return { ip_ids: [0, ...id], icmp_ids: w.flow.proto === 'icmp' ? [own] : [], ports: [...new Set([own, w.flow.dport, ...ports])] }
}

/** The source port, or the id of an echo, that the walk's sender chose. */
export function senders(w: Walk): number {
  for (const s of w.steps) {
    const l4 = s.packet.headers.at(-1)
    if (l4?.kind === 'tcp' || l4?.kind === 'udp') return l4.sport
    if (l4?.kind === 'icmp') return l4.rest >>> 16
  }
  return w.flow.sport ?? 1
}

/** fib_props: the error of a system call whose packet finds no route. */
const NO_WAY = { 'no-route': 'ENETUNREACH', blackhole: 'EINVAL', 'unreachable-route': 'EHOSTUNREACH', 'prohibit-route': 'EACCES', 'broadcast-refused': 'EACCES', 'loopback-source': 'EINVAL' } as const

/** What the program that sent learns, in the agent's words. */
export function outcomeOf(w: Walk): string {
  if (w.delivered) return 'answer'
  const { loss } = w
  if (loss === null) return 'nothing'
  if (loss.drop.reason === 'message-size') return 'EMSGSIZE'
  // nf_hook_slow(): a packet of a program's own that a hook drops is an error of its system call; TCP tries again instead.
  if ((loss.drop.reason === 'netfilter' || loss.drop.reason === 'netfilter-reject') && loss.in === w.flow.from && w.frames.length === 0 && w.flow.proto !== 'tcp') return 'EPERM'
  // tcp_v4_err(): a path MTU is no error of the connection.
  if (loss.icmp !== null && !(w.flow.proto === 'tcp' && loss.icmp.type === 3 && loss.icmp.code === 4)) return `ICMP ${loss.icmp.type}/${loss.icmp.code} from ${loss.icmp.from}`
  if (loss.in === w.flow.from && w.frames.length === 0 && loss.drop.reason in NO_WAY) {
    // TCP tries again when a SYN found no way behind OUTPUT, and tcp_v4_connect() has an errno of its own for a broadcast.
    if (w.flow.proto === 'tcp' && w.steps.some((s) => s.drop === loss.drop && s.stage === 'reroute')) return 'nothing'
    if (w.flow.proto === 'tcp' && loss.drop.reason === 'broadcast-refused') return 'ENETUNREACH'
    return NO_WAY[loss.drop.reason as keyof typeof NO_WAY]
  }
  if (w.steps.some((s) => s.in === w.flow.from && s.decision.kind === 'app' && s.decision.did === 'error' && s.decision.what === 'connection refused')) return 'ECONNREFUSED'
  return 'nothing'
}

/** What a person calls the flow. */
export function flowText(f: Flow): string {
  return `${f.proto} ${f.from} → ${f.to}${f.proto === 'icmp' ? '' : `:${f.dport}`}${f.ttl === 64 ? '' : ` ttl ${f.ttl}`}${f.df === true ? ' DF' : ''} ${f.size} bytes`
}
