import { netns } from '#lib/topology/topology.ts'
import { isLoss } from '#lib/trace/drop.ts'
import { stageInfo } from '#lib/trace/stages.ts'
import type { Step, Walk } from '#lib/trace/walk.ts'

/** How much of a walk is told: a story says what a person would, a network has each device's frames and each table's answer too, a kernel everything. */
export const DETAILS = ['story', 'network', 'kernel'] as const
/** How much of a walk is told: what matters to its story, each device, or every question the kernel asks. */
export type Detail = (typeof DETAILS)[number]

/** Does a step count at this level of detail? The one rule for figure and terminal. A story has no ARP, and of a packet that is cut the first piece; a network has the beginning of each exchange, and every piece. */
export function counts(walk: Walk, s: Step, detail: Detail): boolean {
  return (
    detail === 'kernel' ||
    (detail === 'network'
      ? inNetwork(walk, s)
      : inStory(walk, s) && (s.drop !== null || !laterPieces(walk).has(s.n)))
  )
}

/** Was something lost here? Who is asked by ARP for an address that is not his, and who sees a frame for another MAC, loses nothing: unless that ended the flow. */
export function lost(walk: Walk, s: Step): boolean {
  return walk.loss?.step === s.n || (s.drop !== null && isLoss(s.drop))
}

/** Did a hook translate or mark the packet? */
export function changed(s: Step): boolean {
  return (
    s.decision.kind === 'hook' && (s.decision.from !== undefined || s.decision.mark !== undefined)
  )
}

export function isArp(walk: Walk, s: Step | undefined): boolean {
  return s !== undefined && walk.messages[s.message]?.kind === 'arp'
}

/** What a capture's comments say of the way to a frame: hooks that changed nothing and connection tracking are left out. */
export function told(s: Step): boolean {
  if (s.drop !== null) return true
  return (
    s.stage !== 'conntrack' &&
    !(s.decision.kind === 'hook' && s.decision.verdict === 'ACCEPT' && !changed(s))
  )
}

function inStory(walk: Walk, s: Step): boolean {
  if (isArp(walk, s)) return false
  if (s.drop !== null) return lost(walk, s)
  if (changed(s)) return true
  if (s.decision.kind === 'route')
    return !s.decision.local && netns(walk.before, s.in)?.role === 'node'
  // A bridge that hands the frame to its own host decides nothing the route does not say.
  if (s.decision.kind === 'fdb') return !s.decision.up
  return stageInfo(s.stage).tells === 'story'
}

function inNetwork(walk: Walk, s: Step): boolean {
  if (isArp(walk, s)) return !isArp(walk, walk.steps[s.n - 1])
  if (s.drop !== null) return lost(walk, s)
  if (changed(s)) return true
  if (s.decision.kind === 'route' && s.decision.local) return false
  if (s.stage === 'rx' || s.stage === 'xmit') return s.frames.length > 0
  return stageInfo(s.stage).tells !== 'kernel'
}

const pieces = new WeakMap<Walk, ReadonlySet<number>>()

/** Steps (by n) of the second and later pieces of a cut packet, up to where it is put together: they go the way of the first. */
export function laterPieces(walk: Walk): ReadonlySet<number> {
  const known = pieces.get(walk)
  if (known !== undefined) return known
  const later = new Set<number>()
  const cut = new Set<number>()
  for (const s of walk.steps) {
    const before = walk.steps[s.from]
    if (
      before === undefined ||
      before.message !== s.message ||
      (s.decision.kind === 'fragments' && s.decision.did === 'reassemble')
    )
      continue
    const first = before.stage !== 'fragment' || !cut.has(before.n)
    if (before.stage === 'fragment') cut.add(before.n)
    if (!first || later.has(before.n)) later.add(s.n)
  }
  pieces.set(walk, later)
  return later
}
