import { ipOf, type Icmp } from '#lib/wire/packet.ts'
import { record } from '#lib/run/record.ts'
import type { At } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import { endKey, programsOf } from './ends.ts'

/** ping_rcv(): an answer for the ping that asked. False if none waits for it. */
export function echoed(at: At, s: Skb, icmp: Icmp): boolean {
  const { run } = at
  const { to: peer, count = 1 } = run.flow
  const ends = { ip: ipOf(s.packet)!.dst, port: icmp.rest >>> 16, peer, peerPort: 0 }
  const mine = programsOf(run).ends.get(endKey(at.in, 'icmp', ends))
  if (mine === undefined) return false
  record(at, s, { stage: 'icmp', decision: { kind: 'icmp', type: 0, code: 0, did: 'receive' } })
  mine.got += 1
  run.done = mine.got >= count
  return true
}
