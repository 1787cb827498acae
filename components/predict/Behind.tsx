import { lazy, Suspense, type ReactNode } from 'react'
import type { Answer } from './answer.ts'
import css from './Predict.module.css'

const Decision = lazy(() =>
  import('#components/decides/Decision.tsx').then((m) => ({ default: m.Decision })),
)

interface Props {
  readonly answer: Answer
  /** What else there is to press. */
  readonly children: ReactNode
}

/** What is behind an answer: the table that decided. */
export function Behind({ answer: { decides }, children }: Props) {
  return (
    <>
      {decides !== null && (
        <Suspense>
          {decides.tables.map((t) => (
            <Decision key={t.table} table={t} step={decides.step} topology={decides.topology} />
          ))}
        </Suspense>
      )}
      {children !== undefined && <p className={css.foot}>{children}</p>}
    </>
  )
}
