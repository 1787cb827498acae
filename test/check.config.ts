import { mergeConfig } from 'vitest/config'
import all from './vitest.config.ts'

/** What `npm run check` leaves to `npm run unit`: kernels, other tools, processes that are waited for, long campaigns. */
const LEFT = [
  'test/{cni,hostile,house,labs,mutants,tools,verify}/**',
  'test/analysis/print/{pcapng,story}.test.ts',
  'test/cli/{fuzz,install,progress,verify}.test.ts',
  'test/components/{links,reference/deaths}.test.ts',
  'test/facts/conntrack-tcp.test.ts',
  'test/topology/invert.test.ts',
]

export default mergeConfig(all, {
  // One process for many files: what is loaded once is not loaded for each. Files that also ask a kernel do without it (test/analysis/kernel/namespace.ts).
  test: { exclude: LEFT, env: { WITHOUT_KERNEL: '1' }, maxWorkers: '100%', isolate: false },
})
