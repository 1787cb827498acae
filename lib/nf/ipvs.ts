import { find, ipLength, ipOf, rewriteIp, RST, SYN } from '#lib/wire/packet.ts'
import { parseQuote } from '#lib/wire/quote.ts'
import { nextServer, serverAt, virtualService } from '#lib/lookup/ipvs.ts'
import { sysctl } from '#lib/lookup/sysctl.ts'
import { device } from '#lib/run/live.ts'
import { record, ref } from '#lib/run/record.ts'
import type { Here, Live } from '#lib/run/run.ts'
import type { Skb, VirtualConn } from '#lib/run/skb.ts'
import { stageOf } from './tables.ts'
import { rewriteEnd, rewriteQuote } from './translate.ts'
import { isIcmpError, tupleOf, type Question } from './tuple.ts'

/*
 * IPVS (net/netfilter/ipvs): a stage of its own in the hooks, here by translation only (ip_vs_nat_xmit). A request is taken out of INPUT, or out
 * of OUTPUT where a program of this machine sent it, turned to a real server and sent as if it had been made here; its answers are turned back
 * in FORWARD and INPUT. Left out: persistence, the states of IPVS's own connections and their times: one that begins in a walk is known until
 * its end, and one of an earlier walk as long as conntrack has it.
 */

type Asked = 'INPUT' | 'FORWARD' | 'OUTPUT'

/** ip_vs_out_hook(), handle_response(): what a real server answers gets the address and port of the service. */
export function answers(here: Here, s: Skb, hook: Asked): void {
  const { l } = here
  if (s.virtual) return
  const error = isIcmpError(find(s.packet, 'icmp'))
  const q = tupleOf(error ? parseQuote(s.packet.payload) : s.packet)
  if (q === null) return
  const { proto, tuple: t } = q
  // An error quotes what went to the real server.
  const [far, near] = error ? (['dst', 'src'] as const) : (['src', 'dst'] as const)
  const ports = error ? { far: t.dport, near: t.sport } : { far: t.sport, near: t.dport }
  const conn = connections(l, s).find(
    (c) =>
      c.proto === proto &&
      c.server.ip === t[far] &&
      c.server.port === ports.far &&
      c.client.ip === t[near] &&
      c.client.port === ports.near,
  )
  if (conn === undefined) return
  const { virtual } = conn
  s.packet = error
    ? rewriteIp(rewriteQuote(s.packet, 'dst', virtual), { src: virtual.ip })
    : rewriteEnd(s.packet, 'src', virtual)
  s.virtual = true
  if (sysctl(here.l.n, TRACKED, 0) === 0) forget(s)
  translated(here, s, { hook, conn, did: 'answer' })
}

/** ip_vs_in_hook(): what is for a virtual service goes to one of its real servers, by a way of its own. False: it is on that way, or was dropped. */
export function requests(here: Here, s: Skb, hook: 'INPUT' | 'OUTPUT'): boolean {
  const { l } = here
  if (s.virtual || (hook === 'INPUT' && s.to !== 'host')) return true
  const q = tupleOf(s.packet)
  if (q === null || !isServed(q.proto)) return true
  const known = connections(l, s).find((c) => isOf(c, q))
  if (known !== undefined) return send(here, s, { hook, conn: known })
  const flags = find(s.packet, 'tcp')?.flags ?? SYN
  if (!(flags & SYN) || flags & RST) return true
  const asked = { proto: q.proto, ip: q.tuple.dst, port: q.tuple.dport }
  const service = virtualService(l.n, asked)
  if (service < 0) return true
  const server = nextServer(l.n, asked, here.run.flow.draw ?? 0)
  if (server < 0) return nobody(here, s, { hook, service })
  const { to, toPort } = l.n.ipvsServers[server]!
  const conn: VirtualConn = {
    proto: q.proto,
    client: { ip: q.tuple.src, port: q.tuple.sport },
    virtual: { ip: q.tuple.dst, port: q.tuple.dport },
    server: { ip: to, port: toPort },
    row: server,
  }
  l.virtuals = [...(l.virtuals ?? []), conn]
  return send(here, s, { hook, conn })
}

/** Protocols that have virtual services here (SCTP and the rest of ip_vs_proto.c are left out). */
function isServed(proto: Question['proto']): proto is VirtualConn['proto'] {
  return proto === 'tcp' || proto === 'udp'
}

function isOf({ proto, client, virtual }: VirtualConn, { proto: p, tuple: t }: Question): boolean {
  return (
    proto === p &&
    client.ip === t.src &&
    client.port === t.sport &&
    virtual.ip === t.dst &&
    virtual.port === t.dport
  )
}

/** Those of this walk, and the one of an earlier walk that conntrack has for this packet. */
function connections(l: Live, { ct }: Skb): readonly VirtualConn[] {
  const here = l.virtuals ?? []
  if (ct === null || !ct.virtual || ct.index < 0 || !isServed(ct.proto)) return here
  const { proto, original: o, reply: r } = ct
  const virtual = { ip: o.dst, port: o.dport }
  const server = { ip: r.src, port: r.sport }
  const row = serverAt(l.n, { proto, ...virtual }, server)
  return [...here, { proto, client: { ip: o.src, port: o.sport }, virtual, server, row }]
}

/** ip_vs_leave(): a service without real servers. */
function nobody(
  here: Here,
  s: Skb,
  { hook, service }: { readonly hook: Asked; readonly service: number },
): false {
  const { ip, port } = here.l.n.ipvsServices[service]!
  record(here, s, {
    stage: stageOf({ hook, table: 'filter' }),
    decision: {
      kind: 'ipvs',
      hook,
      did: 'request',
      matched: ref(here.in, 'ipvsServices', service),
      from: `${ip}:${port}`,
      to: null,
    },
    drop: { reason: 'ipvs-no-server', ip, port },
  })
  here.run.ports.error(here, s, { type: 3, code: 3 })
  return false
}

interface Sent {
  readonly hook: 'INPUT' | 'OUTPUT'
  readonly conn: VirtualConn
}

/** ip_vs_nat_xmit(): the way is asked without source and mark, a hop is counted for every client, and only then the packet is turned. */
function send(here: Here, s: Skb, { hook, conn }: Sent): boolean {
  const { run, l } = here
  const way = run.asks.route(l.n, conn.server.ip, {})
  const { ttl, df } = ipOf(s.packet)!
  if (ttl <= 1) {
    record(here, s, {
      stage: 'ttl',
      decision: { kind: 'ttl', before: ttl, left: 0 },
      drop: { reason: 'ttl-exceeded' },
    })
    run.ports.error(here, s, { type: 11, code: 0 })
    return false
  }
  s.packet = rewriteIp(s.packet, { ttl: ttl - 1 })
  record(here, s, { stage: 'ttl', decision: { kind: 'ttl', before: ttl, left: ttl - 1 } })
  const dev = way.dev ?? ''
  const mtu = way.mtu ?? device(l, dev)?.dev.mtu ?? Infinity
  const size = ipLength(s.packet)
  if (df && size > mtu) {
    record(here, s, {
      stage: stageOf({ hook, table: 'filter' }),
      decision: { kind: 'mtu', dev, mtu, size, df },
      drop: { reason: 'too-big', mtu, size, dev },
    })
    run.ports.error(here, s, { type: 3, code: 4, rest: mtu })
    return false
  }
  s.packet = rewriteEnd(s.packet, 'dst', conn.server)
  s.virtual = true
  expectAnswers(here, s, conn)
  translated(here, s, { hook, conn, did: 'request' })
  if (way.type === 'local') return true
  const left = run.ports.localOut(l.here, s, { way })
  // dst_link_failure(): no way to the real server.
  if (!left && way.type !== 'unicast') run.ports.error(here, s, { type: 3, code: 1 })
  return false
}

/** net.ipv4.vs.conntrack: without it conntrack forgets what IPVS has turned, and no rule translates it. */
const TRACKED = 'net.ipv4.vs.conntrack'

/** ip_vs_notrack() */
function forget(s: Skb): void {
  s.ct = null
  s.ctState = 'untracked'
}

/** ip_vs_update_conntrack(): answers will come from the real server, and nobody else turns them back. ip_vs_notrack(): or there is no connection. */
function expectAnswers({ l }: Here, s: Skb, { server }: VirtualConn): void {
  if (sysctl(l.n, TRACKED, 0) === 0) return forget(s)
  const { ct, ctDir } = s
  if (ct === null || ct.index >= 0 || ctDir !== 'original') return
  ct.reply = { ...ct.reply, src: server.ip, sport: server.port }
  ct.virtual = true
}

function translated(
  here: Here,
  s: Skb,
  {
    hook,
    conn,
    did,
  }: {
    readonly hook: Asked
    readonly conn: VirtualConn
    readonly did: 'request' | 'answer'
  },
): void {
  const text = ({ ip, port }: VirtualConn['server']): string => `${ip}:${port}`
  const ends = [text(conn.virtual), text(conn.server)] as const
  record(here, s, {
    stage: stageOf({ hook, table: 'filter' }),
    decision: {
      kind: 'ipvs',
      hook,
      did,
      matched: ref(here.in, 'ipvsServers', conn.row),
      from: ends[did === 'answer' ? 1 : 0],
      to: ends[did === 'answer' ? 0 : 1],
    },
  })
}
