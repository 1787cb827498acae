import { describe, expect, it } from 'vitest'
import { STAGES, stageInfo, type Stage } from '#lib/trace/stages.ts'
import { walk } from '#lib/walk/walk.ts'
import { counts } from '#lib/analysis/read/detail.ts'
import { pwru } from '#lib/analysis/print/pwru.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const walks = Object.values(SCENARIOS).flatMap((s) =>
  Object.values(s.flows).map((f) => walk(s.topology, f)),
)
const steps = walks.flatMap((w) => w.steps.map((s) => [w, s] as const))

describe('a stage', () => {
  it.each(Object.keys(STAGES) as Stage[])('%s is of AWS where it is asked in a VPC', (stage) => {
    const here = steps.filter(([, s]) => s.stage === stage)
    const inVpc = here.filter(([w, s]) => w.before.source.derive(s.in)?.kind === 'vpc')
    expect(inVpc.length).toBe(stageInfo(stage).layer === 'vpc' ? here.length : 0)
  })
  it('that a story tells is told at every level of detail, and pwru sees what the kernel asks', () => {
    const untold = steps.filter(([w, s]) => counts(w, s, 'story') && !counts(w, s, 'network'))
    expect(untold.map(([, s]) => s.stage)).toEqual([])
    expect(pwru('ttl')).toBe('ip_forward')
    expect(pwru('tunnel', 'decapsulate')).toBe('vxlan_rcv')
    expect(pwru('daemon')).toBeNull()
  })
})
