'use client'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useAnimate } from 'framer-motion/mini'
import { find, ipLength, type Walk } from '#lib/index.ts'
import { ends, wire, type Box, type Scene } from './layout.ts'
import { placeOf } from './place.ts'
import type { Zoom } from './zoom.ts'
import css from './Diagram.module.css'

const SECONDS = 0.34
const put = (x: number, y: number): string => `translate(${x}px, ${y}px)`

/** Where the token passes on its way: along the wire where there is one, each point with its share of the length. */
function route(scene: Scene, from: Box, to: Box, start: readonly [number, number]): { readonly transform: string[]; readonly times: number[] } {
  const wired = scene.wires.some(([a, b]) => (a === from.id && b === to.id) || (a === to.id && b === from.id))
  const end: [number, number] = [to.x, to.y - to.h / 2]
  const points: (readonly [number, number])[] = [start, ...(wired ? ends(from, to).slice(1, -1) : []), end]
  const far = points.map((p, i) => (i === 0 ? 0 : Math.hypot(p[0] - points[i - 1]![0], p[1] - points[i - 1]![1])))
  const whole = far.reduce((a, b) => a + b, 0) || 1
  let sum = 0
  return { transform: points.map((p) => put(p[0], p[1])), times: far.map((d) => { sum += d; return sum / whole }) }
}

interface Props { readonly scene: Scene; readonly walk: Walk; readonly step: number; readonly stops: readonly number[]; readonly label: string }

/** The picture: bands are depth, boxes come from the rows, the token is where the packet is. */
export function Diagram({ scene, walk, step, stops, label }: Props) {
  const [token, animate] = useAnimate<SVGGElement>()
  const last = useRef<{ readonly box: Box; readonly scene: Scene } | null>(null)
  const svg = useRef<SVGSVGElement>(null)
  const inside = useRef<SVGGElement>(null)
  const zoom = useRef<Zoom | null>(null)
  const [scale, setScale] = useState(1)
  const current = walk.steps[step]
  const here = current === undefined ? null : placeOf(scene, current)
  const message = current?.message
  const { width, height } = scene

  // The script that zooms is loaded when a hand comes near. A picture of another size starts afresh.
  const ready = useCallback(async () => {
    const { zoomable } = await import('./zoom.ts')
    if (zoom.current === null && svg.current !== null && inside.current !== null) {
      zoom.current = zoomable(svg.current, inside.current, width, height, setScale)
      zoom.current.fit()
    }
    return zoom.current
  }, [width, height])
  useEffect(() => () => { zoom.current?.fit(); zoom.current?.end(); zoom.current = null }, [width, height])
  const x = here?.x
  const y = here?.y
  useEffect(() => { if (x !== undefined && y !== undefined) zoom.current?.follow(x, y) }, [x, y])

  // From where it is now, even in the middle of a move, to where the packet is. In another picture it is there at once.
  const [first] = useState(() => (here === null ? '' : put(here.x, here.y - here.h / 2)))
  useLayoutEffect(() => {
    const g = token.current
    if (here === null || !g) return
    const from = last.current
    last.current = { box: here, scene }
    if (from === null || from.scene !== scene || matchMedia('(prefers-reduced-motion: reduce)').matches) { g.style.setProperty('transform', put(here.x, here.y - here.h / 2)); return }
    const now = new DOMMatrix(getComputedStyle(g).transform)
    const moving = animate(g, route(scene, from.box, here, [now.e, now.f]), { duration: SECONDS, ease: [0.3, 0, 0.2, 1] })
    return () => moving.stop()
  }, [scene, here, animate, token])
  const places = stops.map((n) => walk.steps[n]).filter((s) => s !== undefined && s.message === message).map((s) => ({ n: s!.n, box: placeOf(scene, s!) })).filter((p): p is { n: number; box: Box } => p.box !== null)
  // Between two hosts the packet crosses the physical network, of which the walk has no step: nobody publishes it.
  const path = places.flatMap((p, i) => {
    const far = places[i - 1]?.box.kind === 'host' && p.box.kind === 'eni' ? scene.boxes.find((b) => b.kind === 'host' && p.box.id.startsWith(`eni-${b.id.replace(/ host$/, '')}-`)) : undefined
    return far === undefined || far.id === places[i - 1]?.box.id ? [p] : [{ n: p.n, box: far }, p]
  })
  const legs = path.slice(1).map((p, i) => ({ from: path[i]!.box, to: p.box, done: p.n <= step })).filter((l) => l.from.id !== l.to.id)
  const ip = current === undefined ? undefined : find(current.packet, 'ipv4')
  const outer = current?.packet.headers.filter((h) => h.kind === 'ipv4').length ?? 0
  const dropped = current?.drop !== null && current?.drop !== undefined
  return (
    <div className={css.frame} onPointerEnter={() => { void ready() }}>
    <div className={css.scroll}>
      <svg ref={svg} className={css.svg} data-zoomed={scale > 1} viewBox={`0 0 ${scene.width} ${scene.height}`} role="img" aria-label={label}>
        <defs>
          <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="7" className={css.hatch} /></pattern>
        </defs>
        <g ref={inside}>
        {scene.bands.map((b) => (
          <g key={b.kind}>
            <rect x="0" y={b.y} width={scene.width} height={b.h} className={css.band} data-band={b.kind} />
            <text x="12" y={b.y + 20} className={css.bandName}>{b.name}</text>
            <text x="12" y={b.y + 36} className={css.bandSub}>{b.sub}</text>
          </g>
        ))}
        {scene.columns.filter((c) => c.name !== 'outside').map((c) => (
          <g key={c.name}>
            <rect x={c.x} y="8" width={c.w} height={scene.bands[2]!.y - 20} rx="12" className={css.node} />
            <text x={c.x + 14} y="30" className={css.nodeName}>{c.name} <tspan className={css.mono}>{c.ip}</tspan></text>
          </g>
        ))}
        {scene.wires.map(([a, b]) => { const x = scene.boxes.find((q) => q.id === a); const y = scene.boxes.find((q) => q.id === b); return x === undefined || y === undefined ? null : <path key={`${a}|${b}`} d={wire(x, y)} className={css.wire} /> })}
        {legs.map((l, i) => <path key={`${i}|${l.from.id}|${l.to.id}`} d={wire(l.from, l.to)} className={css.leg} data-done={l.done} data-depth={l.to.kind} />)}
        {scene.boxes.map((b) => (
          <g key={b.id} data-kind={b.kind} data-here={here?.id === b.id} className={css.box}>
            <title>{b.title}</title>
            <rect x={b.x - b.w / 2} y={b.y - b.h / 2} width={b.w} height={b.h} rx={b.kind === 'veth' ? 13 : b.kind === 'bridge' ? 4 : 8} />
            {b.kind === 'host' && <rect x={b.x - b.w / 2} y={b.y - b.h / 2} width={b.w} height={b.h} rx="8" fill="url(#hatch)" className={css.hatched} />}
            <text x={b.x} y={b.sub === '' ? b.y + 4.5 : b.y - 2} className={css.label} data-long={b.label.length * 7.4 > b.w - 8}>{b.label}</text>
            {b.sub !== '' && <text x={b.x} y={b.y + 12} className={css.sub}>{b.sub}</text>}
          </g>
        ))}
        {here !== null && (
          <g ref={token} style={{ transform: first }} data-token="">
              {Array.from({ length: Math.max(1, outer) }, (_, i) => <rect key={i} x={-26 - i * 5} y={-26 - i * 5} width={52 + i * 10} height={20 + i * 10} rx={5 + i * 2} className={css.token} data-layer={i} data-of={outer} />).toReversed()}
              <text x="0" y="-12" className={css.tokenText}>{dropped ? '✕' : ip === undefined ? 'ARP' : `${ipLength(current!.packet)} B`}</text>
              {dropped && <g className={css.cross}><line x1="-16" y1="-30" x2="16" y2="-2" /><line x1="16" y1="-30" x2="-16" y2="-2" /></g>}
          </g>
        )}
        </g>
      </svg>
      {scene.more !== null && <p className={css.more}>{scene.more} not drawn</p>}
    </div>
      <div className={css.zoom} role="group" aria-label="Zoom of the picture">
        <button type="button" aria-label="Zoom in" disabled={scale >= 4} onClick={() => { void ready().then((z) => { z?.by(1); if (x !== undefined && y !== undefined) z?.follow(x, y) }) }}>+</button>
        <button type="button" aria-label="Zoom out" disabled={scale <= 1} onClick={() => zoom.current?.by(-1)}>−</button>
        <button type="button" aria-label="Whole picture" disabled={scale <= 1} onClick={() => zoom.current?.fit()}>⤢</button>
      </div>
    </div>
  )
}
