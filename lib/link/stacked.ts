import { linkOf } from '#lib/topology/devs.ts'
import { space } from '#lib/topology/topology.ts'
import { device, live } from '#lib/run/live.ts'
import type { At } from '#lib/run/run.ts'

/** The device that this one stands on, if it is there. */
export function below({ run, dev }: At): At | undefined {
  const end = linkOf(dev)
  return end === null || space(run.before, end.netns)?.kind !== 'netns'
    ? undefined
    : device(live(run, end.netns), end.dev)
}
