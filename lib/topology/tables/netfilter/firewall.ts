import { JUMPS } from '../../bounds.ts'
import type { SayRow } from '../../check.ts'
import { HOOKS, isHook } from '../../grammar.ts'
import type { Netns } from '../../topology.ts'
import type { Hook, NfTable } from '../chains/row.ts'
import type { NfRule, NfTarget } from './row.ts'

/*
 * Which firewall rows iptables and the kernel refuse. Measured with iptables 1.8.9, nf_tables (the default) and legacy, on Linux 6.18:
 *
 * | what | nf_tables | legacy |
 * |---|---|---|
 * | DNAT outside nat; in nat anywhere but PREROUTING, OUTPUT | Invalid argument | Invalid argument |
 * | SNAT outside nat; in nat anywhere but INPUT, POSTROUTING | Invalid argument | Invalid argument |
 * | MASQUERADE outside nat; in nat anywhere but POSTROUTING | Invalid argument | Invalid argument |
 * | REJECT outside filter | Invalid argument | Invalid argument |
 * | MARK, CONNMARK; ctstate, statistic, addrtype, mark, comment, multiport | taken everywhere | taken everywhere |
 * | a target in a user chain that a wrong hook reaches, rule or jump first | Invalid argument | Invalid argument |
 * | the same chain, reached from nowhere | taken | taken |
 * | -i in OUTPUT, POSTROUTING; -o in PREROUTING, INPUT | Can't use -i with … | the same |
 * | the same in a user chain reached from there | taken | taken |
 * | --limit-iface-in in OUTPUT, POSTROUTING | Invalid argument | Invalid argument |
 * | the same in a user chain reached from there | taken | Invalid argument |
 * | -j DROP, policy DROP in nat | The "nat" table is not intended for filtering … | the same |
 * | jump to a built-in chain | No such file or directory | Invalid argument |
 * | a loop that a built-in chain reaches | Too many links | Too many levels of symbolic links |
 * | a loop that nothing reaches | taken | taken |
 * | user chains in a row below a built-in one | 15; the 16th: Too many links | 200 are taken |
 * | --dport without tcp or udp; multiport too | refused | refused |
 * | ! -s, ! -d 0.0.0.0/0 | Invalid argument | taken: matches nothing |
 * | REJECT --reject-with tcp-reset without -p tcp | Invalid argument | Invalid argument |
 */

const NAT: { readonly [T in NfTarget['type']]?: readonly Hook[] } = {
  DNAT: ['PREROUTING', 'OUTPUT'],
  SNAT: ['INPUT', 'POSTROUTING'],
  MASQUERADE: ['POSTROUTING'],
}
const NO_IIF: readonly string[] = ['OUTPUT', 'POSTROUTING']
const NO_OIF: readonly string[] = ['PREROUTING', 'INPUT']

/** Every firewall rule of a namespace that iptables would refuse: linear in the rows, however many ways lead through the chains. */
export function firewall(n: Netns, say: SayRow): void {
  const known = new Set(n.chains.map((c) => `${c.table} ${c.chain}`))
  const exists = (table: NfTable, chain: string): boolean =>
    isHook(chain) ? HOOKS[table].includes(chain) : known.has(`${table} ${chain}`)
  n.netfilter.forEach((r, row) => {
    if (!exists(r.table, r.chain)) missing(r, row, say)
    if (r.target.type === 'JUMP' && isHook(r.target.chain)) say(row, 'jump-hook', r.target.chain)
    else if (r.target.type === 'JUMP' && !exists(r.table, r.target.chain))
      missing({ table: r.table, chain: r.target.chain }, row, say)
    alone(r, row, say)
  })
  for (const table of ['raw', 'mangle', 'nat', 'filter'] as const) reached(n, table, say)
}

function missing(
  { table, chain }: { readonly table: NfTable; readonly chain: string },
  row: number,
  say: SayRow,
): void {
  if (isHook(chain)) say(row, 'no-hook', table, chain, HOOKS[table])
  else say(row, 'no-chain', table, chain)
}

/** What a rule shows by itself. */
function alone(r: NfRule, row: number, say: SayRow): void {
  const { type } = r.target
  const not = (key: NonNullable<NfRule['not']>[number]): boolean => r.not?.includes(key) === true
  for (const key of r.not ?? []) if (r[key] === undefined) say(row, 'not-nothing', key)
  for (const key of ['src', 'dst'] as const)
    if (not(key) && r[key]?.endsWith('/0') === true) say(row, 'not-all', key)
  if (r.iif !== undefined && NO_IIF.includes(r.chain)) say(row, 'iif-hook', r.chain)
  if (r.oif !== undefined && NO_OIF.includes(r.chain)) say(row, 'oif-hook', r.chain)
  if (r.limitIfaceIn === true && NO_IIF.includes(r.chain)) say(row, 'limit-iface', r.chain)
  if (r.limitIfaceIn === true && r.srcType === undefined && r.dstType === undefined)
    say(row, 'limit-type')
  const ported = (r.proto === 'tcp' || r.proto === 'udp') && !not('proto')
  for (const key of ['sport', 'dport', 'dports'] as const)
    if (r[key] !== undefined && !ported) say(row, 'ports-proto', key)
  if (r.target.type === 'DNAT' && r.target.port !== undefined && r.proto === undefined)
    say(row, 'ports-proto', 'target.port')
  if (
    r.target.type === 'REJECT' &&
    r.target.with === 'tcp-reset' &&
    (r.proto !== 'tcp' || not('proto'))
  )
    say(row, 'reset-proto')
  if (type === 'DROP' && r.table === 'nat') say(row, 'nat-drop')
  if (type in NAT && r.table !== 'nat') say(row, 'target-table', type, r.table, 'nat')
  if (type === 'REJECT' && r.table !== 'filter') say(row, 'target-table', type, r.table, 'filter')
}

interface Jump {
  readonly row: number
  readonly to: string
}

/** What the way to a rule shows: targets that a wrong hook reaches, loops, too many jumps in a row. */
function reached(n: Netns, table: NfTable, say: SayRow): void {
  const jumps = new Map<string, Jump[]>()
  n.netfilter.forEach((r, row) => {
    if (r.table !== table || r.target.type !== 'JUMP') return
    const from = jumps.get(r.chain)
    if (from === undefined) jumps.set(r.chain, [{ row, to: r.target.chain }])
    else from.push({ row, to: r.target.chain })
  })
  const { order, loop } = sorted(HOOKS[table], jumps)
  if (loop !== null) {
    say(loop.row, 'chain-loop', loop.way.join(' → '))
    return
  }
  const depth = new Map<string, number>(HOOKS[table].map((hook) => [hook, 0]))
  const from = new Map<string, ReadonlySet<Hook>>(
    HOOKS[table].map((hook) => [hook, new Set([hook])]),
  )
  for (const chain of order) {
    for (const { row, to } of jumps.get(chain) ?? []) {
      const below = (depth.get(chain) ?? 0) + 1
      // What is deeper still is refused with it.
      if (below === JUMPS + 1 && below > (depth.get(to) ?? 0))
        say(row, 'chain-deep', to, below, JUMPS)
      depth.set(to, Math.max(depth.get(to) ?? 0, below))
      from.set(to, new Set([...(from.get(to) ?? []), ...(from.get(chain) ?? [])]))
    }
  }
  if (table !== 'nat') return
  n.netfilter.forEach((r, row) => {
    const right = r.table === 'nat' ? NAT[r.target.type] : undefined
    const wrong =
      right === undefined
        ? undefined
        : [...(from.get(r.chain) ?? [])].find((hook) => !right.includes(hook))
    if (wrong !== undefined) say(row, 'target-hook', r.target.type, wrong, right!)
  })
}

/** The chains that built-in ones reach, each before those it jumps to; or the first way that comes back to itself. Each jump is looked at once. */
function sorted(
  roots: readonly string[],
  jumps: ReadonlyMap<string, readonly Jump[]>,
): {
  readonly order: readonly string[]
  readonly loop: { readonly row: number; readonly way: readonly string[] } | null
} {
  const done: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  for (const root of roots) {
    if (state.has(root)) continue
    const path: { readonly chain: string; next: number }[] = [{ chain: root, next: 0 }]
    state.set(root, 'open')
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const jump = jumps.get(top.chain)?.[top.next]
      top.next += 1
      if (jump === undefined) {
        state.set(top.chain, 'done')
        done.push(top.chain)
        path.pop()
      } else if (state.get(jump.to) === 'open') {
        const start = path.findIndex((p) => p.chain === jump.to)
        return {
          order: [],
          loop: { row: jump.row, way: [...path.slice(start).map((p) => p.chain), jump.to] },
        }
      } else if (!state.has(jump.to)) {
        state.set(jump.to, 'open')
        path.push({ chain: jump.to, next: 0 })
      }
    }
  }
  return { order: done.reverse(), loop: null }
}
