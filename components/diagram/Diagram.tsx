'use client'
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { cubicBezier } from 'framer-motion'
import { useAnimate } from 'framer-motion/mini'
import type { Walk } from '#lib/index.ts'
import type { Box, Scene } from './layout.ts'
import { nextBox } from './neighbours.ts'
import { footOf, Picture, type Hands } from './Picture.tsx'
import { placeOf } from './place.ts'
import { envelopes, type Envelope } from './token.ts'
import { along, passage, wayOf } from './way.ts'
import type { Point } from './wire.ts'
import type { Zoom } from './zoom.ts'
import { notLoaded } from '#components/save/take.ts'
import css from './Diagram.module.css'

interface Props {
  readonly scene: Scene; readonly walk: Walk; readonly step: number; readonly label: string
  /** A box was chosen, by click or by Enter. */
  readonly choose?: (box: Box) => void
}

/** Figure units from which a picture is shown so small that what stands beside its boxes would stand on them. */
const WIDE = 1000

const put = (x: number, y: number): string => `translate(${x}px, ${y}px)`
/** Seconds for a move of so many figure units: what goes far takes longer, within 0.2 and 0.5. */
const seconds = (length: number): number => Math.min(0.5, 0.2 + length / 1600)

const EASE: [number, number, number, number] = [0.3, 0, 0.2, 1]
const eased = cubicBezier(...EASE)

/** The picture, alive: the token moves, it pans and zooms, and its boxes are reached with the arrow keys. */
export function Diagram({ scene, walk, step, label, choose }: Props) {
  const svg = useRef<SVGSVGElement>(null)
  const inside = useRef<SVGGElement>(null)
  const scroll = useRef<HTMLDivElement>(null)
  const zoom = useRef<Zoom | null>(null)
  const [token, animate] = useAnimate<SVGGElement>()
  const last = useRef<{ readonly n: number; readonly message: number; readonly scene: Scene } | null>(null)
  const stands = useRef<Point>([0, 0])
  const [scale, setScale] = useState(1)
  // A picture wider than its place is shown large enough to read, and scrolls; or whole.
  const [wide, setWide] = useState(false)
  const [whole, setWhole] = useState(false)
  const [focused, setFocused] = useState<string | null>(null)
  const hatch = useId()
  const current = walk.steps[step]
  const message = current?.message ?? 0
  const here = current === undefined ? null : placeOf(scene, current)
  const way = useMemo(() => wayOf(scene, walk, message), [scene, walk, message])
  const { width, height } = scene

  // How wide it is seen, of how much, in pixels (0 where a phone shows the lane): told by the browser when it changes, so that a step need not lay the page out to ask.
  const room = useRef<readonly [shown: number, whole: number]>([0, 0])
  useEffect(() => {
    const box = scroll.current
    const picture = svg.current
    if (box === null || picture === null) return
    const o = new ResizeObserver(() => { room.current = [box.clientWidth, box.scrollWidth]; setWide(box.scrollWidth > box.clientWidth + 1) })
    o.observe(box)
    o.observe(picture)
    return () => o.disconnect()
  }, [])

  const [away, setAway] = useState<string | null>(null)
  // The script that zooms is loaded when a hand comes near. A picture of another size starts afresh.
  const ready = useCallback(async () => {
    const script = await import('./zoom.ts').catch(() => null)
    if (script === null) return null
    const { zoomable } = script
    if (zoom.current === null && svg.current !== null && inside.current !== null) {
      zoom.current = zoomable(svg.current, inside.current, width, height, setScale)
      zoom.current.fit()
    }
    return zoom.current
  }, [width, height])
  useEffect(() => () => { zoom.current?.fit(); zoom.current?.end(); zoom.current = null }, [width, height])

  const x = here?.x
  const y = here?.y
  useEffect(() => {
    if (x === undefined || y === undefined) return
    zoom.current?.follow(x, y)
    // Where the picture is wider than its place, the packet stays in sight.
    const box = scroll.current
    const [shown, whole] = room.current
    if (box === null || whole <= shown + 1) return
    const at = (x / width) * whole
    if (at < box.scrollLeft + 60 || at > box.scrollLeft + shown - 60) box.scrollLeft = at - shown / 2
  }, [x, y, width])

  // From where it is now, even in the middle of a move, along the wires to where the packet is. Back, or in another picture, or unseen (a phone shows the lane), it is there at once.
  const [first] = useState(() => (here === null ? '' : put(here.x, footOf(here))))
  useLayoutEffect(() => {
    const g = token.current
    if (here === null || !g) return
    const from = last.current
    last.current = { n: step, message, scene }
    const end: [number, number] = [here.x, footOf(here)]
    const stand = (p: Point): void => { stands.current = p; g.style.setProperty('transform', put(...p)) }
    if (from === null || from.scene !== scene || from.message !== message || from.n > step || room.current[0] === 0 || matchMedia('(prefers-reduced-motion: reduce)').matches) { stand(end); return }
    const { points, times, length } = passage(scene, way, from.n, step, stands.current, end)
    if (length < 1) return
    const duration = seconds(length)
    const moving = animate(g, { transform: points.map(([a, b]) => put(a, b)) }, { duration, times: [...times], ease: EASE })
    // Stopped on its way it stands where it has come to. That is reckoned: the browser would style the page to tell it.
    return () => { stand(moving.state === 'finished' ? end : along(points, times, eased(Math.min(1, moving.time / duration)))); moving.cancel() }
  }, [scene, here, step, message, way, animate, token])

  const roving = focused !== null && scene.boxes.some((b) => b.id === focused) ? focused : here?.id ?? scene.boxes[0]?.id
  const chosen = useRef(choose)
  useLayoutEffect(() => { chosen.current = choose })
  const hands = useMemo((): Hands => ({
    focus: (b) => setFocused(b.id),
    // Who points leaves the arrows to the steps; who came by keyboard goes on from the box.
    click: (b, e) => { chosen.current?.(b); if (e.detail > 0) svg.current?.closest<HTMLElement>('[data-figure]')?.focus({ preventScroll: true }) },
    key: (b, e) => {
      if (e.key === 'Enter') { chosen.current?.(b); e.stopPropagation() }
      if (!e.key.startsWith('Arrow') || e.shiftKey) return
      const to = nextBox(scene, b, e.key)
      e.preventDefault()
      e.stopPropagation()
      if (to !== null) svg.current?.querySelector<SVGGElement>(`[data-box="${CSS.escape(to.id)}"]`)?.focus()
    },
  }), [scene])

  // What the packet wore at the step before and wears no longer is seen coming off.
  const [worn, setWorn] = useState<{ readonly walk: Walk; readonly step: number; readonly shed: Envelope | null }>({ walk, step, shed: null })
  if (worn.walk !== walk || worn.step !== step) {
    const old = worn.walk === walk && walk.steps[worn.step]?.message === message && worn.step < step ? envelopes(walk, walk.steps[worn.step]!) : []
    setWorn({ walk, step, shed: old.length > (current === undefined ? 0 : envelopes(walk, current).length) ? old[old.length - 1]! : null })
  }
  if (current === undefined) return null
  return (
    <div className={css.frame} onPointerEnter={() => { void ready() }}>
      <div className={css.scroll} ref={scroll}>
        <svg ref={svg} className={css.svg} data-picture="" data-zoomed={scale > 1} viewBox={`0 0 ${width} ${height}`} style={whole ? undefined : { minWidth: `${Math.round(width * 0.66)}px` }} role="group" aria-label={label}>
          <g ref={inside}><Picture scene={scene} walk={walk} step={current} here={here} way={way} hatch={hatch} token={token} tokenAt={first} shed={worn.shed} {...(choose === undefined ? {} : { reach: { roving, hands } })} /></g>
        </svg>
        {away !== null && <p className={css.more} role="status">What zooms is missing: {away}.</p>}
        {scene.more !== null && <p className={css.more}>{scene.more} not drawn</p>}
      </div>
      <div className={css.zoom} data-below={width > WIDE} role="group" aria-label="Zoom of the picture">
        <button type="button" aria-label="Zoom in" disabled={scale >= 4} onClick={() => { if (whole) { setWhole(false); return } void ready().then((z) => { setAway(z === null ? notLoaded() : null); z?.by(1); if (x !== undefined && y !== undefined) z?.follow(x, y) }) }}>+</button>
        <button type="button" aria-label="Zoom out" disabled={scale <= 1 && !wide} onClick={() => { if (scale <= 1) setWhole(true); else zoom.current?.by(-1) }}>−</button>
        <button type="button" aria-label="Whole picture" disabled={scale <= 1 && !wide} onClick={() => { zoom.current?.fit(); if (wide) setWhole(true) }}>⤢</button>
      </div>
    </div>
  )
}
