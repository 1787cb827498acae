import { worldsFound } from '#components/figure/effects/worlds.ts'
import {
  createFigure,
  homeOf,
  worldsAtFirst,
  type FigureStore,
} from '#components/figure/store/figure.ts'
import type { FigureProps } from '#components/figure/store/state.ts'
import type { Worlds } from '#components/figure/store/worlds.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const all = worldsFound()
for (const world of Object.values(SCENARIOS)) all.keep(world)

/** A figure without a page, all worlds at hand if no others are given. */
export function made(props: Partial<FigureProps> = {}, worlds: Worlds = all): FigureStore {
  const p = { id: 'f', scenario: 'flannel-udp', flow: 'ping', ...props }
  return createFigure(homeOf(p, worlds.here(worldsAtFirst(p)[0])!), worlds)
}
