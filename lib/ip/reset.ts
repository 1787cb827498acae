import {
  ACK,
  find,
  FIN,
  ipOf,
  NO_BYTES,
  PROTO,
  RST,
  SYN,
  type Packet,
  wholeIp,
} from '#lib/wire/packet.ts'
import { defaultTtl } from '#lib/lookup/sysctl.ts'
import { answerLeg, message, record } from '#lib/run/record.ts'
import type { Here } from '#lib/run/run.ts'
import { skb, type Skb } from '#lib/run/skb.ts'

/** tcp_v4_send_reset(): nobody is there. `rejects`: a firewall rule says so (nf_send_reset). */
export function sendReset(
  { run, l }: Here,
  s: Skb,
  { rejects = false }: { readonly rejects?: boolean } = {},
): void {
  const ip = ipOf(s.packet)
  const tcp = find(s.packet, 'tcp')
  if (ip === undefined || tcp === undefined || tcp.flags & RST) return
  const length = s.packet.payload.length + (tcp.flags & SYN ? 1 : 0) + (tcp.flags & FIN ? 1 : 0)
  const acked = (tcp.flags & ACK) !== 0
  const m = message(run, { kind: 'flow', leg: answerLeg(run, s), says: 'rst', cause: s.message })
  const packet: Packet = {
    headers: [
      wholeIp({
        src: ip.dst,
        dst: ip.src,
        ttl: defaultTtl(l.n),
        id: 0,
        df: true,
        tos: 0,
        proto: PROTO.tcp,
      }),
      {
        kind: 'tcp',
        sport: tcp.dport,
        dport: tcp.sport,
        seq: acked ? tcp.ack : 0,
        ack: acked ? 0 : (tcp.seq + length) >>> 0,
        flags: acked ? RST : RST | ACK,
        window: 0,
        options: [],
      },
    ],
    payload: NO_BYTES,
  }
  const r = skb(packet, m, s.step)
  record(l.here, r, { stage: 'app', decision: { kind: 'app', did: 'error', what: 'reset' } })
  const way = rejects ? run.asks.route(l.n, ip.src, { src: ip.dst }) : null
  run.ports.localOut(l.here, r, { way })
}
