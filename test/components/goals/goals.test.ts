import { describe, expect, it } from 'vitest'
import { told } from '#components/chapter/told.ts'
import type { Outline } from '#components/chapter/outline.ts'
import { goalsOf } from '#components/goals/author.ts'
import { lampsOf } from '#components/goals/verdicts.ts'
import { walked } from '#components/figure/store/walked.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const PROMISES = goalsOf({ of: 'kubernetes-1,kubernetes-2,kubernetes-3' })
const lit = (scenario: string, whatIfs: readonly string[] = []) => {
  const world = SCENARIOS[scenario]!
  const { topology } = walked(world, { flow: '', whatIfs })
  return lampsOf(PROMISES, topology, world.topology)
}

describe('lamps', () => {
  it('are lit by the network as it stands, and each has its walk', () => {
    expect(lit('flannel-vxlan').map((l) => l.lit)).toEqual(['holds', 'holds', 'holds'])
    const broken = lit('flannel-vxlan', ['docker-masquerade'])
    expect(broken.map((l) => l.lit)).toEqual(['broken', 'broken', 'holds'])
    for (const l of broken) expect(l.walk?.steps.length).toBeGreaterThan(0)
    expect(broken[0]!.why).toMatch(/promise 1 is broken: 10\.1\.\d+\.\d+ instead of/)
  })
  it('say where the walk that breaks them is lost', () => {
    const [lamp] = lit('flannel-udp', ['stop-flanneld'])
    const second = lit('flannel-udp', ['stop-flanneld'])[1]!
    expect(lamp!.lit).toBe('holds')
    expect(second.lit).toBe('broken')
    expect(second.walk!.steps[second.step!]!.drop?.reason).toBe('source-dest-check')
  })
  it('stay dark where a goal cannot be asked', () => {
    const goal = { id: 'x', say: 'x', flow: { from: 'nobody', to: 'node-1' }, expect: 'delivered' }
    const t = SCENARIOS['flannel-udp']!.topology
    expect(lampsOf([goal as never], t, t)).toMatchObject([{ lit: 'unasked', walk: null }])
  })
})

const outline = (attributes: Readonly<Record<string, string>>): Outline => {
  const stage = {
    name: 'Stage',
    line: 3,
    scene: -1,
    asked: {},
    attributes: { id: 'f1', scenario: 'flannel-udp', flow: 'frontend-1-to-backend-2' },
  }
  return {
    file: 'content/00-sample.mdx',
    words: 0,
    afterwards: '',
    terms: [],
    sources: [],
    stage,
    scenes: [{ line: 5, heading: 'Goals', attributes: { id: 'goals' } }],
    elements: [stage, { name: 'Goals', line: 9, scene: 0, asked: {}, attributes }],
  }
}

describe('goals of a chapter', () => {
  it('may be those that ship, with changes beside them', async () => {
    const asked = outline({ of: 'kubernetes-1, kubernetes-3', change: 'stop-flanneld' })
    expect((await told(asked))?.stage).toBe('f1')
  })
  it.each([
    [{}, /names no goals/],
    [{ of: 'kubernetes-4' }, /no goal is called kubernetes-4; there are kubernetes-1/],
    [{ file: 'no-such-file' }, /there is no content\/goals\/no-such-file\.yaml/],
    [{ file: '../chapters' }, /is no name of a file/],
    [{ of: 'kubernetes-1', change: 'rain' }, /flannel-udp has no what-if rain/],
    [{ of: 'kubernetes-1', colour: 'red' }, /has no attribute colour/],
  ])('that say %j fail the build, with their line', async (attributes, why) => {
    const built = told(outline(attributes as Readonly<Record<string, string>>))
    await expect(built).rejects.toThrow(why)
    await expect(built).rejects.toThrow('content/00-sample.mdx:9: <Goals>: ')
  })
})
