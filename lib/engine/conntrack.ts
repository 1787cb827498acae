import type { Ipv4 } from '#lib/wire/addr.ts'
import { find, PROTO, rewrite, RST, type Icmp, type Packet, type Tcp } from '#lib/wire/packet.ts'
import { parseQuote } from '#lib/wire/quote.ts'
import { encode } from '#lib/wire/codec.ts'
import { toNumber } from '#lib/wire/addr.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Conntrack, Tuple } from '#lib/topology/linux.ts'
import { nextState } from '#lib/lookup/conntrack-tcp.ts'
import { usesConntrack } from '#lib/lookup/netfilter.ts'
import { sysctl } from '#lib/lookup/sysctl.ts'
import { ref, record, type Ct, type CtSlot, type Live, type Run, type Skb } from '#lib/devices/run.ts'

const NO_WRITES: readonly Edit[] = []

type Proto = Conntrack['proto']
export interface Question { readonly proto: Proto; readonly tuple: Tuple }
const ERRORS = [3, 5, 11, 12]

export function isIcmpError(h: Icmp | undefined): boolean {
  return h !== undefined && ERRORS.includes(h.type)
}

/** Protocol and tuple of a packet; null for fragments and what conntrack does not track. The ICMP id stands in both ports. */
export function tupleOf(p: Packet): Question | null {
  const at = p.headers[0]?.kind === 'ethernet' ? 1 : 0
  const ip = p.headers[at]
  const l4 = p.headers[at + 1]
  if (ip === undefined || ip.kind !== 'ipv4' || l4 === undefined) return null
  if (l4.kind === 'udp' || l4.kind === 'tcp') return { proto: l4.kind, tuple: { src: ip.src, dst: ip.dst, sport: l4.sport, dport: l4.dport } }
  if (l4.kind === 'icmp') return { proto: 'icmp', tuple: { src: ip.src, dst: ip.dst, sport: l4.rest >>> 16, dport: l4.rest >>> 16 } }
  return null
}

export function invert(t: Tuple): Tuple {
  return { src: t.dst, dst: t.src, sport: t.dport, dport: t.sport }
}

export function keyOf(proto: Proto, t: Tuple): string {
  return `${proto}|${t.src}|${t.dst}|${t.sport}|${t.dport}`
}

/** The live table of a namespace, loaded from its rows on first use. */
export function table(l: Live): NonNullable<Live['ct']> {
  if (l.ct !== null) return l.ct
  l.ct = new Map()
  l.n.conntrack.forEach((row, index) => {
    const ct: Ct = { proto: row.proto, original: row.original, reply: row.reply, mark: row.mark, replied: row.replied, state: row.state, index, dstDone: true, srcDone: true, taken: false }
    if (row.gone !== true) enter(l.ct!, ct)
  })
  return l.ct
}

/** Numbers, because building a key of text for each question costs more than the step that asks. Collisions are chained. */
function hash(proto: Proto, t: Tuple): number {
  return (Math.imul(toNumber(t.src), 0x9e3779b1) ^ Math.imul(toNumber(t.dst), 0x85ebca6b) ^ Math.imul((t.sport << 16) | t.dport, 0xc2b2ae35) ^ proto.length) | 0
}

function enter(known: NonNullable<Live['ct']>, ct: Ct): void {
  const original = hash(ct.proto, ct.original)
  known.set(original, { ct, dir: 'original', next: known.get(original) })
  const reply = hash(ct.proto, ct.reply)
  known.set(reply, { ct, dir: 'reply', next: known.get(reply) })
}

/** nf_conntrack_find_get(): the connection that one of its tuples belongs to. */
export function lookup(l: Live, proto: Proto, t: Tuple): CtSlot | undefined {
  let slot = table(l).get(hash(proto, t))
  while (slot !== undefined && !(slot.ct.index > FREED && slot.ct.proto === proto && same(slot.dir === 'original' ? slot.ct.original : slot.ct.reply, t))) slot = slot.next
  return slot
}
/** The index of an entry that was freed says which row it had: FREED less the row. */
const FREED = -2

function same(a: Tuple, b: Tuple): boolean {
  return a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport
}

/** nf_conntrack_in(): find the connection of a packet or begin one. Only where some rule needs it, as in the kernel. */
export function track(run: Run, l: Live, s: Skb, dev: string | null): void {
  if (!usesConntrack(l.n) || s.ct !== null) return
  const icmp = find(s.packet, 'icmp')
  const at = s.packet.headers[0]?.kind === 'ethernet' ? 1 : 0
  if (s.packet.headers[at + 1]?.kind === 'icmp' && isIcmpError(icmp)) {
    // nf_conntrack_inet_error(): the answer to the quoted packet would travel like this error, so the quote is inverted and looked up (RELATED).
    const q = tupleOf(parseQuote(s.packet.payload))
    const hit = q === null ? undefined : lookup(l, q.proto, invert(q.tuple))
    s.ct = hit?.ct ?? null
    s.ctState = hit === undefined ? 'invalid' : 'related'
    s.ctDir = hit?.dir ?? 'original'
  } else {
    const q = tupleOf(s.packet)
    if (q === null) { s.ctState = 'invalid'; return }
    const tcp = q.proto === 'tcp' ? find(s.packet, 'tcp') : undefined
    let hit = lookup(l, q.proto, q.tuple)
    if (hit !== undefined && reopens(hit, tcp)) { free(run, l, s, hit.ct, dev); hit = undefined }
    if (hit !== undefined) return advance(run, l, s, hit, tcp, icmp, dev)
    const state = tcp === undefined ? undefined : nextState('original', tcp.flags, 'NONE', isLoose(l))
    if (state === 'invalid' || state === 'GONE' || (q.proto === 'icmp' && icmp?.type !== ECHO_REQUEST)) { s.ctState = 'invalid' } else {
      s.ct = { proto: q.proto, original: q.tuple, reply: invert(q.tuple), mark: 0, replied: false, state, index: -1, dstDone: false, srcDone: false, taken: false }
      s.ctDir = 'original'
      s.ctState = 'new'
    }
  }
  record(run, s, l.n.name, dev, 'conntrack', { kind: 'conntrack', state: s.ctState, matched: ref(l.n.name, 'conntrack', s.ct?.index ?? -1), translated: false })
}
const ECHO_REQUEST = 8

function isLoose(l: Live): boolean {
  return sysctl(l.n, 'net.netfilter.nf_conntrack_tcp_loose', 1) !== 0
}

/** A SYN on a connection that is over: the entry is freed and the packet looked up again. */
function reopens(hit: CtSlot, tcp: Tcp | undefined): boolean {
  const over = hit.ct.state === 'TIME_WAIT' || hit.ct.state === 'CLOSE'
  return tcp !== undefined && over && nextState(hit.dir, tcp.flags, hit.ct.state!, true) === 'SYN_SENT'
}

/** The kernel frees TCP's entry at once; the row is only marked, so that refs stay true. */
function free(run: Run, l: Live, s: Skb, ct: Ct, dev: string | null): void {
  if (ct.index < 0) return
  const decision = { kind: 'conntrack', state: s.ctState ?? 'new', matched: ref(l.n.name, 'conntrack', ct.index), translated: !plain(ct) } as const
  const where = { proto: ct.proto, original: ct.original, reply: ct.reply }
  record(run, s, l.n.name, dev, 'conntrack', decision, [{ op: 'set', in: l.n.name, table: 'conntrack', where, to: { state: 'CLOSE', gone: true } }])
  ct.index = FREED - ct.index
}

/** nf_conntrack_tcp_packet(), nf_conntrack_udp_packet(), nf_conntrack_icmp_packet(): what this packet makes of its connection. INVALID belongs to none,
 *  so there is no translation either. */
function advance(run: Run, l: Live, s: Skb, { ct, dir }: CtSlot, tcp: Tcp | undefined, icmp: Icmp | undefined, dev: string | null): void {
  const next = tcp === undefined ? undefined : nextState(dir, tcp.flags, ct.state ?? 'ESTABLISHED', isLoose(l))
  if (next === 'invalid' || (ct.proto === 'icmp' && dir === 'original' && icmp?.type !== ECHO_REQUEST)) {
    s.ctState = 'invalid'
    return record(run, s, l.n.name, dev, 'conntrack', { kind: 'conntrack', state: 'invalid', matched: null, translated: false })
  }
  s.ct = ct
  s.ctDir = dir
  s.ctState = dir === 'reply' || ct.replied ? 'established' : 'new'
  // A reset before any answer: nothing has begun.
  if (tcp !== undefined && tcp.flags & RST && !ct.replied && ct.index >= 0) return free(run, l, s, ct, dev)
  const state = next === 'GONE' ? 'CLOSE' : next
  const replied = ct.replied || dir === 'reply'
  const decision = { kind: 'conntrack', state: s.ctState, matched: ref(l.n.name, 'conntrack', ct.index), translated: !plain(ct) } as const
  if ((replied !== ct.replied || state !== ct.state) && ct.index >= 0) {
    const to = { replied, ...(state === undefined ? {} : { state }) }
    record(run, s, l.n.name, dev, 'conntrack', decision, [{ op: 'set', in: l.n.name, table: 'conntrack', where: { proto: ct.proto, original: ct.original, reply: ct.reply }, to }])
  } else record(run, s, l.n.name, dev, 'conntrack', decision)
  ct.replied = replied
  ct.state = state
}

/** nf_conntrack_confirm(): the last hook passed, the entry becomes a row. Returns the write. */
export function confirm(l: Live, s: Skb): readonly Edit[] {
  const ct = s.ct
  if (ct === null || ct.index !== -1 || s.ctState === 'related') return NO_WRITES
  enter(table(l), ct)
  const freed = freedRow(l, ct)
  if (freed >= 0) {
    // The same connection once more: its freed row is used again, so that one row has these ends.
    ct.index = freed
    return [{ op: 'set', in: l.n.name, table: 'conntrack', where: { proto: ct.proto, original: ct.original, reply: ct.reply }, to: { mark: ct.mark, replied: ct.replied, gone: false, ...(ct.state === undefined ? {} : { state: ct.state }) } }]
  }
  ct.index = l.ctRows
  l.ctRows += 1
  return [{ op: 'add', in: l.n.name, table: 'conntrack', row: { proto: ct.proto, original: ct.original, reply: ct.reply, mark: ct.mark, replied: ct.replied, ...(ct.state === undefined ? {} : { state: ct.state }) } }]
}

/** The row of a freed connection with the same ends, -1 if there is none. */
function freedRow(l: Live, ct: Ct): number {
  for (let slot = table(l).get(hash(ct.proto, ct.original)); slot !== undefined; slot = slot.next) {
    if (slot.ct.index <= FREED && slot.ct.proto === ct.proto && same(slot.ct.original, ct.original) && same(slot.ct.reply, ct.reply)) return FREED - slot.ct.index
  }
  return l.n.conntrack.findIndex((r) => r.gone === true && r.proto === ct.proto && same(r.original, ct.original) && same(r.reply, ct.reply))
}

/** Rewrite source or destination of the outer IP packet (ports or ICMP id with it). */
export function rewriteEnd(p: Packet, end: 'src' | 'dst', ip: Ipv4, port: number): Packet {
  const at = p.headers[0]?.kind === 'ethernet' ? 1 : 0
  const headers = p.headers.slice()
  const h = headers[at]
  if (h === undefined || h.kind !== 'ipv4') return p
  headers[at] = { ...h, [end]: ip }
  const l4 = headers[at + 1]
  if (l4 !== undefined && (l4.kind === 'udp' || l4.kind === 'tcp')) headers[at + 1] = end === 'src' ? { ...l4, sport: port } : { ...l4, dport: port }
  else if (l4 !== undefined && l4.kind === 'icmp' && !isIcmpError(l4) && port >= 0) headers[at + 1] = { ...l4, rest: ((port << 16) | (l4.rest & 0xffff)) >>> 0 }
  return { headers, payload: p.payload }
}

/** Both directions name the same ends: nothing is translated. */
function plain(ct: Ct): boolean {
  const { original: o, reply: r } = ct
  return o.src === r.dst && o.dst === r.src && o.sport === r.dport && o.dport === r.sport
}

/** nf_nat_packet(): make this end of the packet what the other direction's tuple says. True if something changed. */
export function translate(s: Skb, end: 'src' | 'dst'): boolean {
  const ct = s.ct
  if (ct === null) return false
  if (s.ctState === 'related') return translateError(s, ct, end)
  if (plain(ct) || !turns(s, ct, end)) return false
  const want = invert(s.ctDir === 'original' ? ct.reply : ct.original)
  const have = tupleOf(s.packet)
  if (have === null) return false
  const ip = want[end]
  const port = end === 'src' ? want.sport : want.dport
  if (have.tuple[end] === ip && (end === 'src' ? have.tuple.sport : have.tuple.dport) === port) return false
  // An ICMP id is one field for both ends: SNAT owns it.
  s.packet = rewriteEnd(s.packet, end, ip, ct.proto === 'icmp' ? want.sport : port)
  return true
}

/** nf_nat_packet(): does the hook that sees to this end have anything to do? DNAT's hook leaves alone what is SNAT's only. */
function turns(s: Skb, ct: Ct, end: 'src' | 'dst'): boolean {
  // An ICMP id is one field: a new one is SNAT's doing.
  if ((end === 'src') === (s.ctDir === 'original')) return ct.original.src !== ct.reply.dst || ct.original.sport !== ct.reply.dport
  return ct.original.dst !== ct.reply.src || (ct.proto !== 'icmp' && ct.original.dport !== ct.reply.sport)
}

/** nf_nat_icmp_reply_translation(): the quote is turned back, and the outer end with it, for the kind of NAT this hook undoes. */
function translateError(s: Skb, ct: Ct, end: 'src' | 'dst'): boolean {
  if (!turns(s, ct, end)) return false
  const inner = s.ctDir === 'original' ? ct.reply : ct.original
  const other = end === 'dst' ? 'src' : 'dst'
  const quoted = rewriteEnd(parseQuote(s.packet.payload), other, inner[other], other === 'src' ? inner.sport : inner.dport)
  const bytes = requote(s.packet.payload, quoted)
  const outer = invert(inner)
  s.packet = rewrite({ headers: s.packet.headers, payload: bytes }, 'ipv4', { [end]: outer[end] })
  return true
}

/** A 1:1 NAT's view of an ICMP error: the packet it quotes has one address changed too. Any other packet is returned as it is. */
export function translateQuote(p: Packet, end: 'src' | 'dst', from: Ipv4, to: Ipv4): Packet {
  if (!isIcmpError(find(p, 'icmp'))) return p
  const quoted = parseQuote(p.payload)
  if (find(quoted, 'ipv4')?.[end] !== from) return p
  const q = tupleOf(quoted)
  return { headers: p.headers, payload: requote(p.payload, rewriteEnd(quoted, end, to, end === 'src' ? q?.tuple.sport ?? 0 : q?.tuple.dport ?? 0)) }
}

/** The quoted bytes with the addresses and ports of `changed`; lengths and the rest stay as quoted (the packet was longer). */
function requote(bytes: Uint8Array, changed: Packet): Uint8Array {
  const out = bytes.slice()
  const fresh = encode(changed)
  const ihl = ((out[0] ?? 0x45) & 15) * 4
  out.set(fresh.subarray(12, 20), 12)
  // IPv4 header checksum over the quoted header as it stands.
  out[10] = 0
  out[11] = 0
  let sum = 0
  for (let i = 0; i < ihl; i += 2) sum += ((out[i] ?? 0) << 8) | (out[i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  out[10] = (~sum >>> 8) & 255
  out[11] = ~sum & 255
  const proto = out[9]
  if (proto === PROTO.udp || proto === PROTO.tcp) out.set(fresh.subarray(ihl, ihl + 4), ihl)
  if (proto === PROTO.icmp) out.set(fresh.subarray(ihl + 4, ihl + 6), ihl + 4)
  return out
}
