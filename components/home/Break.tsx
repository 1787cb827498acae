'use client'
import { lazy, Suspense, useState } from 'react'
import type { Outcome, Predicted, Prediction } from '#lib/index.ts'
import { Card } from '#components/predict/Card.tsx'
import { pages } from '#components/words/pages.ts'
import type { BreakId } from '#components/words/en/pages.ts'
import css from './Home.module.css'

const Death = lazy(() => import('./Death.tsx').then((m) => ({ default: m.Death })))

/** A card of the first page: what is broken, and what its options say. */
export interface Broken {
  readonly of: Prediction & { readonly id: BreakId }
  readonly outcomes: readonly Outcome[]
}

/** Three changes, and where they lead: each asks before it shows. */
export function Break({ cards }: { readonly cards: readonly Broken[] }) {
  const says = pages()
  const [deaths, setDeaths] = useState<Readonly<Record<string, Predicted>>>({})
  return (
    <section aria-labelledby="break">
      <h2 id="break">{says.breakTitle}</h2>
      <ul className={css.breaks}>
        {cards.map(({ of, outcomes }) => (
          <li key={of.id}>
            <div className={css.break}>
              <Card
                of={of}
                outcomes={outcomes}
                heard={({ predicted }) => setDeaths((all) => ({ ...all, [of.id]: predicted }))}
              >
                <h3>{says.breaks[of.id].title}</h3>
                <p>{says.breaks[of.id].text}</p>
              </Card>
            </div>
            {deaths[of.id] !== undefined && (
              <Suspense>
                <Death title={says.breaks[of.id].title} of={deaths[of.id]!} />
              </Suspense>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
