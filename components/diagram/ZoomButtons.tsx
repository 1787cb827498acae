import { memo } from 'react'
import { useStore } from 'zustand/react'
import { figure } from '#components/words/figure.ts'
import type { Camera } from './camera.ts'
import css from './Diagram.module.css'

/** As zoom.ts lets it. */
const MOST = 4

/** Nearer, farther, and all of it; from there back to where the packet is. */
export const ZoomButtons = memo(function ZoomButtons({ camera }: { readonly camera: Camera }) {
  const { scale, hand, whole } = useStore(camera.view)
  const still = !hand && whole
  return (
    <div className={css.zoom} data-hand={hand} role="group" aria-label={figure().zoom}>
      <button
        type="button"
        aria-label={figure().zoomIn}
        disabled={scale >= MOST}
        onClick={camera.zoomIn}
      >
        +
      </button>
      <button type="button" aria-label={figure().zoomOut} disabled={still} onClick={camera.zoomOut}>
        −
      </button>
      <button type="button" aria-label={figure().zoomWhole} disabled={still} onClick={camera.fit}>
        ⤢
      </button>
    </div>
  )
})
