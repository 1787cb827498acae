import { hashOf } from '#lib/wire/addr.ts'
import { find, RST, type Icmp, type Tcp } from '#lib/wire/packet.ts'
import { parseQuote } from '#lib/wire/quote.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Tuple } from '#lib/topology/rows.ts'
import type { Decision } from '#lib/trace/decision.ts'
import { nextState } from '#lib/lookup/conntrack-tcp.ts'
import { usesIpvs, virtualService } from '#lib/lookup/ipvs.ts'
import { usesConntrack } from '#lib/lookup/netfilter.ts'
import { sysctl } from '#lib/lookup/sysctl.ts'
import { NO_WRITES, record, ref } from '#lib/run/record.ts'
import type { Here, Live } from '#lib/run/run.ts'
import type { Ct, CtSlot, Skb } from '#lib/run/skb.ts'
import { plain } from './translate.ts'
import { invert, isIcmpError, sameTuple, tupleOf, type Proto, type Question } from './tuple.ts'

/** The live table of a namespace, loaded from its rows on first use. */
export function table(l: Live): NonNullable<Live['ct']> {
  if (l.ct !== null) return l.ct
  l.ct = new Map()
  l.n.conntrack.forEach((row, index) => {
    const ct: Ct = {
      proto: row.proto,
      original: row.original,
      reply: row.reply,
      mark: row.mark,
      markedBy: null,
      replied: row.replied,
      state: row.state,
      index,
      dstDone: true,
      srcDone: true,
      taken: false,
      virtual:
        usesIpvs(l.n) &&
        virtualService(l.n, { proto: row.proto, ip: row.original.dst, port: row.original.dport }) >=
          0,
    }
    if (row.gone !== true) enter(l.ct!, ct)
  })
  return l.ct
}

/** Numbers, because building a key of text for each question costs more than the step that asks. Collisions are chained. */
function hash(proto: Proto, t: Tuple): number {
  return (
    (Math.imul(hashOf(t.src), 0x9e3779b1) ^
      Math.imul(hashOf(t.dst), 0x85ebca6b) ^
      Math.imul((t.sport << 16) | t.dport, 0xc2b2ae35) ^
      proto.length) |
    0
  )
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
  while (
    slot !== undefined &&
    !(
      slot.ct.index > FREED &&
      slot.ct.proto === proto &&
      sameTuple(slot.dir === 'original' ? slot.ct.original : slot.ct.reply, t)
    )
  )
    slot = slot.next
  return slot
}
/** The index of an entry that was freed says which row it had: FREED less the row. */
const FREED = -2

/** nf_conntrack_in(): find the connection of a packet or begin one. Only where some rule needs it, as in the kernel. */
export function track(here: Here, s: Skb): void {
  const { l } = here
  if (!usesConntrack(l.n) || s.ct !== null || s.ctState === 'untracked') return
  const icmp = find(s.packet, 'icmp')
  const at = s.packet.headers[0]?.kind === 'ethernet' ? 1 : 0
  if (s.packet.headers[at + 1]?.kind === 'icmp' && isIcmpError(icmp)) return trackError(here, s)
  const q = tupleOf(s.packet)
  if (q === null) {
    s.ctState = 'invalid'
    return
  }
  const tcp = q.proto === 'tcp' ? find(s.packet, 'tcp') : undefined
  let hit = lookup(l, q.proto, q.tuple)
  if (hit !== undefined && reopens(hit, tcp)) {
    free(here, s, hit.ct)
    hit = undefined
  }
  if (hit === undefined) begin(here, s, { q, tcp, icmp })
  else advance(here, s, { ct: hit.ct, dir: hit.dir, tcp, icmp })
}
const ECHO_REQUEST = 8

/** nf_conntrack_inet_error(): the answer to the quoted packet would travel like this error, so the quote is inverted and looked up (RELATED). */
function trackError(here: Here, s: Skb): void {
  const q = tupleOf(parseQuote(s.packet.payload))
  const hit = q === null ? undefined : lookup(here.l, q.proto, invert(q.tuple))
  s.ct = hit?.ct ?? null
  s.ctState = hit === undefined ? 'invalid' : 'related'
  s.ctDir = hit?.dir ?? 'original'
  tellFound(here, s, s.ctState)
}

/** init_conntrack(): a packet of no connection begins one, if it is one that may. */
function begin(
  here: Here,
  s: Skb,
  {
    q,
    tcp,
    icmp,
  }: { readonly q: Question; readonly tcp: Tcp | undefined; readonly icmp: Icmp | undefined },
): void {
  const state =
    tcp === undefined
      ? undefined
      : nextState('original', tcp.flags, { state: 'NONE', loose: isLoose(here.l) })
  if (
    state === 'invalid' ||
    state === 'GONE' ||
    (q.proto === 'icmp' && icmp?.type !== ECHO_REQUEST)
  ) {
    s.ctState = 'invalid'
    return tellFound(here, s, s.ctState)
  }
  s.ct = {
    proto: q.proto,
    original: q.tuple,
    reply: invert(q.tuple),
    mark: 0,
    markedBy: null,
    replied: false,
    state,
    index: -1,
    dstDone: false,
    srcDone: false,
    taken: false,
    virtual: false,
  }
  s.ctDir = 'original'
  s.ctState = 'new'
  tellFound(here, s, s.ctState)
}

type Known = Extract<Decision, { kind: 'conntrack' }>['state']

function tellFound(here: Here, s: Skb, state: Known): void {
  tell(here, s, {
    kind: 'conntrack',
    state,
    matched: ref(here.in, 'conntrack', s.ct?.index ?? -1),
    translated: false,
  })
}

function isLoose(l: Live): boolean {
  return sysctl(l.n, 'net.netfilter.nf_conntrack_tcp_loose', 1) !== 0
}

/** A SYN on a connection that is over: the entry is freed and the packet looked up again. */
function reopens(hit: CtSlot, tcp: Tcp | undefined): boolean {
  const over = hit.ct.state === 'TIME_WAIT' || hit.ct.state === 'CLOSE'
  return (
    tcp !== undefined &&
    over &&
    nextState(hit.dir, tcp.flags, { state: hit.ct.state!, loose: true }) === 'SYN_SENT'
  )
}

/** The kernel frees TCP's entry at once; the row is only marked, so that refs stay true. */
function free(here: Here, s: Skb, ct: Ct): void {
  const { l } = here
  if (ct.index < 0) return
  const decision = {
    kind: 'conntrack',
    state: s.ctState === 'established' ? s.ctState : 'new',
    matched: ref(l.n.name, 'conntrack', ct.index),
    translated: !plain(ct),
  } as const
  const where = { proto: ct.proto, original: ct.original, reply: ct.reply }
  record(here, s, {
    stage: 'conntrack',
    decision,
    writes: [
      { op: 'set', in: l.n.name, table: 'conntrack', where, to: { state: 'CLOSE', gone: true } },
    ],
  })
  ct.index = FREED - ct.index
}

/** A connection that a packet was found to belong to, with its own header. */
interface Found extends Pick<CtSlot, 'ct' | 'dir'> {
  readonly tcp: Tcp | undefined
  readonly icmp: Icmp | undefined
}

function tell(here: Here, s: Skb, decision: Decision): void {
  record(here, s, { stage: 'conntrack', decision })
}

/** nf_conntrack_tcp_packet(), nf_conntrack_udp_packet(), nf_conntrack_icmp_packet(): what this packet makes of its connection. INVALID belongs to none,
 *  so there is no translation either. */
function advance(here: Here, s: Skb, { ct, dir, tcp, icmp }: Found): void {
  const { l } = here
  const next =
    tcp === undefined
      ? undefined
      : nextState(dir, tcp.flags, { state: ct.state ?? 'ESTABLISHED', loose: isLoose(l) })
  if (
    next === 'invalid' ||
    (ct.proto === 'icmp' && dir === 'original' && icmp?.type !== ECHO_REQUEST)
  ) {
    s.ctState = 'invalid'
    return tell(here, s, {
      kind: 'conntrack',
      state: 'invalid',
      matched: null,
      translated: false,
    })
  }
  s.ct = ct
  s.ctDir = dir
  s.ctState = dir === 'reply' || ct.replied ? 'established' : 'new'
  // A reset before any answer: nothing has begun.
  if (tcp !== undefined && tcp.flags & RST && !ct.replied && ct.index >= 0) return free(here, s, ct)
  const state = next === 'GONE' ? 'CLOSE' : next
  const replied = ct.replied || dir === 'reply'
  const decision = {
    kind: 'conntrack',
    state: s.ctState,
    matched: ref(l.n.name, 'conntrack', ct.index),
    translated: !plain(ct),
  } as const
  if ((replied !== ct.replied || state !== ct.state) && ct.index >= 0) {
    const to = { replied, ...(state === undefined ? {} : { state }) }
    const where = { proto: ct.proto, original: ct.original, reply: ct.reply }
    record(here, s, {
      stage: 'conntrack',
      decision,
      writes: [{ op: 'set', in: l.n.name, table: 'conntrack', where, to }],
    })
  } else tell(here, s, decision)
  ct.replied = replied
  ct.state = state
}

/** nf_conntrack_confirm(): the last hook passed, the entry becomes a row. Returns the write. */
function confirm(l: Live, s: Skb): readonly Edit[] {
  const ct = s.ct
  if (ct === null || ct.index !== -1 || s.ctState === 'related') return NO_WRITES
  enter(table(l), ct)
  const freed = freedRow(l, ct)
  if (freed >= 0) {
    // The same connection once more: its freed row is used again, so that one row has these ends.
    ct.index = freed
    return [
      {
        op: 'set',
        in: l.n.name,
        table: 'conntrack',
        where: { proto: ct.proto, original: ct.original, reply: ct.reply },
        to: {
          mark: ct.mark,
          replied: ct.replied,
          gone: false,
          ...(ct.state === undefined ? {} : { state: ct.state }),
        },
      },
    ]
  }
  ct.index = l.ctRows
  l.ctRows += 1
  return [
    {
      op: 'add',
      in: l.n.name,
      table: 'conntrack',
      row: {
        proto: ct.proto,
        original: ct.original,
        reply: ct.reply,
        mark: ct.mark,
        replied: ct.replied,
        ...(ct.state === undefined ? {} : { state: ct.state }),
      },
    },
  ]
}

/** The row of a freed connection with the same ends, -1 if there is none. */
function freedRow(l: Live, ct: Ct): number {
  for (let slot = table(l).get(hash(ct.proto, ct.original)); slot !== undefined; slot = slot.next) {
    if (
      slot.ct.index <= FREED &&
      slot.ct.proto === ct.proto &&
      sameTuple(slot.ct.original, ct.original) &&
      sameTuple(slot.ct.reply, ct.reply)
    )
      return FREED - slot.ct.index
  }
  return l.n.conntrack.findIndex(
    (r) =>
      r.gone === true &&
      r.proto === ct.proto &&
      sameTuple(r.original, ct.original) &&
      sameTuple(r.reply, ct.reply),
  )
}

/** Write the new connection, if this packet began one. False if its answers would be another's: then it is dropped (__nf_conntrack_confirm, insert_failed). */
export function confirmed(here: Here, s: Skb): boolean {
  const { l } = here
  const { ct } = s
  if (ct !== null && ct.taken && ct.index === -1 && s.ctState !== 'related') {
    record(here, s, {
      stage: 'conntrack',
      decision: { kind: 'conntrack', state: 'new', matched: null, translated: true },
      drop: { reason: 'nat-no-port', proto: ct.proto, src: ct.reply.dst },
    })
    return false
  }
  const writes = confirm(l, s)
  if (writes.length > 0)
    record(here, s, {
      stage: 'conntrack',
      decision: {
        kind: 'conntrack',
        state: 'new',
        matched: ref(l.n.name, 'conntrack', s.ct?.index ?? -1),
        translated: false,
      },
      writes,
    })
  return true
}
