import { WORLDS, type World } from '#lib/index.ts'
import type { Away } from '#components/words/en/away.ts'

/** Where a figure finds its worlds. Links and menus need none, the manifest does for those. */
export interface Worlds {
  /** The world of that id, if it is here. */
  readonly here: (id: string) => World | undefined
  /** Fetches worlds that are not here; what is no world is none. Says why one did not come, null if all did. */
  readonly bring: (ids: readonly string[]) => Promise<Away | null>
}

/** Is it one of ours? */
export const isWorld = (id: string): boolean => WORLDS.some((w) => w.id === id)
