import { useEffect, useState } from 'react'
import type { Summary } from '#lib/index.ts'
import { BASE } from '#components/site/base.ts'

const summaries = new Map<string, Promise<Summary | null>>()
/** What was recorded of a world, in short; null if the file does not come. */
function summaryOf(world: string): Promise<Summary | null> {
  const known = summaries.get(world)
  if (known !== undefined) return known
  const asked = fetch(`${BASE}/kernel/summary/${world}.json`)
    .then((r) => (r.ok ? (r.json() as Promise<Summary>) : null))
    .catch(() => null)
  summaries.set(world, asked)
  // Offline now need not be offline later.
  asked.then(
    (s) => {
      if (s === null) summaries.delete(world)
    },
    () => {},
  )
  return asked
}

/** The summary of a world, null until it is there; `away` if it did not come. What nobody sees yet is not asked for. */
export function useSummary(
  world: string | null,
  near: boolean,
): { readonly summary: Summary | null; readonly away: boolean } {
  const [summary, setSummary] = useState<Summary | null>(null)
  const [away, setAway] = useState(false)
  useEffect(() => {
    if (world === null || !near) return
    let wanted = true
    const ask = (): void => {
      summaryOf(world).then(
        (s) => {
          if (wanted) {
            setSummary(s)
            setAway(s === null)
          }
        },
        () => {},
      )
    }
    ask()
    addEventListener('online', ask)
    return () => {
      wanted = false
      removeEventListener('online', ask)
    }
  }, [world, near])
  return { summary, away }
}
