import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { mutantPlugin } from './mutants/plugin.ts'

const top = fileURLToPath(new URL('..', import.meta.url))
const mutant = process.env['MUTANT']
export default defineConfig({
  root: top,
  plugins: mutant === undefined ? [] : [mutantPlugin(top, mutant)],
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/e2e/**'],
    environment: 'node',
    setupFiles: ['test/setup.ts'],
    // Tests that start the command or real tools wait for processes: a busy machine is no failure.
    testTimeout: 120_000,
    // One for each core: what asks a kernel mostly waits.
    maxWorkers: Math.max(2, availableParallelism()),
  },
})
