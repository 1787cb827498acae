import { memo, useEffect, useMemo, useRef } from 'react'
import { find, ipLength, type Step, type Walk } from '#lib/index.ts'
import { depthOf, placeOf } from '#components/diagram/place.ts'
import type { Band, Box, Scene } from '#components/diagram/layout.ts'
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

/** Rows shown at once. Of a longer way it is the stretch the packet is in. */
const STRETCH = 40

/** Rows shown of the packet with most places: room for it is kept, so that nothing moves. */
export function mostRows(scene: Scene, walk: Walk, stops: readonly Stop[]): number {
  const most = Math.max(...walk.messages.map((m) => rowsOf(scene, walk, stops, m.n).length))
  return most <= STRETCH ? most : STRETCH + 2
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
  const from = Math.floor(Math.max(0, rows.findLastIndex((r) => at >= r.first)) / STRETCH) * STRETCH
  const to = Math.min(rows.length, from + STRETCH)
  const rest = (n: number, where: string, row: Row): React.ReactNode => <li className={css.rest}><button type="button" onClick={() => go(row.first)}>{n} {n === 1 ? 'place' : 'places'} {where}</button></li>
  return (
    <ol ref={lane} className={css.lane} aria-label="The way of this packet" style={{ minHeight: `${most * 46}px` }}>
      {from > 0 && rest(from, 'before', rows[from - 1]!)}
      {rows.slice(from, to).map((r, i) => {
        const here = at >= r.first && at <= r.last
        const depth = depthOf(scene, r.box)
        return <Place key={r.first} row={r} depth={depth} band={scene.bands[depth]} fresh={i === 0 || depthOf(scene, rows[from + i - 1]!.box) !== depth} done={at >= r.first} step={here ? step : null} go={go} />
      })}
      {to < rows.length && rest(rows.length - to, 'after', rows[to]!)}
    </ol>
  )
}

/** What tells two boxes of one label apart, where no column does: whose they are. */
function below(box: Box): string {
  switch (box.kind) {
    case 'eni': return box.id
    case 'host': return `of ${box.id.replace(/ host$/, '')}`
    case 'pod': case 'outside': case 'gateway': case 'more': return box.sub
    default: return box.sub === '' ? box.id.split('/')[0]! : `${box.id.split('/')[0]}, ${box.sub}`
  }
}

interface PlaceProps { readonly row: Row; readonly depth: number; readonly band: Band | undefined; readonly fresh: boolean; readonly done: boolean; readonly step: Step | null; readonly go: (at: number) => void }

/** One place; `step` is there if the packet is, `fresh` if the place before was at another depth. */
const Place = memo(function Place({ row, depth, band, fresh, done, step, go }: PlaceProps) {
  return (
    <li data-band={band?.kind} data-done={done} data-here={step !== null} style={{ '--depth': depth } as React.CSSProperties}>
      <span className={css.band}>{fresh ? band?.name : ''}</span>
      <button type="button" aria-current={step === null ? undefined : 'step'} onClick={() => go(row.first)}>
        <b>{row.box.label}</b> <small>{below(row.box)}</small>
      </button>
      {step !== null && <span className={css.token} data-layers={step.packet.headers.filter((h) => h.kind === 'ipv4').length} data-drop={step.drop !== null}>{step.drop !== null ? '✕' : find(step.packet, 'ipv4') === undefined ? 'ARP' : `${ipLength(step.packet)} B`}</span>}
    </li>
  )
})
