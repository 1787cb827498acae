'use client'
import type { Stop } from '#components/lab/stops.ts'
import css from './Player.module.css'

export interface PlayerProps {
  /** Stops of this packet; the first is number `offset` of `total`. */
  readonly stops: readonly Stop[]; readonly offset: number; readonly total: number; readonly at: number; readonly playing: boolean; readonly speed: number; readonly text: string
  readonly go: (at: number) => void; readonly play: () => void; readonly faster: () => void
}

/** First, back, play, next, last, and a slider with a mark for each stop: ◆ decides, ■ wraps, ● is a place, ✕ ends. */
export function Player({ stops, offset, total, at, playing, speed, text, go, play, faster }: PlayerProps) {
  const last = total - 1
  const span = Math.max(1, stops.length - 1)
  const inside = Math.max(0, Math.min(stops.length - 1, at - offset))
  return (
    <div className={css.player}>
      <div className={css.buttons}>
        <button type="button" aria-label="First step" disabled={at === 0} onClick={() => go(0)}>⇤</button>
        <button type="button" aria-label="Previous step" disabled={at === 0} onClick={() => go(at - 1)}>←</button>
        <button type="button" aria-label={playing ? 'Pause' : 'Play'} onClick={play} className={css.play}>{playing ? '❚❚' : '▶'}</button>
        <button type="button" aria-label="Next step" disabled={at === last} onClick={() => go(at + 1)}>→</button>
        <button type="button" aria-label="Last step" disabled={at === last} onClick={() => go(last)}>⇥</button>
        <button type="button" aria-label={`Speed ${speed} times; change`} onClick={faster} className={css.speed}>{speed}×</button>
        <span className={css.count}>{String(at + 1).padStart(String(total).length, '\u2007')} / {total}</span>
      </div>
      <div className={css.scrub}>
        <div className={css.ticks} aria-hidden="true">{stops.map((s, i) => <i key={s.step} data-mark={s.mark} data-done={i <= inside} style={{ left: `${(i / span) * 100}%` }} />)}</div>
        <input type="range" min={0} max={stops.length - 1} value={inside} aria-label="Step" aria-valuetext={`Step ${inside + 1} of ${stops.length}: ${text}`} onChange={(e) => go(offset + Number(e.target.value))} />
      </div>
    </div>
  )
}
