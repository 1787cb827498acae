import { keepAs, keptAs } from '#components/site/device.ts'

const NAME = 'predictions'
export type How = 'right' | 'wrong' | 'skipped'
const HOWS: ReadonlySet<unknown> = new Set(['right', 'wrong', 'skipped'] satisfies How[])

/** How a question was answered last; null if it was not, or nothing is kept. */
export function answered(id: string): How | null {
  const how = keptAs(NAME)[id]
  return HOWS.has(how) ? (how as How) : null
}

/** Keeps how it was answered. */
export const keep = (id: string, how: How): void => keepAs(NAME, id, how)
