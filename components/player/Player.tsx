'use client'
import { memo } from 'react'
import type { Tick } from '#components/lab/ticks.ts'
import css from './Player.module.css'

/** With more stops than this their names have no room. */
const MOST_NAMED = 16
/** With more than this their marks stand on each other: what is drawn is how deep each is, and the marks of what wraps and what ends. */
const MOST_MARKED = 60

/** Pixels of a mark's line: as in the style sheet. */
const HIGH = 48
const deep = (t: Tick): number => t.depth * 9 + 4

export interface PlayerProps {
  /** Stops of this packet; the first is number `offset` of `total`. */
  readonly ticks: readonly Tick[]; readonly offset: number; readonly total: number; readonly at: number; readonly playing: boolean; readonly speed: number; readonly text: string
  /** The packet that is stepped. */
  readonly packet: string
  readonly go: (at: number) => void; readonly play: () => void; readonly faster: () => void
}

/** First, back, play, next, last, and a slider with a mark for each stop, as low as it is deep: ◆ decides, ■ wraps, ● is a place, ○ is an aside, ✕ ends. */
export function Player({ ticks, offset, total, at, playing, speed, text, packet, go, play, faster }: PlayerProps) {
  const last = total - 1
  const span = Math.max(1, ticks.length - 1)
  const inside = Math.max(0, Math.min(ticks.length - 1, at - offset))
  const marked = ticks.length <= MOST_MARKED
  return (
    <div className={css.player}>
      <div className={css.buttons}>
        <button type="button" aria-label="First step" disabled={at === 0} onClick={() => go(0)}>⇤</button>
        <button type="button" aria-label="Previous step" disabled={at === 0} onClick={() => go(at - 1)}>←</button>
        <button type="button" aria-label={playing ? 'Pause' : 'Play'} onClick={play} className={css.play}>{playing ? '❚❚' : '▶'}</button>
        <button type="button" aria-label="Next step" disabled={at === last} onClick={() => go(at + 1)}>→</button>
        <button type="button" aria-label="Last step" disabled={at === last} onClick={() => go(last)}>⇥</button>
        <button type="button" aria-label={`Speed ${speed} times; change`} onClick={faster} className={css.speed}>{speed}×</button>
        <span className={css.count}><b>{packet}</b><span><span>{String(inside + 1).padStart(String(ticks.length).length, '\u2007')} / {ticks.length}</span></span></span>
      </div>
      <div className={css.scrub}>
        <div className={css.ticks} aria-hidden="true">
          {!marked && <Profile ticks={ticks} span={span} />}
          {ticks.map((t, i) => (marked || i === inside || t.mark === 'drop' || t.mark === 'wrap' ? <Mark key={i} tick={t} i={i} span={span} named={ticks.length <= MOST_NAMED} done={i <= inside} here={i === inside} /> : null))}
        </div>
        <input type="range" min={0} max={ticks.length - 1} value={inside} aria-label="Step" aria-valuetext={`Step ${inside + 1} of ${ticks.length}: ${text}`} onChange={(e) => go(offset + Number(e.target.value))} />
      </div>
    </div>
  )
}

/** How deep each stop of a long walk is: a line down to it, in the colour of its band. */
const Profile = memo(function Profile({ ticks, span }: { readonly ticks: readonly Tick[]; readonly span: number }) {
  const bands = [...new Set(ticks.map((t) => t.band))]
  const lines = (band: Tick['band']): string => ticks.map((t, i) => (t.band === band ? `M${i} 0V${deep(t)}` : '')).join('')
  return <svg className={css.profile} viewBox={`0 0 ${span} ${HIGH}`} preserveAspectRatio="none">{bands.map((b) => <path key={b} data-band={b} d={lines(b)} />)}</svg>
})

interface MarkProps { readonly tick: Tick; readonly i: number; readonly span: number; readonly named: boolean; readonly done: boolean; readonly here: boolean }

const Mark = memo(function Mark({ tick, i, span, named, done, here }: MarkProps) {
  return (
    <span title={tick.name} className={css.tick} data-band={tick.band} data-done={done} data-here={here} style={{ left: `${(i / span) * 100}%`, '--deep': tick.depth, '--room': `${100 / span}%` } as React.CSSProperties}>
      <i data-mark={tick.mark} />{named && <small>{tick.label}</small>}
    </span>
  )
})
