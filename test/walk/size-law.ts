import {
  ipLength,
  size,
  headerLength,
  type Header,
  type HeaderKind,
  type Packet,
} from '#lib/wire/packet.ts'
import { dev, netns } from '#lib/topology/topology.ts'
import type { Step, Walk } from '#lib/trace/walk.ts'

/* A packet's length changes where a header is put on or taken off, where it is cut into fragments and where these are put together; nowhere else. */

const LINK = 'ethernet'
const FLANNELD = 'ipv4 udp'
const VXLAN = 'ipv4 udp vxlan'
/** What tunnels put around a packet, or around a frame. */
const TUNNELS = [VXLAN, 'ipv4', 'ipv4 gre', 'ipv4 udp geneve']
/** What each stage may put in front of a packet. */
const PUTS_ON: Readonly<Record<string, readonly string[]>> = {
  xmit: [LINK],
  rx: [LINK],
  tunnel: TUNNELS,
  daemon: [FLANNELD],
}
/** What each stage may take from its front: whichever hook of IP is first asked drops the link's header. */
const TAKES_OFF: Readonly<Record<string, readonly string[]>> = {
  raw: [LINK],
  mangle: [LINK],
  conntrack: [LINK],
  nat: [LINK],
  route: [LINK],
  reassemble: [LINK],
  igw: [LINK],
  tunnel: TUNNELS,
  daemon: [FLANNELD],
}

const kinds = (hs: readonly Header[]): string => hs.map((h) => h.kind).join(' ')
const bytes = (hs: readonly Header[]): number => hs.reduce((n, h) => n + headerLength(h), 0)
const first = (p: Packet, kind: HeaderKind): number => p.headers.findIndex((h) => h.kind === kind)

/** Where the outermost IPv4 packet's bytes stand in the whole that was cut, or null for a whole one. */
function pieceOf(
  p: Packet,
): { readonly from: number; readonly to: number; readonly more: boolean } | null {
  const h = p.headers[first(p, 'ipv4')]
  if (h?.kind !== 'ipv4' || (!h.mf && h.offset === 0)) return null
  return { from: h.offset, to: h.offset + ipLength(p) - headerLength(h), more: h.mf }
}

/** Bytes behind the outermost IPv4 header. */
function behind(p: Packet): number {
  return ipLength(p) - headerLength(p.headers[first(p, 'ipv4')]!)
}

/** Every step of a walk whose packet has another length than what was done to it accounts for. */
export function wrongSizes(w: Walk): string[] {
  const children = new Map<number, Step[]>()
  for (const s of w.steps)
    if (w.steps[s.from]?.message === s.message)
      children.set(s.from, [...(children.get(s.from) ?? []), s])
  return w.steps.flatMap((s) => {
    const before = w.steps[s.from]
    const wrong =
      before === undefined || before.message !== s.message
        ? null
        : before.stage === 'fragment' && before.drop === null
          ? cut(w, before, children.get(before.n) ?? [])
          : s.stage === 'reassemble' &&
              s.decision.kind === 'fragments' &&
              s.decision.did === 'reassemble'
            ? joined(w, before, s)
            : oneAfterAnother(w, before, s)
    return wrong === null ? [] : [`step ${s.n}, ${s.in}/${s.dev} ${s.stage}: ${wrong}`]
  })
}

/** Where a tag is put behind the Ethernet header, and where it is taken from there: by a VLAN device, and by the card of a trunk. */
const TAGS = ['xmit', 'rx']
const UNTAGS = ['rx', 'sg-egress', 'vpc-arp', 'vpc-encap']
const isTagged = (p: Packet): boolean => p.headers[1]?.kind === 'vlan'
const withoutTag = (p: Packet): Packet => ({
  ...p,
  headers: p.headers.filter((h) => h.kind !== 'vlan'),
})

function oneAfterAnother(w: Walk, before: Step, s: Step): string | null {
  const same = isTagged(before.packet) === isTagged(s.packet)
  if (!same && !(isTagged(s.packet) ? TAGS : UNTAGS).includes(s.stage)) return 'a tag comes or goes'
  const [a, b] = same
    ? [before.packet, s.packet]
    : [withoutTag(before.packet), withoutTag(s.packet)]
  // What flanneld writes to its TUN is as much as its buffer takes, which is that of the device's MTU.
  if (s.stage === 'rx' && before.stage === 'daemon') {
    const most = Math.min(size(a), dev(netns(w.before, s.in)!, s.dev!)!.mtu)
    return size(b) === most ? null : `${size(b)} bytes out of flanneld's buffer, ${most} were read`
  }
  if (kinds(b.headers).endsWith(kinds(a.headers)) && b.headers.length > a.headers.length) {
    const on = b.headers.slice(0, b.headers.length - a.headers.length)
    return PUTS_ON[s.stage]?.includes(kinds(on)) === true && size(b) === size(a) + bytes(on)
      ? null
      : `puts on ${kinds(on)}: ${size(a)} bytes become ${size(b)}`
  }
  if (b.headers.length < a.headers.length) {
    const off = a.headers.slice(0, a.headers.length - b.headers.length)
    return TAKES_OFF[s.stage]?.includes(kinds(off)) === true && size(b) === size(a) - bytes(off)
      ? null
      : `takes off ${kinds(off)}: ${size(a)} bytes become ${size(b)}`
  }
  return size(a) === size(b) && kinds(a.headers) === kinds(b.headers)
    ? null
    : `${kinds(a.headers)}, ${size(a)} bytes, become ${kinds(b.headers)}, ${size(b)} bytes`
}

/** A cut packet's pieces lie end to end, each but the last a multiple of 8 and none longer than it was said. */
function cut(w: Walk, whole: Step, pieces: readonly Step[]): string | null {
  const said = whole.decision.kind === 'fragments' ? whole.decision.sizes : []
  const outer = pieceOf(whole.packet)
  let at = outer?.from ?? 0
  const end = outer?.to ?? behind(whole.packet)
  for (const [i, p] of pieces.entries()) {
    const piece = pieceOf(p.packet)
    if (piece === null) return 'a piece is not marked as one'
    if (piece.from !== at) return `a piece begins at ${piece.from}, the one before ended at ${at}`
    if ((piece.more ? (piece.to - piece.from) % 8 : piece.to - end) !== 0)
      return `a piece from ${piece.from} to ${piece.to} of ${end}`
    if (ipLength(p.packet) !== said[i])
      return `a piece has ${ipLength(p.packet)} bytes, the step says ${said[i]}`
    at = piece.to
  }
  return at === end && pieces.length === said.length
    ? null
    : `${pieces.length} pieces up to ${at} of ${end} bytes`
}

/** What was put together is as long as what was held of it and came last. */
function joined(w: Walk, last: Step, s: Step): string | null {
  const h = last.packet.headers[first(last.packet, 'ipv4')]
  const own = pieceOf(last.packet)
  if (h?.kind !== 'ipv4' || own === null) return 'the last piece is none'
  const held = w.steps
    .filter(
      (x) =>
        x.n < s.n &&
        x.in === s.in &&
        x.stage === 'reassemble' &&
        x.decision.kind === 'fragments' &&
        x.decision.did === 'hold',
    )
    .flatMap((x) => {
      const at = x.packet.headers[first(x.packet, 'ipv4')]
      const piece = pieceOf(x.packet)
      return at?.kind === 'ipv4' &&
        at.id === h.id &&
        at.src === h.src &&
        at.dst === h.dst &&
        x.message === s.message &&
        piece !== null
        ? [piece]
        : []
    })
  const all = [...held, own].toSorted((a, b) => a.from - b.from)
  // The same packet may be cut, put together and cut again in one namespace: the latest pieces that lie end to end count.
  const lies = all.reduce((n, p) => (p.from <= n ? Math.max(n, p.to) : n), 0)
  return behind(s.packet) === lies
    ? null
    : `${behind(s.packet)} bytes put together, ${lies} were held`
}
