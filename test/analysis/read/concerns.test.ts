import { describe, expect, it } from 'vitest'
import { concerns, keys, walk, type Step, type Walk } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const walked = (
  id: string,
  flow = 'frontend-1-to-backend-2',
): { readonly w: Walk; readonly asked: (key: string) => string[] } => {
  const s = SCENARIOS[id]!
  const w = walk(s.topology, s.flows[flow]!)
  const names = keys(w)
  const step = (key: string): Step => w.steps[names.indexOf(key)]!
  return {
    w,
    asked: (key) =>
      Object.entries(s.whatIfs)
        .filter(([, x]) => x.edits.some((e) => concerns(e, step(key), w.after)))
        .map(([name]) => name),
  }
}

describe('the what-ifs that a step calls for', () => {
  it('are those of the row that decided it', () => {
    const { asked } = walked('flannel-udp')
    expect(asked('node-1/docker0 route')).toEqual(['drop-route'])
    expect(asked('node-1/flannel0 daemon').toSorted()).toEqual(['drop-lease', 'stop-flanneld'])
    expect(asked('vpc/eni-node-2-eth0 sg-ingress')).toEqual(['deny-security-group'])
    expect(asked('web-app-frontend-1 route-out')).toEqual([])
  })
  it('are those of the tunnel and of the rule before the table', () => {
    expect(walked('flannel-vxlan').asked('node-1/flannel.1 tunnel')).toEqual(['delete-fdb'])
    expect(walked('vpc-cni').asked('node-1/eni2a1b4577390 route').toSorted()).toEqual([
      'delete-rule-1536',
      'drop-route',
      'plugin-1-3',
    ])
  })
  it('have what-ifs that change a row of their own walk somewhere', () => {
    for (const s of Object.values(SCENARIOS)) {
      const [first] = Object.keys(s.flows)
      const found = Object.values(s.whatIfs).filter((x) => {
        const w = walk(s.topology, s.flows[x.flow ?? first!]!)
        return x.edits.some((e) => w.steps.some((t) => concerns(e, t, w.after)))
      })
      expect(found.length, s.id).toBeGreaterThan(1)
    }
  })
})
