import { inCidr, type Address, type Mac } from '#lib/wire/addr.ts'
import { isIp } from '#lib/wire/packet.ts'
import {
  netns,
  space,
  withSpace,
  type Netns,
  type Topology,
  type Vpc,
} from '#lib/topology/topology.ts'
import type { Rule } from '#lib/topology/rows.ts'
import { keys, type Step, type Walk } from '#lib/trace/walk.ts'
import type { Decision } from '#lib/trace/decision.ts'
import { lookupVxlanFdb } from '#lib/lookup/fdb.ts'
import { lookupLease } from '#lib/lookup/lease.ts'
import { lookupNeigh } from '#lib/lookup/neigh.ts'
import { evaluate } from '#lib/lookup/netfilter.ts'
import { lookupRoute } from '#lib/lookup/route.ts'
import { sgAllows } from '#lib/lookup/security-group.ts'
import { eniByMac, eniOf } from '#lib/lookup/vpc-route.ts'
import type { Variant, WalkOptions } from '#lib/walk/walk.ts'
import type { Asks } from './asked.ts'

/* What a device could do at a step instead of what it does: another row answers, another port, another value. Each is a walk of its own, and goes on to its true end. */

/** The walk in which it does so. */
export interface Act {
  readonly walk?: WalkOptions
  readonly rows?: (t: Topology) => Topology
}

/** What is asked of a device, and where. */
interface AskedOf {
  readonly ask: Asks
  readonly step: string
  readonly table?: 'rules'
}

type Of<K extends Decision['kind']> = Extract<Decision, { readonly kind: K }>
type Named = readonly (readonly [name: string, act: Act])[]
/** Where it is done: the machine with its tables as they stand when the walk begins, and the step. */
interface There<K extends Decision['kind'] = Decision['kind']> {
  readonly d: Of<K>
  readonly n: Netns
  readonly step: Step
}

const by = (variant: Variant): Act => ({ walk: { variant } })
const NONE = -1
const nameOf = (row: number): string => (row === NONE ? 'none' : `row ${row}`)
/** The number of the row that an act picks; null of one that picks none. */
export function rowOfAct(name: string): number | null {
  const n = /^row (\d+)$/.exec(name)?.[1]
  return n === undefined ? null : Number(n)
}
const each = (rows: readonly number[], act: (row: number) => Act): Named =>
  rows.map((row) => [nameOf(row), act(row)])

/** The rows of a table that answered its question, or could have: numbers in their order. */
const rowsOf = <R>(rows: readonly R[], fits: (row: R) => boolean): readonly number[] =>
  rows.flatMap((r, i) => (fits(r) ? [i] : []))

/** Another row of the same route table. */
function routes({ d, n }: There<'route'>): Named {
  // What is for the machine itself is in no table that somebody could pick a row of.
  if (d.local) return []
  const answered = n.routes[d.matched?.row ?? NONE]
  const same = rowsOf(n.routes, (r) => r.table === answered?.table && r.dev !== undefined)
  return each([...same, NONE], (row) =>
    by({
      route(at, dst, asked) {
        const answer = lookupRoute(at, dst, asked)
        if (at.name !== n.name || dst !== d.dst || answer.type !== 'unicast') return answer
        const r = at.routes[row]
        return r === undefined || r.dev === undefined
          ? { ...answer, type: 'none', matched: null, dev: null, via: null, src: null, mtu: null }
          : { ...answer, matched: row, dev: r.dev, via: r.via ?? null, rejected: [] }
      },
    }),
  )
}

/** A rule as if it held every packet, and in order those that are asked where its table has no answer (fib_rules_lookup). */
function rulesFrom(all: Netns['rules'], row: number) {
  const { priority, table, action } = all[row]!
  const held: Rule = {
    priority,
    ...(table === undefined ? {} : { table }),
    ...(action === undefined ? {} : { action }),
  }
  const then = all
    .map((rule, at) => ({ rule, row: at }))
    .filter(
      ({ rule, row: at }) => rule.priority > priority || (rule.priority === priority && at > row),
    )
    .toSorted((a, b) => a.rule.priority - b.rule.priority || a.row - b.row)
  return [{ rule: held, row }, ...then]
}

/** Another policy rule, as if it held the packet. */
function rules({ d, n }: There<'route'>): Named {
  if (d.local) return []
  return each(
    rowsOf(n.rules, () => true),
    (row) =>
      by({
        route(at, dst, asked) {
          const answer = lookupRoute(at, dst, asked)
          if (at.name !== n.name || dst !== d.dst || answer.type === 'local') return answer
          const from = rulesFrom(at.rules, row)
          const { passed: _, ...found } = lookupRoute(
            { ...at, rules: from.map((x) => x.rule) },
            dst,
            asked,
          )
          return { ...found, rule: from[found.rule ?? -1]?.row ?? null }
        },
      }),
  )
}

function neighbours({ d, n }: There<'neigh'>): Named {
  const known = rowsOf(n.neigh, (r) => r.lladdr !== undefined)
  return each([...known, NONE], (row) =>
    by({
      neigh: (at, dev, ip) => (at.name === n.name && ip === d.ip ? row : lookupNeigh(at, dev, ip)),
    }),
  )
}

/** A tunnel's forwarding database; a bridge's answers with ports. */
function remotes({ d, n, step }: There<'fdb'>): Named {
  const own = rowsOf(n.fdb, (r) => r.dev === step.dev && r.dst !== undefined)
  return each([...own, NONE], (row) =>
    by({
      remote: (at, dev, mac) =>
        at.name === n.name && mac === d.mac ? row : lookupVxlanFdb(at, dev, mac),
    }),
  )
}

function leases({ d, n }: There<'lease'>): Named {
  const own = rowsOf(n.leases, (r) => r.daemon === d.daemon)
  return each([...own, NONE], (row) =>
    by({
      lease: (at, daemon, dst) =>
        at.name === n.name && dst === d.dst ? row : lookupLease(at, daemon, dst),
    }),
  )
}

/** A chain that no rule jumps to: what stands in it is not asked. */
const ASIDE = '(aside)'

/** Another rule of the chain that decided, as if it fitted the packet. */
function chain({ d, n }: There<'hook'>): Named {
  const decisive = n.netfilter[d.matched?.row ?? NONE]?.chain ?? d.hook
  const own = rowsOf(n.netfilter, (r) => r.table === d.table && r.chain === decisive)
  const asked = new WeakMap<object, Netns>()
  const only = (at: Netns, row: number): Netns => {
    const known = asked.get(at)
    if (known !== undefined) return known
    const netfilter = at.netfilter.map((r, i) => {
      if (r.table !== d.table || r.chain !== decisive) return r
      const { table, target } = r
      return i === row ? { table, chain: decisive, target } : { ...r, chain: ASIDE }
    })
    const made = { ...at, netfilter }
    asked.set(at, made)
    return made
  }
  return each(own, (row) =>
    by({
      chain: (at, where, q) =>
        at.name === n.name && where.table === d.table && where.hook === d.hook
          ? evaluate(only(at, row), where, q)
          : evaluate(at, where, q),
    }),
  )
}

/** Each port of the bridge, all of them, and the machine itself. */
function ports({ d, n, step }: There<'fdb'>): Named {
  const bridge = step.dev ?? ''
  const sends = (mac: Mac, port: string | null): Act =>
    by({
      behind: (found, asked, at) => {
        if (at.n.name !== n.name || at.name !== bridge || asked !== mac) return found
        return port === null ? null : { port, index: found?.port === port ? found.index : NONE }
      },
    })
  const own = n.devs.filter((x) => x.master === bridge).map((x) => x.name)
  return [
    ...own.map((port) => [port, sends(d.mac, port)] as const),
    ['all', sends(d.mac, null)],
    ['itself', sends(d.mac, bridge)],
  ]
}

/** The gate lets everything through, or nothing: its rules are others. */
function gate({ d, in: where }: { readonly d: Of<'security-group'>; readonly in: string }): Named {
  const ruled =
    (open: boolean) =>
    (t: Topology): Topology => {
      const vpc = space(t, where) as Vpc
      const groups = new Set(vpc.enis.find((e) => e.id === d.eni)?.groups)
      const rest = vpc.sgRules.filter((r) => r.direction !== d.direction || !groups.has(r.group))
      const { direction } = d
      const all = [...groups].map(
        (group) => ({ group, direction, proto: 'all', peer: '0.0.0.0/0' }) as const,
      )
      return withSpace(t, { ...vpc, sgRules: open ? [...rest, ...all] : rest })
    }
  return [
    ['pass', { rows: ruled(true) }],
    ['drop', { rows: ruled(false) }],
  ]
}

/** Another rule of an interface's groups, as if it fitted; or none. */
function groupRules({ d, v }: { readonly d: Of<'security-group'>; readonly v: Vpc }): Named {
  const own = v.enis.find((e) => e.id === d.eni)?.groups ?? []
  const rows = rowsOf(v.sgRules, (r) => r.direction === d.direction && own.includes(r.group))
  return each([...rows, NONE], (row) =>
    by({
      admits: (at, where, q) =>
        at.name === v.name && where.eni.id === d.eni && where.direction === d.direction
          ? { matched: row === NONE ? null : row, rejected: [] }
          : sgAllows(at, where, q),
    }),
  )
}

/** Another interface of the VPC, as if the address were its; or none. A frame for another interface's MAC, and a route that names one, ask no mapping. */
function interfaces(there: {
  readonly d: Of<'vpc-mapping'>
  readonly v: Vpc
  readonly step: Step
}): Named {
  const { d, v, step } = there
  const [frame] = step.packet.headers
  const asked = frame?.kind === 'ethernet' && eniByMac(v, frame.dst) === NONE
  if (!asked || eniOf(v, d.dst) !== (d.eni?.row ?? NONE)) return []
  const rows = rowsOf(v.enis, () => true)
  return each([...rows, NONE], (row) =>
    by({
      mapping: (at, address) =>
        at.name === v.name && address === d.dst ? row : eniOf(at, address),
    }),
  )
}

/** What a new header could be sent to: an address of those that the device has before it. */
function outerDst({ n, step }: { readonly n: Netns; readonly step: Step }): Named {
  const [outer, inner] = step.packet.headers.filter((h) => isIp(h))
  if (outer === undefined || inner === undefined) return []
  const via = n.routes.flatMap((r) =>
    r.via !== undefined && inCidr(outer.dst, r.dst) ? [r.via] : [],
  )
  const asked = [...new Set([outer.dst, inner.dst, outer.src, inner.src, ...via])]
  const was = outer.dst
  const to =
    (address: Address) =>
    (t: Topology): Topology => {
      const at = netns(t, n.name)!
      return withSpace(t, {
        ...at,
        leases: at.leases.map((l) => (l.publicIp === was ? { ...l, publicIp: address } : l)),
        fdb: at.fdb.map((f) => (f.dst === was ? { ...f, dst: address } : f)),
      })
    }
  return asked.map((address) => [address, { rows: to(address) }])
}

/** What a new header could count down from. */
function outerTtl(step: Step): Named {
  const [outer, inner] = step.packet.headers.filter((h) => isIp(h))
  if (outer === undefined || inner === undefined) return []
  const asked = [...new Set([outer.ttl, inner.ttl, inner.ttl - 1, 255])]
  return asked.map((ttl) => [String(ttl), by({ outer: (chosen) => ({ ...chosen, ttl }) })])
}

/** Tables whose rows may be picked, by the question that they answer. */
const ROWS: { readonly [K in Decision['kind']]?: (there: There<K>) => Named } = {
  route: routes,
  neigh: neighbours,
  fdb: remotes,
  lease: leases,
  hook: chain,
}

function named(step: Step, before: Topology, { ask, table }: AskedOf): Named {
  const [n, vpc] = [netns(before, step.in), space(before, step.in)]
  const { decision: d } = step
  if (ask === 'verdict') return d.kind === 'security-group' ? gate({ d, in: step.in }) : []
  if (ask === 'row' && d.kind === 'security-group' && vpc?.kind === 'vpc')
    return groupRules({ d, v: vpc })
  if (ask === 'row' && d.kind === 'vpc-mapping' && vpc?.kind === 'vpc')
    return interfaces({ d, v: vpc, step })
  if (n === undefined) return []
  if (ask === 'outer-dst') return outerDst({ n, step })
  if (ask === 'outer-ttl') return outerTtl(step)
  if (ask === 'port') return d.kind === 'fdb' ? ports({ d, n, step }) : []
  if (ask !== 'row') return []
  if (table === 'rules') return d.kind === 'route' ? rules({ d, n, step }) : []
  return (ROWS[d.kind] as ((there: There) => Named) | undefined)?.({ d, n, step }) ?? []
}

/** What the device of a step could do, by names; nothing where it has no choice of that kind. */
export function actsAt(walk: Walk, asked: AskedOf): ReadonlyMap<string, Act> {
  const step = walk.steps[keys(walk).indexOf(asked.step)]
  if (step === undefined) return new Map()
  return new Map(named(step, walk.before, asked))
}
