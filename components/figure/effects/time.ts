import type { FigureStore } from '../store/figure.ts'

/** Milliseconds for a stop, at speed 1. */
const BEAT_MS = 1500

/** Plays a figure that is to be played: one stop on after the time one is shown, and no further than this packet goes. Returns what ends it. */
export function keepTime({ read, dispatch, onChange }: FigureStore): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  /** What the beat under way is for; nothing while it rests. */
  let playing: readonly unknown[] = []
  const end = onChange((s) => {
    if (!s.playing && playing.length === 0) return
    const now = s.playing ? [s.speed, read.at(s), read.end(s), read.list(s)] : []
    if (now.length === playing.length && now.every((x, i) => x === playing[i])) return
    playing = now
    clearTimeout(timer)
    if (!s.playing) return
    if (read.at(s) >= read.end(s)) dispatch({ type: 'pause' })
    else timer = setTimeout(() => dispatch({ type: 'move', by: 1 }), BEAT_MS / s.speed)
  })
  return () => {
    clearTimeout(timer)
    end()
  }
}
