import { useEffect, useMemo, useRef } from 'react'
import { find, ipLength, type Step, type Walk } from '#lib/index.ts'
import { depthOf, placeOf } from '#components/diagram/place.ts'
import type { Box, Scene } from '#components/diagram/layout.ts'
import type { Stop } from '#components/lab/stops.ts'
import css from './Lane.module.css'

interface Row { readonly box: Box; readonly first: number; readonly last: number }

/** The places of one packet in order; stops at the same place in a row are one row. Numbers are places in `stops`. */
export function rowsOf(scene: Scene, walk: Walk, stops: readonly Stop[], message: number): Row[] {
  const rows: Row[] = []
  stops.forEach((s, i) => {
    const step = walk.steps[s.step]!
    const box = step.message === message ? placeOf(scene, step) : null
    if (box === null) return
    const before = rows[rows.length - 1]
    if (before?.box.id === box.id && before.last === i - 1) rows[rows.length - 1] = { ...before, last: i }
    else rows.push({ box, first: i, last: i })
  })
  return rows
}

/** The rows of the packet with most places: room for it is kept, so that nothing moves. */
export function mostRows(scene: Scene, walk: Walk, stops: readonly Stop[]): number {
  return Math.max(...walk.messages.map((m) => rowsOf(scene, walk, stops, m.n).length))
}

interface Props { readonly scene: Scene; readonly walk: Walk; readonly stops: readonly Stop[]; readonly at: number; readonly step: Step; readonly most: number; readonly go: (at: number) => void }

/** The way as a lane, for narrow screens: down is onward, indentation and background are depth. */
export function Lane({ scene, walk, stops, at, step, most, go }: Props) {
  const rows = useMemo(() => rowsOf(scene, walk, stops, step.message), [scene, walk, stops, step.message])
  const lane = useRef<HTMLOListElement>(null)
  const stepped = useRef(at)
  // Where the picture is shown instead, the page is not laid out for the lane: the browser tells when that changes.
  const seen = useRef(false)
  useEffect(() => {
    if (lane.current === null) return
    const o = new ResizeObserver(([e]) => { seen.current = e!.contentRect.height > 0 })
    o.observe(lane.current)
    return () => o.disconnect()
  }, [])
  // The packet stays in sight above the buttons; before the first step the page is left where it is.
  useEffect(() => {
    if (stepped.current === at) return
    stepped.current = at
    if (seen.current) lane.current?.querySelector('[data-here="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const layers = step.packet.headers.filter((h) => h.kind === 'ipv4').length
  return (
    <ol ref={lane} className={css.lane} aria-label="The way of this packet" style={{ minHeight: `${most * 46}px` }}>
      {rows.map((r, i) => {
        const here = at >= r.first && at <= r.last
        return (
          <li key={r.first} data-band={scene.bands[depthOf(scene, r.box)]?.kind} data-new={i === 0 || depthOf(scene, rows[i - 1]!.box) !== depthOf(scene, r.box)} data-done={at >= r.first} data-here={here} style={{ '--depth': depthOf(scene, r.box) } as React.CSSProperties}>
            <span className={css.band}>{i === 0 || depthOf(scene, rows[i - 1]!.box) !== depthOf(scene, r.box) ? scene.bands[depthOf(scene, r.box)]?.name : ''}</span>
            <button type="button" aria-current={here ? 'step' : undefined} onClick={() => go(r.first)}>
              <b>{r.box.label}</b> <small>{r.box.sub === '' ? r.box.id.split('/')[0] : r.box.sub}</small>
            </button>
            {here && <span className={css.token} data-layers={layers} data-drop={step.drop !== null}>{step.drop !== null ? '✕' : find(step.packet, 'ipv4') === undefined ? 'ARP' : `${ipLength(step.packet)} B`}</span>}
          </li>
        )
      })}
    </ol>
  )
}
