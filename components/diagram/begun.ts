import type { Box, Scene } from './layout/index.ts'
import { askedAt, LEAST, MOST, widest, type Asked, type Range } from './shot.ts'

/* What the camera will show first, for the style sheet: a picture stands in the page, cut as the camera cuts it, before there is a script that knows how large its place is. `Diagram.module.css` does with it what `shotOf` does. */

type Numbers = { readonly [name: `--${string}`]: number }

const middle = ([from, to]: Range): number => (from + to) / 2
const length = ([from, to]: Range): number => to - from

/** One direction, in parts of the whole: how long what is asked for is and where its middle is, the smaller (`a`) and the larger (`b`); and which edge is kept where not even the smaller has room, `end` 1 for the far one. */
function along(name: 'x' | 'y', whole: number, asked: Asked['x']): Numbers {
  const [own, card, all = card] = asked
  const far = card[0] < own[0]
  return {
    [`--${name}-a`]: length(card) / whole,
    [`--${name}-a-at`]: middle(card) / whole,
    [`--${name}-b`]: length(all) / whole,
    [`--${name}-b-at`]: middle(all) / whole,
    [`--${name}-edge`]: (far ? own[1] : own[0]) / whole,
    [`--${name}-end`]: far ? 1 : 0,
  }
}

/** The first cut of a picture, as custom properties without units. */
export function begun(scene: Scene, here: Box | null): Numbers {
  const { width, height } = scene
  const { x, y } = askedAt(scene, here ?? scene.boxes[0]!)
  return {
    '--wide': width,
    '--shape': width / height,
    '--column': width / widest(scene),
    '--least': LEAST,
    '--most': MOST,
    ...along('x', width, x),
    ...along('y', height, y),
  }
}
