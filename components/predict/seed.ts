import { keepAs, keptAs } from '#components/site/device.ts'

const NAME = 'recall'
/** More than there are addresses to draw: each question takes what is left over. */
const MOST = 1_000_000

/** What was drawn where nothing may be kept: for as long as the page is open. */
let drawn: number | null = null

const isSeed = (x: unknown): x is number =>
  Number.isInteger(x) && (x as number) >= 0 && (x as number) < MOST

/** The number that this device draws the addresses of its questions by. */
export function seedHere(): number {
  const kept = keptAs(NAME)['seed']
  if (isSeed(kept)) return kept
  if (drawn === null) {
    drawn = Math.floor(Math.random() * MOST)
    keepAs(NAME, 'seed', drawn)
  }
  return drawn
}
