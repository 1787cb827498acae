import { find } from '#lib/wire/packet.ts'
import { endsOf } from '#lib/wire/range.ts'
import type { AddrType, Ctstate, NfRule } from '#lib/topology/rows.ts'
import { flagsOf } from '#lib/topology/tables/netfilter/flags.ts'
import { isFor, physical, sentBy } from './beneath.ts'
import { asksForNat } from './chain.ts'
import { withinLimit } from './limit.ts'
import { recently } from './recent.ts'
import { throughBack } from './rpfilter.ts'
import { inSet } from './sets.ts'
import { localAddress } from './local.ts'
import type { Extra, Seen } from './verdict.ts'

/* Matches that few rules have: looked at where a rule has one, so that the others pay nothing for them, and loaded with what few networks have (lib/link/kinds.ts). */

/** Those of a rule. */
export function extrasOf(r: NfRule): readonly Extra[] {
  const found: Extra[] = []
  if (r.tcpFlags !== undefined)
    found.push({ not: r.not?.includes('tcpFlags') === true, holds: flags(r.tcpFlags) })
  if (r.icmpType !== undefined)
    found.push({ not: r.not?.includes('icmpType') === true, holds: icmp(r.icmpType) })
  if (r.ctstate !== undefined && asksForNat(r.ctstate))
    found.push({ not: r.not?.includes('ctstate') === true, holds: states(r.ctstate) })
  for (const end of ['src', 'dst'] as const) {
    const asked = r[`${end}Range`]
    if (asked !== undefined)
      found.push({ not: r.not?.includes(`${end}Range`) === true, holds: range(end, asked) })
  }
  if (r.connmark !== undefined) {
    const not = r.not?.includes('connmark') === true
    found.push({ not, holds: connmark(r.connmark, not) })
  }
  for (const x of r.sets ?? []) found.push({ not: x.not === true, holds: inSet(x) })
  for (const x of r.addrtypes ?? []) found.push({ not: false, holds: types(x) })
  const back = r.rpfilter
  if (back !== undefined)
    found.push({ not: back.invert === true, holds: (s) => throughBack(s, back) })
  if (r.recent !== undefined) {
    const not = r.not?.includes('recent') === true
    found.push({ not, holds: recently(r.recent, not) })
  }
  if (r.physdev !== undefined) found.push({ not: false, holds: physical(r.physdev) })
  if (r.mac !== undefined) {
    const not = r.not?.includes('mac') === true
    found.push({ not, holds: sentBy(r.mac, not) })
  }
  if (r.pkttype !== undefined)
    found.push({ not: r.not?.includes('pkttype') === true, holds: isFor(r.pkttype) })
  if (r.limit !== undefined) found.push({ not: false, holds: withinLimit(r) })
  return found
}

/** tcp_mt() */
function flags(text: string): Extra['holds'] {
  const [mask, set] = flagsOf(text)
  return ({ q }) => {
    const tcp = q.packet === undefined ? undefined : find(q.packet, 'tcp')
    return tcp !== undefined && (tcp.flags & mask) === set
  }
}

/** iprange_mt4() */
function range(end: 'src' | 'dst', text: string): Extra['holds'] {
  const { low, high } = endsOf(text)
  return (s) => {
    const ip = s[end] >>> 0
    return ip >= low && ip <= high
  }
}

/** connmark_mt(): what has no connection fits neither the mark nor its contrary. */
function connmark({ value, mask }: NonNullable<NfRule['connmark']>, not: boolean): Extra['holds'] {
  return ({ q, ctmark }) => (q.original === null ? not : ((ctmark & mask) | 0) === (value | 0))
}

/** icmp_match() */
function icmp(asked: NonNullable<NfRule['icmpType']>): Extra['holds'] {
  const [type, code] = String(asked).split('/').map(Number)
  return ({ q }) => {
    const h = q.packet === undefined ? undefined : find(q.packet, 'icmp')
    return h !== undefined && h.type === type && (code === undefined || h.code === code)
  }
}

/** conntrack_mt(): IPS_DST_NAT and IPS_SRC_NAT are set where a translation has changed something. */
function states(asked: readonly Ctstate[]): Extra['holds'] {
  const plain = asked.map((s) => s.toLowerCase())
  const [dnat, snat] = [asked.includes('DNAT'), asked.includes('SNAT')]
  return ({ q, ctstate }) => {
    if (plain.includes(ctstate)) return true
    const [o, r] = [q.original, q.reply]
    if (o === undefined || o === null || r === undefined || r === null) return false
    return (
      (dnat && (o.dst !== r.src || (q.proto !== ICMP && o.dport !== r.sport))) ||
      (snat && (o.src !== r.dst || o.sport !== r.dport))
    )
  }
}
const ICMP = 1

/** addrtype_mt_v1(): both ends, each of its own device where that is asked. */
function types(x: AddrType): Extra['holds'] {
  const local = ({ n, q }: Seen, ip: string): boolean => {
    const owner = localAddress(n, ip)
    const only = x.limitIfaceIn === true ? q.iif : x.limitIfaceOut === true ? q.oif : null
    return owner !== null && (only === null || owner.dev.name === only)
  }
  const asked = (['src', 'dst'] as const).filter((end) => x[`${end}Type`] !== undefined)
  return (s) =>
    asked.every((end) => local(s, s.q[end]) !== (x.not?.includes(`${end}Type`) === true))
}
