import { isGroup } from '#lib/wire/addr.ts'
import { held } from '#lib/analysis/read/held.ts'
import type { Step, Walk } from '#lib/trace/walk.ts'

/** Decisions that a copy may end with because it is where it was going. */
function arrived({ decision: d }: Step): boolean {
  switch (d.kind) {
    case 'socket':
      return true
    case 'icmp':
      return d.did === 'receive'
    // A segment that closes the connection is told to the program that holds it.
    case 'app':
      return d.did === 'error'
    // A question that is answered, an answer that is taken.
    case 'arp':
      return d.ours
    // Joined with the others of its datagram.
    case 'fragments':
      return d.did === 'hold'
    default:
      return false
  }
}

/** How many copies go on from a step: a flood makes one for each port and one for the host, a cut one for each piece. */
function copies({ decision: d, stage, dev }: Step): number {
  if (d.kind === 'fdb' && stage === 'bridge')
    return d.ports.length + (d.up && !d.ports.includes(dev ?? '') ? 1 : 0)
  return d.kind === 'fragments' && d.did === 'fragment' ? d.sizes.length : 1
}

/** The master of ipvlan slaves tells all of them what is said to all, and goes on itself (ipvlan_process_multicast()). */
function asksAll({ stage, decision: d, packet }: Step): boolean {
  const [frame] = packet.headers
  return (
    d.kind === 'device' &&
    (stage === 'xmit' || stage === 'rx') &&
    frame?.kind === 'ethernet' &&
    isGroup(frame.dst)
  )
}

const CUT_OFF = ['step-budget', 'rule-budget']

/** Where a walk breaks the law that every copy of a packet is delivered, held or dropped, once, and that nothing is undelivered without a loss. */
export function ends(w: Walk): readonly string[] {
  const broken =
    !w.delivered && w.loss === null
      ? ['undelivered, and lost nowhere']
      : w.delivered && w.loss !== null
        ? ['delivered, and lost']
        : []
  // What was under way when a budget was spent has no end.
  if (w.loss !== null && CUT_OFF.includes(w.loss.drop.reason)) return broken
  const waits = held(w)
  const on = new Map<number, number>()
  for (const s of w.steps)
    if (w.steps[s.from]?.message === s.message) on.set(s.from, (on.get(s.from) ?? 0) + 1)
  for (const s of w.steps) {
    const n = on.get(s.n) ?? 0
    const where = `step ${s.n}, ${s.in}/${s.dev ?? ''} ${s.stage} ${JSON.stringify(s.decision)}`
    if (s.drop !== null) {
      if (n > 0) broken.push(`dropped and goes on: ${where}`)
    } else if (waits.has(s.n)) {
      if (n > 0) broken.push(`held and goes on: ${where}`)
    } else if (n === 0) {
      if (!arrived(s)) broken.push(`ends without an end: ${where}`)
    } else if (n !== copies(s) && !asksAll(s))
      broken.push(`${n} copies go on, of ${copies(s)}: ${where}`)
  }
  return broken
}
