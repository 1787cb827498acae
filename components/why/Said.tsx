import { isIp } from '#lib/index.ts'
import type { Packet } from '#lib/index.ts'
import type { Hue } from '#components/packet/hue.ts'

const NAMED: Readonly<Record<string, Hue | 'vpc'>> = {
  UDP: 'udp',
  TCP: 'tcp',
  SYN: 'tcp',
  'SYN-ACK': 'tcp',
  ICMP: 'icmp',
  ARP: 'arp',
  VXLAN: 'vxlan',
  VPC: 'vpc',
}
const WORDS =
  /((?:\d{1,3}\.){3}\d{1,3}(?![\d/.]\d)|(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|\b(?:SYN-ACK|UDP|TCP|SYN|ICMP|ARP|VXLAN|VPC)\b)/

/** Which header of the packet carries an address: that is the colour it has. */
function hueOfAddress(word: string, packet: Packet): Hue | null {
  const ips = packet.headers.filter((h) => isIp(h))
  const inner = ips[ips.length - 1]
  if (inner !== undefined && (inner.src === word || inner.dst === word)) return 'ipv4'
  if (ips.some((h) => h.src === word || h.dst === word)) return 'outer'
  return packet.headers.some(
    (h) =>
      (h.kind === 'ethernet' && (h.src === word || h.dst === word)) ||
      (h.kind === 'arp' && (h.sha === word || h.tha === word)),
  )
    ? 'ethernet'
    : null
}

/** A sentence, with what it says of headers in their colours. */
export function Said({ text, packet }: { readonly text: string; readonly packet: Packet }) {
  return (
    <>
      {text.split(WORDS).map((part, i) => {
        const hue = i % 2 === 0 ? null : (NAMED[part] ?? hueOfAddress(part, packet))
        return hue === null ? (
          part
        ) : (
          <span key={i} className="hue" data-hue={hue} data-mono={NAMED[part] === undefined}>
            {part}
          </span>
        )
      })}
    </>
  )
}
