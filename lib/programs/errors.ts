import { ipOf, type Packet } from '#lib/wire/packet.ts'
import { tupleOf } from '#lib/nf/tuple.ts'
import type { Here } from '#lib/run/run.ts'
import type { Sender } from '#lib/run/sender.ts'
import { boundKey, endKey, programsOf, type End, type Ends } from './ends.ts'
import { tcpTooBig, tcpUnreachable } from './tcp.ts'

/** udp_err(), tcp_v4_err(), ping_err(): the program here that sent what an ICMP error quotes; null if none did. */
export function sender(here: Here, quoted: Packet): Sender | null {
  const mine = isOfFlow(here, quoted)
  const about = connectionOf(here, quoted)
  if (!mine && about === null && !isSaidByListener(here, quoted)) return null
  return {
    tcp: about !== null,
    // tcp_v4_err(): not in the middle of connect(), which holds its socket while the SYN is under way (sock_owned_by_user).
    follows:
      about === null ? mine : about.end.state !== 'syn-sent' && about.end.tcp?.owned !== true,
    tell(s, { icmp: { type, code }, mtu }) {
      const { run, l } = here
      if (about !== null && mtu !== null) tcpTooBig(l.here, s, about)
      else if (about !== null) tcpUnreachable(l.here, s, about)
      if (mine && run.icmp === null)
        run.icmp = { type, code, from: ipOf(s.packet)!.src, ...(mtu === null ? {} : { mtu }) }
    },
  }
}

/** __udp4_lib_err(): a socket that listens hears of its answers too, and one that is connected of what it sent; their kernel learns the path MTU. */
function isSaidByListener({ run, l }: Here, quoted: Packet): boolean {
  const q = tupleOf(quoted)
  if (q?.proto !== 'udp') return false
  const { src: ip, sport: port, dst: peer, dport: peerPort } = q.tuple
  return (
    run.asks.socket(l.n, 'udp', { ip, port }) >= 0 ||
    programsOf(run).ends.has(endKey(l.n.name, 'udp', { ip, port, peer, peerPort }))
  )
}

/** The connection here that sent it. */
function connectionOf(
  { run, l }: Here,
  quoted: Packet,
): { readonly ends: Ends; readonly end: End } | null {
  const q = tupleOf(quoted)
  if (q?.proto !== 'tcp') return null
  const { src: ip, sport: port, dst: peer, dport: peerPort } = q.tuple
  const ends: Ends = { ip, port, peer, peerPort }
  const end = programsOf(run).ends.get(endKey(l.n.name, 'tcp', ends))
  return end === undefined ? null : { end, ends }
}

/** Did the flow's own program send it? */
function isOfFlow({ run, l }: Here, quoted: Packet): boolean {
  const { name } = l.n
  if (name !== run.flow.from) return false
  const q = tupleOf(quoted)
  if (q === null) return ipOf(quoted)?.dst === run.flow.to
  const { ends } = programsOf(run)
  const { src: ip, sport: port, dst: peer, dport } = q.tuple
  if (q.proto === 'ipencap' || q.proto === 'gre') return false
  if (q.proto === 'udp') return ends.has(boundKey(name, { ip, port }))
  const peerPort = q.proto === 'icmp' ? 0 : dport
  const end = ends.get(endKey(name, q.proto, { ip, port, peer, peerPort }))
  return end !== undefined && end.program === undefined
}
