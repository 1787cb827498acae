import { describe, expect, it } from 'vitest'
import { gateOf, type Gate } from '#components/diagram/gates.ts'
import { saidOf } from '#components/diagram/Gate.tsx'
import { layout } from '#components/diagram/layout/index.ts'
import { textsOf } from '#components/diagram/layout/texts.ts'
import { walked } from '#components/figure/store/walked.ts'
import { until } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/** What the gates have said at a step, by the node behind. */
function gates(
  id: string,
  {
    flow = 'frontend-1-to-backend-2',
    whatIfs = [] as readonly string[],
    at,
    open = false,
  }: {
    readonly flow?: string
    readonly whatIfs?: readonly string[]
    readonly at: string
    /** A question is open: the walk ends here. */
    readonly open?: boolean
  },
): Record<string, Gate> {
  const { walk, topology, keys } = walked(SCENARIOS[id]!, { flow, whatIfs })
  const n = keys.indexOf(at)
  expect(n, at).toBeGreaterThan(-1)
  return Object.fromEntries(
    layout(topology, walk)
      .boxes.filter((b) => b.kind === 'gate')
      .map((b) => [b.machine ?? '', gateOf(open ? until(walk, n) : walk, b, walk.steps[n]!)]),
  )
}

describe('a gate', () => {
  it('asks, is asked, and has said yes', () => {
    const before = gates('flannel-udp', { at: 'node-1/flannel0 daemon' })
    expect(before['node-1']).toEqual({
      mark: 'open',
      asked: [
        ['group', 'open'],
        ['source', 'open'],
      ],
    })
    expect(before['node-2']).toEqual({ mark: 'open', asked: [['group', 'open']] })
    const first = gates('flannel-udp', { at: 'vpc/eni-node-1-eth0 sg-egress' })
    expect(first['node-1']!.asked).toEqual([
      ['group', 'passed'],
      ['source', 'open'],
    ])
    const after = gates('flannel-udp', { at: 'node-2/flannel0 daemon' })
    expect([after['node-1']!.mark, after['node-2']!.mark]).toEqual(['passed', 'passed'])
  })
  it('says no where the packet ends, and the gate behind it is never asked', () => {
    const own = gates('flannel-host-gw', { at: 'vpc/eni-node-1-eth0 src-check' })
    expect(own['node-1']).toEqual({
      mark: 'refused',
      asked: [
        ['group', 'passed'],
        ['source', 'refused'],
      ],
    })
    expect(own['node-2']?.asked ?? []).toEqual([])
    const group = gates('flannel-udp', {
      whatIfs: ['deny-security-group'],
      at: 'vpc/eni-node-2-eth0 sg-ingress',
    })
    expect(group['node-2']).toEqual({ mark: 'refused', asked: [['group', 'refused']] })
  })
  it('tells nothing of what comes while a question is open', () => {
    const at = 'node-1/flannel0 daemon'
    const open = gates('flannel-udp', { at, open: true })
    expect([open['node-1']!.asked, open['node-2']!.asked]).toEqual([[], []])
  })
  it('is asked anew by each packet', () => {
    const reply = gates('flannel-udp', { flow: 'ping', at: 'node-2/flannel0 xmit' })
    expect(reply['node-2']!.mark).toBe('open')
    expect(reply['node-1']!.mark).toBe('open')
  })
  it('that is asked in circles keeps what it has said', () => {
    const whatIfs = ['delete-rule-512']
    const round = gates('vpc-cni', {
      flow: 'same-node',
      whatIfs,
      at: 'vpc/eni-node-1-eth1 vpc-encap#2',
    })
    expect(round['node-1']!.mark).toBe('passed')
  })
  it.each(Object.keys(SCENARIOS))(
    '%s: what it asks stands on no gate and on no other words',
    (id) => {
      /** Between Inter's widest words here and its narrowest, at 12.5 px. */
      const SIGN = 6.9
      for (const flow of Object.keys(SCENARIOS[id]!.flows)) {
        const { walk, topology } = walked(SCENARIOS[id]!, { flow })
        const all = layout(topology, walk).boxes.filter((b) => b.kind === 'gate')
        for (const { n: message } of walk.messages) {
          const words = all.map((b) => {
            const { asked } = gateOf(walk, b, { message, n: walk.steps.length })
            const [at] = textsOf(b)
            const w = asked.length === 0 ? 24 : saidOf(asked).length * SIGN
            return { b, from: b.side < 0 ? at!.x - w : at!.x, to: b.side < 0 ? at!.x : at!.x + w }
          })
          for (const w of words)
            for (const other of words) {
              if (w === other || Math.abs(w.b.y - other.b.y) > 20) continue
              const where = `${flow}: ${w.b.id} and ${other.b.id}`
              expect(w.to <= other.from || other.to <= w.from, where).toBe(true)
              expect(
                w.to <= other.b.x - other.b.w / 2 || other.b.x + other.b.w / 2 <= w.from,
                where,
              ).toBe(true)
            }
        }
      }
    },
  )
})
