import type { NfRule } from '#lib/topology/rows.ts'
import { BURST, periodOf } from '#lib/topology/tables/netfilter/rate.ts'
import type { Extra } from './verdict.ts'

/**
 * limit_mt(), nft_limit_eval(): a token for each packet, and the bucket fills as time goes by. It is full when a walk begins: nobody has come for so
 * long. It is asked behind the rule's other matches, wherever it is written: what fails one of those takes no token. Time is the walk's own, in ms.
 */
export function withinLimit(r: NfRule): Extra['holds'] {
  const { rate, burst = BURST } = r.limit!
  const each = periodOf(rate)! / 10
  return (s) => {
    const { now = 0 } = s.q
    const last = [...(s.q.noted ?? []), ...(s.noted ?? [])].findLast(
      (x) => x.op === 'left' && x.rule === r,
    )
    const had = last?.op === 'left' ? last.tokens + (now - last.at) / each : burst
    const tokens = Math.min(burst, had)
    const fits = tokens >= 1
    s.noted = [
      ...(s.noted ?? []),
      { op: 'left', rule: r, at: now, tokens: fits ? tokens - 1 : tokens },
    ]
    return fits
  }
}
