import type { Outcome } from '#lib/index.ts'
import { predict as words } from '#components/words/predict.ts'
import type { Answer } from './answer.ts'
import css from './Predict.module.css'

/** What is said of a guess: whether it is right, which belief leads to it, the walk in which it would be so, and what decides. */
export function Said({
  answer: { right, said, why },
  guess,
  outcomes,
  seen,
}: {
  readonly answer: Answer
  readonly guess: number | null
  readonly outcomes: readonly Outcome[]
  /** Shows that walk; null where there is none to see. */
  readonly seen: (() => void) | null
}) {
  const says = words()
  return (
    <>
      {guess !== null && (
        <p>
          <b data-how={guess === right ? 'right' : 'wrong'}>
            {guess === right ? says.right : says.wrong}
          </b>{' '}
          {why[guess]}{' '}
          {seen !== null && (
            <button type="button" className={css.show} data-elsewhere="" onClick={seen}>
              {says.seeIt}
            </button>
          )}
        </p>
      )}
      {/* Who sees it sees the option marked. */}
      {guess !== right && <p className="hidden">{says.answer(says.outcome(outcomes[right]!))}</p>}
      {said !== '' && <p>{said}</p>}
    </>
  )
}
