import { asksNothing, netns, type Rule } from '#lib/index.ts'
import { decides } from '#components/words/decides.ts'
import type { Asked, Decided, Row } from './table.ts'
import { few, inOrder } from './few.ts'
import { otherwise } from './prefixes.ts'
import { printedRows } from './printed.ts'

/** What a namespace is born with: local, main, default. Of those nobody has to be told. */
const BORN = 3

/** The policy rules in the order they were asked, up to the one whose table answered. */
export function ruled({ d, step, topology }: Asked<'route'>): Decided | null {
  const n = netns(topology, step.in)
  if (n === undefined || n.rules.length <= BORN) return null
  const texts = printedRows(n, 'rules')
  const rows = n.rules
    .map((rule, row) => ({ rule, row }))
    .toSorted((a, b) => a.rule.priority - b.rule.priority || a.row - b.row)
    .map(({ rule, row }): Row => {
      const won = row === d.rule?.row
      return {
        ref: { in: step.in, table: 'rules', row },
        bits: null,
        name: (texts.get(row) ?? '')
          .replace(/ (?:lookup .*|blackhole|prohibit|unreachable)$/, '')
          .replace(/^(\d+):\s+/, '$1: '),
        leads: rule.table === undefined ? (rule.action ?? '') : decides().ruleTable(rule.table),
        mark: won ? 'wins' : 'no',
        says: won ? decides().ruleYes(rule.table ?? rule.action ?? '') : passed(rule, row, d),
      }
    })
  const all = d.rule === null ? [...rows, otherwise(decides().anyPacket, decides().noRule)] : rows
  return {
    table: 'rules',
    in: step.in,
    title: 'ip rule',
    prompt: true,
    asks: decides().whichTable,
    ...(d.rule === null ? few(all) : inOrder(all)),
  }
}

/** A rule that was asked and did not lead anywhere: the packet is not what it is about, or its table had no row for it. */
function passed(rule: Rule, row: number, { passed: had = [] }: Asked<'route'>['d']): string {
  const { table } = rule
  return table !== undefined && (asksNothing(rule) || had.some((r) => r.row === row))
    ? decides().ruleNothing(table)
    : decides().ruleNo
}
