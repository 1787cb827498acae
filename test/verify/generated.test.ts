import { describe, expect, it } from 'vitest'
import { ability } from '#lib/cli/kernel-lab.ts'
import { WORLD_IDS } from '#lib/worlds/index.ts'
import { brieflyOf, checkGenerated, generated, reproduction } from './generate.ts'

/* A sample of clusters nobody thought of, frame by frame against the kernel; `npm run verify:all` asks many more. */

const FIRST_SEED = 1
const SEEDS = Array.from({ length: 20 }, (_, i) => FIRST_SEED + i)

describe('generated clusters', () => {
  it('are the same for the same seed, and differ between seeds', () => {
    const all = SEEDS.map(generated)
    expect(SEEDS.map(generated)).toEqual(all)
    expect(new Set(all.map(brieflyOf)).size).toBeGreaterThan(15)
    // So few seeds need not draw every world: coverage.test.ts asks that of many.
    expect(new Set(all.map((g) => g.cluster.network)).size).toBeGreaterThan(WORLD_IDS.length / 3)
    expect(new Set(all.map((g) => g.flow.proto)).size).toBe(3)
    expect(all.some((g) => g.edits.length > 0)).toBe(true)
  })
})

const { cannot, ...rest } = ability()
if (cannot !== null) {
  const skipped = `generated clusters against the kernel: ${cannot}`
  if (process.env['CI'] !== undefined) throw new Error(skipped)
  process.stderr.write(`\nSKIPPED: ${skipped}\n\n`)
}

describe.runIf(cannot === null)('in a real kernel', () => {
  it.each(SEEDS)(
    'seed %i',
    async (seed) => {
      const { smallest } = await checkGenerated(seed, { cannot, ...rest })
      expect(
        smallest === null
          ? ''
          : [...smallest.checked.differences, reproduction(smallest.case)].join('\n'),
      ).toBe('')
    },
    90_000,
  )
})
