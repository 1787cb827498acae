import type { Tick } from '#components/figure/store/ticks.ts'

/** Stops that stand for themselves; of more, those that are wrapped alike are one run. */
const MOST_APART = 60
/** A packet that goes in circles has more runs than can be told apart: then it is so many parts. */
const MOST_RUNS = 28

/** A part of the row: so many stops, wrapped the same way. */
export interface Run {
  readonly outer: number
  readonly hidden: boolean
  readonly length: number
}

/** The parts that a row of stops is drawn of. */
export function runsOf(ticks: readonly Tick[]): readonly Run[] {
  if (ticks.length <= MOST_APART) return ticks.map((t) => ({ ...t.wrap, length: 1 }))
  const runs: Run[] = []
  for (const { wrap } of ticks) {
    const last = runs.at(-1)
    if (last?.outer === wrap.outer && last.hidden === wrap.hidden)
      runs[runs.length - 1] = { ...last, length: last.length + 1 }
    else runs.push({ ...wrap, length: 1 })
  }
  return runs.length <= MOST_RUNS ? runs : inParts(ticks)
}

/** Equal parts, each as deep as the packet was wrapped in it. */
function inParts(ticks: readonly Tick[]): Run[] {
  const size = Math.ceil(ticks.length / MOST_RUNS)
  return Array.from({ length: Math.ceil(ticks.length / size) }, (_, i) => {
    const part = ticks.slice(i * size, (i + 1) * size)
    const outer = Math.max(...part.map((t) => t.wrap.outer))
    return { outer, hidden: part.some((t) => t.wrap.hidden), length: part.length }
  })
}
