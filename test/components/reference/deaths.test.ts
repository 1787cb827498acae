import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { applyAll, DROPS, walk } from '#lib/index.ts'
import { deaths } from '#components/reference/deaths.ts'
import { figureAt, worlds } from '#components/reference/seen.ts'
import { read } from '#components/figure/store/link.ts'
import { chapters } from '../chapter/chapters.ts'

const top = fileURLToPath(new URL('../../..', import.meta.url))

// Some thousand walks.
const all = deaths(chapters())

describe('where packets die', { timeout: 200_000 }, () => {
  it('each walk that is named ends so, and each scene is there', async () => {
    const met = await all
    expect([...met.keys()]).toEqual(Object.keys(DROPS))
    const known = new Map((await worlds()).map((w) => [w.id, w]))
    for (const [reason, { place, passing }] of met) {
      if (place === null) continue
      expect(passing, reason).not.toBeNull()
      const world = known.get(place.scenario)!
      const edits = place.whatIf === undefined ? [] : world.whatIfs[place.whatIf]!.edits
      const w = walk(applyAll(world.topology, edits), world.flows[place.flow]!)
      expect(w.loss?.drop.reason).toBe(reason)
    }
    const ended = [...met].filter(([, m]) => m.place !== null).map(([reason]) => reason)
    // What a what-if says of its end is met somewhere.
    const ends = [...known.values()].flatMap((w) => Object.values(w.whatIfs).map((x) => x.expect))
    expect(ended).toEqual(expect.arrayContaining(ends.filter((end) => end !== 'delivered')))
    const scenes = [...met.values()].flatMap((m) => m.scenes)
    expect(scenes.length).toBeGreaterThan(5)
    for (const { slug, id } of scenes) {
      const of = chapters().find((c) => c.slug === slug)
      expect(of?.outline.scenes.map((s) => s.attributes['id'])).toContain(id)
    }
  })

  it('the source check is in the scene that is about it', async () => {
    const met = (await all).get('source-dest-check')
    expect(met?.scenes.map((s) => `${s.slug}#${s.id}`)).toContain('flannel#nobody')
  })

  it('a reason that none of our worlds shows is said to be in none', async () => {
    const met = (await all).get('prohibit-route')
    expect(met).toEqual({ scenes: [], place: null, passing: null })
  })

  it('a link to a step opens that step', () => {
    const at = { scenario: 'vpc-cni', flow: 'ping', whatIf: 'jumbo', key: 'node-1/eth0 xmit#2' }
    const link = figureAt(at)
    const opened = read(link.slice(link.indexOf('#')), 'f', { scenario: 'vpc-cni', flow: 'ping' })
    expect(opened).toMatchObject({ flow: 'ping', whatIfs: ['jumbo'], key: at.key, notice: null })
  })

  it('contract.md, which the reference shows, needs no help to be shown', () => {
    const text = readFileSync(join(top, 'contract.md'), 'utf8')
    // Its links would stand on another page.
    expect(text).not.toMatch(/\]\((?!https?:|#)/)
  })
})
