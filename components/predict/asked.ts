import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { Prediction } from '#lib/index.ts'
import type { Away } from '#components/words/en/away.ts'
import { notLoaded } from '#components/save/take.ts'
import type { Answer } from './answer.ts'
import { answered, keep, type How } from './kept.ts'

/** A question as it stands: open; answered (a guess by its number, null: it was shown); and the answer when that has come. */
export interface Asked {
  readonly open: boolean
  readonly guess: number | null
  readonly answer: Answer | null
  readonly away: Away | null
  /** How it was answered another time. */
  readonly before: How | null
  readonly give: (guess: number | null) => void
}

const never = (): (() => void) => () => {}
const load = (of: Prediction): Promise<Answer> =>
  import('./answer.ts').then(({ answerTo }) => answerTo(of))

/** Asks one question. `heard` is called once, when the answer is there. */
export function useAsked(
  of: Prediction,
  heard: (answer: Answer, guess: number | null) => void,
): Asked {
  const [given, setGiven] = useState<{ readonly guess: number | null } | null>(null)
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [away, setAway] = useState<Away | null>(null)
  const before = useSyncExternalStore(
    never,
    useCallback(() => answered(of.id), [of.id]),
    () => null,
  )
  const latest = useRef(heard)
  useEffect(() => {
    latest.current = heard
  }, [heard])
  const give = (guess: number | null): void => {
    if (given !== null && away === null) return
    setGiven({ guess })
    setAway(null)
    load(of).then(
      (found) => {
        setAnswer(found)
        keep(of.id, guess === null ? 'skipped' : guess === found.right ? 'right' : 'wrong')
        latest.current(found, guess)
      },
      () => setAway(notLoaded()),
    )
  }
  return {
    open: given === null,
    guess: given?.guess ?? null,
    answer,
    away,
    before: given === null ? before : null,
    give,
  }
}
