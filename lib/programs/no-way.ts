import type { SentAs } from '#lib/trace/saying.ts'
import type { Address } from '#lib/wire/addr.ts'
import { NO_BYTES, wholeIp } from '#lib/wire/packet.ts'
import type { Drop } from '#lib/trace/drop.ts'
import { noWay as nothingFound } from '#lib/ip/way.ts'
import { message, record } from '#lib/run/record.ts'
import type { Here } from '#lib/run/run.ts'
import { skb } from '#lib/run/skb.ts'

/** A call that was to send this; `cause` and `step`: what made the program call. */
interface Call {
  readonly says: SentAs
  readonly dst: Address
  readonly ttl: number
  readonly proto: number
  readonly drop: Drop
  readonly cause: number | null
  readonly step: number
}

/** A program's call fails: nothing leads there. */
export function noWay({ run, l }: Here, { says, dst, ttl, proto, drop, cause, step }: Call): void {
  const s = skb(
    {
      headers: [
        wholeIp({
          src: '0.0.0.0',
          dst,
          ttl,
          id: 0,
          df: false,
          tos: 0,
          proto,
        }),
      ],
      payload: NO_BYTES,
    },
    message(run, { kind: 'flow', leg: 'forward', says, cause }),
    step,
  )
  record(l.here, s, { stage: 'route-out', decision: nothingFound(dst), drop })
}
