import type { Walk } from '#lib/trace/walk.ts'
import { topologyAt } from './at.ts'

/** A walk as far as a step, as if nobody knew how it goes on: no steps, frames, packets or rows of later, no end. RangeError where it has no such step. */
export function until(walk: Walk, step: number): Walk {
  if (walk.steps[step] === undefined) throw new RangeError(`the walk has no step ${step}`)
  const steps = walk.steps.slice(0, step + 1)
  const messages = Math.max(...steps.map((s) => s.message)) + 1
  let after: Walk['after'] | undefined
  return {
    before: walk.before,
    flow: walk.flow,
    messages: walk.messages.slice(0, messages),
    steps,
    frames: walk.frames.filter((f) => f.step <= step),
    delivered: false,
    loss: null,
    get after() {
      return (after ??= topologyAt(walk, step))
    },
  }
}
