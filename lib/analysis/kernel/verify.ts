import type { Flow } from '#lib/trace/flow.ts'
import type { Draw } from '#lib/trace/decision.ts'
import type { DropReason } from '#lib/trace/drop.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { isBare, linkOf, portOf, wireOf } from '#lib/topology/devs.ts'
import {
  deviceAt,
  netns,
  spaces,
  withSpace,
  withTable,
  type Netns,
  type Ref,
  type Topology,
} from '#lib/topology/topology.ts'
import { sameVirtual } from '#lib/topology/tables/ipvsServices/row.ts'
import {
  acksDiffer,
  beyondWindow,
  FIRST_WINDOW,
  longestWrite,
  pushedAlone,
  withoutAcks,
} from './agree-tcp.ts'
import { apart, compare, type Comparison, type Pair } from './agree.ts'
import { ALLOWANCES, type Fixed } from './allowances.ts'
import { outcomeOf } from './learned.ts'
import { wholeKernels, wholeOurs } from './recorded.ts'
import { type CapturedFrame, type OurFrame, type RawFrame } from '#lib/analysis/read/frames.ts'
import { agree } from './words.ts'
import { countersDiffer, countersOf } from '#lib/analysis/read/counters.ts'

/** What else than single fields may differ in a lab; lib/words says why. */
export const RULES = [
  ...ALLOWANCES,
  'tcp-bursts',
  'tcp-acks',
  'timers',
  'beyond-aws',
  'draw',
] as const
export type Rule = (typeof RULES)[number]

/** The rules that were needed, in the order of RULES, with how often and what they say. */
export function rulesOf(
  used: Agreement['allowances'],
): { readonly rule: string; readonly count: number; readonly text: string }[] {
  return RULES.flatMap((rule) => {
    const count = used[rule]
    return count === undefined ? [] : [{ rule, count, text: agree().rules[rule] }]
  })
}

/** What came of one flow, for a person, a script or a badge. */
export interface Agreement {
  readonly version: 1
  readonly kernel: string
  readonly world: string
  readonly whatIf: readonly string[]
  readonly flow: string
  readonly verdict: 'agrees' | 'differs' | 'not verified'
  /** What differs is asked once more, in a new lab: a busy machine is late, and an id drawn at random may be drawn twice. All must agree then. */
  readonly asked: 1 | 2
  /** Frames of the kernel that were compared with ours, and those that came after AWS would have dropped the packet. */
  readonly frames: number
  readonly beyond: number
  readonly allowances: Readonly<Partial<Record<Rule, number>>>
  readonly differences: readonly string[]
  /** What this machine or no machine outside AWS can show, one line each. */
  readonly notVerified: readonly string[]
}

/** What the kernel showed of a flow, as the agent in the lab reports it. */
export interface Showing {
  readonly outcome: string
  readonly lost: number
  readonly counters: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly frames: readonly RawFrame[]
}

/** What AWS drops and a lab carries on. */
const AWS: readonly DropReason[] = ['security-group', 'network-acl']
/** What the lab's stand-in for AWS drops as AWS says it does. */
const STOOD_IN: readonly DropReason[] = ['source-dest-check', 'vpc-too-big']

/** A walk and the kernel's frames: pair by pair, and what does not agree. */
export function judge(
  w: Walk,
  shown: Showing,
): { readonly pairs: readonly Pair[] } & Pick<
  Agreement,
  'frames' | 'beyond' | 'allowances' | 'differences' | 'notVerified'
> {
  const bare = (ns: string, name: string): boolean => {
    const d = deviceAt(w.before, ns, name)
    return d !== undefined && isBare(d)
  }
  const kernel = wholeKernels(shown.frames, bare)
  const ours = wholeOurs(w.frames)
  const dropped = (among: readonly DropReason[]): DropReason[] => [
    ...new Set(
      w.steps.flatMap((s) =>
        s.drop !== null && among.includes(s.drop.reason) ? [s.drop.reason] : [],
      ),
    ),
  ]
  const aws = dropped(AWS)
  const { c, beyond, rule, more } = lined(kernel, ours, {
    fixed: fixedBy(w),
    aws: aws.length > 0,
    daemon: (ns) => (netns(w.before, ns)?.daemons.length ?? 0) > 0,
    wired: (ns) => netns(w.before, ns)?.devs.some((d) => wireOf(d) !== null) === true,
    queues: queuesOf(w.before),
  })
  const allowances: Partial<Record<Rule, number>> = Object.fromEntries(c.used)
  if (rule !== null) allowances[rule] = 1
  if (beyond > 0) allowances['beyond-aws'] = beyond
  const failed = w.steps.filter((s) => s.drop?.reason === 'neigh-failed').length
  if (failed > 0) allowances.timers = failed
  const drawn = drawsOf(w).length
  if (drawn > 0) allowances.draw = drawn
  const outcome = outcomeOf(w)
  return {
    pairs: c.pairs,
    frames: kernel.length - beyond,
    beyond,
    allowances,
    differences: [
      ...c.differences,
      ...more,
      ...pushedAlone(kernel),
      ...(longestWrite(ours) > FIRST_WINDOW ? beyondWindow(kernel) : []),
      ...(shown.lost > 0 ? [agree().lost(shown.lost)] : []),
      ...(aws.length > 0
        ? []
        : [
            ...countersDiffer(countersOf(w), shown.counters),
            ...(outcome === shown.outcome ? [] : [agree().program(shown.outcome, outcome)]),
          ]),
    ],
    notVerified: [
      ...aws.map((reason) => agree().onlyAws(reason)),
      ...dropped(STOOD_IN).map((reason) => agree().onlyDocumented(reason)),
    ],
  }
}

const drawsOf = (w: Walk): Draw[] =>
  w.steps.flatMap((s) => (s.decision.kind === 'hook' ? (s.decision.draws ?? []) : []))

/** The walk's world with everything that drew made certain: a rule matches always or never, and of real servers it is the chosen one's turn. The same world if nothing drew. */
export function pinned(w: Walk): Topology {
  const turned = turnsOf(w).reduce((t, { in: name, row }) => {
    const n = netns(t, name)!
    const rows = firstOf(n.ipvsServers, row)
    return rows === n.ipvsServers ? t : withSpace(t, withTable(n, 'ipvsServers', rows))
  }, w.before)
  return drawsOf(w).reduce((t, { rule, value, probability }) => {
    const n = netns(t, rule.in)!
    const row = n.netfilter[rule.row]!
    return withSpace(
      t,
      withTable(
        n,
        'netfilter',
        n.netfilter.with(rule.row, {
          ...row,
          statistic: { probability: value < probability ? 1 : 0 },
        }),
      ),
    )
  }, turned)
}

/** The real servers to which connections were given, by their rows, each once. */
function turnsOf(w: Walk): Ref[] {
  const turns = w.steps.flatMap(({ decision: d }) =>
    d.kind === 'ipvs' && d.matched?.table === 'ipvsServers' ? [d.matched] : [],
  )
  return [...new Map(turns.map((r) => [`${r.in} ${r.row}`, r])).values()]
}

/** The rows with those of its service behind it: who stands first is asked first. Rows of other services keep their places. */
function firstOf(rows: Netns['ipvsServers'], row: number): Netns['ipvsServers'] {
  const first = rows[row]!
  const own = rows.flatMap((x, at) => (sameVirtual(x, first) ? [at] : []))
  if (own[0] === row) return rows
  const order = [row, ...own.filter((at) => at !== row)]
  return rows.map((x, at) => (own.includes(at) ? rows[order[own.indexOf(at)]!]! : x))
}

/** `rule`: what had to be allowed of the order; `more`: what that demands and the kernel did not show. */
interface Lined {
  readonly c: Comparison
  readonly beyond: number
  readonly rule: Rule | null
  readonly more: readonly string[]
}

/** `aws`: AWS would have dropped the packet; `daemon`, `wired`: has the namespace flanneld, or a wire of the VPC? */
interface Around {
  readonly fixed: Fixed
  readonly aws: boolean
  readonly daemon: (ns: string) => boolean
  readonly wired: (ns: string) => boolean
  readonly queues: ReadonlySet<string>
}

/** Where devices stand on others: broadcasts of ipvlan slaves go by a work queue (ipvlan_process_multicast()). The namespaces of those below. */
function queuesOf(t: Topology): ReadonlySet<string> {
  return new Set(
    spaces(t).flatMap((s) =>
      s.kind === 'vpc' ? [] : s.devs.flatMap((d) => linkOf(d)?.netns ?? []),
    ),
  )
}

/** In the order of the whole, or, where two processors or programs raced, in that of each namespace, or, beside flanneld, and beside the VPC where several fragments are under way, of each device and direction;
 *  so also where TCP sends in several bursts. */
function lined(
  kernel: readonly CapturedFrame[],
  ours: readonly OurFrame[],
  { fixed, aws, daemon, wired, queues }: Around,
): Lined {
  const strict = cut(compare(kernel, ours, fixed), aws)
  if (strict.c.differences.length === 0) return { ...strict, rule: null, more: [] }
  const all = (): boolean => true
  const segments = longestWrite(ours)
  const flanneld = kernel.some((f) => daemon(f.ns))
  const ways: readonly (readonly [Rule, (ns: string) => boolean, boolean])[] = [
    ['scheduling', () => false, false],
    ...(flanneld
      ? ([
          ['scheduling', daemon, false],
          ['scheduling', all, true],
        ] as const)
      : []),
    ...(ours.some((f) => f.layers.some((x) => x.type === 'fragment'))
      ? ([['scheduling', (ns: string) => daemon(ns) || wired(ns), false]] as const)
      : []),
    ...(queues.size > 0 ? ([['scheduling', (ns: string) => queues.has(ns), true]] as const) : []),
    ...(segments > 1 ? ([['tcp-bursts', all, false]] as const) : []),
  ]
  let best: Lined | null = null
  for (const [rule, split, arp] of ways) {
    const each = cut(compare(apart(kernel, split, arp), apart(ours, split, arp), fixed), aws)
    if (best === null || each.c.differences.length < best.c.differences.length)
      best = { ...each, rule, more: [] }
    if (best.c.differences.length === 0) return best
  }
  if (segments > FIRST_WINDOW && !aws) {
    const more = acksDiffer(kernel, ours, fixed.ip_ids)
    const c = compare(apart(withoutAcks(kernel), all), apart(withoutAcks(ours), all), {
      ...fixed,
      counted: false,
    })
    if (c.differences.length + more.length < best!.c.differences.length)
      best = { c, beyond: 0, rule: 'tcp-acks', more }
  }
  return best!.c.differences.length + best!.more.length < strict.c.differences.length || aws
    ? best!
    : { ...strict, rule: null, more: [] }
}

/** Takes away the kernel's frames behind our last one in each namespace, where AWS would have stopped the packet. */
function cut(c: Comparison, aws: boolean): { readonly c: Comparison; readonly beyond: number } {
  if (!aws) return { c, beyond: 0 }
  const last = new Map<string, number>()
  c.pairs.forEach((p, i) => {
    if (p.ours !== null) last.set(p.ours.ns, i)
  })
  const pairs = c.pairs.filter((p, i) => p.ours !== null || i < (last.get(p.kernel!.ns) ?? -1))
  return {
    c: {
      ...c,
      pairs,
      differences: pairs.flatMap((p) => {
        const f = (p.kernel ?? p.ours)!
        return p.differences.map((d) => `${f.ns}/${f.iface} ${f.dir}: ${d}`)
      }),
    },
    beyond: c.pairs.length - pairs.length,
  }
}

/** The numbers that somebody chose: the sender's, those of listeners, rules, tunnels. IP id 0 is chosen too. */
function fixedBy(w: Walk): Fixed {
  const first = w.frames[0]
  const own = senders(w)
  const ports = spaces(w.before)
    .flatMap((s) =>
      s.kind === 'vpc'
        ? []
        : [
            ...s.sockets.map((x) => x.port),
            ...s.conntrack.flatMap((c) => [
              c.original.sport,
              c.original.dport,
              c.reply.sport,
              c.reply.dport,
            ]),
            ...s.daemons.map((x) => x.port),
            ...s.devs.flatMap((d) => portOf(d) ?? []),
            ...s.netfilter.flatMap((r) => [
              ...[r.sport, r.dport].filter((p) => typeof p === 'number'),
              'port' in r.target ? r.target.port : undefined,
            ]),
          ],
    )
    .filter((p) => p !== undefined)
  const id = first === undefined || w.flow.id === undefined ? [] : [w.flow.id]
  return {
    ip_ids: [0, ...id],
    icmp_ids: w.flow.proto === 'icmp' ? [own] : [],
    ports: [...new Set([own, w.flow.dport, ...ports])],
  }
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

/** What a person calls the flow. */
export function flowText(f: Flow): string {
  return `${f.proto} ${f.from} → ${f.to}${f.proto === 'icmp' ? '' : `:${f.dport}`}${f.ttl === 64 ? '' : ` ttl ${f.ttl}`}${f.df === true ? ' DF' : ''} ${f.size} bytes`
}
