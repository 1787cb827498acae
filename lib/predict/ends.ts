import { ipOf } from '#lib/wire/packet.ts'
import { ownerOf } from '#lib/topology/owner.ts'
import { space } from '#lib/topology/topology.ts'
import type { DropReason } from '#lib/trace/drop.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { arrives, promises } from '#lib/analysis/read/promises.ts'
import { question, type Reads } from './asked.ts'

/* How a flow ends, and what its sender is told. */

export const ends: Reads = (walk) => {
  const { loss, delivered, steps } = walk
  const last = steps.findLast(arrives) ?? steps[steps.length - 1]
  if (last === undefined) return null
  if (delivered) {
    const broken = promises(walk)
    return {
      outcome: { ask: 'ends', ends: 'arrives', broken: broken.map((b) => b.promise) },
      step: broken[0]?.by ?? question(walk).findLast(arrives)?.n ?? last.n,
    }
  }
  if (loss === null) return { outcome: { ask: 'ends', ends: 'waits' }, step: last.n }
  const there = space(walk.before, loss.in)
  const at = there?.kind === 'vpc' ? 'vpc' : there?.role === 'node' ? 'node' : 'host'
  return {
    outcome: { ask: 'ends', ends: 'dies', in: loss.in, at, reason: loss.drop.reason },
    step: loss.step,
  }
}

/** What a program's own kernel says where it finds no way (ip_route_output_key_hash). */
const AT_HOME: { readonly [R in DropReason]?: `${number}/${number}` } = {
  'no-route': '3/0',
  'unreachable-route': '3/1',
  'prohibit-route': '3/13',
}

/** Where the first answer got back the address that its question was sent from, by the connection that is known; null where nobody had changed it. */
function turnedBack({ steps, messages }: Walk): number | null {
  const at = steps.find(
    ({ decision: d, message }) =>
      messages[message]?.leg === 'back' &&
      d.kind === 'hook' &&
      d.verdict === 'ACCEPT' &&
      d.to !== undefined,
  )
  return at?.n ?? null
}

export const told: Reads = (walk) => {
  const { from } = walk.flow
  const last = walk.loss?.step ?? question(walk).findLast(arrives)?.n ?? 0
  if (walk.delivered)
    return { outcome: { ask: 'told', told: 'answer' }, step: turnedBack(walk) ?? last }
  const comes = walk.steps.find((s) => {
    const m = walk.messages[s.message]
    return s.in === from && m?.leg === 'back' && s.drop === null && arrives(s) && saysNo(m.says)
  })
  const says = walk.messages[comes?.message ?? -1]?.says
  if (comes !== undefined && says === 'rst')
    return { outcome: { ask: 'told', told: 'refused' }, step: walk.loss?.step ?? comes.n }
  const home = walk.loss?.in === from ? AT_HOME[walk.loss.drop.reason] : undefined
  if (home !== undefined)
    return { outcome: { ask: 'told', told: 'error', icmp: home, by: from }, step: last }
  const error = walk.loss?.icmp
  if (comes === undefined && (error === null || error === undefined))
    return { outcome: { ask: 'told', told: 'nothing' }, step: last }
  const [icmp, by] =
    comes !== undefined && typeof says === 'object' && 'icmp' in says
      ? [says.icmp, ipOf(comes.packet)!.src]
      : [`${error!.type}/${error!.code}` as const, error!.from]
  return {
    outcome: { ask: 'told', told: 'error', icmp, by: ownerOf(walk.before, by) ?? by },
    // What ended it says more than the report that comes of it.
    step: last,
  }
}

const saysNo = (says: Walk['messages'][number]['says']): boolean =>
  says === 'rst' || (typeof says === 'object' && 'icmp' in says)
