import { find, NO_BYTES } from '#lib/wire/packet.ts'
import { legOf, message } from '#lib/run/record.ts'
import { skb, type Skb } from '#lib/run/skb.ts'
import { say, subnetOf, toGuest, type AtEni } from './place.ts'

/** The fabric answers ARP itself, for addresses it owns, those of the interface that asks left out; the question never reaches another guest (no broadcast in a VPC). */
export function arp(at: AtEni, s: Skb): void {
  const { run, v, eni } = at
  const a = find(s.packet, 'arp')!
  const subnet = subnetOf(at)
  const owner = v.enis[run.asks.mapping(v, a.tpa)]
  const mac =
    subnet?.router.ip === a.tpa
      ? subnet.router.mac
      : owner !== undefined && owner.id !== eni.id && owner.subnet === eni.subnet
        ? owner.mac
        : null
  const ours = mac !== null && a.op === 'request'
  say(at, s, {
    stage: 'vpc-arp',
    decision: { kind: 'arp', op: a.op, ip: a.tpa, ours, by: 'vpc' },
    drop: ours ? null : { reason: 'not-arp-owner' },
  })
  if (!ours || mac === null) return
  const m = message(run, {
    kind: 'arp',
    leg: legOf(run, s),
    says: { arp: 'is-at', ip: a.tpa, mac },
    cause: s.message,
  })
  const reply = skb(
    {
      headers: [
        { kind: 'ethernet', dst: a.sha, src: mac },
        { kind: 'arp', op: 'reply', sha: mac, spa: a.tpa, tha: a.sha, tpa: a.spa },
      ],
      payload: NO_BYTES,
    },
    m,
    s.step,
  )
  toGuest(at, reply)
}
