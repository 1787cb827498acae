import { select } from 'd3-selection'
import { zoom, zoomIdentity, zoomTransform, type ZoomTransform } from 'd3-zoom'
import type { Box, Scene } from './layout/index.ts'

/** A move of all that is in a picture, in its own units. */
export interface Eye {
  readonly k: number
  readonly x: number
  readonly y: number
}

const MOST = 4
const STEP = 1.5
/** Part of the picture, from the border, in which the packet is out of sight or nearly so. */
const MARGIN = 0.12

export interface Zoom {
  readonly by: (direction: 1 | -1) => void
  /** Where it is looked from now, without a hand. */
  readonly put: (eye: Eye) => void
  /** Keeps a box in sight. */
  readonly keep: (box: Box | null) => void
  readonly end: () => void
}

interface Moved {
  readonly transform: ZoomTransform
  readonly sourceEvent: unknown
}

/** Pan and zoom by hand, in the picture's own units. The page keeps its scroll: the wheel needs Ctrl (as a pinch on a trackpad sends), touch needs two fingers, and a drag only pans what is larger than its place. */
export function zoomable(
  svg: SVGSVGElement,
  { width, height }: Scene,
  moved: (eye: Eye, byHand: boolean) => void,
): Zoom {
  let told = false
  const behaviour = zoom<SVGSVGElement, unknown>()
    .extent([
      [0, 0],
      [width, height],
    ])
    .translateExtent([
      [-width / 4, -height / 4],
      [width * 1.25, height * 1.25],
    ])
    .scaleExtent([0.5, MOST])
    .filter((event: Event) => {
      if (event instanceof WheelEvent) return event.ctrlKey
      if (typeof TouchEvent !== 'undefined' && event instanceof TouchEvent)
        return event.touches.length === 2
      return event instanceof MouseEvent && event.button === 0 && zoomTransform(svg).k > 1.001
    })
    .on('zoom', ({ transform: { k, x, y } }: Moved) => {
      if (!told) moved({ k, x, y }, true)
    })
  const picture = select(svg)
  picture.call(behaviour).on('dblclick.zoom', null)
  return {
    by: (direction) => behaviour.scaleBy(picture, direction === 1 ? STEP : 1 / STEP),
    put: ({ k, x, y }) => {
      told = true
      behaviour.transform(picture, zoomIdentity.translate(x, y).scale(k))
      told = false
    },
    keep: (box) => {
      const t = zoomTransform(svg)
      if (box === null || t.k <= 1.001) return
      const [px, py] = t.apply([box.x, box.y])
      if (
        px < width * MARGIN ||
        px > width * (1 - MARGIN) ||
        py < height * MARGIN ||
        py > height * (1 - MARGIN)
      )
        behaviour.translateTo(picture, box.x, box.y)
    },
    end: () => {
      picture.on('.zoom', null)
    },
  }
}
