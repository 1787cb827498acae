import type * as Behind from './behind.ts'

/** What is behind a press, fetched once. */
export const behind = (): Promise<typeof Behind> => import('./behind.ts')

const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'scroll', 'focusin'] as const

/** Fetches what is behind a press at the first sign that somebody reads: it is there when something is pressed, also offline. Returns what ends that. */
export function fetchBehind(): () => void {
  const end = (): void => {
    for (const s of SIGNS) removeEventListener(s, first, true)
  }
  const first = (): void => {
    end()
    // Offline it is asked for again when it is wanted, and then it is told.
    behind().catch(() => {})
  }
  for (const s of SIGNS) addEventListener(s, first, { capture: true, passive: true })
  return end
}
