import { countersOf } from '#lib/analysis/read/counters.ts'
import { brief } from '#lib/analysis/kernel/recorded.ts'
import type { Checked } from '#lib/cli/check.ts'
import type { Walk } from '#lib/trace/walk.ts'

/* How rows of networks with one thing wrong are told. */

/** In the table's words. A loss on the way back is the loss of the flow. */
export function endingOf(w: Walk): string {
  if (w.delivered) return 'delivered'
  if (w.loss === null) return 'nothing'
  const { drop, in: where, icmp } = w.loss
  const counted = [...countersOf(w)].flatMap(([ns, moved]) =>
    [...moved.keys()].map((c) => `${ns} ${c}`),
  )
  return [
    `${drop.reason} in ${where}`,
    icmp === null
      ? 'silent'
      : `ICMP ${icmp.type}/${icmp.code} from ${icmp.from}${icmp.mtu === undefined ? '' : ` mtu ${icmp.mtu}`}`,
    ...counted,
  ].join(', ')
}

/** What differs, and between which frames. */
export function toldBy(c: Checked): readonly string[] {
  if (c.verdict === 'agrees') return []
  return [
    c.verdict,
    ...c.differences,
    ...c.notVerified,
    ...c.pairs.map(
      (p) =>
        `${p.kernel === null ? '-' : p.ours === null ? '+' : p.differences.length > 0 ? '≠' : '='} ${brief((p.kernel ?? p.ours)!)}`,
    ),
  ]
}
