import {
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react'
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
  /** What an author says behind it. */
  readonly explains: ReactNode
  readonly away: Away | null
  /** How it was answered another time. */
  readonly before: How | null
  readonly give: (guess: number | null) => void
}

const never = (): (() => void) => () => {}
/** Fetches what an author says behind an answer. */
export type Explain = () => Promise<ReactNode>
interface Loaded {
  readonly answer: Answer
  readonly explains: ReactNode
}
/** The answer, and what is said behind it: nothing of either is here before. */
async function load(of: Prediction, explain: Explain | undefined): Promise<Loaded> {
  const [answer, explains] = await Promise.all([
    import('./answer.ts').then(({ answerTo }) => answerTo(of)),
    explain?.() ?? null,
  ])
  return { answer, explains }
}

/** Asks one question. `heard` is called once, when the answer is there. `explain` fetches what is said behind it. */
export function useAsked(
  of: Prediction,
  heard: (answer: Answer, guess: number | null) => void,
  explain: Explain | undefined,
): Asked {
  const [given, setGiven] = useState<{ readonly guess: number | null } | null>(null)
  const [loaded, setLoaded] = useState<Loaded | null>(null)
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
    load(of, explain).then(
      (found) => {
        setLoaded(found)
        keep(of.id, guess === null ? 'skipped' : guess === found.answer.right ? 'right' : 'wrong')
        latest.current(found.answer, guess)
      },
      () => setAway(notLoaded()),
    )
  }
  return {
    open: given === null,
    guess: given?.guess ?? null,
    answer: loaded?.answer ?? null,
    explains: loaded?.explains ?? null,
    away,
    before: given === null ? before : null,
    give,
  }
}
