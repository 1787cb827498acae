import type { Outcome } from '#lib/index.ts'
import { predict as words } from '#components/words/predict.ts'
import type { Answer } from './answer.ts'

/** What is said of a guess: whether it is right, which belief leads to it, and what decides. */
export function Said({
  answer: { right, said, why },
  guess,
  outcomes,
}: {
  readonly answer: Answer
  readonly guess: number | null
  readonly outcomes: readonly Outcome[]
}) {
  const says = words()
  return (
    <>
      {guess !== null && (
        <p>
          <b data-how={guess === right ? 'right' : 'wrong'}>
            {guess === right ? says.right : says.wrong}
          </b>{' '}
          {why[guess]}
        </p>
      )}
      {/* Who sees it sees the option marked. */}
      {guess !== right && <p className="hidden">{says.answer(says.outcome(outcomes[right]!))}</p>}
      {said !== '' && <p>{said}</p>}
    </>
  )
}
