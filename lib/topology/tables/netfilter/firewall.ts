import { JUMPS, MULTIPORTS } from '../../bounds.ts'
import type { SayRow } from '../../check.ts'
import { HOOKS, isHook, portsTaken } from '../../grammar.ts'
import type { Netns } from '../../topology.ts'
import type { Hook, NfTable } from '../chains/row.ts'
import type { NfRule } from './row.ts'
import type { NfTarget } from './target.ts'

/*
 * Which firewall rows iptables and the kernel refuse. Measured with iptables 1.8.9, nf_tables (the default) and legacy, on Linux 6.18:
 *
 * | what | nf_tables | legacy |
 * |---|---|---|
 * | DNAT outside nat; in nat anywhere but PREROUTING, OUTPUT | Invalid argument | Invalid argument |
 * | SNAT outside nat; in nat anywhere but INPUT, POSTROUTING | Invalid argument | Invalid argument |
 * | MASQUERADE outside nat; in nat anywhere but POSTROUTING | Invalid argument | Invalid argument |
 * | REJECT outside filter | Invalid argument | Invalid argument |
 * | REDIRECT outside nat; in nat anywhere but PREROUTING, OUTPUT; NETMAP outside nat | Invalid argument | Invalid argument |
 * | NOTRACK, CT outside raw | Invalid argument | Invalid argument |
 * | TCPMSS without -p tcp; --clamp-mss-to-pmtu in PREROUTING, INPUT | Invalid argument | Invalid argument |
 * | TCPMSS without --tcp-flags that ask for SYN | taken, and writes an MSS into ACKs | Invalid argument |
 * | LOG, NFLOG, MARK, CONNMARK; ctstate, statistic, addrtype, mark, comment, multiport | taken everywhere | taken everywhere |
 * | a target in a user chain that a wrong hook reaches, rule or jump first | Invalid argument | Invalid argument |
 * | the same chain, reached from nowhere | taken | taken |
 * | -i in OUTPUT, POSTROUTING; -o in PREROUTING, INPUT | Can't use -i with … | the same |
 * | the same in a user chain reached from there | taken | taken |
 * | --limit-iface-in in OUTPUT, POSTROUTING | Invalid argument | Invalid argument |
 * | the same in a user chain reached from there | taken | Invalid argument |
 * | --limit-iface-out in PREROUTING, INPUT; both limits | refused | refused |
 * | -j DROP, policy DROP in nat | The "nat" table is not intended for filtering … | the same |
 * | jump to a built-in chain | No such file or directory | Invalid argument |
 * | a loop that a built-in chain reaches | Too many links | Too many levels of symbolic links |
 * | a loop that nothing reaches | taken | taken |
 * | user chains in a row below a built-in one | 15; the 16th: Too many links | 200 are taken |
 * | --match-set of a set that is not there | Set nobody doesn't exist. | the same |
 * | --match-set with fewer words than the set's entries have parts | taken: matches nothing | the same |
 * | recent --set and --remove with --seconds | Invalid argument | the same |
 * | recent --reap without --seconds | option "--reap" also requires "--seconds". | the same |
 * | rpfilter outside raw and mangle, and where another hook than PREROUTING reaches it | Invalid argument | the same |
 * | mac in OUTPUT and POSTROUTING, and where one reaches it | Invalid argument | the same |
 * | physdev --physdev-out, --physdev-is-out in OUTPUT, without --physdev-is-bridged | Invalid argument | the same |
 * | the same in a user chain reached from there | taken | Invalid argument |
 * | limit of more than 10,000 a second, ! --limit | refused | refused |
 * | --dport without tcp or udp; multiport too | refused | refused |
 * | ! -s, ! -d 0.0.0.0/0 | Invalid argument | taken: matches nothing |
 * | REJECT --reject-with tcp-reset without -p tcp | Invalid argument | Invalid argument |
 */

/** Targets that one table has, and the hooks from which they may be reached. */
const PLACES: {
  readonly [T in NfTarget['type']]?: { readonly table?: NfTable; readonly hooks?: readonly Hook[] }
} = {
  DNAT: { table: 'nat', hooks: ['PREROUTING', 'OUTPUT'] },
  REDIRECT: { table: 'nat', hooks: ['PREROUTING', 'OUTPUT'] },
  SNAT: { table: 'nat', hooks: ['INPUT', 'POSTROUTING'] },
  MASQUERADE: { table: 'nat', hooks: ['POSTROUTING'] },
  NETMAP: { table: 'nat' },
  REJECT: { table: 'filter' },
  NOTRACK: { table: 'raw' },
  CT: { table: 'raw' },
}
/** --clamp-mss-to-pmtu asks for the route out. */
const CLAMPS: readonly Hook[] = ['FORWARD', 'OUTPUT', 'POSTROUTING']
const hooksOf = (t: NfTarget): readonly Hook[] | undefined =>
  t.type === 'TCPMSS' && t.clampToPmtu === true ? CLAMPS : PLACES[t.type]?.hooks
/** Tables that have rpfilter. */
const ASKS_BACK: readonly NfTable[] = ['raw', 'mangle']
const NO_IIF: readonly string[] = ['OUTPUT', 'POSTROUTING']
const NO_OIF: readonly string[] = ['PREROUTING', 'INPUT']

/** Every firewall rule of a namespace that iptables would refuse: linear in the rows, however many ways lead through the chains. */
export function firewall(n: Netns, say: SayRow): void {
  const known = new Set(n.chains.map((c) => `${c.table} ${c.chain}`))
  const sets = new Set(n.ipsets.map((s) => s.name))
  const exists = (table: NfTable, chain: string): boolean =>
    isHook(chain) ? HOOKS[table].includes(chain) : known.has(`${table} ${chain}`)
  n.netfilter.forEach((r, row) => {
    if (!exists(r.table, r.chain)) missing(r, row, say)
    if ('chain' in r.target) {
      const { chain } = r.target
      if (isHook(chain)) say(row, 'jump-hook', chain)
      else if (!exists(r.table, chain)) missing({ table: r.table, chain }, row, say)
    }
    alone(r, row, say)
    for (const { name } of r.sets ?? []) if (!sets.has(name)) say(row, 'no-set', name)
    protocol(r, row, say)
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
  for (const x of [r, ...(r.addrtypes ?? [])]) limits(x, { chain: r.chain, row }, say)
  if (r.rpfilter !== undefined && !ASKS_BACK.includes(r.table)) say(row, 'rpfilter-table', r.table)
  physical(r, row, say)
  const list = r.recent
  if (
    list !== undefined &&
    list.seconds !== undefined &&
    (list.op === 'set' || list.op === 'remove')
  )
    say(row, 'recent-seconds', list.op)
  if (list?.reap === true && list.seconds === undefined) say(row, 'recent-reap')
  if (type === 'DROP' && r.table === 'nat') say(row, 'nat-drop')
  const table = PLACES[type]?.table
  if (table !== undefined && r.table !== table) say(row, 'target-table', type, r.table, table)
  if (type === 'TCPMSS' && (r.target.mss === undefined) === (r.target.clampToPmtu === undefined))
    say(row, 'mss-how')
}

/** -m physdev */
function physical({ chain, physdev: x }: NfRule, row: number, say: SayRow): void {
  if (x === undefined) return
  for (const key of x.not ?? []) if (x[key] === undefined) say(row, 'physdev-not', key)
  const bridged = x.isBridged === true && x.not?.includes('isBridged') !== true
  if (chain === 'OUTPUT' && !bridged && (x.out !== undefined || x.isOut === true))
    say(row, 'physdev-output')
}

/** A match of addrtype. */
function limits(
  x: Pick<NfRule, 'srcType' | 'dstType' | 'limitIfaceIn' | 'limitIfaceOut'>,
  { chain, row }: { readonly chain: string; readonly row: number },
  say: SayRow,
): void {
  if (x.limitIfaceIn === true && NO_IIF.includes(chain)) say(row, 'limit-iface', chain)
  if (x.limitIfaceOut === true && NO_OIF.includes(chain)) say(row, 'limit-iface-out', chain)
  if (x.limitIfaceIn === true && x.limitIfaceOut === true) say(row, 'limit-both')
  const limited = x.limitIfaceIn === true || x.limitIfaceOut === true
  if (limited && x.srcType === undefined && x.dstType === undefined) say(row, 'limit-type')
}

/** What belongs to one protocol. */
function protocol(r: NfRule, row: number, say: SayRow): void {
  const not = (key: NonNullable<NfRule['not']>[number]): boolean => r.not?.includes(key) === true
  const is = (...protos: readonly NfRule['proto'][]): boolean =>
    protos.includes(r.proto) && !not('proto')
  const { target } = r
  for (const key of ['sport', 'dport', 'sports', 'dports', 'ports'] as const)
    if (r[key] !== undefined && !is('tcp', 'udp')) say(row, 'ports-proto', key)
  const lists = (['sports', 'dports', 'ports'] as const).flatMap((key) => r[key] ?? [])
  if (
    Number(r.sports !== undefined) +
      Number(r.dports !== undefined) +
      Number(r.ports !== undefined) >
    1
  )
    say(row, 'one-multiport')
  else if (portsTaken(lists) > MULTIPORTS) say(row, 'multiport-room', MULTIPORTS)
  if (r.tcpFlags !== undefined && !is('tcp')) say(row, 'match-proto', 'tcpFlags', 'tcp')
  if (r.icmpType !== undefined && !is('icmp')) say(row, 'match-proto', 'icmpType', 'icmp')
  if (
    (target.type === 'DNAT' && target.port !== undefined && r.proto === undefined) ||
    (target.type === 'REDIRECT' && target.port !== undefined && !is('tcp', 'udp'))
  )
    say(row, 'ports-proto', 'target.port')
  if (target.type === 'REJECT' && target.with === 'tcp-reset' && !is('tcp')) say(row, 'reset-proto')
  if (target.type === 'TCPMSS' && !is('tcp')) say(row, 'mss-proto')
}

interface Jump {
  readonly row: number
  readonly to: string
}

/** What the way to a rule shows: targets that a wrong hook reaches, loops, too many jumps in a row. */
function reached(n: Netns, table: NfTable, say: SayRow): void {
  const jumps = new Map<string, Jump[]>()
  n.netfilter.forEach((r, row) => {
    if (r.table !== table || !('chain' in r.target)) return
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
  n.netfilter.forEach((r, row) => {
    // Where the table is wrong already, that is said.
    const there = r.table === table && (PLACES[r.target.type]?.table ?? table) === table
    const hooks = [...(from.get(r.chain) ?? [])]
    const right = there ? hooksOf(r.target) : undefined
    const wrong = right === undefined ? undefined : hooks.find((hook) => !right.includes(hook))
    const backs = r.table === table && r.rpfilter !== undefined && ASKS_BACK.includes(table)
    const back = backs ? hooks.find((hook) => hook !== 'PREROUTING') : undefined
    if (back !== undefined) say(row, 'rpfilter-hook', back)
    const out =
      r.table === table && r.mac !== undefined ? hooks.find((h) => NO_IIF.includes(h)) : undefined
    if (out !== undefined) say(row, 'mac-hook', out)
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
