import type { Cut } from './edit.ts'

/* An edited table remembers which table it came from and where it differs: what was computed of that need not be computed anew. One whose edits were undone is that table again. */

export interface Descent {
  /** The table that it came from, perhaps by several edits. */
  readonly base: readonly object[]
  /** Rows of the base that were taken out, ascending. */
  readonly deleted: readonly number[]
  /** Rows of this table that the base has not, ascending: put in the place of one, or added at the end. */
  readonly fresh: readonly number[]
}

/** A table with more differences is computed anew, and is the base of those that come after it. */
const MOST = 32
/** Shorter tables are computed anew as fast. */
const WORTH = 64

const descents = new WeakMap<readonly object[], Descent>()

/** Where the rows came from; undefined for those that were written, or are too different. */
export function descentOf(rows: readonly object[]): Descent | undefined {
  return descents.get(rows)
}

function remember<R extends object>(
  rows: readonly R[],
  was: readonly R[],
  change: (d: Descent) => Pick<Descent, 'deleted' | 'fresh'> | null,
): readonly R[] {
  if (was.length < WORTH) return rows
  const from = descents.get(was) ?? { base: was, deleted: [], fresh: [] }
  const to = change(from)
  if (to === null) return rows
  const { deleted, fresh } = to
  // Nothing differs any more: it is that table, and what was computed of it stands.
  if (deleted.length + fresh.length === 0) return from.base as readonly R[]
  if (deleted.length + fresh.length <= MOST) descents.set(rows, { base: from.base, deleted, fresh })
  return rows
}

const ascending = (numbers: readonly number[], one: number): readonly number[] =>
  numbers.includes(one) ? numbers : [...numbers, one].sort((a, b) => a - b)

/** The table with one row more at its end. */
export function withRow<R extends object>(rows: readonly R[], row: R): readonly R[] {
  return remember([...rows, row], rows, ({ deleted, fresh }) => ({
    deleted,
    fresh: [...fresh, rows.length],
  }))
}

/** The table with another row at that place. */
export function withRowAt<R extends object>(rows: readonly R[], at: number, row: R): readonly R[] {
  return remember(rows.with(at, row), rows, ({ deleted, fresh }) => ({
    deleted,
    fresh: ascending(fresh, at),
  }))
}

/** The table without the row at that place. */
export function withoutRowAt<R extends object>(rows: readonly R[], at: number): readonly R[] {
  return remember(rows.toSpliced(at, 1), rows, (d) => without(d, at))
}

function without(d: Descent, at: number): Descent {
  const was = inBase(d, at)
  return {
    base: d.base,
    deleted: was === null ? d.deleted : ascending(d.deleted, was),
    fresh: d.fresh.filter((row) => row !== at).map((row) => (row > at ? row - 1 : row)),
  }
}

/** The table `made` of another one by cuts, as their places in that one say. It is computed anew where a row came between two of the base. */
export function withCuts<R extends object>(
  made: readonly R[],
  was: readonly R[],
  cuts: readonly Cut[],
): readonly R[] {
  const changes = cuts.reduce((n, { out, put }) => n + out.length + put.length, 0)
  // Undoing takes differences away, so there may be more changes than differences in the end.
  if (changes > 2 * MOST) return made
  return remember(made, was, (from) => {
    let d: Descent | null = from
    let more = 0
    for (const cut of cuts) {
      const at = cut.at + more
      for (const _ of cut.out) d &&= without(d, at)
      for (const [n, row] of cut.put.entries()) d &&= put(d, row, at + n)
      more += cut.put.length - cut.out.length
    }
    return d
  })
}

/** With a row put at a place: a row of the base comes back to its own, or it stands in the place of one that was taken out there, or behind all of them. Null between two that are still neighbours. */
function put(d: Descent, row: object, at: number): Descent | null {
  const { base, deleted, fresh } = d
  const there = deleted.filter((gone) => moved(deleted, gone) === at)
  const back = there.find((gone) => base[gone] === row)
  const place = back ?? there[0]
  if (place === undefined && inBase(d, at) !== null) return null
  const behind = fresh.map((x) => (x >= at ? x + 1 : x))
  return {
    base,
    deleted: deleted.filter((gone) => gone !== place),
    fresh: back === undefined ? ascending(behind, at) : behind,
  }
}

/** The row of the base at whose place this row stands; null for one that was added. */
function inBase({ base, deleted }: Descent, row: number): number | null {
  let at = row
  for (const gone of deleted) {
    if (gone > at) break
    at += 1
  }
  return at < base.length ? at : null
}

/** The row's number now, whether it is still that row or another one at its place. */
function moved(deleted: readonly number[], row: number): number {
  let before = 0
  while (before < deleted.length && deleted[before]! < row) before += 1
  return row - before
}

/** Rows of the base, by their numbers now; the list itself where none has moved. */
export function movedRows(deleted: readonly number[], rows: readonly number[]): readonly number[] {
  const first = deleted[0]
  return first === undefined || rows.every((row) => row < first)
    ? rows
    : rows.map((row) => moved(deleted, row))
}

/** Of these rows of the base those that are still in the table, by their numbers now. */
export function keptRows({ deleted, fresh }: Descent, rows: readonly number[]): number[] {
  return rows
    .filter((row) => !deleted.includes(row))
    .map((row) => moved(deleted, row))
    .filter((row) => !fresh.includes(row))
}

/** The rows of the base that are not in the table any more: taken out, or another stands there. */
export function goneRows(d: Descent): number[] {
  const replaced = d.fresh.map((row) => inBase(d, row)).filter((row) => row !== null)
  return [...d.deleted, ...replaced]
}
