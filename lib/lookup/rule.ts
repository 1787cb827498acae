import { parseCidr, toNumber } from '#lib/wire/addr.ts'
import { find, ipOf, PROTO, type Packet } from '#lib/wire/packet.ts'
import type { Route, Rule } from '#lib/topology/rows.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { BORN } from '#lib/topology/tables/rules/row.ts'
import { indexed } from '#lib/topology/indexed.ts'
import { span, within, type Span } from './span.ts'

/** A policy rule ready to be compared: addresses as signed 32-bit numbers, an absent match as mask 0. */
export interface CompiledRule {
  readonly row: number
  /** null: it decides by itself. */
  readonly table: string | null
  readonly action: NonNullable<Rule['action']> | null
  /** Answers of prefixes no longer than this do not count; -1: all do. */
  readonly suppress: number
  readonly from: number
  readonly fromMask: number
  readonly to: number
  readonly toMask: number
  readonly iif: string | null
  readonly mark: number
  readonly markMask: number
  /** It asks for a socket that is bound to a device. */
  readonly bound: boolean
  /** IP protocol number; 0 where it asks for none. */
  readonly proto: number
  readonly sport: Span | null
  readonly dport: Span | null
  /** For all that the rest does not fit. */
  readonly not: boolean
  /** It asks for nothing. */
  readonly all: boolean
}

/**
 * Some rules that follow each other. A VPC CNI node has two per pod, `to pod/32` and `from pod/32`: neighbours in priority that ask
 * for one whole address are hashed by it, since at most those of the packet's own address can apply. `key` null: compare them all.
 */
export interface RuleStep {
  readonly key: 'src' | 'dst' | null
  readonly rules: readonly CompiledRule[]
  readonly byAddress: ReadonlyMap<number, readonly CompiledRule[]>
}

const NO_RULES: readonly CompiledRule[] = []

/** Are these not the three rules that a namespace is born with (fib4_has_custom_rules)? */
export const customRules = indexed(
  (rules: readonly Rule[]): boolean =>
    rules.length !== BORN.length ||
    !BORN.every((b, i) => {
      const r = rules[i]!
      return (
        r.priority === b.priority &&
        r.table === b.table &&
        r.from === undefined &&
        r.to === undefined &&
        r.iif === undefined &&
        r.fwmark === undefined &&
        r.oif === undefined &&
        r.ipproto === undefined &&
        r.suppressPrefixlength === undefined &&
        r.not !== true
      )
    }),
)

/** The rules in the order they are asked: by priority, rows of the same priority as written. Without any no table is asked, and nothing is reachable (fib_rules_lookup: ESRCH). */
export const rulesInOrder = indexed((rules: readonly Rule[]): readonly RuleStep[] => {
  const order = rules
    .map((rule, row) => ({ rule, row }))
    .sort((a, b) => a.rule.priority - b.rule.priority || a.row - b.row)
  const steps: {
    key: RuleStep['key']
    rules: CompiledRule[]
    byAddress: Map<number, CompiledRule[]>
  }[] = []
  for (const { rule, row } of order) {
    const r = compileRule(rule, row)
    const key = r.not ? null : r.toMask === -1 ? 'dst' : r.fromMask === -1 ? 'src' : null
    let step = steps[steps.length - 1]
    if (step === undefined || step.key !== key)
      steps.push((step = { key, rules: [], byAddress: new Map() }))
    step.rules.push(r)
    if (key === null) continue
    const address = key === 'dst' ? r.to : r.from
    const same = step.byAddress.get(address)
    if (same === undefined) step.byAddress.set(address, [r])
    else same.push(r)
  }
  return steps
})

/** Does a rule apply to whatever comes? */
export function asksNothing(r: Rule): boolean {
  return r.not !== true && (r.from ?? r.to ?? r.iif ?? r.oif ?? r.fwmark ?? r.ipproto) === undefined
}

/** fib4_rules_early_flow_dissect(): what a packet shows such rules, where there are any. `back`: as its answer would. */
export function l4Of(
  { rules, routes }: Pick<Netns, 'rules' | 'routes'>,
  p: Packet,
  back = false,
): L4 {
  if (!asksForL4(rules) && !spreads(routes)) return NO_L4
  const proto = ipOf(p)?.proto ?? 0
  const ports = find(p, 'tcp') ?? find(p, 'udp')
  const [sport, dport] = [ports?.sport ?? 0, ports?.dport ?? 0]
  return back ? { proto, sport: dport, dport: sport } : { proto, sport, dport }
}

function compileRule(rule: Rule, row: number): CompiledRule {
  const from = rule.from === undefined ? null : parseCidr(rule.from)
  const to = rule.to === undefined ? null : parseCidr(rule.to)
  const mark = rule.fwmark
  return {
    row,
    table: rule.table ?? null,
    action: rule.action ?? null,
    suppress: rule.suppressPrefixlength ?? -1,
    from: (from?.base ?? 0) | 0,
    fromMask: (from?.mask ?? 0) | 0,
    to: (to?.base ?? 0) | 0,
    toMask: (to?.mask ?? 0) | 0,
    iif: rule.iif ?? null,
    mark: mark === undefined ? 0 : mark.value & mark.mask,
    markMask: mark === undefined ? 0 : mark.mask | 0,
    bound: rule.oif !== undefined,
    proto: rule.ipproto === undefined ? 0 : PROTO[rule.ipproto],
    sport: rule.sport === undefined ? null : span(rule.sport),
    dport: rule.dport === undefined ? null : span(rule.dport),
    not: rule.not === true,
    all: asksNothing(rule),
  }
}

/** The rules of a step that may apply to these addresses, in order. */
export function candidates(step: RuleStep, src: number, dst: number): readonly CompiledRule[] {
  if (step.key === null) return step.rules
  return step.byAddress.get((step.key === 'dst' ? dst : src) | 0) ?? NO_RULES
}

/** What a rule is compared with (struct flowi4): addresses as numbers. */
export interface Sought {
  readonly src: number
  readonly to: number
  readonly iif: string
  readonly mark: number
  readonly l4: L4
}

/** What rules know of the layer above: an IP protocol number and its ports, 0 for what nobody looked at. */
export interface L4 {
  readonly proto: number
  readonly sport: number
  readonly dport: number
}
export const NO_L4: L4 = { proto: 0, sport: 0, dport: 0 }

/** Has a route several next hops? They may be chosen by ports. */
export const spreads = indexed((routes: readonly Route[]): boolean =>
  routes.some((r) => r.weight !== undefined),
)

/** Does any rule ask for protocol or ports (fib_rules_require_fldissect)? Most namespaces have none, and nobody looks. */
export const asksForL4 = indexed((rules: readonly Rule[]): boolean =>
  rules.some((r) => r.ipproto !== undefined),
)

/** Does the rule apply (kernel: fib_rule_match)? A packet made here comes in by the loopback, so `iif lo` means it. */
export function ruleMatches(r: CompiledRule, { src, to, iif, mark, l4 }: Sought): boolean {
  const fits =
    (to & r.toMask) === r.to &&
    (src & r.fromMask) === r.from &&
    (mark & r.markMask) === r.mark &&
    (r.iif === null || r.iif === iif) &&
    !r.bound &&
    (r.proto === 0 || r.proto === l4.proto) &&
    (r.sport === null || within(r.sport, l4.sport)) &&
    (r.dport === null || within(r.dport, l4.dport))
  return fits !== r.not
}

/** An address as a number; an absent one is 0.0.0.0. */
export function numberOf(ip: string | undefined): number {
  return ip === undefined ? 0 : toNumber(ip)
}
