import { apply } from '#lib/topology/apply.ts'
import { provenance, type By } from '#lib/topology/by.ts'
import { EditError, same, type Edit, type Splice } from '#lib/topology/edit.ts'
import {
  spaces,
  tablesOf,
  type Ref,
  type Space,
  type TableName,
  type Topology,
} from '#lib/topology/topology.ts'
import type { DropReason } from '#lib/trace/drop.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { promises } from '#lib/analysis/read/promises.ts'
import { marksOf, refsOf } from '#lib/analysis/read/refs.ts'
import { outcomeOf } from '#lib/predict/outcome.ts'
import { walk } from '#lib/walk/walk.ts'

/* Every row of a network taken away in turn, and one flow walked again: which single rows it hangs on. */

/** What becomes of a flow without a row: it arrives as before; it arrives and breaks a promise that it kept; it is lost and its sender hears of it; it is lost and nobody says so. `stays`: Linux or AWS does not let the row go. */
export const FATES = ['harmless', 'wrong', 'told', 'silent', 'stays'] as const
/** One of FATES. */
export type Fate = (typeof FATES)[number]

/** One row of the census. */
export interface Removal {
  /** Where the row stands in the whole network. */
  readonly ref: Ref
  /** What takes it away; null where nothing does. */
  readonly edit: Edit | Splice | null
  readonly fate: Fate
  /** Does a decision of the whole flow rest on it? A row that is not asked can harm other flows only. */
  readonly asked: boolean
  /** How the flow then ends, where it does not arrive. */
  readonly reason: DropReason | null
  readonly in: string | null
  /** Who keeps the row; null where nobody says. */
  readonly by: By | null
}

/** All rows, in the order of the network's spaces and tables, and how many have each fate. */
export interface Census {
  readonly rows: readonly Removal[]
  readonly counts: { readonly [F in Fate]: number }
}

/**
 * Takes each row away in turn and walks the flow again: as many walks as there are rows. RangeError where the flow does not arrive
 * as the network is, since then no row can be said to matter.
 */
export function census(t: Topology, flow: Flow): Census {
  const whole = walk(t, flow)
  if (!whole.delivered) throw new RangeError(`${flow.from} → ${flow.to}: not delivered as it is`)
  const kept = new Set(promises(whole).map((p) => p.promise))
  const asked = restedOn(whole)
  const rows = spaces(t).flatMap((s) =>
    tablesOf(s).flatMap((table) =>
      rowsOf(s, table).map((row, i, all): Removal => {
        const ref: Ref = { in: s.name, table, row: i }
        const base = { ref, asked: asked.has(keyOf(ref)), by: provenance(t, ref) }
        const edit = removal(ref, table === 'devs' ? [row] : all, row)
        const without = taken(t, edit)
        if (without === null) return { ...base, edit: null, fate: 'stays', reason: null, in: null }
        const w = walk(without, flow)
        const breaks = promises(w).some((p) => !kept.has(p.promise))
        const loss = w.delivered ? null : w.loss
        return {
          ...base,
          edit,
          fate: w.delivered ? (breaks ? 'wrong' : 'harmless') : heard(w) ? 'told' : 'silent',
          reason: loss?.drop.reason ?? null,
          in: loss?.in ?? null,
        }
      }),
    ),
  )
  const count = (fate: Fate): number => rows.filter((r) => r.fate === fate).length
  return {
    rows,
    counts: Object.fromEntries(FATES.map((fate) => [fate, count(fate)])) as Census['counts'],
  }
}

const rowsOf = (s: Space, table: TableName): readonly object[] =>
  (s as unknown as Readonly<Record<TableName, readonly object[]>>)[table]

/** The row by all it says; by its place where another one says that too, and more. */
function removal(ref: Ref, all: readonly object[], row: object): Edit | Splice {
  const fields = Object.entries(row)
  const alike = all.filter((x) =>
    fields.every(([key, value]) => same((x as Readonly<Record<string, unknown>>)[key], value)),
  )
  return alike.length > 1
    ? { op: 'splice', in: ref.in, table: ref.table, cuts: [{ at: ref.row, out: [row], put: [] }] }
    : ({ op: 'del', in: ref.in, table: ref.table, where: { ...row } } as Edit)
}

/** The network without the row, with what follows from that; null if it does not go. */
function taken(t: Topology, edit: Edit | Splice): Topology | null {
  try {
    return apply(t, edit)
  } catch (error) {
    if (error instanceof EditError) return null
    throw error
  }
}

function heard(w: Walk): boolean {
  const said = outcomeOf(w, 'told')?.outcome
  return said?.ask === 'told' && said.told !== 'nothing'
}

const keyOf = (r: Ref): string => `${r.in} ${r.table} ${r.row}`

function restedOn(w: Walk): ReadonlySet<string> {
  return new Set(
    w.steps.flatMap((s) => {
      const { matched } = refsOf(s.decision)
      return [...(matched === null ? [] : [matched]), ...marksOf(s.decision)].map(keyOf)
    }),
  )
}

/** Who wrote such rows, and how many of them, most first; null: nobody said. */
export function keepers(rows: readonly Removal[]): readonly (readonly [string | null, number])[] {
  const counts = new Map<string | null, number>()
  for (const { by } of rows) counts.set(by?.who ?? null, (counts.get(by?.who ?? null) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1])
}
