import { fragment } from '#lib/wire/fragment.ts'
import { find, ipLength, ipOf, pop, PROTO, push, rewriteIp, wholeIp } from '#lib/wire/packet.ts'
import { MOST_QUOTED, quote } from '#lib/wire/quote.ts'
import type { Subnet } from '#lib/topology/rows.ts'
import { eniByPublicIp, outsideHost } from '#lib/lookup/vpc-route.ts'
import { translateQuote } from '#lib/nf/translate.ts'
import { message } from '#lib/run/record.ts'
import { skb, type Skb } from '#lib/run/skb.ts'
import { ingress } from './ingress.ts'
import { fromPeer } from './peering.ts'
import { arrive, atEni, inVpc, say, toGuest, type AtEni, type InVpc } from './place.ts'

/** What an internet gateway carries, where its row does not say otherwise (EC2 guide, network_mtu). */
const MTU = 1500

/** Internet gateway: 1:1 between the primary private address and the public one; 1500 bytes and no more. */
export function toInternet(
  from: AtEni,
  s: Skb,
  { subnet, gateway: id }: { readonly subnet: Subnet; readonly gateway: string },
): void {
  const { run, v, eni } = from
  const at = inVpc(run, v, id)
  const ip = ipOf(s.packet)!
  const length = ipLength(s.packet)
  const mtu = v.gateways.find((g) => g.id === id)?.mtu ?? MTU
  const publicIp = eni.ips[0] === ip.src ? eni.publicIp : undefined
  const decision = { kind: 'igw', gateway: id, from: ip.src, to: publicIp ?? ip.src } as const
  if (publicIp === undefined)
    return say(at, s, {
      stage: 'igw',
      decision,
      drop: { reason: 'vpc-no-public-address', dst: ip.dst },
    })
  if (length > mtu && ip.df) {
    say(at, s, { stage: 'igw', decision, drop: { reason: 'vpc-too-big', mtu, size: length } })
    return tooBig(from, s, { subnet, mtu })
  }
  const bare = translateQuote(rewriteIp(pop(s.packet), { src: publicIp }), 'dst', {
    from: ip.src,
    to: publicIp,
  })
  const pieces = length > mtu ? fragment(bare, mtu) : [bare]
  if (pieces.length > 1)
    say(at, s, {
      stage: 'igw',
      decision: { kind: 'fragments', did: 'fragment', sizes: pieces.map(ipLength) },
    })
  for (const packet of pieces) {
    const piece: Skb = { ...s, packet }
    const host = v.outside[outsideHost(v, id, ip.dst)]
    say(at, piece, {
      stage: 'igw',
      decision,
      drop: host === undefined ? { reason: 'vpc-unknown-address', dst: ip.dst } : null,
    })
    if (host === undefined) continue
    piece.packet = push(packet, { kind: 'ethernet', dst: host.mac, src: subnet.router.mac })
    arrive(run, host.attached, piece)
  }
}

/** The published tracepath sample shows the router (subnet + 1) answering 3/4 with 1500 (EC2 guide, network_mtu). */
function tooBig(
  at: AtEni,
  s: Skb,
  { subnet, mtu }: { readonly subnet: Subnet; readonly mtu: number },
): void {
  const { run, eni } = at
  const bare = pop(s.packet)
  const m = message(run, {
    kind: 'error',
    leg: 'back',
    says: { icmp: '3/4' },
    cause: s.message,
  })
  const e = skb(
    {
      headers: [
        { kind: 'ethernet', dst: eni.mac, src: subnet.router.mac },
        wholeIp({
          src: subnet.router.ip,
          dst: ipOf(bare)!.src,
          ttl: 64,
          id: 1,
          df: false,
          tos: 0xc0,
          proto: PROTO.icmp,
        }),
        { kind: 'icmp', type: 3, code: 4, rest: mtu },
      ],
      payload: quote(bare, MOST_QUOTED),
    },
    m,
    s.step,
  )
  say(at, e, { stage: 'igw', decision: { kind: 'icmp', type: 3, code: 4, did: 'make' } })
  toGuest(at, e)
}

/** From a host beyond the gateway: its public destination becomes the ENI's private one. By a peering it stays as it is. */
export function fromOutside(at: InVpc, s: Skb): void {
  const { v, on: id } = at
  const ip = ipOf(s.packet)
  const a = find(s.packet, 'arp')
  if (a !== undefined || ip === undefined)
    return say(at, s, {
      stage: 'vpc-arp',
      decision: {
        kind: 'arp',
        op: a?.op ?? 'request',
        ip: a?.tpa ?? '0.0.0.0',
        ours: false,
        by: 'vpc',
      },
      drop: { reason: 'not-arp-owner' },
    })
  if (v.peerings.some((p) => p.id === id)) return fromPeer(at, s)
  const eni = v.enis[eniByPublicIp(v, ip.dst)]
  const to = eni?.ips[0]
  say(at, s, {
    stage: 'igw',
    decision: { kind: 'igw', gateway: id, from: ip.dst, to: to ?? ip.dst },
    drop: to === undefined ? { reason: 'vpc-unknown-address', dst: ip.dst } : null,
  })
  if (eni === undefined || to === undefined) return
  s.packet = translateQuote(rewriteIp(s.packet, { dst: to }), 'src', { from: ip.dst, to })
  ingress(atEni(at, eni), s, { subnet: null, mac: null })
}
