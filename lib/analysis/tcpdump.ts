import { ACK, FIN, PSH, RST, size, SYN, type Header, type Icmp, type Packet, type Tcp } from '#lib/wire/packet.ts'
import { parseQuote } from '#lib/wire/quote.ts'

/** One packet as `tcpdump -nS` words it (absolute sequence numbers, no names), without the time: a line, and one more for each packet inside a VXLAN.
 *  The wording is that of tcpdump 4.99's printers (print-ip.c, print-tcp.c, print-icmp.c, print-arp.c, print-otv.c). */
export function tcpdump(p: Packet): string {
  const at = p.headers[0]?.kind === 'ethernet' ? 1 : 0
  const ip = p.headers[at]
  if (ip === undefined) return ''
  if (ip.kind === 'arp') return ip.op === 'request' ? `ARP, Request who-has ${ip.tpa} tell ${ip.spa}, length 28` : `ARP, Reply ${ip.spa} is-at ${ip.sha}, length 28`
  if (ip.kind !== 'ipv4') return ''
  const inner: Packet = { headers: p.headers.slice(at + 1), payload: p.payload }
  const l4 = inner.headers[0]
  if (ip.offset > 0 || l4 === undefined) return `IP ${ip.src} > ${ip.dst}: ${({ 1: 'icmp', 6: 'tcp', 17: 'udp' } as Readonly<Record<number, string>>)[ip.proto] ?? `ip-proto-${ip.proto}`}`
  switch (l4.kind) {
    case 'icmp': return `IP ${ip.src} > ${ip.dst}: ICMP ${icmp(l4, p.payload)}, length ${size(inner)}`
    case 'tcp': return `IP ${ip.src}.${l4.sport} > ${ip.dst}.${l4.dport}: ${tcp(l4, p.payload.length)}`
    case 'udp': return `IP ${ip.src}.${l4.sport} > ${ip.dst}.${l4.dport}: ${udp(l4.dport, inner)}`
    default: return `IP ${ip.src} > ${ip.dst}: ${l4.kind}`
  }
}

/** UDP 8472 is what tcpdump knows as OTV, not as VXLAN; only port 4789 gets that name. */
function udp(dport: number, p: Packet): string {
  const vxlan = p.headers[1]
  if (vxlan?.kind !== 'vxlan') return `UDP, length ${size(p) - 8}`
  const inside = tcpdump({ headers: p.headers.slice(2), payload: p.payload })
  return `${dport === 4789 ? `VXLAN, flags [I] (0x08), vni ${vxlan.vni}` : `OTV, flags [I] (0x08), overlay 0, instance ${vxlan.vni}`}\n${inside}`
}

function tcp(h: Tcp, length: number): string {
  const has = (bit: number): boolean => (h.flags & bit) !== 0
  const flags = `${has(FIN) ? 'F' : ''}${has(SYN) ? 'S' : ''}${has(RST) ? 'R' : ''}${has(PSH) ? 'P' : ''}${has(ACK) ? '.' : ''}`
  const seq = length > 0 ? `, seq ${h.seq}:${(h.seq + length) >>> 0}` : h.flags & (SYN | FIN | RST) ? `, seq ${h.seq}` : ''
  const options = h.options.map((o) => ({
    mss: () => `mss ${o.kind === 'mss' ? o.value : 0}`, 'sack-permitted': () => 'sackOK', nop: () => 'nop', 'window-scale': () => `wscale ${o.kind === 'window-scale' ? o.shift : 0}`,
    timestamps: () => (o.kind === 'timestamps' ? `TS val ${o.value} ecr ${o.echo}` : ''),
    sack: () => (o.kind === 'sack' ? `sack ${o.blocks.length} ${o.blocks.map(([a, b]) => `{${a}:${b}}`).join('')}` : ''), other: () => 'unknown',
  })[o.kind]())
  return `Flags [${flags}]${seq}${has(ACK) ? `, ack ${h.ack}` : ''}, win ${h.window}${options.length === 0 ? '' : `, options [${options.join(',')}]`}, length ${length}`
}

function icmp(h: Icmp, payload: Uint8Array): string {
  if (h.type === 8 || h.type === 0) return `echo ${h.type === 8 ? 'request' : 'reply'}, id ${h.rest >>> 16}, seq ${h.rest & 0xffff}`
  if (h.type === 11) return h.code === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded'
  const quoted = parseQuote(payload).headers
  const about = quoted.find((x): x is Extract<Header, { kind: 'ipv4' }> => x.kind === 'ipv4')?.dst ?? '?'
  const l4 = quoted.find((x) => x.kind === 'udp' || x.kind === 'tcp')
  if (h.type !== 3) return `type-#${h.type}`
  switch (h.code) {
    case 0: return `net ${about} unreachable`
    case 1: return `host ${about} unreachable`
    case 3: return l4 === undefined ? `${about} protocol port unreachable` : `${about} ${l4.kind} port ${l4.kind === 'udp' || l4.kind === 'tcp' ? l4.dport : 0} unreachable`
    case 4: return `${about} unreachable - need to frag (mtu ${h.rest & 0xffff})`
    case 13: return `host ${about} unreachable - admin prohibited filter`
    default: return `${about} unreachable - #${h.code}`
  }
}
