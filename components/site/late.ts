import { useEffect, useState } from 'react'
import type { Away } from '#components/words/en/away.ts'
import { notLoaded } from '#components/save/take.ts'

/** A part of a page that is a file of its own, fetched when it is first shown; `away` says why it did not come. */
export interface Late<T> {
  readonly part: T | null
  readonly away: Away | null
}

/** What came, by what fetches it: shown again it is there at once. */
const came = new WeakMap<() => Promise<unknown>, unknown>()

/** Fetches once. `load` is the same function each time. */
export function useLate<T>(load: () => Promise<T>): Late<T> {
  const [late, setLate] = useState<Late<T>>(() => ({
    part: (came.get(load) as T | undefined) ?? null,
    away: null,
  }))
  useEffect(() => {
    let wanted = true
    load().then(
      (part) => {
        came.set(load, part)
        if (wanted) setLate({ part, away: null })
      },
      () => {
        if (wanted) setLate({ part: null, away: notLoaded() })
      },
    )
    return () => {
      wanted = false
    }
  }, [load])
  return late
}
