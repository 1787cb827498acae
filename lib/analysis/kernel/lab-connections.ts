import { agree } from './words.ts'
import type { Conntrack, Tuple } from '#lib/topology/rows.ts'
import type { Netns } from '#lib/topology/topology.ts'

/* Connection tracking's rows, as a lab can have them from the start. */

type Kept = 'echoPorts' | 'entryTaken' | null

/** What keeps a row out of a lab; null if it is carried over. `before`: the rows that stand before it. */
function cannot(c: Conntrack, before: readonly Conntrack[]): Kept {
  const { original: o, reply: r } = c
  // The kernel keeps one id where other protocols have two ports (nf_conntrack_tuple.h, icmp.id).
  if (c.proto === 'icmp' && (o.sport !== o.dport || r.sport !== r.dport)) return 'echoPorts'
  const taken = before.some(
    (x) => x.proto === c.proto && [x.original, x.reply].some((t) => same(t, o) || same(t, r)),
  )
  return taken ? 'entryTaken' : null
}

const same = (a: Tuple, b: Tuple): boolean =>
  a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport

function sorted(n: Netns): readonly { readonly c: Conntrack; readonly why: Kept }[] {
  const taken: Conntrack[] = []
  return n.conntrack
    .filter((c) => c.gone !== true)
    .map((c) => {
      const why = cannot(c, taken)
      if (why === null) taken.push(c)
      return { c, why }
    })
}

/** The connections that a lab begins with. */
export function carried(n: Netns): readonly Conntrack[] {
  return sorted(n).flatMap(({ c, why }) => (why === null ? [c] : []))
}

/** Those that no kernel takes, one line each. */
export function leftBehind(n: Netns): readonly string[] {
  return sorted(n).flatMap(({ c, why }) =>
    why === null ? [] : [agree()[why](c.original.src, c.original.dst)],
  )
}
