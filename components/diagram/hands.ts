import { useMemo, useState } from 'react'
import type { Box, Scene } from './layout/index.ts'
import { nextBox } from './neighbours.ts'

/** The one box in the order of tabs, and what the hands do: always the same functions, so that a step draws only the boxes it changes. */
export interface Reach {
  readonly roving: string | undefined
  readonly hands: Hands
}
export interface Hands {
  readonly focus: (box: Box) => void
  readonly click: (box: Box, e: React.MouseEvent<SVGGElement>) => void
  readonly key: (box: Box, e: React.KeyboardEvent<SVGGElement>) => void
}

/** Makes the boxes of a picture reachable by keyboard and pointer; nothing where none can be chosen. */
export function useReach(
  scene: Scene,
  here: Box | null,
  choose: ((box: Box) => void) | undefined,
): Reach | undefined {
  const [focused, setFocused] = useState<string | null>(null)
  const hands = useMemo(
    () => (choose === undefined ? undefined : handsOf(scene, choose, (b) => setFocused(b.id))),
    [scene, choose],
  )
  if (hands === undefined) return undefined
  const there = focused !== null && scene.boxes.some((b) => b.id === focused)
  return { hands, roving: there ? focused : (here?.id ?? scene.boxes[0]?.id) }
}

function handsOf(scene: Scene, choose: (box: Box) => void, focus: (box: Box) => void): Hands {
  return {
    focus,
    // Who points leaves the arrows to the steps; who came by keyboard goes on from the box.
    click: (b, e) => {
      choose(b)
      if (e.detail > 0)
        e.currentTarget.closest<HTMLElement>('[data-figure]')?.focus({ preventScroll: true })
    },
    key: (b, e) => {
      if (e.key === 'Enter') {
        choose(b)
        e.stopPropagation()
      }
      if (!e.key.startsWith('Arrow') || e.shiftKey) return
      const to = nextBox(scene, b, e.key)
      e.preventDefault()
      e.stopPropagation()
      if (to === null) return
      const svg = e.currentTarget.ownerSVGElement
      svg?.querySelector<SVGGElement>(`[data-box="${CSS.escape(to.id)}"]`)?.focus()
    },
  }
}
