'use client'
import type { Goal } from '#lib/index.ts'
import { exercises as words } from '#components/words/exercises.ts'
import type { Lit } from '#components/words/en/exercises.ts'
import type { Lamp } from './verdicts.ts'

/** A lamp as it is built into the page: without its walk. */
export type Built = Pick<Lamp, 'lit' | 'why'>

const GLYPH: { readonly [L in Lit]: string } = { holds: '✓', broken: '✗', unasked: '·' }

/** One goal, and its lamp to press. */
export function Line({
  goal,
  lamp,
  show,
}: {
  readonly goal: Goal
  readonly lamp: Built & Partial<Lamp>
  readonly show?: (says: string) => void
}) {
  const says = words()
  const { lit, why, walk } = lamp
  const seen = lit === 'broken' ? says.breaks(why ?? '') : says.shows(goal.say)
  return (
    <li data-goal={goal.id} data-lit={lit}>
      <i aria-hidden="true">{GLYPH[lit]}</i>
      <span>
        {goal.say} <b>{says.lit(lit)}</b>
        {why !== null && <small>{why}</small>}
      </span>
      {walk !== null && show !== undefined && (
        <button
          type="button"
          // As long as there is nothing to see it only keeps its room.
          disabled={walk === undefined}
          aria-label={`${lit === 'broken' ? says.seeBroken : says.seeHolds}: ${goal.say}`}
          onClick={() => show(seen)}
        >
          {lit === 'broken' ? says.seeBroken : says.seeHolds}
        </button>
      )}
    </li>
  )
}
