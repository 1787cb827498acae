import { loadWorld, type World } from '#lib/index.ts'
import { notLoaded } from '#components/save/take.ts'
import type { Worlds } from '../store/worlds.ts'

/** Worlds that are fetched when they are asked for, none of them here at first. */
export interface Found extends Worlds {
  /** This world is here. */
  readonly keep: (world: World) => void
}

export function worldsFound(): Found {
  const found = new Map<string, World>()
  const keep = (w: World): void => {
    found.set(w.id, w)
  }
  return {
    keep,
    here: (id) => found.get(id),
    bring: async (ids) => {
      try {
        const missing = ids.filter((id) => !found.has(id))
        for (const w of await Promise.all(missing.map(loadWorld))) if (w !== undefined) keep(w)
        return null
      } catch {
        return notLoaded()
      }
    },
  }
}

/** The worlds that this page has: those it shows, and those somebody asked for. */
export const WORLDS_HERE = worldsFound()
