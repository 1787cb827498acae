import { find, size, type Packet, type Step, type Walk } from '#lib/index.ts'

/** One envelope of the token, from the inside out: what it says, and how large it is in figure units. Its bottom edge is so far above the token's foot, where the outermost ends. */
export interface Envelope { readonly kind: 'packet' | 'arp' | 'outer' | 'hidden'; readonly text: string; readonly w: number; readonly h: number; readonly bottom: number }

/** Width of a sign of the token's text. */
const SIGN = 6.7
const LINE = 20
const RIM = 5

/** What a packet is called in a word or two. */
function nameOf(p: Packet, label: string): string {
  const icmp = find(p, 'icmp')
  if (icmp !== undefined) return icmp.type === 8 || icmp.type === 0 ? 'echo' : `ICMP ${icmp.type}/${icmp.code}`
  if (p.headers.some((h) => h.kind === 'arp')) return 'ARP'
  if (find(p, 'tcp') !== undefined || find(p, 'udp') !== undefined) return label
  return 'fragment'
}

const bytes = (p: Packet, from: number): number => size({ headers: p.headers.slice(from), payload: p.payload })

/** The token of a step: the packet, and an envelope for each packet around it, with the lengths that count against an MTU. Between the hosts of AWS there is one more, that nobody publishes. */
export function envelopes(walk: Walk, step: Step): Envelope[] {
  const p = step.packet
  const ips = p.headers.flatMap((h, i) => (h.kind === 'ipv4' ? [i] : []))
  const inside = ips[ips.length - 1]
  const name = nameOf({ headers: p.headers.slice(inside ?? 0), payload: p.payload }, walk.messages[step.message]?.label ?? '')
  const text = inside === undefined ? name : `${name} ${bytes(p, inside)} B`
  const out: Envelope[] = [{ kind: inside === undefined ? 'arp' : 'packet', text, w: text.length * SIGN + 14, h: LINE, bottom: 0 }]
  const put = (kind: Envelope['kind'], said: string): void => {
    const last = out[out.length - 1]!
    out.push({ kind, text: said, w: Math.max(last.w + 2 * RIM, said.length * SIGN + 14), h: last.h + RIM + (said === '' ? RIM : LINE - 2), bottom: last.bottom - RIM })
  }
  for (const i of ips.slice(0, -1).toReversed()) {
    const carrier = p.headers.slice(i).find((h) => h.kind === 'vxlan') ?? p.headers[i + 1]
    put('outer', `${carrier?.kind === 'vxlan' ? `VXLAN ${carrier.vni}` : carrier?.kind === 'udp' ? `UDP ${carrier.dport}` : 'IP'} ${bytes(p, i)} B`)
  }
  if (step.decision.kind === 'vpc-mapping') put('hidden', '')
  const foot = out[out.length - 1]!.bottom
  return out.map((e) => ({ ...e, bottom: e.bottom - foot }))
}
