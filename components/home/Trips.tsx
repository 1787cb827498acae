'use client'
import { startTransition, useEffect, useRef, useState } from 'react'
import { Boundary } from '#components/site/Boundary.tsx'
import type * as BuiltModule from './built.tsx'
import type { Cost } from './cost.ts'
import type * as LiveModule from './live.ts'
import type { Way } from './Live.tsx'
import type { Trip } from './pair.ts'

// Pages are built with both pictures in them. In the browser this line is not compiled in: what moves them is a file of its own.
const built =
  typeof window === 'undefined' ? (require('./built.tsx') as typeof BuiltModule).Built : null

interface Props {
  readonly costs: readonly Cost[]
  readonly presses: number
  readonly told: (way: Way) => void
}
interface Here {
  readonly Live: typeof LiveModule.Live
  readonly trips: readonly [Trip, Trip]
}

/** Two pictures that stand in the page as built, and are moved by one clock as soon as what moves them is there: what was pressed before is done then. */
export function Trips({ costs, presses, told }: Props) {
  const [here, setHere] = useState<Here | null>(null)
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let wanted = true
    import('./live.ts').then(
      async ({ Live, pair }) => {
        const trips = await pair()
        if (wanted) startTransition(() => setHere({ Live, trips }))
      },
      // They stand, and the page without them too.
      () => {},
    )
    return () => {
      wanted = false
    }
  }, [])
  if (here !== null)
    return (
      <Boundary what="figure" ids="">
        <here.Live trips={here.trips} costs={costs} presses={presses} told={told} />
      </Boundary>
    )
  if (built !== null) {
    const Still = built
    return (
      <div ref={place}>
        <Still costs={costs} />
      </div>
    )
  }
  return <div ref={place} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: '' }} />
}
