'use client'
import { useId, useLayoutEffect, useRef, useState } from 'react'
import { useStore } from 'zustand/react'
import type { Step, Walk } from '#lib/index.ts'
import { figure } from '#components/words/figure.ts'
import { Alive } from './Alive.tsx'
import { begun } from './begun.ts'
import { createCamera } from './camera.ts'
import type { Box, Scene } from './layout/index.ts'
import { placeOf } from './place.ts'
import { ZoomButtons } from './ZoomButtons.tsx'
import css from './Diagram.module.css'

interface Props {
  readonly scene: Scene
  readonly walk: Walk
  readonly step: number
  readonly label: string
  /** The step on this message that the packet is compared with: the stop before. */
  readonly before?: Step | null
  /** A box was chosen, by click or by Enter. The same function each time. */
  readonly choose?: (box: Box) => void
}

/** The picture, alive: the packet moves, it pans and zooms, and its boxes are reached with the arrow keys. */
export function Diagram({ scene, walk, step, label, before, choose }: Props) {
  const svg = useRef<SVGSVGElement>(null)
  const inside = useRef<SVGGElement>(null)
  const place = useRef<HTMLDivElement>(null)
  const [camera] = useState(createCamera)
  const { hand, whole, away } = useStore(camera.view)
  const hatch = useId()
  const current = walk.steps[step]
  const [first] = useState(
    () =>
      begun(scene, current === undefined ? null : placeOf(scene, current)) as React.CSSProperties,
  )
  const { width, height } = scene
  useLayoutEffect(() => {
    if (svg.current === null || inside.current === null || place.current === null) return
    const over = place.current.closest('[data-figure]')?.querySelector<HTMLElement>('[data-live]')
    const lens = {
      svg: svg.current,
      inside: inside.current,
      place: place.current,
      over: over ?? null,
    }
    return camera.attach(lens, scene)
  }, [camera, scene])
  if (current === undefined) return null
  return (
    <div className={css.frame} onPointerEnter={camera.near}>
      <div className={css.place} style={first} ref={place}>
        <svg
          ref={svg}
          className={css.svg}
          data-picture=""
          data-pans={hand || !whole}
          viewBox={`0 0 ${width} ${height}`}
          role="group"
          aria-label={label}
        >
          <g ref={inside}>
            <Alive
              scene={scene}
              walk={walk}
              step={current}
              hatch={hatch}
              camera={camera}
              before={before}
              choose={choose}
            />
          </g>
        </svg>
        {away !== null && (
          <p className={css.more} role="status">
            {figure().zoomMissing(away)}
          </p>
        )}
      </div>
      <ZoomButtons camera={camera} />
    </div>
  )
}
