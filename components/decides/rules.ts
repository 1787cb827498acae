import { inCidr, ipOf, netns, type Netns, type Packet, type Rule, type Step } from '#lib/index.ts'
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
        name: (texts.get(row) ?? '').replace(/ lookup .*$/, '').replace(/^(\d+):\s+/, '$1: '),
        leads: decides().ruleTable(rule.table),
        mark: won ? 'wins' : 'no',
        says: won ? decides().ruleYes(rule.table) : passed(n, rule, step),
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

/** A rule that was asked and did not lead anywhere: either the packet is not what it is about, or its table had no row for it. */
function passed(n: Netns, rule: Rule, step: Step): string {
  const about = (rule.from ?? rule.to ?? rule.iif ?? rule.fwmark) !== undefined
  return about && !surely(n, rule, step.packet)
    ? decides().ruleNo
    : decides().ruleNothing(rule.table)
}

/** The rule is about this packet as far as can be seen, and its table has no row that would have answered. */
function surely(n: Netns, { from, to, fwmark, iif, table }: Rule, packet: Packet): boolean {
  const ip = ipOf(packet)
  if (ip === undefined || fwmark !== undefined || iif !== undefined) return false
  return (
    (from === undefined || inCidr(ip.src, from)) &&
    (to === undefined || inCidr(ip.dst, to)) &&
    !n.routes.some((r) => r.table === table && inCidr(ip.dst, r.dst))
  )
}
