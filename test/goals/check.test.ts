import { describe, expect, it } from 'vitest'
import { applyAll, type Edit, type Topology } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { check, MOST_WALKS } from '#lib/goals/check.ts'
import { missInWords } from '#lib/goals/tell.ts'
import { SHIPPED, shipped, type Goal, type Shipped } from '#lib/goals/goal.ts'

const WORLD = SCENARIOS['flannel-vxlan']!
const with_ = (...edits: readonly Edit[]): Topology => applyAll(WORLD.topology, edits)
const whatIf = (id: string): Topology => with_(...WORLD.whatIfs[id]!.edits)
const route = (dst: string, via: string): Edit => ({
  op: 'add',
  in: 'node-1',
  table: 'routes',
  row: { table: 'main', dst: dst as '10.9.0.0/24', via: via as '192.168.0.1', dev: 'eth0' },
})

/** What a goal asks about and a network lacks. */
function problemOf(goal: Goal, t: Topology): string | null {
  const c = check([goal], t, t)[0]!.counterexample
  return c?.kind === 'asked' ? c.problem : null
}

describe('Kubernetes’ promises as goals', () => {
  const all = (Object.keys(SHIPPED) as Shipped[]).map(shipped)
  it.each(['flannel-udp', 'flannel-vxlan', 'vpc-cni'])('hold in %s', (id) => {
    const t = SCENARIOS[id]!.topology
    const verdicts = check(all, t, t)
    expect(verdicts.map((v) => [v.goal.id, v.holds])).toEqual(all.map((g) => [g.id, true]))
    expect(verdicts.every((v) => v.walks > 1)).toBe(true)
  })
  it('Docker’s masquerade breaks the first two, and the first walk that shows it is named', () => {
    const t = whatIf('docker-masquerade')
    const [first, second, third] = check(all, t, t)
    expect([first!.holds, second!.holds, third!.holds]).toEqual([false, false, true])
    const c = first!.counterexample!
    expect(
      c.kind === 'flow' && [c.question.from, missInWords(c.miss).is, c.walk.delivered],
    ).toEqual(['web-app-frontend-1', '10.1.15.0 instead of 10.1.15.2', true])
  })
  it('containers of Docker reach only those beside them', () => {
    const t = SCENARIOS['docker-bridge']!.topology
    const c = check([shipped('kubernetes-2')], t, t)[0]!.counterexample
    // Both nodes have a container of that address.
    expect(c?.kind === 'flow' && [c.question.to, missInWords(c.miss).is, c.walk.delivered]).toEqual(
      ['web-app-frontend-2', 'answered by web-app-frontend-1', true],
    )
  })
})

describe('pairs', () => {
  const goal = (more: Partial<Goal>): Goal =>
    ({ id: 'g', say: 's', from: 'any-pod', to: 'any-pod', expect: 'delivered', ...more }) as Goal
  const t = WORLD.topology
  it('are all but those of one and the same', () => {
    expect(check([goal({})], t, t)[0]!.walks).toBe(12)
    expect(check([goal({ except: ['web-app-frontend-1'] } as Partial<Goal>)], t, t)[0]!.walks).toBe(
      9,
    )
    expect(check([goal({ on: 'same-node' } as Partial<Goal>)], t, t)[0]!.walks).toBe(4)
  })
  it('go to every listener at its port', () => {
    const v = check(
      [goal({ to: 'any-listener', expect: { through: [] } } as Partial<Goal>)],
      t,
      t,
    )[0]!
    const listeners = 4
    expect(v.walks).toBe(listeners * 3)
  })
  it.each([
    [{ from: 'nobody' }, /nothing is called "nobody"; write a name/],
    [{ from: 'web-app-frontend-1', to: 'web-app-frontend-1' }, /no pair of/],
    [{ to: 'nobody:80' }, /to: nothing is called "nobody"/],
  ])('%j is told with the goal', (more, message) => {
    expect(problemOf(goal(more as Partial<Goal>), t)).toMatch(message)
  })
  it('are bounded', () => {
    expect(MOST_WALKS).toBeGreaterThan(12 * 12)
  })
})

describe('rows', () => {
  const start = WORLD.topology
  const routes: Goal = { id: 'kept', say: 's', table: 'routes', in: 'node-1', expect: 'unchanged' }
  const few: Goal = { id: 'few', say: 's', expect: { 'at-most': 1 } }
  it('are compared by what they say: built anew they are the same', () => {
    const again = structuredClone(start.source.derive('node-1'))!
    const now: Topology = { ...start, edited: new Map([['node-1', again]]) }
    expect(check([routes, few], now, start).every((v) => v.holds)).toBe(true)
  })
  it('that came, went or changed count one each', () => {
    const now = with_(
      { op: 'set', in: 'node-1', table: 'devs', where: { name: 'eth0' }, to: { mtu: 1400 } },
      route('10.9.0.0/24', '192.168.0.200'),
    )
    const [kept, most] = check([routes, few], now, start)
    expect(kept!.counterexample).toEqual({ kind: 'rows', differ: 1, most: 0 })
    expect(most!.counterexample).toEqual({ kind: 'rows', differ: 2, most: 1 })
    expect(check([few], with_(route('10.9.0.0/24', '192.168.0.200')), start)[0]!.holds).toBe(true)
  })
  it('of what is not there are told with the goal', () => {
    expect(problemOf({ ...routes, in: 'node-9' }, start)).toMatch(
      /the start has nothing called "node-9"/,
    )
    expect(problemOf({ ...routes, table: 'enis' }, start)).toMatch(
      /node-1 has no table enis; it has .*routes/,
    )
  })
})
