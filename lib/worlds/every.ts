import type * as All from './all.ts'

/** Every world with its rows, and readers of cluster files that know every network (lib/worlds/all.ts): for tools, since a page loads the worlds that it shows. */
export async function everyWorld(): Promise<typeof All> {
  return import('./all.ts')
}
