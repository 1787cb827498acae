import { describe, expect, it } from 'vitest'
import { createFigure, homeOf } from '#components/figure/store/figure.ts'
import { bench } from '#components/words/en/bench.ts'
import { goals } from '#lib/words/en/goals.ts'
import { explain } from '#lib/words/index.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { walk, type Walk } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const see = (world: string, flow: string, whatIf: string): Walk => {
  const s = SCENARIOS[world]!
  return walk(applyAll(s.topology, s.whatIfs[whatIf]?.edits ?? []), s.flows[flow]!)
}
/** How a figure says that a walk ends. */
function ends(world: string, flow: string, whatIf: string): string {
  const s = SCENARIOS[world]!
  const home = homeOf({ id: 'f1', scenario: world, flow }, s)
  const f = createFigure(home, { here: (id) => SCENARIOS[id], bring: () => Promise.resolve(null) })
  f.dispatch({ type: 'whatIf', whatIf })
  return f.read.outcome(f.state()).text
}

describe('who says no', () => {
  it('is the machine on which nobody listens, and the caller is told', () => {
    const w = see('docker-ports', 'internet-to-b', 'b-moves')
    const said = w.steps.filter((s) => s.decision.kind === 'app').map((s) => explain(s, w.after))
    expect(said).toContain('node-1 answers: reset.')
    expect(said.at(-1)).toBe('The program in internet is told: connection refused.')
  })
  it('ends a walk by what the sender hears; what nobody hears of ends where it is dropped', () => {
    expect(ends('docker-ports', 'internet-to-b', 'b-moves')).toBe('refused')
    const flow = 'frontend-1-to-backend-2'
    expect(ends('flannel-vxlan', flow, 'delete-neigh')).toBe('not delivered: Nobody answers ARP.')
    expect(ends('flannel-vxlan', flow, 'delete-fdb')).toMatch(/^dropped: /)
  })
})

describe('a ping that is translated', () => {
  it('has a number where others have a port', () => {
    const w = see('flannel-vxlan', 'to-node', '')
    const said = w.steps.flatMap((s) =>
      s.decision.kind === 'hook' && s.decision.to !== undefined ? [explain(s, w.after)] : [],
    )
    expect(said[0]).toContain('(behind the colon a ping has its own number)')
    const tcp = see('docker-bridge', 'to-internet', '')
    for (const s of tcp.steps) expect(explain(s, tcp.after)).not.toContain('own number')
  })
})

describe('a goal that is missed', () => {
  it('is told by no names of the code', () => {
    expect(goals.missed.keeps('kubernetes-1', 'x')).toBe('promise 1 is broken: x')
    const lost = goals.phrases['lost-in']('no-socket', 'node-1')
    expect(goals.missed.delivered('', lost)).toBe('it is lost: nobody listens there, in node-1')
    expect(goals.missed.dropped('security-group', 'delivered')).toBe(
      'it should have been dropped (no security group rule allows it), and is delivered',
    )
  })
})

describe('rows that a plugin wrote', () => {
  it('are one, or several', () => {
    expect(bench.conflist.rows('runtime', 'node-1', 1)).toBe('runtime, in node-1: 1 row')
    expect(bench.conflist.rows('bridge', 'node-1', 4)).toBe('bridge, in node-1: 4 rows')
  })
})
