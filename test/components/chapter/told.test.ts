import { describe, expect, it } from 'vitest'
import type { Element, Outline } from '#components/chapter/outline.ts'
import { told } from '#components/chapter/told.ts'
import { chapters } from './chapters.ts'

/** A chapter of one scene with one question. */
function chapter(from: string, name: string, asked: Element['attributes']): Outline {
  const attributes = { id: 's1', scenario: 'lan', flow: 'same-node' }
  const stage: Element = { name: 'Stage', line: 1, scene: -1, attributes, asked: {} }
  const scene: Element = {
    name: 'Scene',
    line: 3,
    scene: 0,
    attributes: { id: 'one', from },
    asked: {},
  }
  const question: Element = { name, line: 5, scene: 0, attributes: asked, asked: {} }
  return {
    file: 'content/00-x.mdx',
    title: 'x',
    words: 100,
    stage,
    scenes: [{ ...scene, heading: 'One' }],
    elements: [stage, scene, question],
  } as unknown as Outline
}
const said = (outline: Outline): Promise<string> =>
  told(outline).then(
    () => 'is built',
    (e: Error) => e.message.split('\n')[1] ?? '',
  )
const TTL = { id: 'q', ask: 'ttl', options: 'all-count' }
const BE = { id: 'b', device: 'docker0', step: 'node-1/docker0 bridge#3', asks: 'port' }

describe('a scene that asks', () => {
  it('is built where its picture has not come to the answer', async () => {
    expect(await said(chapter('web-app-frontend-1 app', 'Predict', TTL))).toBe('is built')
    expect(await said(chapter('node-1/veth0 rx#2', 'Be', BE))).toBe('is built')
  })
  it('is not where it begins with the answer', async () => {
    expect(await said(chapter('backend-service-1/eth0 socket', 'Predict', TTL))).toBe(
      'content/00-x.mdx:5: q: its scene begins at backend-service-1/eth0 socket, and backend-service-1/eth0 socket shows the answer; let the scene begin before that',
    )
    expect(await said(chapter('node-1/docker0 bridge#3', 'Be', BE))).toContain(
      'node-1/docker0 bridge#3 shows the answer',
    )
  })
  it('is not where a scene before it has shown the row that is asked for', async () => {
    const asks = chapter('node-1/veth0 rx#2', 'Be', BE)
    const after = (to: string): Outline => {
      const first = {
        ...asks.scenes[0]!,
        heading: 'Zero',
        attributes: { id: 'zero', from: 'node-1/docker0 bridge', to },
      }
      const later = asks.elements.map((e) => (e.scene === 0 ? { ...e, scene: 1 } : e))
      return { ...asks, scenes: [first, ...asks.scenes], elements: later }
    }
    expect(await said(after('node-1/docker0 bridge#2'))).toBe('is built')
    expect(await said(after('node-1/docker0 bridge#3'))).toBe(
      'content/00-x.mdx:5: b: zero shows node-1/docker0 bridge#3, the answer; let that scene end before it',
    )
  })
  it('may begin anywhere if what it asks about is a change', async () => {
    const asked = {
      ...TTL,
      whatIf: 'detour',
      options: 'unchanged',
      flow: 'frontend-1-to-backend-2',
    }
    expect(await said(chapter('backend-service-1/eth0 socket', 'Predict', asked))).toBe('is built')
  })
})

describe('the chapters', () => {
  it.each(chapters())('$slug can be built', async ({ outline }) => {
    expect((await told(outline))?.entries.length).toBeGreaterThan(5)
  })
})
