import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createFigure, homeOf } from '#components/figure/store/figure.ts'
import { making } from '#components/figure/store/made.ts'
import { walked } from '#components/figure/store/walked.ts'
import { space, toFile, type Scenario } from '#lib/index.ts'
import { parseCluster, SCENARIOS } from '#lib/worlds/all.ts'
import { made } from './made.ts'

describe('a change of a chapter’s figure', () => {
  it('is taken back and made again, with what was sent and the place', () => {
    const f = made({ flow: 'frontend-1-to-backend-2' })
    for (let i = 0; i < 3; i += 1) f.dispatch({ type: 'move', by: 1 })
    const first = f.state()
    const asks = Object.entries(first.world.whatIfs).find(
      ([, w]) => w.flow !== undefined && w.flow !== first.flow,
    )![0]
    f.dispatch({ type: 'whatIf', whatIf: 'drop-route' })
    f.dispatch({ type: 'last' })
    const second = f.state()
    f.dispatch({ type: 'whatIf', whatIf: asks })
    f.dispatch({ type: 'undo' })
    expect(f.state()).toMatchObject({
      whatIfs: ['drop-route'],
      flow: second.flow,
      step: second.step,
    })
    f.dispatch({ type: 'undo' })
    expect(f.state()).toMatchObject({ whatIfs: [], flow: first.flow, step: first.step })
    f.dispatch({ type: 'undo' })
    expect(f.state().whatIfs).toEqual([])
    f.dispatch({ type: 'redo' })
    f.dispatch({ type: 'redo' })
    expect(f.state()).toMatchObject({ whatIfs: ['drop-route', asks] })
    f.dispatch({ type: 'undo' })
    f.dispatch({ type: 'whatIf', whatIf: 'stop-flanneld' })
    f.dispatch({ type: 'redo' })
    expect(f.state().whatIfs).toEqual(['drop-route', 'stop-flanneld'])
  })
  it.each(Object.keys(SCENARIOS))(
    '%s: taken back by its inverse, the tables are what they were, row by row, and so is the walk',
    (id) => {
      const world = SCENARIOS[id]!
      const flow = Object.keys(world.flows)[0]!
      const rows = (whatIfs: readonly string[]) =>
        JSON.stringify(toFile(making(null, world, whatIfs).topology))
      for (const a of Object.keys(world.whatIfs))
        for (const b of Object.keys(world.whatIfs).slice(0, 4)) {
          const both = making(null, world, [a, b])
          for (const kept of [[a], [b], []]) {
            const back = making(both, world, kept)
            expect(JSON.stringify(toFile(back.topology)), `${a}, ${b}`).toBe(rows(kept))
          }
        }
      const f = made({ scenario: id, flow })
      const [a, b] = Object.keys(world.whatIfs) as [string, string]
      for (const whatIf of [a, b, a]) f.dispatch({ type: 'whatIf', whatIf })
      const s = f.state()
      expect(f.read.now(s).keys).toEqual(walked(world, { flow: s.flow, whatIfs: [b] }).keys)
    },
    30_000,
  )
  it('what is kept of one that is made is its inverse: rows that are not of it are not in it', () => {
    const world: Scenario = SCENARIOS['flannel-vxlan']!
    const [turn] = making(null, world, ['drop-route']).turns
    expect(turn!.back.length).toBeGreaterThan(0)
    const all = world.topology.source.names.flatMap((n) =>
      Object.values(space(world.topology, n)!).filter((x) => Array.isArray(x)),
    )
    expect(JSON.stringify(turn!.back).length).toBeLessThan(JSON.stringify(all).length / 20)
  })
})

describe('in a cluster of 60,000 pods', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const nowhere = { here: () => undefined, bring: () => Promise.resolve(null) }
  const heap = (): number => {
    collect()
    return process.memoryUsage().heapUsed
  }
  it('1,000 changes that can be taken back take less than 20 MB, and all are', () => {
    const base = parseCluster(
      'packet-walk: 1\nnetwork: flannel-vxlan\ncount: 2000\npodsPerNode: 30\n',
    )
    const nodes = base.topology.source.names.filter((n) => /^node-\d+$/.test(n)).slice(0, 10)
    // On ten nodes, so that what is weighed are the changes and not the rows of nodes nobody asked for before.
    const whatIfs = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => {
        const to = { mtu: 1500 - 1 - (i % 700) }
        const edit = { op: 'set', in: nodes[i % 10], table: 'devs', where: { name: 'eth0' }, to }
        return [`change-${i}`, { title: '', expect: { delivered: true }, edits: [edit] }]
      }),
    ) as unknown as Scenario['whatIfs']
    const world = { ...base, whatIfs }
    const f = createFigure(homeOf({ id: 'f', scenario: 'flannel-vxlan' }, world, true), nowhere)
    const rows = (): string => JSON.stringify(space(f.read.now(f.state()).topology, nodes[0]!))
    const first = rows()
    for (const n of nodes) space(f.read.now(f.state()).topology, n)
    const before = heap()
    for (const [i, whatIf] of Object.keys(whatIfs).entries()) {
      f.dispatch({ type: 'whatIf', whatIf })
      if (i % 50 === 0) f.read.now(f.state())
    }
    expect(f.read.now(f.state()).problem).toBeNull()
    expect(rows()).not.toBe(first)
    expect((heap() - before) / 1e6).toBeLessThan(20)
    for (let i = 0; i < 1000; i += 1) {
      f.dispatch({ type: 'undo' })
      if (i % 50 === 0) f.read.now(f.state())
    }
    expect(f.state().whatIfs).toEqual([])
    expect(rows()).toBe(first)
  }, 60_000)
})
