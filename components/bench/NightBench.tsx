import { useState } from 'react'
import { keep } from '#components/predict/kept.ts'
import { bench as words } from '#components/words/bench.ts'
import type { Bench } from './bench.ts'
import { Hours } from './Hours.tsx'
import { BACKENDS, type Night } from './backends.ts'
import css from './Bench.module.css'

/** What may be guessed, hour by hour, before anything is walked. */
export interface NightGiven {
  readonly id: string
  readonly hours: readonly { readonly id: string; readonly at: number }[]
}
const NEVER = 'never'

/** When is each backend dark? First the reader says it, then the night passes. */
export function NightBench({ figure, given: { id, hours } }: Bench<NightGiven>) {
  const [guess, setGuess] = useState<readonly string[]>(BACKENDS.map(() => ''))
  const [passed, setPassed] = useState<Night | null>(null)
  const [at, setAt] = useState(0)
  const says = words().night
  const truth = passed?.dark.map((d) => d ?? NEVER)
  const right = truth?.filter((d, i) => d === guess[i]).length ?? 0
  /** What an hour is called. */
  const timeOf = (hour: string): string => {
    const at = hours.find((h) => h.id === hour)?.at
    return at === undefined ? says.never : says.clock(at)
  }
  const pass = async (): Promise<void> => {
    if (passed !== null) return
    const { night } = await import('./nights.ts')
    const now = await night()
    keep(id, now.dark.every((d, i) => (d ?? NEVER) === guess[i]) ? 'right' : 'wrong')
    setPassed(now)
  }
  return (
    <div role="group" aria-label={says.asks} data-passed={passed !== null}>
      <p>
        <b>{says.asks}</b>
      </p>
      {passed === null && (
        <div className={css.ask}>
          {BACKENDS.map((b, i) => (
            <label key={b}>
              {says.backend(b)}
              <select
                value={guess[i]}
                onChange={(e) => setGuess(guess.with(i, e.currentTarget.value))}
              >
                <option value="">{words().guess}</option>
                {hours.map((h) => (
                  <option key={h.id} value={h.id}>
                    {says.clock(h.at)}
                  </option>
                ))}
                <option value={NEVER}>{says.never}</option>
              </select>
            </label>
          ))}
          <button type="button" className={css.go} onClick={() => void pass()}>
            {says.run}
          </button>
        </div>
      )}
      <div role="status">
        {truth !== undefined && (
          <>
            <p>{says.of(right, BACKENDS.length)}</p>
            <ul>
              {BACKENDS.map((b, i) => (
                <li key={b} data-good={truth[i] === guess[i]}>
                  {says.dark(b, timeOf(truth[i]!), guess[i] === '' ? null : timeOf(guess[i]!))}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      {passed !== null && <Hours hours={passed.hours} at={at} go={setAt} figure={figure} />}
    </div>
  )
}
