import { lazy, Suspense, type ReactNode } from 'react'
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
  /** What else there is to press. */
  readonly children: ReactNode
}

/** What is behind an answer: the table that decided, and the walk in which the guess would be right. */
export function Behind({ answer: { decides, elsewhere }, guess, show, children }: Props) {
  const mine = guess === null ? null : (elsewhere[guess] ?? null)
  const seen = mine === null || show === undefined ? null : () => show(mine)
  return (
    <>
      {decides !== null && (
        <Suspense>
          {decides.tables.map((t) => (
            <Decision key={t.table} table={t} step={decides.step} topology={decides.topology} />
          ))}
        </Suspense>
      )}
      {(seen !== null || children !== undefined) && (
        <p className={css.foot}>
          {seen !== null && (
            <button type="button" className={css.show} data-elsewhere="" onClick={seen}>
              {words().seeIt}
            </button>
          )}
          {children}
        </p>
      )}
    </>
  )
}
