import type { Address } from '#lib/wire/addr.ts'
import { ipOf } from '#lib/wire/packet.ts'
import type { Decision } from '#lib/trace/decision.ts'
import type { RouteAnswer } from '#lib/lookup/route.ts'
import { NO_REFS, record, ref } from '#lib/run/record.ts'
import type { Here } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'

/* How a way that was looked up, or was none, is written down. */

type RouteDecision = Extract<Decision, { kind: 'route' }>

/** A routing decision that found nothing. */
export function noWay(dst: Address): RouteDecision {
  return {
    kind: 'route',
    dst,
    rule: null,
    matched: null,
    rejected: NO_REFS,
    local: false,
    dev: null,
    via: null,
    src: null,
  }
}

/** The rules whose tables were asked for nothing, as a decision has them. */
export function passedBy(name: string, { passed }: RouteAnswer): Pick<RouteDecision, 'passed'> {
  return passed === undefined
    ? {}
    : { passed: passed.map((row) => ({ in: name, table: 'rules', row })) }
}

/** The rule that said no by itself, without a table; of routes the route is named. */
export function decidedBy(
  name: string,
  { rule, matched }: RouteAnswer,
): Pick<RouteDecision, 'rule'> {
  return { rule: matched === null ? ref(name, 'rules', rule) : null }
}

/** What fib_lookup() answered, as a step. */
export function recordRoute(
  here: Here,
  s: Skb,
  {
    stage,
    dst,
    way,
  }: {
    readonly stage: 'route' | 'route-out' | 'reroute'
    readonly dst: Address
    readonly way: RouteAnswer
  },
): void {
  const { n } = here.l
  const decision: RouteDecision = {
    kind: 'route',
    dst,
    rule: ref(n.name, 'rules', way.rule),
    ...passedBy(n.name, way),
    matched:
      way.localDev !== null
        ? ref(n.name, 'devs', way.localDev)
        : ref(n.name, 'routes', way.matched),
    rejected:
      way.rejected.length === 0
        ? NO_REFS
        : way.rejected.map((row) => ({ in: n.name, table: 'routes', row })),
    local: way.type === 'local',
    dev: way.dev,
    via: way.via,
    src: way.src,
  }
  const mark = s.markedBy === null || way.rule === null ? undefined : n.rules[way.rule]?.fwmark
  const marked = mark !== undefined && (mark.mask & s.mark) !== 0
  record(here, s, { stage, decision: marked ? { ...decision, marks: s.markedBy! } : decision })
}

/** RTN_BROADCAST is for this machine too, but an echo is not answered (icmp_echo_ignore_broadcasts), a connection not opened, and no error sent. That a datagram reaches who listens is left out. */
export function ignoreBroadcast(at: Here, s: Skb, dev: string): null {
  record(at, s, {
    stage: 'route',
    decision: { ...noWay(ipOf(s.packet)!.dst), dev },
    drop: { reason: 'broadcast-ignored' },
  })
  return null
}

const REFUSED = {
  blackhole: 'blackhole',
  unreachable: 'unreachable-route',
  prohibit: 'prohibit-route',
  broadcast: 'broadcast-refused',
} as const
/** Why an answer that leads nowhere loses the packet (fib_props). */
export function refusal(way: RouteAnswer, dst: Address) {
  return { reason: REFUSED[way.type as keyof typeof REFUSED] ?? 'no-route', dst } as const
}
