import { netns } from '#lib/topology/topology.ts'
import type { Step, Walk } from '#lib/trace/walk.ts'

/** How much of a walk is told: a story says what a person would, a network has each device's frames and each table's answer too, a kernel everything. */
export const DETAILS = ['story', 'network', 'kernel'] as const
export type Detail = (typeof DETAILS)[number]

/** What a story tells of a node: where it is sent, what is put around it or taken off, what is changed, where it ends. */
const STORY = new Set(['app', 'tunnel', 'daemon', 'fragment', 'reassemble', 'socket', 'icmp', 'sg-egress', 'sg-ingress', 'vpc-encap', 'igw'])
/** A network has each device's frames and each table's answer too, but not the kernel's bookkeeping. */
const NETWORK = new Set([...STORY, 'route', 'route-out', 'reroute', 'bridge', 'ttl', 'mtu', 'src-check', 'dst-check', 'acl-egress', 'acl-ingress', 'vpc-route'])

/** Does a step count at this level of detail? The one rule for figure and terminal. A story has no ARP, a network the beginning of each exchange. */
export function counts(walk: Walk, s: Step, detail: Detail): boolean {
  return detail === 'kernel' || (detail === 'network' ? inNetwork(walk, s) : inStory(walk, s))
}

/** Copies of a flooded frame that others refuse are no loss, unless it was the last of them. */
export function lost(walk: Walk, s: Step): boolean {
  return walk.loss?.step === s.n || (s.drop !== null && s.drop.reason !== 'other-host' && s.drop.reason !== 'not-arp-owner')
}

/** Did a hook translate or mark the packet? */
export function changed(s: Step): boolean {
  return s.decision.kind === 'hook' && (s.decision.from !== undefined || s.decision.mark !== undefined)
}

export function isArp(walk: Walk, s: Step | undefined): boolean {
  return s !== undefined && walk.messages[s.message]?.kind === 'arp'
}

/** What a capture's comments say of the way to a frame: hooks that changed nothing and connection tracking are left out. */
export function told(s: Step): boolean {
  if (s.drop !== null) return true
  return s.stage !== 'conntrack' && !(s.decision.kind === 'hook' && s.decision.verdict === 'ACCEPT' && !changed(s))
}

function inStory(walk: Walk, s: Step): boolean {
  if (isArp(walk, s)) return false
  if (s.drop !== null) return lost(walk, s)
  if (changed(s)) return true
  if (s.decision.kind === 'route') return !s.decision.local && netns(walk.before, s.in)?.role === 'node'
  // A bridge that hands the frame to its own host decides nothing the route does not say.
  if (s.decision.kind === 'fdb') return !s.decision.up
  return STORY.has(s.stage)
}

function inNetwork(walk: Walk, s: Step): boolean {
  if (isArp(walk, s)) return !isArp(walk, walk.steps[s.n - 1])
  if (s.drop !== null) return lost(walk, s)
  if (changed(s)) return true
  if (s.decision.kind === 'route' && s.decision.local) return false
  if (s.stage === 'rx' || s.stage === 'xmit') return s.frames.length > 0
  return NETWORK.has(s.stage)
}
