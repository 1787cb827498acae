import { decides } from '#components/words/decides.ts'
import type { Decided, Mark, Row } from './table.ts'

/** Rows shown, at most, that did not decide: of those that hold what was asked for, and of the others. */
const BEATEN = 3
const NO = 3

/** The few rows that matter, in their order: what decided, and of the rest those that stand nearest to it. */
export function few(rows: readonly Row[]): Pick<Decided, 'rows' | 'all' | 'rest'> {
  const decisive = rows.findIndex((r) => won(r.mark))
  const at = decisive < 0 ? 0 : decisive
  const nearest = (mark: Mark, most: number): readonly Row[] =>
    rows
      .map((r, i) => ({ r, far: Math.abs(i - at) }))
      .filter(({ r }) => r.mark === mark)
      .toSorted((a, b) => a.far - b.far)
      .slice(0, most)
      .map(({ r }) => r)
  const kept = new Set([
    ...rows.filter((r) => won(r.mark)),
    ...nearest('beaten', BEATEN),
    ...nearest('no', NO),
  ])
  const left = rows.length - kept.size
  return {
    rows: rows.filter((r) => kept.has(r)),
    all: rows,
    rest: left === 0 ? null : decides().left(left, 0),
  }
}

/** Of rows that are asked in order, those behind the one that decided are not asked: they are counted. */
export function inOrder(rows: readonly Row[]): Pick<Decided, 'rows' | 'all' | 'rest'> {
  const at = rows.findLastIndex((r) => won(r.mark))
  if (at < 0) return few(rows)
  const asked = few(rows.slice(0, at + 1))
  const behind = rows.length - at - 1
  const left = at + 1 - asked.rows.length
  return {
    ...asked,
    all: rows.map((r, i) => (i > at ? { ...r, says: decides().notAsked } : r)),
    rest: left + behind === 0 ? null : decides().left(left, behind),
  }
}

export const won = (mark: Mark): boolean => mark === 'wins' || mark === 'ends'
