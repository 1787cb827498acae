'use client'
import type { ReactNode } from 'react'
import type { Outcome, Prediction } from '#lib/index.ts'
import { figureOf } from '#components/figure/registry.ts'
import type { Elsewhere } from './answer.ts'
import { Card } from './Card.tsx'

interface Props {
  readonly of: Prediction
  readonly outcomes: readonly Outcome[]
  readonly figure: string
  /** What stands before the question. */
  readonly before?: ReactNode
  /** Something is said behind the answer. */
  readonly explained: boolean
}

/** A question whose answer the figure beside it shows: the changes are made there, and the packet runs. */
export function Revealing({ of, outcomes, figure, before, explained }: Props) {
  const show = ({ walk, says, step }: Elsewhere): void => figureOf(figure)?.show(walk, says, step)
  return (
    <Card
      of={of}
      outcomes={outcomes}
      heard={(answer, guess) => {
        figureOf(figure)?.reveal(of.whatIfs)
        // Who was the device sees what became of his answer.
        const mine = guess === null || of.acts !== true ? null : answer.elsewhere[guess]
        if (mine !== null && mine !== undefined) show(mine)
      }}
      show={show}
      explain={
        explained
          ? () => import('./explained.tsx').then((m) => m.explanationOf(of.id, figure))
          : undefined
      }
    >
      {before}
    </Card>
  )
}
