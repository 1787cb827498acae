import { isIp } from '#lib/wire/packet.ts'
import type { Address } from '#lib/wire/addr.ts'
import type { IpHeader } from '#lib/wire/packet.ts'
import { broadcastAddress } from '#lib/lookup/local.ts'
import { netns } from '#lib/topology/topology.ts'
import type { Step, Walk } from '#lib/trace/walk.ts'

/**
 * What a network is held to besides delivering. The first three are Kubernetes' own (its network model, in the wording since 2019):
 * - `kubernetes-1`: the address a pod sees as its own is the one that others see;
 * - `kubernetes-2`: from pod to pod, whichever they are, without address translation;
 * - `kubernetes-3`: a node can send to the pods on it without address translation;
 * - `answer`: who asks is answered from the address that was asked, be it a Service's.
 */
export type Promised = 'kubernetes-1' | 'kubernetes-2' | 'kubernetes-3' | 'answer'

/** A promise that a walk breaks, at its first counterexample: a packet from namespace `from` that arrived in `to` at `step`, with the address `seen` where `expected` was due. */
export interface Broken {
  readonly promise: Promised
  readonly from: string
  readonly to: string
  readonly expected: Address
  readonly seen: Address
  readonly step: number
  /** The step that put the wrong address there; for an answer the one that sent its question elsewhere. Null if no step did. */
  readonly by: number | null
}

/** The promises a walk breaks, in the order above, each once. Only what arrived is looked at: that it arrives at all is `delivered`'s to say, and what a Service or a published port translates is no promise's business. */
export function promises(walk: Walk): readonly Broken[] {
  const found = new Map<Promised, Broken>()
  const origins = new Map<number, Step>()
  for (const s of walk.steps) {
    if (!origins.has(s.message)) origins.set(s.message, s)
    if (!arrives(s) || walk.messages[s.message]?.kind !== 'flow') continue
    for (const b of brokenAt(walk, s, origins)) if (!found.has(b.promise)) found.set(b.promise, b)
  }
  return ORDER.flatMap((p) => found.get(p) ?? [])
}

const ORDER: readonly Promised[] = ['kubernetes-1', 'kubernetes-2', 'kubernetes-3', 'answer']

/** A packet reaches whoever it is for, or where nobody waits for it. */
export function arrives({ decision: d }: Step): boolean {
  return d.kind === 'socket' || (d.kind === 'icmp' && d.did !== 'make')
}

/** The only IPv4 header of a packet; null for ARP, and for one that is wrapped. */
function bare(s: Step): IpHeader | null {
  const ips = s.packet.headers.filter((h) => isIp(h))
  return ips.length === 1 ? ips[0]! : null
}

function brokenAt(walk: Walk, s: Step, origins: ReadonlyMap<number, Step>): readonly Broken[] {
  const origin = origins.get(s.message)!
  const [made, here] = [bare(origin), bare(s)]
  if (made === null || here === null) return []
  const question = origins.get(walk.messages[s.message]!.cause ?? -1)
  const common = { from: origin.in, to: s.in, step: s.n }
  if (question !== undefined && question.in === s.in) {
    const asked = bare(question)?.dst ?? here.src
    // Who broadcasts asks everyone.
    return asked === here.src || broadcastAddress(netns(walk.before, s.in)!, asked)
      ? []
      : [
          {
            ...common,
            promise: 'answer',
            expected: asked,
            seen: here.src,
            by: changedAt(walk, question.message, 'dst'),
          },
        ]
  }
  const [a, b] = [netns(walk.before, origin.in), netns(walk.before, s.in)]
  if (a === undefined || b?.role !== 'pod' || a === b || made.src === here.src) return []
  const source = {
    ...common,
    expected: made.src,
    seen: here.src,
    by: changedAt(walk, s.message, 'src'),
  } as const
  // To a Service it was not sent to the pod, but the pod sees who sent it all the same.
  const direct = made.dst === here.dst
  if (a.role === 'pod')
    return [
      { ...source, promise: 'kubernetes-1' },
      ...(direct ? [{ ...source, promise: 'kubernetes-2' } as const] : []),
    ]
  return a.role === 'node' && b.node === a.name && direct
    ? [{ ...source, promise: 'kubernetes-3' }]
    : []
}

/** The first step after which the innermost packet of a message has another address at this end. */
function changedAt(walk: Walk, message: number, end: 'src' | 'dst'): number | null {
  let was: Address | null = null
  for (const s of walk.steps) {
    if (s.message !== message) continue
    const ip = s.packet.headers.findLast((h) => isIp(h))
    if (ip === undefined) continue
    if (was !== null && ip[end] !== was) return s.n
    was = ip[end]
  }
  return null
}
