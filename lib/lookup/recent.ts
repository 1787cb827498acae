import type { Address } from '#lib/wire/addr.ts'
import { grouped } from '#lib/topology/indexed.ts'
import type { Recent, RecentMatch } from '#lib/topology/rows.ts'
import type { Extra } from './verdict.ts'

const listed = grouped<Recent, string, string>((r, put) => put(r.list, r.ip))

/**
 * recent_mt(): is the address in the list, and was it put there no longer ago than that? What a rule does to a list is noted, for the rules behind it
 * too. Left out: --hitcount, --rttl and other masks than all bits; and --reap, which takes out what is too old to be found.
 */
export function recently({ op, name, seconds, dest }: RecentMatch, not: boolean): Extra['holds'] {
  return (s) => {
    const ip = (dest === true ? s.q.dst : s.q.src) as Address
    const last = [...(s.q.noted ?? []), ...(s.noted ?? [])].findLast(
      (x) => x.op !== 'left' && x.list === name && x.ip === ip,
    )
    const row = listed(s.n.recent).get(name)?.get(ip)?.[0]
    const there = last === undefined ? row !== undefined : last.op === 'put'
    const ago = last === undefined && row !== undefined ? (s.n.recent[row]!.ago ?? 0) : 0
    const found = op === 'set' || (there && (seconds === undefined || ago <= seconds))
    const puts = op === 'set' || (op === 'update' && there && found !== not)
    const done: 'put' | 'del' | null = puts ? 'put' : op === 'remove' && there ? 'del' : null
    if (done !== null) s.noted = [...(s.noted ?? []), { op: done, list: name, ip }]
    return found
  }
}
