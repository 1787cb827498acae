'use client'
import { useState, useSyncExternalStore } from 'react'
import type { Outcome, Prediction } from '#lib/index.ts'
import { figureOf } from '#components/figure/registry.ts'
import { predict as words } from '#components/words/predict.ts'
import type { Answer } from './answer.ts'
import { Card } from './Card.tsx'
import { seedHere } from './seed.ts'
import css from './Predict.module.css'

interface Drawn {
  readonly of: Prediction
  readonly outcomes: readonly Outcome[]
  readonly says: string
  /** Where the packet is, if a step is asked about. */
  readonly at: string | null
}

const never = (): (() => void) => () => {}

/** The question on the addresses that this device has drawn. */
export function Recalled({
  drawn,
  figure,
}: {
  readonly drawn: readonly Drawn[]
  readonly figure: string
}) {
  const seed = useSyncExternalStore(never, seedHere, () => 0)
  const [answer, setAnswer] = useState<Answer | null>(null)
  const { of, outcomes, says, at } = drawn[seed % drawn.length]!
  const see = (): void => {
    if (answer === null) return
    const { walk, decides } = answer.predicted
    figureOf(figure)?.show(walk, words().recallShown, decides)
  }
  return (
    <div data-recall={of.id}>
      <Card
        key={seed}
        of={of}
        outcomes={outcomes}
        heard={setAnswer}
        show={({ walk, says: told, step }) => figureOf(figure)?.show(walk, told, step)}
        behind={
          answer === null || figure === '' ? undefined : (
            <button type="button" className={css.show} onClick={see}>
              {words().seeRecalled}
            </button>
          )
        }
      >
        {/* Put into words with the chapter. */}
        <p lang="en">
          {says} {at}
        </p>
      </Card>
    </div>
  )
}
