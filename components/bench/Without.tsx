import { useState, type KeyboardEvent } from 'react'
import type { Goal } from '#lib/index.ts'
import { keep } from '#components/predict/kept.ts'
import { bench as words } from '#components/words/bench.ts'
import type { Toggle } from './conflists.ts'
import css from './Bench.module.css'

/** What is taken out of a list that holds all its goals, one after the other. */
const TAKEN = ['portmap', 'isDefaultGateway'] as const satisfies readonly Toggle[]

interface Props {
  readonly id: string
  /** The list that holds them. */
  readonly text: string
  readonly goals: readonly Goal[]
}
interface Came {
  readonly guess: number
  /** The goals that are dark without it, by their numbers. */
  readonly dark: readonly number[]
}

/** Something is taken out: which goal goes dark? Pods that are started so say whether the guess was right. */
export function Without({ id, text, goals }: Props) {
  const [at, setAt] = useState(0)
  const [came, setCame] = useState<Came | null>(null)
  const what = TAKEN[at]!
  const says = words()
  const { takenOut, darkWithout } = says.conflist
  const guessed = async (guess: number): Promise<void> => {
    if (came !== null || goals[guess] === undefined) return
    const { darkOf } = await import('./started.ts')
    const dark = await darkOf({ text, without: what, goals })
    keep(`${id}-${what}`, dark.includes(guess) ? 'right' : 'wrong')
    setCame({ guess, dark })
  }
  const keys = (e: KeyboardEvent): void => {
    if (e.ctrlKey || e.metaKey || e.altKey || goals[Number(e.key) - 1] === undefined) return
    e.preventDefault()
    e.stopPropagation()
    void guessed(Number(e.key) - 1)
  }
  const right = came?.dark.includes(came.guess) === true
  return (
    <div role="group" aria-label={takenOut(what)} data-without={what}>
      <p>
        <b>{takenOut(what)}</b>
      </p>
      <div className={css.lines}>
        {goals.map((g, i) => (
          <button
            key={g.id}
            type="button"
            aria-disabled={came !== null}
            aria-pressed={came?.guess === i}
            onClick={() => void guessed(i)}
            onKeyDown={keys}
          >
            <kbd aria-hidden="true">{i + 1}</kbd> {g.say}
          </button>
        ))}
      </div>
      <div role="status">
        {came !== null && (
          <p>
            <b data-good={right}>{right ? says.right : says.wrong}</b>{' '}
            {darkWithout(
              what,
              came.dark.map((i) => goals[i]!.say),
            )}
          </p>
        )}
      </div>
      {came !== null && at + 1 < TAKEN.length && (
        <button
          type="button"
          className={css.go}
          onClick={() => {
            setAt(at + 1)
            setCame(null)
          }}
        >
          {says.conflist.another}
        </button>
      )}
    </div>
  )
}
