import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const text = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')

it('npm test installs every program that a lab is asked for', () => {
  // What lib/cli/kernel-lab.ts looks for before it says what a kernel can show.
  const asked = ['ip', 'bridge', 'python3', 'ipvsadm', 'ipset', 'sysctl', 'conntrack']
  const lab = text('lib/cli/kernel-lab.ts')
  for (const tool of ['ipvsadm', 'ipset']) expect(lab).toContain(`${tool} `)
  const installed = /const NET_TOOLS = \{(.*?)\n\}/s.exec(text('scripts/run.mjs'))![1]!
  expect(asked.filter((tool) => !new RegExp(`^  '?${tool}'?: \\[`, 'm').test(installed))).toEqual(
    [],
  )
})
