import { useState } from 'react'
import type { Step, Walk } from '#lib/index.ts'

/** The step that the packet has come from, if it was one before, of the same message. Else it is just there, as in a still. */
export function useFrom(walk: Walk, step: Step): number | null {
  const [last, setLast] = useState<{ walk: Walk; step: Step; from: number | null }>({
    walk,
    step,
    from: null,
  })
  if (last.walk === walk && last.step === step) return last.from
  const onward = last.walk === walk && last.step.message === step.message && last.step.n < step.n
  const from = onward ? last.step.n : null
  setLast({ walk, step, from })
  return from
}
