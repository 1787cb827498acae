import { describe, expect, it } from 'vitest'
import { told } from '#components/chapter/told.ts'
import type { Outline } from '#components/chapter/outline.ts'
import { predictionOf } from '#components/predict/author.ts'

const stage = {
  name: 'Stage',
  line: 3,
  scene: -1,
  asked: {},
  attributes: { id: 'f1', scenario: 'flannel-udp', flow: 'frontend-1-to-backend-2' },
}
const asked = (attributes: Readonly<Record<string, string>>): Outline => ({
  file: 'content/00-sample.mdx',
  words: 0,
  afterwards: '',
  terms: [],
  sources: [],
  stage,
  scenes: [{ line: 5, heading: 'Break it', attributes: { id: 'break-it' } }],
  elements: [
    stage,
    {
      name: 'Predict',
      line: 9,
      scene: 0,
      asked: {},
      attributes: { id: 'q', ask: 'ends', whatIf: 'stop-flanneld', ...attributes },
    },
  ],
})

describe('a question of a chapter', () => {
  it('takes its network over from the scene', async () => {
    expect((await told(asked({})))?.stage).toBe('f1')
  })
  it.each([
    [{ ask: 'colour' }, /asks colour; it may ask ends, told, row/],
    [{ options: 'first-row' }, /first-row believes nothing of ends/],
    [{ options: 'what-if:drop-route' }, /nothing else than the right answer is believed/],
    [{ ask: 'row', step: 'node-1/nowhere route' }, /has no row/],
    [{ flow: 'to-the-moon' }, /has no flow to-the-moon/],
  ])('that asks %j fails the build, with its line', async (attributes, why) => {
    const built = told(asked(attributes))
    await expect(built).rejects.toThrow(why)
    await expect(built).rejects.toThrow('content/00-sample.mdx:9: <Predict>: ')
  })
  it('is asked of what the scene shows, or of its own changes', () => {
    const of = { id: 'q', scenario: 'flannel-udp', ask: 'ttl' }
    expect(predictionOf({ ...of, whatIfs: 'jumbo' }).whatIfs).toEqual(['jumbo'])
    expect(predictionOf({ ...of, whatIfs: 'jumbo', whatIf: 'drop-route' }).whatIfs).toEqual([
      'drop-route',
    ])
    expect(predictionOf({ ...of, options: 'unchanged, world:vpc-cni' }).options).toEqual([
      'unchanged',
      'world:vpc-cni',
    ])
  })
})

describe('a device to be', () => {
  const be = (attributes: Readonly<Record<string, string>>): Outline => {
    const o = asked({})
    const of = { id: 'q', step: 'node-1/docker0 route', asks: 'row', ...attributes }
    return { ...o, elements: [stage, { ...o.elements[1]!, name: 'Be', attributes: of }] }
  }
  it('stops the packet', async () => {
    expect((await told(be({})))?.entries[0]?.scene.asks).toBe(true)
  })
  it.each([
    [{ asks: 'colour' }, /asks colour; it may ask row, rule, port/],
    [{ step: 'node-1/nowhere route' }, /has no step node-1\/nowhere route; did you mean/],
    [{ asks: 'port' }, /has no port/],
    [{ step: 'node-1/docker0 ttl' }, /has no row/],
  ])('that says %j fails the build, with its line', async (attributes, why) => {
    const built = told(be(attributes as Readonly<Record<string, string>>))
    await expect(built).rejects.toThrow(why)
    await expect(built).rejects.toThrow('content/00-sample.mdx:9: <Be>: ')
  })
})
