import { describe, expect, it } from 'vitest'
import { flowNames, otherDraw, walked } from '#components/figure/store/walked.ts'
import { refsOf } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

describe('a walk that is asked for', () => {
  it('draws again until the packet goes another way, and comes round', () => {
    for (const s of Object.values(SCENARIOS).filter((x) => x.flows['service'] !== undefined)) {
      const reached = (draw: number | null): string => {
        const w = walked(s, { flow: 'service', draw }).walk
        return (
          w.steps.find((x) => x.decision.kind === 'socket' && x.in.startsWith('backend'))?.in ??
          'lost'
        )
      }
      const at = { flow: 'service', whatIfs: [], draw: null }
      const next = otherDraw(s, at)
      expect(next, s.id).not.toBeNull()
      expect(reached(next), s.id).not.toBe(reached(null))
      // Two endpoints: the one after it is the first again, which is the flow's own draw.
      expect(otherDraw(s, { ...at, draw: next }), s.id).toBeNull()
    }
    expect(
      otherDraw(SCENARIOS['flannel-udp']!, { flow: 'ping', whatIfs: [], draw: null }),
    ).toBeNull()
  })
  it('a random rule that did not match is a near miss', () => {
    const at = { flow: 'service', whatIfs: [], draw: null }
    const steps = [null, otherDraw(SCENARIOS['flannel-udp']!, at)].map((draw) =>
      walked(SCENARIOS['flannel-udp']!, { flow: 'service', draw }).walk.steps.find(
        (x) => x.decision.kind === 'hook' && x.decision.draws !== undefined,
      )!,
    )
    expect(steps.map((x) => refsOf(x.decision).rejected.length).toSorted((a, b) => a - b)).toEqual([
      0, 1,
    ])
  })
  it.each(Object.keys(SCENARIOS))(
    '%s: what is sent has a name of its own, by whole names',
    (id) => {
      const names = flowNames(SCENARIOS[id]!).map(([, name]) => name)
      expect(new Set(names).size).toBe(names.length)
      expect(names[0]).toBe(
        {
          'docker-bridge': 'web-app-frontend-1 → node-2:8080',
          'docker-ports': 'internet → node-1:8080',
        }[id] ?? 'web-app-frontend-1 → backend-service-2:8080',
      )
      expect(names.filter((n) => n.length > 70)).toEqual([])
    },
  )
  it('what-ifs that cannot go together are named, not thrown', () => {
    const w = walked(SCENARIOS['flannel-udp']!, {
      flow: 'ping',
      whatIfs: ['stop-flanneld', 'drop-route'],
    })
    expect(w.problem).toContain('routes')
    expect(w.walk.delivered).toBe(false)
  })
})
