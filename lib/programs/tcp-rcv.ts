import { ACK, find, ipOf, SYN, type Packet } from '#lib/wire/packet.ts'
import { tiesEarly } from '#lib/lookup/sysctl.ts'
import { sendReset } from '#lib/ip/reset.ts'
import { record, ref } from '#lib/run/record.ts'
import type { At, Here } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import type { Taker } from '#lib/trace/saying.ts'
import { endKey, isStrange, programsOf, type Ends } from './ends.ts'
import { tcpAccept, tcpReceive } from './tcp.ts'

/** tcp_v4_rcv(): which connection, or which listener, a segment is for. */
export function tcpRcv(at: At, s: Skb): void {
  const { run, l } = at
  const ip = ipOf(s.packet)!
  const tcp = find(s.packet, 'tcp')!
  const ends: Ends = { ip: ip.dst, port: tcp.dport, peer: ip.src, peerPort: tcp.sport }
  const known = programsOf(run).ends.get(endKey(at.in, 'tcp', ends))
  // tcp_timewait_state_process(): data for a program that has closed is answered with a reset.
  const end = known?.program?.gone === true && s.packet.payload.length > 0 ? undefined : known
  const row = run.asks.socket(l.n, 'tcp', ends)
  // What does not open a connection is of one, or of none here.
  if (end === undefined && (row < 0 || (tcp.flags & SYN) === 0)) return refuse(at, s)
  const listener = l.n.sockets[row]
  const relays = listener?.relay === undefined ? null : listener.program
  const program = end?.program?.name ?? (end?.role === 'client' ? null : relays)
  const taker: Taker = program === null ? (end?.role ?? 'server') : { program }
  record(at, s, {
    stage: 'socket',
    decision: {
      kind: 'socket',
      matched: ref(at.in, 'sockets', end?.role === 'client' ? null : row),
      proto: 'tcp',
      port: tcp.dport,
      did: 'takes',
      taker,
    },
  })
  if (end !== undefined) return tcpReceive(l.here, s, { end, ends })
  const relay =
    listener?.relay === undefined ? null : programsOf(run).relay(listener.program, listener.relay)
  tcpAccept(l.here, s, { ends, program: relay })
}

/** tcp_v4_early_demux(): is a connection of this machine's own meant (__inet_lookup_established: one that is beginning, or over and waiting, too)? A listener is not asked for. */
export function early({ run, in: name, l }: Here, p: Packet): boolean {
  const { ends, connected } = programsOf(run)
  if (!connected.has(name)) return false
  const [tcp, ip] = [find(p, 'tcp'), ipOf(p)]
  if (tcp === undefined || ip === undefined || !tiesEarly(l.n)) return false
  const end = ends.get(
    endKey(name, 'tcp', { ip: ip.dst, port: tcp.dport, peer: ip.src, peerPort: tcp.sport }),
  )
  return end !== undefined && end.state !== 'closed'
}

/** Nobody is there. */
function refuse(at: At, s: Skb): void {
  const { dport: port, flags } = find(s.packet, 'tcp')!
  const strange = isStrange(s)
  record(at, s, {
    stage: 'socket',
    decision: {
      kind: 'socket',
      matched: null,
      proto: 'tcp',
      port,
      did: (flags & (SYN | ACK)) === SYN ? 'nobody-listens' : 'no-connection',
    },
    drop: strange
      ? { reason: 'foreign-source', src: ipOf(s.packet)!.dst }
      : { reason: 'no-socket', proto: 'tcp', port },
  })
  // tcp_v4_send_reset(): only where the way is RTN_LOCAL.
  if (!strange) sendReset(at, s)
}
