import { expect, it } from 'vitest'
import { netns, topologyAt, walk } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const s = SCENARIOS['flannel-vxlan']!
const w = walk(s.topology, s.flows['ping']!)
const known = (step: number): number =>
  netns(topologyAt(w, step), 'web-app-frontend-1')!.neigh.length

it('rows are those before the walk, until a step has written one', () => {
  const writes = w.steps.find((x) => x.writes.some((e) => e.in === 'web-app-frontend-1'))!.n
  expect(known(writes - 1)).toBe(netns(w.before, 'web-app-frontend-1')!.neigh.length)
  expect(known(writes)).toBe(known(writes - 1) + 1)
})
it('after the last step they are what the walk leaves behind', () => {
  expect(netns(topologyAt(w, w.steps.length - 1), 'node-1')).toEqual(netns(w.after, 'node-1'))
})
