import { memo } from 'react'
import type { Hands } from './hands.ts'
import type { Box } from './layout/index.ts'
import { Place } from './Place.tsx'

interface Props {
  readonly boxes: readonly Box[]
  /** Ids, of a box that is among these. */
  readonly here: string | undefined
  readonly lit: string | undefined
  /** Until when the lit one waits. */
  readonly move: string | undefined
  readonly roving: string | undefined
  readonly hands: Hands | undefined
}

/** Some boxes of a picture: those that a step does not change are passed over together. */
export const Boxes = memo(function Boxes({ boxes, here, lit, move, roving, hands }: Props) {
  return boxes.map((b) => (
    <Place
      key={b.id}
      box={b}
      here={b.id === here}
      lit={b.id === lit}
      move={b.id === lit ? move : undefined}
      tab={hands === undefined ? null : b.id === roving ? 0 : -1}
      hands={hands}
    />
  ))
})
