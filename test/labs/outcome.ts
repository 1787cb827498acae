import type { Walk } from '#lib/trace/walk.ts'

/** What a program learned: its answer came, an ICMP error told it something, its kernel refused to send, or nothing. */
export type Outcome = 'answer' | 'refused by its own kernel' | 'reset' | 'unreachable' | 'nothing' | `ICMP ${number}/${number} from ${string}`

/** From a walk. */
export function saw(w: Walk): Outcome {
  if (w.delivered) return w.flow.proto === 'udp' && w.flow.answer === 0 ? 'nothing' : 'answer'
  if (w.loss?.drop.reason === 'message-size') return 'refused by its own kernel'
  if (w.loss?.drop.reason === 'no-socket' && w.flow.proto === 'tcp') return 'reset'
  const icmp = w.loss?.icmp ?? null
  // connect() has one errno for 3/1 and 11/0 (icmp_err_convert).
  if (w.flow.proto === 'tcp' && icmp !== null && (icmp.type === 11 || icmp.code === 1)) return 'unreachable'
  return icmp === null ? 'nothing' : `ICMP ${icmp.type}/${icmp.code} from ${icmp.from}`
}

/** From the recording's words. */
export function seen(result: string): Outcome {
  const icmp = /ICMP (\d+)\/(\d+) \S+(?: mtu \d+)? from ([\d.]+)/.exec(result)
  if (icmp !== null && icmp[1] !== '0') return `ICMP ${Number(icmp[1])}/${Number(icmp[2])} from ${icmp[3]!}`
  if (icmp !== null || /^(ok:|reply )/.test(result)) return 'answer'
  if (result === 'local error EMSGSIZE') return 'refused by its own kernel'
  if (result === 'failed: EHOSTUNREACH') return 'unreachable'
  if (result === 'failed: ECONNREFUSED') return 'reset'
  return 'nothing'
}
