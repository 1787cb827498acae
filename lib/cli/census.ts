import {
  census as count,
  FATES,
  keepers,
  type Census,
  type Removal,
} from '#lib/analysis/census/census.ts'
import { wrap } from '#lib/analysis/print/wrap.ts'
import { rowAt, TABLES, type Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { walk } from '#lib/walk/walk.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'
import { asksFor, flowOf } from './flow.ts'
import { shown } from './near.ts'
import { during } from './progress.ts'
import type { Read } from './read.ts'
import { plain, UsageError } from './usage.ts'
import { cli } from './words.ts'
import { worldOf } from './world.ts'

/** `packet-walk census`: every row taken away in turn. Returns the exit status. */
export async function census(r: Read, out: (s: string) => void): Promise<number> {
  const text = await during(r.has('json'), async (say) => {
    say(cli().reading(shown(r.words[0] ?? '')))
    const world = await worldOf('census', r.words, r.all('what-if'))
    const [name, flow] = asked(world, r)
    say(cli().walking(shown(world.id)))
    if (!walk(world.topology, flow).delivered)
      throw new UsageError(cli().mustArrive(shown(world.id), shown(name)))
    const c = count(world.topology, flow)
    return r.has('json')
      ? JSON.stringify(asJson(world, { name, flow, c }))
      : asText(world, name, c).map(plain).join('\n')
  })
  out(`${text}\n`)
  return 0
}

/** The flow that the options mean; without any the first of the world. */
function asked(s: Scenario, r: Read): readonly [name: string, flow: Flow] {
  const [first] = Object.entries(s.flows)
  if (asksFor(r) === null && !r.has('draw') && first !== undefined) return first
  const flow = flowOf(s, r)
  return [r.one('flow') ?? `${flow.from} → ${flow.to}`, flow]
}

const rowOf = (t: Topology, r: Removal): object => rowAt(t, r.ref)!

function textOf(t: Topology, r: Removal): string {
  const { text } = TABLES[r.ref.table] as { readonly text: (row: object) => string }
  return text(rowOf(t, r)).replaceAll('\t', ' ')
}

function asText(s: Scenario, name: string, c: Census): readonly string[] {
  const fatal = c.rows.filter((r) => r.fate === 'told' || r.fate === 'silent')
  const wide = Math.max(...FATES.map((f) => f.length))
  const bad = FATES.filter((f) => f !== 'harmless' && f !== 'stays')
  return [
    cli().censusOf(s.id, name, c.rows.length),
    ...FATES.map((f) => `${String(c.counts[f]).padStart(5)}  ${f.padEnd(wide)}  ${cli().fates[f]}`),
    cli().censusAsked(c.rows.filter((r) => r.asked && r.fate === 'harmless').length),
    ...wrap(
      cli().keptBy(keepers(fatal).map(([who, n]) => `${who ?? cli().nobodySaid} ${n}`)),
      '  ',
    ),
    ...bad.flatMap((f) => {
      const rows = c.rows.filter((r) => r.fate === f)
      return rows.length === 0 ? [] : ['', f, ...rows.flatMap((r) => line(s.topology, r))]
    }),
  ]
}

function line(t: Topology, r: Removal): readonly string[] {
  const said = r.reason === null ? '' : `: ${cli().lostAt(r.reason, r.in ?? '')}`
  return wrap(
    `${r.ref.in} ${r.ref.table} ${textOf(t, r)}${said} (${r.by?.who ?? cli().nobodySaid})`,
    '      ',
  ).map((l, i) => (i === 0 ? l.slice(4) : l))
}

/** `--json`, version 1. */
function asJson(
  s: Scenario,
  { name, flow, c }: { readonly name: string; readonly flow: Flow; readonly c: Census },
): unknown {
  return {
    version: 1,
    world: s.id,
    flow: { name, ...flow },
    counts: c.counts,
    rows: c.rows.map((r) => ({
      in: r.ref.in,
      table: r.ref.table,
      row: rowOf(s.topology, r),
      fate: r.fate,
      asked: r.asked,
      reason: r.reason,
      at: r.in,
      by: r.by,
      edit: r.edit,
    })),
  }
}
