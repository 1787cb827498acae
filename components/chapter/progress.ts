import type { Scene } from '#components/figure/store/state.ts'
import { keepAs, keptAs } from '#components/site/device.ts'
import { reading, watch } from './reading.ts'

/* Which scenes were read, kept on this device only, where the browser keeps anything. */

const NAME = 'scenes'

/** How many of these scenes of a chapter were read. */
export function readOf(stage: string, scenes: readonly string[]): number {
  const known = keptAs(NAME)[stage]
  return Array.isArray(known) ? scenes.filter((id) => known.includes(id)).length : 0
}

function keep(stage: string, scene: string): void {
  const known = keptAs(NAME)[stage]
  const before: readonly unknown[] = Array.isArray(known) ? known : []
  if (!before.includes(scene)) keepAs(NAME, stage, [...before, scene])
}

/** Keeps which scenes are read, while their chapter is on the page. Returns what ends it. */
export function keepProgress(stage: string, scenes: readonly Scene[]): () => void {
  const look = (): void => {
    const scene = scenes[reading()?.active() ?? -1]
    if (scene !== undefined) keep(stage, scene.id)
  }
  const end = watch(look)
  look()
  return end
}
