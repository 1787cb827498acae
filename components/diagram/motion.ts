import type { Leg } from './way.ts'
import type { Point } from './wire.ts'

export const put = ([x, y]: Point): string => `translate(${x}px, ${y}px)`

/** Seconds for a move of so many figure units: what goes far takes longer, within 0.2 and 0.6. */
export const seconds = (length: number): number => Math.min(0.6, 0.2 + length / 1400)

/** How long what moves is on its way, for what waits until it is there: said where something waits. Said for all of the picture, each word in it would be laid out again. */
export const waits = (move: string | undefined): React.CSSProperties =>
  move === undefined ? {} : ({ '--move': move } as React.CSSProperties)

const lengthOf = ({ points }: Leg): number =>
  points.reduce((sum, [x, y], i) => {
    const [fx, fy] = points[i - 1] ?? [x, y]
    return sum + Math.hypot(x - fx, y - fy)
  }, 0)

/** When the packet comes to each stretch that is new since a step, as a share of the move, and how long the move is. */
export function arrivals(
  legs: readonly Leg[],
  { from, step }: { readonly from: number; readonly step: number },
): { readonly at: ReadonlyMap<Leg, number>; readonly length: number } {
  const at = new Map<Leg, number>()
  let length = 0
  for (const l of legs)
    if (l.n > from && l.n <= step) {
      at.set(l, length)
      length += lengthOf(l)
    }
  for (const [l, far] of at) at.set(l, length === 0 ? 0 : far / length)
  return { at, length }
}
