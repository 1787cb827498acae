import { relative } from 'node:path'
import type { Plugin } from 'vitest/config'
import { mutated } from './apply.ts'
import { MUTANTS } from './mutants.ts'

/** `MUTANT=id`: the tests are run on a code in which that one line is wrong. */
export function mutantPlugin(top: string, id: string): Plugin {
  const mutant = MUTANTS.find((m) => m.id === id)
  if (mutant === undefined)
    throw new RangeError(`MUTANT=${id}: there is none of that name in test/mutants/mutants.ts`)
  return {
    name: 'mutant',
    enforce: 'pre',
    transform(code, file) {
      if (relative(top, file.replace(/\?.*$/, '')) !== mutant.file) return null
      return { code: mutated(code, mutant), map: null }
    },
  }
}
