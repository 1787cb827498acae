import type { NfChain, NfRule, NfTable, NfTarget } from './rows.ts'
import { usualMatches } from './tables/netfilter/row.ts'
import { WORDS, type Reading } from './tables/netfilter/read-match.ts'
import { readTarget } from './tables/netfilter/read-target.ts'
import { lineOf } from './tables/netfilter/words.ts'

/** What `iptables-save` prints, as rows. */
export interface Saved {
  readonly chains: readonly NfChain[]
  readonly netfilter: readonly NfRule[]
}

/** Read iptables-save text (`*table`, `:CHAIN POLICY`, `-A CHAIN …`); counters and COMMIT are passed over.
 *  RangeError names the line and the word that is not understood: nothing is skipped in silence. */
export function parseIptables(text: string): Saved {
  const chains: NfChain[] = []
  const netfilter: NfRule[] = []
  let table: NfTable = 'filter'
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line === 'COMMIT') return
    if (line.startsWith('*')) {
      table = line.slice(1) as NfTable
      return
    }
    if (line.startsWith(':')) {
      const [chain = '', policy = '-'] = line.slice(1).split(/\s+/)
      // A built-in chain that accepts is the kernel's own state: it needs no row.
      if (policy === 'DROP' || policy === '-')
        chains.push({ table, chain, policy: policy === 'DROP' ? 'DROP' : null })
      return
    }
    netfilter.push(parseRule(table, line, i + 1))
  })
  return { chains, netfilter }
}

/** One `-A CHAIN …` line. */
export function parseRule(table: NfTable, text: string, at = 1): NfRule {
  const line = lineOf(text, at)
  const reading: Reading = { rule: { table }, matches: [], not: [], negated: false }
  let target: NfTarget | null = null
  for (let word = line.take(); word !== ''; word = line.take()) {
    const read = WORDS[word]
    if (word === '-j') target = readTarget(line.take(), line)
    else if (word === '-g') target = { type: 'GOTO', chain: line.take() }
    else if (read === undefined) line.fail(`${word} is not understood`)
    else read(reading, line)
  }
  const { rule, matches, not } = reading
  if (rule.chain === undefined || target === null)
    return line.fail('a rule needs -A CHAIN and -j TARGET;')
  const made = { ...rule, ...(not.length > 0 ? { not } : {}), table, chain: rule.chain, target }
  const usual = usualMatches(made)
  return matches.length === usual.length && matches.every((m, i) => m === usual[i])
    ? made
    : { ...made, matches }
}
