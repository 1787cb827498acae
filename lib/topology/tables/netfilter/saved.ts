import { HOOKS } from '../../grammar.ts'
import type { ToolLine, ToolOutput } from '../../tool.ts'
import type { Netns } from '../../topology.ts'
import { chainText, type NfTable } from '../chains/row.ts'
import { ruleText } from './row.ts'

/** The tables in the order of iptables-nft. */
const ORDER: readonly NfTable[] = ['mangle', 'raw', 'filter', 'nat']

/** `-t nat `, and nothing for filter, which is meant where no table is named. */
export function tableFlag(table: string | undefined): string {
  return table === undefined || table === 'filter' ? '' : `-t ${table} `
}

/** Chains, the built-in ones first and the others by name, then their rules in the same order. Lines carry the row of the table that was asked: a chain's or a rule's. */
export const saved =
  (asked: 'chains' | 'netfilter') =>
  (n: Netns): ToolOutput => {
    const lines: ToolLine[] = []
    for (const t of ORDER) {
      const chains = new Map(
        n.chains.flatMap((c, row) => (c.table === t ? [[c.chain, { ...c, row }]] : [])),
      )
      const rules = n.netfilter.flatMap((r, row) => (r.table === t ? [{ r, row }] : []))
      if (rules.length === 0 && chains.size === 0) continue
      const builtIn: readonly string[] = HOOKS[t]
      const names = [
        ...new Set<string>([
          ...HOOKS[t],
          ...[...chains.keys(), ...rules.map((x) => x.r.chain)].toSorted(),
        ]),
      ]
      const place = new Map(names.map((name, i) => [name, i]))
      lines.push({ text: `*${t}`, row: null })
      for (const name of names)
        lines.push({
          text: chainText({
            chain: name,
            policy: chains.get(name)?.policy ?? (builtIn.includes(name) ? 'ACCEPT' : null),
          }),
          row: asked === 'chains' ? (chains.get(name)?.row ?? null) : null,
        })
      for (const { r, row } of rules.toSorted(
        (a, b) => place.get(a.r.chain)! - place.get(b.r.chain)!,
      ))
        lines.push({ text: ruleText(r), row: asked === 'netfilter' ? row : null })
      lines.push({ text: 'COMMIT', row: null })
    }
    return {
      command: 'iptables-save',
      note: 'tables as iptables-nft orders them (legacy: newest first), without the comments',
      lines,
    }
  }
