import { memo } from 'react'
import type { Tick } from '#components/figure/store/ticks.ts'
import { later } from '#components/figure/use.tsx'
import { runsOf } from './runs.ts'
import css from './Transport.module.css'

/** With more stops than this their names have no room. */
const MOST_NAMED = 16
/** So many have room for their names also where a figure stands beside something. */
const FEW = 10

/** Inside the slider, whatever the state says. */
export const insideOf = (at: number, ticks: readonly Tick[]): number =>
  Math.max(0, Math.min(ticks.length - 1, at))

/** What the row is about; the input counts, this is seen below it. */
export const Row = later(function Row({ s, figure: { read } }) {
  const { ticks, offset } = read.slider(s)
  const inside = insideOf(read.at(s) - offset, ticks)
  const rest = `${(1 - (inside + 1) / ticks.length) * 100}%`
  return (
    <div
      className={css.row}
      aria-hidden="true"
      data-few={ticks.length <= FEW}
      data-named={ticks.length <= MOST_NAMED}
    >
      <Runs ticks={ticks} />
      <div className={css.done} style={{ clipPath: `inset(0 ${rest} 0 0)` }}>
        <Runs ticks={ticks} />
      </div>
      <i
        className={css.here}
        data-here="true"
        data-mark={ticks[inside]?.mark}
        style={{ transform: `translateX(${(inside / ticks.length) * 100}cqw)` }}
      />
      {ticks.length <= MOST_NAMED && <Names ticks={ticks} at={inside} />}
      <Name of={ticks[inside]!} at={inside} count={ticks.length} />
    </div>
  )
})

const Runs = memo(function Runs({ ticks }: { readonly ticks: readonly Tick[] }) {
  return (
    <div className={css.runs}>
      {runsOf(ticks).map((r, i) => (
        <i key={i} data-outer={r.outer} data-hidden={r.hidden} style={{ flexGrow: r.length }} />
      ))}
    </div>
  )
})

const Names = memo(function Names({
  ticks,
  at,
}: {
  readonly ticks: readonly Tick[]
  readonly at: number
}) {
  return (
    <div className={css.names}>
      {ticks.map((t, i) => (
        <span key={i} data-now={i === at}>
          <small>{t.label}</small>
        </span>
      ))}
    </div>
  )
})

interface NameProps {
  readonly of: Tick
  readonly at: number
  readonly count: number
  readonly pointed?: boolean
}

/** The name of one stop, where it is; at both ends inside the row. */
export function Name({ of, at, count, pointed = false }: NameProps) {
  const part = (at + 0.5) / count
  const place = { transform: `translateX(calc(${part * 100}cqw - ${part * 100}%))` }
  return (
    <small className={css.name} data-pointed={pointed} style={place}>
      {pointed ? of.name : of.label}
    </small>
  )
}
