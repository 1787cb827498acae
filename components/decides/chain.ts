import { fitted, netns, unasked, type Netns, type NfRule } from '#lib/index.ts'
import { decides } from '#components/words/decides.ts'
import type { Asked, Decided, Row } from './table.ts'
import { few, inOrder } from './few.ts'
import { otherwise } from './prefixes.ts'
import { printedRows } from './printed.ts'

/** What such a rule would have ended: had it matched, none behind it had been asked. */
const ENDS: readonly string[] = [
  'ACCEPT',
  'DROP',
  'REJECT',
  'DNAT',
  'SNAT',
  'MASQUERADE',
  'REDIRECT',
  'NETMAP',
  'RETURN',
]

/** Jumps drawn on the way into a chain. */
const MOST_JUMPS = 2

const target = (r: NfRule): string => ('chain' in r.target ? r.target.chain : r.target.type)

/** What the rule asks of a packet, without its chain, its comment and its target. */
function selector(printed: string): string {
  const text = printed
    .replace(/^-A \S+ /, '')
    .replace(/ ?-m comment --comment (?:"(?:[^"\\]|\\.)*"|\S+)/, '')
    .replace(/ ?-m [a-z]+(?= )/g, '')
    .replace(/--mode random (--probability \d\.\d*?)0+(?=\s|$)/, '$1')
    .replace(/(?:^| )-[jg] .*$/, '')
    .trim()
  return text === '' ? decides().anyPacket : text
}

/** The rules that lead to a chain, from the built-in one of the hook down, as long as only one leads there. */
function jumps(
  n: Netns,
  { table, chain, hook }: { table: string; chain: string; hook: string },
): readonly number[] {
  const way: number[] = []
  for (let at = chain; at !== hook && way.length < MOST_JUMPS;) {
    const leads = n.netfilter.flatMap((r, row) =>
      r.table === table && 'chain' in r.target && r.target.chain === at ? [row] : [],
    )
    const from = leads.length === 1 ? n.netfilter[leads[0]!] : undefined
    if (from === undefined) break
    way.unshift(leads[0]!)
    at = from.chain
  }
  return way
}

/** The chain in which it was decided, rule by rule. */
export function hooked({ d, step, topology }: Asked<'hook'>): Decided | null {
  const n = netns(topology, step.in)
  if (n === undefined) return null
  const says = decides()
  const decisive = d.matched === null ? undefined : n.netfilter[d.matched.row]
  const chain = decisive?.chain ?? d.hook
  const texts = printedRows(n, 'netfilter')
  const through = fitted(topology, step)
  /** Of a rule that did not decide: whether it was asked, fitted and came to nothing. */
  const undecided = (at: number, r: NfRule): string => {
    if (unasked(d)) return says.unasked
    if (ENDS.includes(r.target.type)) return says.no
    const fits = through(at)
    if (fits === null) return says.passing
    if (!fits) return says.no
    return r.target.type === 'JUMP' ? says.cameBack : says.onward
  }
  const row = (at: number, r: NfRule): Row => {
    const won = at === d.matched?.row
    const drawn = d.draws?.find((x) => x.rule.row === at && x.value >= x.probability)
    return {
      ref: { in: step.in, table: 'netfilter', row: at },
      bits: null,
      name: selector(texts.get(at) ?? ''),
      leads: target(r),
      mark: won ? (step.drop === null ? 'wins' : 'ends') : 'no',
      says: won
        ? outcome(r, d)
        : drawn !== undefined
          ? says.drawnOver(drawn.value.toFixed(2), drawn.probability.toFixed(2))
          : undecided(at, r),
    }
  }
  const rows = n.netfilter.flatMap((r, at) =>
    r.table === d.table && r.chain === chain ? [row(at, r)] : [],
  )
  return {
    table: 'netfilter',
    in: step.in,
    title: `iptables${d.table === 'filter' ? '' : ` -t ${d.table}`} -S ${chain}`,
    prompt: true,
    asks: says.chain(d.hook),
    ...(d.matched === null ? few([...rows, bottom(n, d)]) : led(n, d, { chain, rows, texts })),
  }
}

/** The rules of the chain, and before them those that jumped there. */
function led(
  n: Netns,
  d: Asked<'hook'>['d'],
  {
    chain,
    rows,
    texts,
  }: {
    readonly chain: string
    readonly rows: readonly Row[]
    readonly texts: ReadonlyMap<number, string>
  },
): Pick<Decided, 'rows' | 'all' | 'rest'> {
  const asked = inOrder(rows)
  const way = jumps(n, { table: d.table, chain, hook: d.hook }).map((row): Row => ({
    ref: { in: n.name, table: 'netfilter', row },
    bits: null,
    name: `${n.netfilter[row]!.chain}: ${selector(texts.get(row) ?? '')}`,
    leads: '',
    mark: 'no',
    says: decides().jumped(target(n.netfilter[row]!)),
  }))
  return { ...asked, rows: [...way, ...asked.rows] }
}

/** What the rule that decided did; one that decided nothing was the last that was gone through. */
function outcome(r: NfRule, d: Asked<'hook'>['d']): string {
  const says = decides()
  if (r.target.type === 'RETURN') return says.returned
  if (d.to !== undefined && d.verdict !== 'ACCEPT') return says.becomes(d.verdict, d.to)
  return ENDS.includes(r.target.type) ? says.did(r.target.type) : says.onward
}

/** No rule decided. */
function bottom(n: Netns, d: Asked<'hook'>['d']): Row {
  const says = decides()
  if (d.to !== undefined) return otherwise(says.anythingElse, says.knownTranslation(d.to), 'wins')
  const policy = n.chains.find((c) => c.table === d.table && c.chain === d.hook)?.policy ?? 'ACCEPT'
  return {
    ...otherwise(says.policy(d.hook), policy === 'DROP' ? says.policyDrops : says.noRuleObjects),
    leads: policy,
    mark: d.verdict === 'DROP' ? 'ends' : 'wins',
  }
}
