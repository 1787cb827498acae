import type { Step, Walk } from '#lib/index.ts'

/** A place where the reader stops: one step of the walk. */
export interface Stop { readonly step: number; readonly mark: 'place' | 'decision' | 'wrap' | 'drop' }

const STORY = new Set(['app', 'route', 'route-out', 'reroute', 'bridge', 'tunnel', 'daemon', 'ttl', 'mtu', 'fragment', 'socket', 'icmp', 'sg-egress', 'src-check', 'acl-egress', 'vpc-route', 'vpc-encap', 'acl-ingress', 'sg-ingress', 'igw'])

function mark(s: Step): Stop['mark'] {
  if (s.drop !== null) return 'drop'
  if (s.stage === 'tunnel' || s.stage === 'daemon') return 'wrap'
  return ['route', 'lease', 'security-group', 'network-acl', 'vpc-route', 'source-dest-check'].includes(s.decision.kind) || s.decision.kind === 'hook' ? 'decision' : 'place'
}

/** Steps worth a stop. Story: where it goes and what decided; asides (ARP), hooks that changed nothing and copies for others are folded. Kernel: every step. */
export function stops(walk: Walk, detail: 'story' | 'kernel'): Stop[] {
  const out: Stop[] = []
  for (const s of walk.steps) {
    if (detail === 'kernel' || told(walk, s)) out.push({ step: s.n, mark: mark(s) })
  }
  return out.length > 0 ? out : walk.steps.slice(0, 1).map((s) => ({ step: s.n, mark: mark(s) }))
}

function told(walk: Walk, s: Step): boolean {
  const m = walk.messages[s.message]
  if (m?.kind === 'arp') return false
  if (s.drop !== null) return s.drop.reason !== 'other-host' && s.drop.reason !== 'not-arp-owner'
  if (s.decision.kind === 'hook') return s.decision.from !== undefined || s.decision.mark !== undefined
  if (s.decision.kind === 'route' && s.decision.local) return false
  if (s.stage === 'rx' || s.stage === 'xmit') {
    // A pod's own end and a node's NIC are landmarks; the other taps are between them.
    return s.dev?.startsWith('eth') === true && s.frames.length > 0
  }
  return STORY.has(s.stage)
}

/** The nearest stop at or before a step. */
export function stopAt(list: readonly Stop[], step: number): number {
  let at = 0
  list.forEach((s, i) => { if (s.step <= step) at = i })
  return at
}

/** The stops with one more, where a link or a phrase points at a step the story folds. */
export function withStop(list: readonly Stop[], step: number, steps: number): readonly Stop[] {
  if (step === 0 || step >= steps || list.some((s) => s.step === step)) return list
  return [...list, { step, mark: 'place' as const }].toSorted((a, b) => a.step - b.step)
}
