import { expect, it } from 'vitest'
import { mtuAt, walk, type Step } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const s = SCENARIOS['flannel-vxlan']!
const w = walk(s.topology, s.flows['ping']!)
const at = (space: string, dev: string | null): number | null =>
  mtuAt(s.topology, { ...w.steps[0]!, in: space, dev } satisfies Step)

it('is that of the device a step is at', () => {
  expect([at('node-1', 'eth0'), at('node-1', 'flannel.1')]).toEqual([1500, 1450])
})
it('is nothing where no link has a say', () => {
  expect([at('node-1', 'lo'), at('node-1', null), at('node-1', 'gone'), at('vpc', 'x')]).toEqual([
    null,
    null,
    null,
    null,
  ])
})
