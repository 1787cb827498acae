import { parseCidr, toNumber } from '#lib/wire/addr.ts'
import type { Rule } from '#lib/topology/linux.ts'
import { indexed } from './indexed.ts'

/** A policy rule ready to be compared: addresses as signed 32-bit numbers, an absent match as mask 0. `row` is null for the kernel's own three. */
export interface CompiledRule {
  readonly row: number | null; readonly table: string
  readonly from: number; readonly fromMask: number
  readonly to: number; readonly toMask: number
  readonly iif: string | null
  readonly mark: number; readonly markMask: number
}

/** What every namespace is born with: 0 local, 32766 main, 32767 default. */
const DEFAULT_RULES: readonly CompiledRule[] = ['local', 'main', 'default'].map((table) => ({ row: null, table, from: 0, fromMask: 0, to: 0, toMask: 0, iif: null, mark: 0, markMask: 0 }))

/** The rules in the order they are asked: by priority, rows of the same priority as written. */
export const rulesInOrder = indexed((rules: readonly Rule[]): readonly CompiledRule[] => {
  if (rules.length === 0) return DEFAULT_RULES
  const order = rules.map((rule, row) => ({ rule, row })).sort((a, b) => a.rule.priority - b.rule.priority || a.row - b.row)
  return order.map(({ rule, row }) => {
    const from = rule.from === undefined ? null : parseCidr(rule.from)
    const to = rule.to === undefined ? null : parseCidr(rule.to)
    const mark = rule.fwmark
    return {
      row, table: rule.table,
      from: (from?.base ?? 0) | 0, fromMask: (from?.mask ?? 0) | 0,
      to: (to?.base ?? 0) | 0, toMask: (to?.mask ?? 0) | 0,
      iif: rule.iif ?? null,
      mark: mark === undefined ? 0 : mark.value & mark.mask, markMask: mark === undefined ? 0 : mark.mask | 0,
    }
  })
})

/** Does the rule apply (kernel: fib_rule_match)? A packet made here comes in by the loopback, so `iif lo` means it. */
export function ruleMatches(r: CompiledRule, src: number, dst: number, iif: string, mark: number): boolean {
  return (dst & r.toMask) === r.to && (src & r.fromMask) === r.from && (mark & r.markMask) === r.mark && (r.iif === null || r.iif === iif)
}

/** An address as a number; an absent one is 0.0.0.0. */
export function numberOf(ip: string | undefined): number {
  return ip === undefined ? 0 : toNumber(ip)
}
