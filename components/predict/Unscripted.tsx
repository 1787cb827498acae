'use client'
import { useSyncExternalStore, type ReactNode } from 'react'
import type { Prediction } from '#lib/index.ts'
import type * as BuiltModule from './built.tsx'

// Pages are built with the answer for whoever reads without scripts. In the browser this line is not compiled in, and the answer is nowhere.
const built =
  typeof window === 'undefined' ? (require('./built.tsx') as typeof BuiltModule).Built : null
const never = (): (() => void) => () => {}

interface Props {
  readonly of: Prediction
  readonly children?: ReactNode
}

/** The answer, where no script could show it. A page with scripts throws it away. */
export function Unscripted({ of, children }: Props) {
  const scripted = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  if (scripted) return null
  if (built === null)
    return <noscript suppressHydrationWarning dangerouslySetInnerHTML={{ __html: '' }} />
  const Answer = built
  return (
    <noscript>
      <Answer of={of}>{children}</Answer>
    </noscript>
  )
}
