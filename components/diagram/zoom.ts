import { select } from 'd3-selection'
import { zoom, zoomIdentity, zoomTransform } from 'd3-zoom'

const MOST = 4
const STEP = 1.5
/** Part of the picture, from the border, in which the packet is out of sight or nearly so. */
const MARGIN = 0.12

export interface Zoom { readonly by: (direction: 1 | -1) => void; readonly fit: () => void; readonly follow: (x: number, y: number) => void; readonly end: () => void }

/** Pan and zoom of the picture, in its own units. The page keeps its scroll: the wheel needs Ctrl (as a pinch on a trackpad sends), touch needs two fingers, and a drag only pans what is zoomed in. */
export function zoomable(svg: SVGSVGElement, inside: SVGGElement, width: number, height: number, changed: (scale: number) => void): Zoom {
  const behaviour = zoom<SVGSVGElement, unknown>()
    .extent([[0, 0], [width, height]]).translateExtent([[0, 0], [width, height]]).scaleExtent([1, MOST])
    .filter((event: Event) => {
      if (event instanceof WheelEvent) return event.ctrlKey
      if (typeof TouchEvent !== 'undefined' && event instanceof TouchEvent) return event.touches.length === 2
      return event instanceof MouseEvent && event.button === 0 && zoomTransform(svg).k > 1
    })
    .on('zoom', (event: { readonly transform: { readonly k: number; toString(): string } }) => {
      inside.setAttribute('transform', event.transform.toString())
      changed(event.transform.k)
    })
  const picture = select(svg)
  picture.call(behaviour).on('dblclick.zoom', null)
  return {
    by: (direction) => behaviour.scaleBy(picture, direction === 1 ? STEP : 1 / STEP),
    fit: () => behaviour.transform(picture, zoomIdentity),
    follow(x, y) {
      const t = zoomTransform(svg)
      if (t.k === 1) return
      const [px, py] = t.apply([x, y])
      if (px < width * MARGIN || px > width * (1 - MARGIN) || py < height * MARGIN || py > height * (1 - MARGIN)) behaviour.translateTo(picture, x, y)
    },
    end: () => { picture.on('.zoom', null) },
  }
}
