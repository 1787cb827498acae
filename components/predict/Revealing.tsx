'use client'
import type { ReactNode } from 'react'
import type { Outcome, Prediction } from '#lib/index.ts'
import { figureOf } from '#components/figure/registry.ts'
import { Card } from './Card.tsx'

interface Props {
  readonly of: Prediction
  readonly outcomes: readonly Outcome[]
  readonly figure: string
  readonly children?: ReactNode
}

/** A question whose answer the figure beside it shows: the changes are made there, and the packet runs. */
export function Revealing({ of, outcomes, figure, children }: Props) {
  return (
    <Card
      of={of}
      outcomes={outcomes}
      heard={() => figureOf(figure)?.reveal(of.whatIfs)}
      explains={children}
    />
  )
}
