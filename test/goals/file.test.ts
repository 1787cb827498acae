import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { needsStart, parseGoals } from '#lib/goals/file.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'

/** A file with these goals, and what is wrong with it. */
function wrong(goals: string, head = 'packet-walk-goals: 1\n'): readonly string[] {
  try {
    parseGoals(`${head}goals:\n${goals}`)
    return []
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    return error.problems.map((p) => `${p.path}: ${p.message}`)
  }
}

describe('a file of goals', () => {
  it('of the project is one', () => {
    const f = parseGoals(readFileSync(new URL('../../public/goals.yaml', import.meta.url), 'utf8'))
    expect(f.goals.length).toBeGreaterThan(4)
    expect([f.start, needsStart(f.goals)]).toEqual([null, false])
  })
  it('has goals of every kind', () => {
    const f = parseGoals(`packet-walk-goals: 1
start: flannel-vxlan
goals:
  - kubernetes-1
  - { id: a, say: s, flow: { from: web, to: "api:80", ttl: 3 }, expect: dropped }
  - { id: b, say: s, from: any-pod, to: "api:80", except: [web], expect: { delivered: true, through: [node-1/eth0] } }
  - { id: c, say: s, table: routes, in: node-1, expect: unchanged }
  - { id: d, say: s, expect: { at-most: 2 } }
`)
    expect(f.goals.map((g) => g.id)).toEqual(['kubernetes-1', 'a', 'b', 'c', 'd'])
    expect([f.start, needsStart(f.goals)]).toEqual(['flannel-vxlan', true])
  })
  it.each([
    ['  - kubernetes-9', /^goals\[0\]: "kubernetes-9".*kubernetes-1/],
    [
      '  - { id: a, say: s, flow: { from: w, to: x }, expect: arrived }',
      /^goals\[0\]\.expect: "arrived".*delivered or dropped/,
    ],
    ['  - { id: a, say: s, flow: { from: w }, expect: delivered }', /^goals\[0\]\.flow\.to: /],
    [
      '  - { id: a, say: s, flow: { from: w, to: x }, expect: { ttl: 3 } }',
      /^goals\[0\]\.expect\.ttl: .*ttl-received/,
    ],
    [
      '  - { id: a, say: s, flow: { from: w, to: x }, expect: { ttl-received: 300 } }',
      /^goals\[0\]\.expect\.ttl-received: 300.*1.*255/,
    ],
    [
      '  - { id: a, say: s, flow: { from: w, to: x }, expect: { dropped: { reason: bad-luck } } }',
      /^goals\[0\]\.expect\.dropped/,
    ],
    [
      '  - { id: a, say: s, table: cables, in: node-1, expect: unchanged }',
      /^goals\[0\]\.table: "cables".*routes/,
    ],
    ['  - 5', /^goals\[0\]/],
    ['  []', /^goals: there is no goal here; begin with packet-walk-goals: 1/],
    [
      '  - { id: a, say: s, flow: { from: w, to: x }, expect: {} }',
      /^goals\[0\]\.expect: nothing is expected.*write one or more of delivered, dropped/,
    ],
    [
      '  - kubernetes-1\n  - kubernetes-1',
      /^goals\[1\]\.id: kubernetes-1 is goals\[0\] already; give it an id of its own/,
    ],
  ])('%s is told with its place and what would be right', (goals, message) => {
    const problems = wrong(goals)
    expect(problems[0]).toMatch(message)
  })
  it.each(['', '# nothing yet', 'just text', '[kubernetes-1]'])(
    'with %j in it is told how it begins',
    (text) => {
      expect(() => parseGoals(text)).toThrow(/begin with packet-walk-goals: 1/)
    },
  )
  it('of another version, or of another kind, is refused', () => {
    expect(wrong('  - kubernetes-1', 'packet-walk-goals: 2\n')[0]).toMatch(/^packet-walk-goals: 2/)
    expect(wrong('  - kubernetes-1', 'packet-walk: 1\n').join()).toMatch(/packet-walk-goals/)
  })
})
