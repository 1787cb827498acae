import { linkOf, type Dev, type End } from './devs.ts'
import { changesOf } from './devs/follows.ts'
import { standingOn } from './stacked.ts'
import { netns, type Topology } from './topology.ts'

/** How many devices may stand on one another (net/core/dev.c, MAX_NEST_DEV). */
const NESTED = 8

/** Does one come back to the device, or to no ground at all, by going down from another? When it is made it is not there yet. */
function returns(t: Topology, from: End, to: End): boolean {
  let at: End | null = from
  for (let left = NESTED; left > 0 && at !== null; left -= 1) {
    if (at.netns === to.netns && at.dev === to.dev) return true
    at = under(t, at)
  }
  return at !== null
}

function under(t: Topology, { netns: name, dev }: End): End | null {
  const d = netns(t, name)?.devs.find((x) => x.name === dev)
  return d === undefined ? null : linkOf(d)
}

/** Why what stands on it would not have the device so. */
function borne(t: Topology, name: string, after: Dev): string | null {
  for (const x of standingOn(t, { netns: name, dev: after.name })) {
    const no = changesOf(x.dev).bears?.(x.dev, after) ?? null
    if (no !== null) return no
  }
  return null
}

/** Why Linux would not have the device on the one it is to stand on, in its words, with the remedy; null if it would, or if it stands on none. `before` is null for a device that is added. */
export function noStanding(
  t: Topology,
  name: string,
  { before, after }: { readonly before: Dev | null; readonly after: Dev },
): string | null {
  const end = linkOf(after)
  if (end === null) return borne(t, name, after)
  const below = netns(t, end.netns)?.devs.find((d) => d.name === end.dev)
  if (below === undefined || returns(t, end, { netns: name, dev: after.name }))
    return `Cannot find device "${end.dev}": ${end.netns} has none that ${after.name} could stand on; add it, or name another link`
  const beside = standingOn(t, end).flatMap((x) =>
    x.in === name && x.dev.name === after.name ? [] : [x.dev],
  )
  return changesOf(after).stands?.(after, { below, beside, before }) ?? borne(t, name, after)
}
