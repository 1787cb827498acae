import type { Check, Known, SayRow } from './check.ts'
import { CHECKS } from './checks.ts'
import type { Dev } from './devs.ts'
import { halves, problem, type Problem } from './problem.ts'
import type { Code } from '#lib/words/en/problems/index.ts'
import { REFUSING, refusedRows } from './refused.ts'
import {
  netns,
  space,
  tablesOf,
  vpc,
  type Space,
  type TableName,
  type Topology,
} from './topology.ts'

/** A row that cannot be meant: `path` is its place, `node-1.routes[2]`. `odd`: it can stand so, but finds nothing. */
export interface Finding extends Problem {
  readonly in: string
  readonly table: TableName
  readonly row: number
  readonly odd: boolean
}

/** What stands in a table and finds nothing, but harms nobody. */
const ODD: ReadonlySet<Code> = new Set(['empty-table', 'eni-group', 'subnet-routes', 'no-group'])

/** Everything in a topology, or in some of its spaces, that a kernel or AWS would have refused, or that cannot work. Derives every space it looks at: not for each frame. */
export function validate(t: Topology, names: readonly string[] = t.source.names): Finding[] {
  const found: Finding[] = []
  const known = knownOf(t, names)
  for (const name of names) {
    const s = space(t, name)
    if (s !== undefined) spaceFindings({ topology: t, space: s, known }, found)
  }
  return found
}

function spaceFindings(
  here: { readonly topology: Topology; readonly space: Space; readonly known: Known },
  found: Finding[],
): void {
  const s = here.space
  const of =
    (table: TableName): SayRow =>
    (row, code, ...args) =>
      found.push({
        ...problem(`${s.name}.${table}[${row}]`, code, ...args),
        in: s.name,
        table,
        row,
        odd: ODD.has(code) || (code === 'no-device' && table === 'sysctls'),
      })
  const checks = tablesOf(s).map((table) => [of(table), CHECKS[table] as Check<TableName>] as const)
  for (const [say, check] of checks) check.rows?.(here as never, say)
  if (s.kind === 'netns')
    for (const table of REFUSING)
      refusedRows(s, table, (row, why) => of(table)(row, 'refused', ...halves(why)))
  for (const [say, check] of checks) check.later?.(here as never, say)
}

function knownOf(t: Topology, names: readonly string[]): Known {
  const [there, looked] = [new Set(t.source.names), new Set(names)]
  const kept = <T>(make: (name: string) => T): ((name: string) => T) => {
    const made = new Map<string, T>()
    return (name) => {
      const before = made.get(name)
      if (before !== undefined) return before
      const now = make(name)
      made.set(name, now)
      return now
    }
  }
  // The first of a name counts, as where rows are looked up.
  const named = (xs: readonly Dev[]): ReadonlyMap<string, Dev> =>
    new Map(xs.toReversed().map((x) => [x.name, x]))
  const enis = kept(
    (name) => new Map((vpc(t, name)?.enis ?? []).toReversed().map((e) => [e.id, e])),
  )
  const ids = kept((name) => (vpc(t, name)?.enis ?? []).map((e) => e.id))
  const devs = kept((name) => named(netns(t, name)?.devs ?? []))
  return {
    eniIds: (v) => ids(v.name),
    devs,
    exists: (ns, dev) => (looked.has(ns) ? devs(ns).has(dev) : there.has(ns)),
    enis: (v) => enis(v.name),
    segments: new Map(),
  }
}
