import { describe, expect, it } from 'vitest'
import { hostileFile } from './generate.ts'
import { read, walks } from './law.ts'

/** Files in the run of the tests; HOSTILE=20000 asks more, from SEED on. */
const FILES = Number(process.env['HOSTILE'] ?? 500)
const FIRST = Number(process.env['SEED'] ?? 1)

describe('hostile files', () => {
  it(
    `${FILES} are a world whose walks end, or problems with place and remedy, at once`,
    () => {
      const broken: string[] = []
      let worlds = 0
      for (let seed = FIRST; seed < FIRST + FILES; seed += 1) {
        const { scenario, broken: law } = read(hostileFile(seed))
        if (scenario !== null) {
          worlds += 1
          broken.push(
            ...walks(scenario)
              .slice(0, 2)
              .map((x) => `seed ${seed}: ${x}`),
          )
        }
        broken.push(...law.slice(0, 2).map((x) => `seed ${seed}: ${x}`))
      }
      expect(broken.slice(0, 20)).toEqual([])
      // Some of both, or the generator asks nothing.
      expect(worlds).toBeGreaterThan(FILES / 50)
      expect(worlds).toBeLessThan(FILES / 2)
    },
    60 * FILES + 120_000,
  )
  it('the same seed is the same file', () => expect(hostileFile(77)).toBe(hostileFile(77)))
})
