import { useEffect, useState } from 'react'

/** How long one stop is shown, ms; and how long all of them may take together. */
const STOP_MS = 650
const ALL_MS = 14_000
const SHORTEST_MS = 60

/** Who reads wants no movement. */
export const still = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

/** A clock that goes through so many stops once. */
export interface Clock {
  readonly at: number
  readonly running: boolean
  /** From the first stop on, or on from where it stands. */
  readonly start: () => void
  readonly pause: () => void
}

/** Stands at the last stop until it is started. `going`: it is running from the first one at once; who wants no movement sees the last. */
export function useClock(total: number, going = false): Clock {
  const last = Math.max(0, total - 1)
  const [begins] = useState(() => going && !still())
  const [at, setAt] = useState(begins ? 0 : last)
  const [running, setRunning] = useState(begins)
  useEffect(() => {
    if (!running) return
    const ms = Math.max(SHORTEST_MS, Math.min(STOP_MS, ALL_MS / total))
    const timer = setTimeout(() => {
      if (at + 1 >= last) setRunning(false)
      setAt(Math.min(last, at + 1))
    }, ms)
    return () => clearTimeout(timer)
  }, [running, at, last, total])
  return {
    at,
    running,
    start: () => {
      setAt(at >= last ? 0 : at)
      setRunning(true)
    },
    pause: () => setRunning(false),
  }
}
