/** How many times as long `large` takes as `small`, in the best of some rounds: what grows too fast does so in every round, a busy machine only in some. */
export function leastRatio(small: () => unknown, large: () => unknown, rounds = 5): number {
  const took = (work: () => unknown): number => {
    const begun = performance.now()
    work()
    return performance.now() - begun
  }
  return Math.min(...Array.from({ length: rounds }, () => (1 / took(small)) * took(large)))
}
