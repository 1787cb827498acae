import { editToJson } from '#lib/index.ts'
import { write } from '#components/figure/store/link.ts'
import type { FigureState } from '#components/figure/store/state.ts'

/** The figure of the sandbox, in links. */
export const WALK = 'walk'

/** The part of a link that is a world as it ships, with what is changed of it. */
export function wholePart(world: string, edits: readonly unknown[]): string {
  return `sandbox=${encodeURIComponent(JSON.stringify([2, world, edits]))}`
}

/** The part of a link that is a task, with what was done for it. */
export function taskPart(task: string, edits: readonly unknown[] = []): string {
  return `sandbox=${encodeURIComponent(JSON.stringify([3, task, edits]))}`
}

/** The fragment of a sandbox that has the world that is shown, what-ifs as edits of its rows, at the same step. */
export function sandboxHash(s: FigureState, key: string): string {
  const edits = s.whatIfs
    .flatMap((w) => s.world.whatIfs[w]?.edits ?? [])
    .map((e) => JSON.parse(editToJson(e)) as unknown)
  const shown = { ...s, whatIfs: [], against: null, key }
  return write(`#${wholePart(s.scenario, edits)}`, WALK, shown)
}
