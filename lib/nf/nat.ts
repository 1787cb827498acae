import { hasPorts } from '#lib/topology/tables/conntrack/row.ts'
import { addressOf, inNetwork, type Address } from '#lib/wire/addr.ts'
import { fnv1a } from '#lib/wire/hash.ts'
import { find, ipOf, type Packet } from '#lib/wire/packet.ts'
import type { Tuple } from '#lib/topology/rows.ts'
import { l4Of } from '#lib/lookup/rule.ts'
import { hasRules, translates, usesConntrack } from '#lib/lookup/netfilter.ts'
import { selectAddress } from '#lib/lookup/local.ts'
import { NO_WRITES, record } from '#lib/run/record.ts'
import type { Here, Live } from '#lib/run/run.ts'
import type { Ct, Skb } from '#lib/run/skb.ts'
import { lookup } from './conntrack.ts'
import { heeded, isOut, lastTouched, saidOf, stageOf, verdict, type Said } from './tables.ts'
import { translate } from './translate.ts'
import { tupleKey, tupleOf } from './tuple.ts'

/** Where the nat table is asked; `bridged`: by br_netfilter. */
export interface NatAt {
  readonly hook: 'PREROUTING' | 'INPUT' | 'OUTPUT' | 'POSTROUTING'
  readonly bridged?: boolean
}

/** The nat table: decides once per connection, later packets and replies follow the entry (nf_nat_inet_fn). False: the packet ended there. */
export function nat(here: Here, s: Skb, { hook, bridged = false }: NatAt): boolean {
  const { l } = here
  if (!usesConntrack(l.n) || s.ct === null) return true
  // What this hook may change.
  const end = hook === 'PREROUTING' || hook === 'OUTPUT' ? 'dst' : 'src'
  const ct = s.ct
  const begins =
    s.ctState === 'new' &&
    s.ctDir === 'original' &&
    !(end === 'dst' ? ct.dstDone : ct.srcDone) &&
    ct.index < 0
  const bound = begins ? bind(here, s, hook) : null
  if (bound?.verdict === 'DROP') return nowhere(here, s, { hook, bound })
  const was = s.packet
  const changed = translate(s, end)
  if (bound === null && !changed) return true
  const { matched, verdict: kind, said, writes } = bound ?? FOLLOWS
  const plain = { kind: 'hook', hook, table: 'nat', matched, verdict: kind } as const
  record(here, s, {
    stage: stageOf({ hook, table: 'nat' }),
    decision:
      changed || bridged || said !== null
        ? {
            ...plain,
            ...(changed ? { from: ends(was), to: ends(s.packet) } : {}),
            ...(bridged ? { bridged } : {}),
            ...said,
          }
        : plain,
    writes,
  })
  return true
}

/** nf_nat_redirect_ipv4(): the device has no address to send it to. */
function nowhere(
  here: Here,
  s: Skb,
  { hook, bound }: { readonly hook: NatAt['hook']; readonly bound: Bound },
): false {
  const { matched } = bound
  record(here, s, {
    stage: stageOf({ hook, table: 'nat' }),
    decision: { kind: 'hook', hook, table: 'nat', matched, verdict: 'DROP' },
    drop: { reason: 'netfilter', rule: matched, hook },
  })
  return false
}

interface Bound {
  readonly matched: ReturnType<typeof lastTouched>
  readonly verdict: 'ACCEPT' | 'DROP' | 'DNAT' | 'SNAT' | 'MASQUERADE'
  readonly said: Said | null
  readonly writes: ReturnType<typeof heeded>
}
/** A packet of a connection that was bound before. */
const FOLLOWS: Bound = { matched: null, verdict: 'ACCEPT', said: null, writes: NO_WRITES }

/** nf_nat_setup_info(): this end's address and port are chosen. Null if no rule was asked. */
function bind(here: Here, s: Skb, hook: NatAt['hook']): Bound | null {
  const { l } = here
  const ct = s.ct!
  const end = hook === 'PREROUTING' || hook === 'OUTPUT' ? 'dst' : 'src'
  if (end === 'dst') ct.dstDone = true
  else ct.srcDone = true
  const bound = hasRules(l.n, 'nat', hook) ? byRule(here, s, hook) : null
  // nf_nat_alloc_null_binding(): the source keeps its address, and its port unless another connection's answers would come to it (two ways to one pod, the Service's and the pod's own).
  if (end === 'src' && (bound === null || bound.verdict === 'ACCEPT') && translates(l.n))
    setReply(l, ct, { end, ip: ct.reply.dst, port: ct.reply.dport })
  return bound
}

/** nft_nat_do_chain(): what the first rule that matches says. */
function byRule(here: Here, s: Skb, hook: NatAt['hook']): Bound {
  const { l } = here
  const ct = s.ct!
  const v = verdict(here, s, { table: 'nat', hook })
  const before = s.mark
  const writes = heeded(here, s, v)
  const said = saidOf(s, { l, v, marked: s.mark !== before })
  const matched = lastTouched(l, v)
  const { target } = v
  switch (target?.type) {
    case 'DNAT':
      setReply(l, ct, { end: 'dst', ip: target.to, port: target.port ?? ct.original.dport })
      return { matched, verdict: 'DNAT', said, writes }
    case 'REDIRECT': {
      const ip = isOut(hook) ? LOCALHOST : addressesOf(here)[0]
      if (ip === undefined) return { matched, verdict: 'DROP', said, writes }
      setReply(l, ct, { end: 'dst', ip, port: target.port ?? ct.original.dport })
      return { matched, verdict: 'DNAT', said, writes }
    }
    case 'NETMAP': {
      // netmap_tg4()
      const end = hook === 'PREROUTING' || hook === 'OUTPUT' ? 'dst' : 'src'
      const ip = inNetwork(ipOf(s.packet)![end], target.to)
      setReply(l, ct, { end, ip, port: end === 'dst' ? ct.original.dport : ct.original.sport })
      return { matched, verdict: end === 'dst' ? 'DNAT' : 'SNAT', said, writes }
    }
    case 'SNAT':
      setReply(l, ct, {
        end: 'src',
        ip: target.to,
        port: ct.original.sport,
        random: target.randomFully === true,
      })
      return { matched, verdict: 'SNAT', said, writes }
    case 'MASQUERADE':
      setReply(l, ct, {
        end: 'src',
        ip: isOut(hook) ? masqueradeAddress(here, s) : '0.0.0.0',
        port: ct.original.sport,
        random: target.randomFully === true,
      })
      return { matched, verdict: 'MASQUERADE', said, writes }
    default:
      return { matched, verdict: 'ACCEPT', said, writes }
  }
}

function ends(p: Packet): string {
  const q = tupleOf(p)
  return q === null ? '' : `${q.tuple.src}:${q.tuple.sport} → ${q.tuple.dst}:${q.tuple.dport}`
}

/** nf_nat_l4proto_unique_tuple(): 128, 64, 32 and 16 ports in rows from four random starts, no more. */
const MOST_TRIED = 128 + 64 + 32 + 16

/** A new address and port for one end of a connection; `random`: --random-fully. */
interface Binding {
  readonly end: 'src' | 'dst'
  readonly ip: Address
  readonly port: number
  readonly random?: boolean
}

/** The replies' tuple with another end that they go to. */
function repliesTo({ proto, reply: { src, sport } }: Ct, dst: Address, port: number): Tuple {
  return { src, dst, sport: proto === 'icmp' ? port : sport, dport: port }
}

/** The tuple replies will carry (get_unique_tuple). A clash with another connection, or --random-fully, picks another source port: by hash here, at random in the kernel. Who finds none keeps the last one tried, and is dropped when that is to be written down. A destination's port stays what the rule says. */
function setReply(l: Live, ct: Ct, { end, ip, port, random = false }: Binding): void {
  const { dst, dport } = ct.reply
  if (end === 'dst') {
    ct.reply = { src: ip, dst, sport: port, dport: ct.proto === 'icmp' ? port : dport }
    return
  }
  let reply = ip === dst && port === dport ? ct.reply : repliesTo(ct, ip, port)
  if (!random && lookup(l, ct.proto, reply) === undefined) {
    ct.reply = reply
    return
  }
  const seed = tupleKey(ct.proto, ct.original)
  const floor = ct.proto === 'icmp' ? 0 : 1024
  // What has neither port nor id has nothing to choose.
  const tries = hasPorts(ct) || ct.proto === 'icmp' ? MOST_TRIED : 0
  for (
    let i = 0;
    i < tries && ((random && i === 0) || lookup(l, ct.proto, reply) !== undefined);
    i += 1
  )
    reply = repliesTo(ct, ip, floor + (fnv1a(`${seed}|${i}`) % (65536 - floor)))
  ct.reply = reply
  ct.taken = lookup(l, ct.proto, reply) !== undefined
}

const LOCALHOST = '127.0.0.1'
/** nf_nat_redirect_ipv4(): the device's addresses, as they were given. */
function addressesOf({ dev }: Here): readonly Address[] {
  return dev?.addrs.map(addressOf) ?? []
}

/** nf_nat_masquerade_ipv4(): an address of the output device, chosen for the next hop. */
function masqueradeAddress({ run, l, dev }: Here, s: Skb): Address {
  const q = tupleOf(s.packet)
  if (dev === null || q === null) return '0.0.0.0'
  const { src, dst } = q.tuple
  const nexthop =
    run.asks.route(l.n, dst, { src, mark: s.mark, l4: l4Of(l.n, s.packet) }).via ?? dst
  return selectAddress(l.n, dev, nexthop) ?? '0.0.0.0'
}

/** nf_nat_icmp_reply_translation(): a redirect about what is translated, or may yet be, would name the wrong address. True if it ended here. */
export function withheld({ l }: Here, s: Skb): boolean {
  if (
    s.ct === null ||
    s.ctState !== 'related' ||
    find(s.packet, 'icmp')?.type !== 5 ||
    !translates(l.n)
  )
    return false
  const { ct } = s
  const translated =
    ct.original.src !== ct.reply.dst ||
    ct.original.dst !== ct.reply.src ||
    ct.original.sport !== ct.reply.dport
  if (ct.index >= 0 && !translated) return false
  record(l.here, s, {
    stage: 'output',
    decision: { kind: 'hook', hook: 'OUTPUT', table: 'nat', matched: null, verdict: 'DROP' },
    drop: { reason: 'netfilter', rule: null, hook: 'OUTPUT' },
  })
  return true
}
