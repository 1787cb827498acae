import { expect, it } from 'vitest'
import { print, verdict, type Paint } from '#lib/analysis/print/print.ts'
import { walk } from '#lib/index.ts'
import { see } from '../../facts/see.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const s = SCENARIOS['flannel-vxlan']!
const w = walk(s.topology, s.flows['ping']!)
const PAINT: Paint = {
  dim: (x) => x,
  bold: (x) => x,
  good: (x) => `<good>${x}`,
  warn: (x) => `<warn>${x}`,
  bad: (x) => `<bad>${x}`,
}
const last = (text: string): string => text.split('\n').at(-1)!

it('a walk that arrives ends well', () => {
  expect(verdict(w)).toBe('delivered')
  expect(last(print(w, 'story', PAINT))).toBe('<good>delivered')
})
it('one that is lost says where, why, and what the sender was told', () => {
  const lost = see('flannel-vxlan', 'ping', { flow: { ttl: 1 } })
  expect(verdict(lost)).toMatch(
    /^dropped at node-1\/docker0: .* \(ttl-exceeded.*\); the sender was told: ICMP 11\/0 from 10\.1\.15\.1$/,
  )
  expect(print(lost, 'story', PAINT)).toContain('<bad>dropped at')
})
it('each level but the last says what more there is', () => {
  expect(print(w, 'story')).toContain(`--detail kernel all ${w.steps.length} steps`)
  expect(print(w, 'network')).toContain(`--detail kernel tells all ${w.steps.length} steps`)
  expect(print(w, 'kernel')).not.toContain('--detail')
})
