import { describe, expect, it } from 'vitest'
import { PLUGINS, SCENARIOS } from '#lib/worlds/all.ts'
import { listedWorld, loadWorld, WORLD_IDS, WORLDS } from '#lib/worlds/index.ts'

describe('the manifest', () => {
  it('names each world once, and all that is loaded follows from it', () => {
    expect(new Set(WORLD_IDS).size).toBe(WORLDS.length)
    expect(Object.keys(SCENARIOS)).toEqual(WORLD_IDS)
    expect(Object.keys(PLUGINS)).toEqual(WORLD_IDS)
  })
  it('knows no world of another name', async () => {
    for (const id of ['flannel', 'constructor', '']) {
      expect(listedWorld(id)).toBeUndefined()
      expect(await loadWorld(id)).toBeUndefined()
    }
  })
  it.each(WORLDS.map((w) => [w.id, w] as const))(
    'says of %s what the world is',
    async (id, listed) => {
      const world = await listed.load()
      expect(world).toBe(await loadWorld(id))
      expect(world).toBe(SCENARIOS[id])
      expect(listedWorld(id)).toBe(listed)
      const { load: _load, ...card } = listed
      const { entry } = world
      expect(entry).toEqual({ ...card, flows: entry.flows, whatIfs: entry.whatIfs })
      expect([world.id, world.title]).toEqual([entry.id, entry.title])
      expect(world.leavesOut.length).toBeGreaterThan(0)
      expect(Object.keys(world.flows)).toEqual(entry.flows)
      expect(Object.values(world.flows)).not.toContain(undefined)
      expect(Object.keys(world.whatIfs)).toEqual(entry.whatIfs)
      for (const w of Object.values(world.whatIfs)) {
        expect(w.title.length).toBeGreaterThan(10)
        expect(w.edits.length).toBeGreaterThan(0)
        expect([...entry.flows, undefined]).toContain(w.flow)
      }
    },
  )
})
