import {
  counts,
  explain,
  explainDrop,
  isIp,
  lost,
  packets,
  type Detail,
  type Step,
  type Walk,
} from '#lib/index.ts'

/** A place where the reader stops: one step of the walk. An aside stands for a whole ARP exchange. */
export interface Stop {
  readonly step: number
  readonly mark: 'place' | 'decision' | 'wrap' | 'aside' | 'drop'
}

const DECIDES = new Set([
  'route',
  'lease',
  'security-group',
  'network-acl',
  'vpc-route',
  'source-dest-check',
  'fdb',
  'igw',
])

function mark(walk: Walk, s: Step): Stop['mark'] {
  if (s.drop !== null && lost(walk, s)) return 'drop'
  if (walk.messages[s.message]?.kind === 'arp') return 'aside'
  if (s.stage === 'tunnel' || s.stage === 'daemon') return 'wrap'
  return DECIDES.has(s.decision.kind) || s.decision.kind === 'hook' ? 'decision' : 'place'
}

/** Rounds of a circle that are shown. */
const ROUNDS = 2

/** Does a story pass a step over? A packet that goes round in a circle comes by the same place with a lower TTL each time: two rounds show it, and the end. */
function goneRound(): (s: Step) => boolean {
  const seen = new Map<string, Set<number>>()
  return (s) => {
    const ttl = s.packet.headers.findLast((h) => isIp(h))?.ttl
    if (ttl === undefined || s.drop !== null) return false
    const key = `${s.message} ${s.in} ${s.dev} ${s.stage}`
    const ttls = seen.get(key) ?? new Set()
    seen.set(key, ttls.add(ttl))
    return ttls.size > ROUNDS
  }
}

/** Steps worth a stop at a level of detail, one packet after the other: where two are under way at the same time, the later one comes second. */
export function stops(walk: Walk, detail: Detail): Stop[] {
  const out: Stop[] = []
  const again = goneRound()
  for (const s of walk.steps)
    if (counts(walk, s, detail) && !(detail === 'story' && again(s)))
      out.push({ step: s.n, mark: mark(walk, s) })
  return out.length > 0
    ? inOrder(walk, out)
    : walk.steps.slice(0, 1).map((s) => ({ step: s.n, mark: mark(walk, s) }))
}

function inOrder(walk: Walk, list: readonly Stop[]): Stop[] {
  const of = packets(walk)
  const packet = (s: Stop): number => of[walk.steps[s.step]!.message] ?? 0
  return list.toSorted((a, b) => packet(a) - packet(b) || a.step - b.step)
}

/** What the packet of a stop was at the stop before on its own way: null where this packet begins. Another packet, a copy that went elsewhere or an ARP exchange in between is nothing to compare with. */
export function beforeOf(walk: Walk, list: readonly Stop[], at: number): Step | null {
  const here = walk.steps[list[at]?.step ?? -1]
  const told = new Set(list.map((s) => s.step))
  for (
    let s = walk.steps[here?.from ?? -1];
    s !== undefined && s.message === here?.message;
    s = walk.steps[s.from]
  )
    if (told.has(s.n)) return s
  return null
}

/** The stop of a step; without one, the nearest before it. */
export function stopAt(list: readonly Stop[], step: number): number {
  const exact = list.findIndex((s) => s.step === step)
  if (exact >= 0) return exact
  let at = 0
  list.forEach((s, i) => {
    if (s.step <= step && s.step >= list[at]!.step) at = i
  })
  return at
}

/** The stops with one more, where a link, a phrase or a change of detail points at a step that is folded. */
export function withStop(walk: Walk, list: readonly Stop[], step: number): readonly Stop[] {
  const s = walk.steps[step]
  if (step === 0 || s === undefined || list.some((x) => x.step === step)) return list
  return inOrder(walk, [...list, { step, mark: mark(walk, s) }])
}

/** What a step says, with the drop if it ends there. */
export function saying(walk: Walk, step: Step): string {
  const said = explain(step, walk.after)
  return step.drop === null ? said : `${said} ${explainDrop(step.drop)}`
}
