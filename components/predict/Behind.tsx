import { lazy, Suspense } from 'react'
import { predict as words } from '#components/words/predict.ts'
import type { Answer, Elsewhere } from './answer.ts'
import css from './Predict.module.css'

const Decision = lazy(() =>
  import('#components/decides/Decision.tsx').then((m) => ({ default: m.Decision })),
)

interface Props {
  readonly answer: Answer
  readonly guess: number | null
  readonly show: ((elsewhere: Elsewhere) => void) | undefined
}

/** What is behind an answer: the table that decided, and the walk in which the guess would be right. */
export function Behind({ answer: { decides, elsewhere }, guess, show }: Props) {
  const mine = guess === null ? null : (elsewhere[guess] ?? null)
  return (
    <>
      {decides !== null && (
        <Suspense>
          {decides.tables.map((t) => (
            <Decision key={t.table} table={t} step={decides.step} topology={decides.topology} />
          ))}
        </Suspense>
      )}
      {mine !== null && show !== undefined && (
        <p className={css.foot}>
          <button type="button" className={css.show} data-elsewhere="" onClick={() => show(mine)}>
            {words().seeIt}
          </button>
        </p>
      )}
    </>
  )
}
