import { performance } from 'node:perf_hooks'

/** The middle one. Throws RangeError where there is none. */
export function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[values.length >> 1]
  if (middle === undefined) throw new RangeError('there is no median of nothing')
  return middle
}

/** How often: `calls` of each job in a round, after four rounds' worth that nobody counts, so that the compiler has settled. */
export interface Often {
  readonly rounds: number
  readonly calls: number
}
/** Microseconds of one call of each job, and of each the ratio to the first: medians over the rounds of the medians within. */
export interface Times {
  readonly micros: readonly number[]
  readonly ratios: readonly number[]
}

/** Thue and Morse's sequence, A B B A B A A B …: neither is always the one after the other, nor every second one. */
function swapped(n: number): boolean {
  let odd = false
  for (let bits = n; bits > 0; bits &= bits - 1) odd = !odd
  return odd
}

/**
 * Times jobs that take turns call by call: what a busy neighbour does to one it does to the other. Who is first changes without a
 * period, since what one leaves behind the collector takes away in another's time.
 */
export function interleaved(
  jobs: readonly (() => unknown)[],
  { rounds, calls }: Often,
  warmUp = 4 * calls,
): Times {
  for (let i = 0; i < warmUp; i += 1) for (const job of jobs) job()
  const micros: number[][] = jobs.map(() => [])
  const ratios: number[][] = jobs.map(() => [])
  for (let round = 0; round < rounds; round += 1) {
    const times: number[][] = jobs.map(() => [])
    for (let call = 0; call < calls; call += 1)
      for (let n = 0; n < jobs.length; n += 1) {
        const i = swapped(round * calls + call) ? jobs.length - 1 - n : n
        const start = performance.now()
        jobs[i]!()
        times[i]!.push(performance.now() - start)
      }
    const middles = times.map(median)
    for (const [i, middle] of middles.entries()) {
      micros[i]!.push(middle * 1000)
      ratios[i]!.push(middle / middles[0]!)
    }
  }
  return { micros: micros.map(median), ratios: ratios.map(median) }
}
