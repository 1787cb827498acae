import { bottomHalvesOff } from '#lib/run/clock.ts'
import { record } from '#lib/run/record.ts'
import type { At } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import { notReady } from './transmit.ts'

/** dev_xmit_recursion(): deeper, the kernel logs "Dead loop on virtual device" and drops (net/core/dev.h). */
const XMIT_RECURSION_LIMIT = 8

/** dev_queue_xmit(): hand the frame to the device. */
export function xmit(at: At, s: Skb): void {
  const { run, dev, kind } = at
  if (!dev.up) return notReady(at, s, dev.name)
  if (run.nested > XMIT_RECURSION_LIMIT)
    return record(at, s, {
      stage: 'xmit',
      decision: at.transmitted,
      drop: { reason: 'too-nested', dev: dev.name },
    })
  // Counted is what has no queue of its own.
  const counts = kind.queue ? 0 : 1
  run.nested += counts
  // A bridge floods all its ports before any of them is heard.
  if (run.context === 'softirq') kind.xmit(at, s)
  else bottomHalvesOff(run, () => kind.xmit(at, s))
  run.nested -= counts
}
