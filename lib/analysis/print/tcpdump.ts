import { seen } from '#lib/words/index.ts'
import { dissect, encode } from '#lib/wire/codec.ts'
import { ACK, FIN, headerLength, isIp, PROTO, PSH, RST, size, SYN } from '#lib/wire/packet.ts'
import type {
  Arp,
  Gre,
  Header,
  Icmp,
  IpHeader,
  Packet,
  Tcp,
  TcpOption,
  Udp,
} from '#lib/wire/packet.ts'
import { traits } from '#lib/topology/devs.ts'
import { deviceAt, type Topology } from '#lib/topology/topology.ts'
import { tcpWords, udpWords } from './tcpdump-ports.ts'

/** The command whose lines `tcpdump` words, and what a reader has to know of it; null if nothing. */
export interface Capture {
  readonly command: string
  readonly note: string | null
}

/** How one looks at a device of a namespace: no times, no names, absolute sequence numbers. */
export function capture(t: Topology, at: { readonly in: string; readonly dev: string }): Capture {
  // dev_set_promiscuity() on a bridge: br_handle_frame_finish() then passes up what is for others too.
  const d = deviceAt(t, at.in, at.dev)
  const bridge = d !== undefined && traits(d).hasPorts === true
  return {
    command: `tcpdump ${bridge ? '-ntpS' : '-ntS'} -i ${at.dev}`,
    note: bridge ? seen().promiscuous : null,
  }
}

/** One packet as `tcpdump -ntS` words it: a line, and one more for each packet inside a VXLAN; what is within an IP header alone stands on its line.
 *  The wording is that of tcpdump 4.99.3's printers (print-ip.c, print-tcp.c, print-udp.c, print-icmp.c, print-arp.c, print-otv.c). */
export function tcpdump(p: Packet): string {
  // Of a VLAN it says nothing without -e.
  const at = p.headers.findIndex((h) => h.kind !== 'ethernet' && h.kind !== 'vlan')
  const h = p.headers[at]
  if (h?.kind === 'arp') return arp(h)
  return isIp(h) ? ipv4(h, { headers: p.headers.slice(at + 1), payload: p.payload }, WHOLE) : ''
}

function arp(h: Arp): string {
  if (h.op === 'reply') return `ARP, Reply ${h.spa} is-at ${h.sha}, length 28`
  return `ARP, Request who-has ${h.tpa}${h.tha === '00:00:00:00:00:00' ? '' : ` (${h.tha})`} tell ${h.spa}, length 28`
}

/** So many bytes of a packet are in other fragments of what carries it. tcpdump says so once, of the outermost, and counts them all the same. */
interface Lack {
  readonly missing: number
  readonly said: boolean
}
const WHOLE: Lack = { missing: 0, said: false }

function ipv4(ip: IpHeader, inside: Packet, { missing, said }: Lack): string {
  const head = `IP ${missing > 0 && !said ? `truncated-ip - ${missing} bytes missing! ` : ''}`
  const line = (sport: string, dport: string, words: string): string =>
    `${head}${ip.src}${sport} > ${ip.dst}${dport}: ${words}`
  if (ip.offset > 0) return line('', '', `ip-proto-${ip.proto}`)
  // Of the first fragment tcpdump reads what is there.
  const first = ip.mf && inside.headers.length === 0
  const p = first ? readOn(ip, inside.payload) : inside
  const l4 = p.headers[0]
  switch (l4?.kind) {
    case 'icmp':
      return line('', '', `ICMP ${icmp(l4, p.payload)}, length ${size(p) + missing}`)
    case 'tcp':
      return line(`.${l4.sport}`, `.${l4.dport}`, tcp(l4, p.payload, missing))
    case 'udp':
      return line(
        `.${l4.sport}`,
        `.${l4.dport}`,
        udp(l4, p, { cut: first ? inside.payload : null, missing }),
      )
    case 'gre':
      return line('', '', gre(l4, p, { cut: first ? inside.payload : null, missing }))
    case 'ipv4':
      return line('', '', inIp(l4, p, { cut: first ? inside.payload : null, missing }))
    default:
      return line('', '', ` ip-proto-${ip.proto} ${size(p) + missing}`)
  }
}

/** What of a packet inside is there: the first fragment's bytes of what carries it, or how many are missing of all. */
interface There {
  readonly cut: Uint8Array | null
  readonly missing: number
}

/** A packet in another. */
function inIp(ip: IpHeader, p: Packet, { cut, missing }: There): string {
  const inside = { headers: p.headers.slice(1), payload: p.payload }
  const lacks = cut === null ? missing : Math.max(0, word(cut, 2) - cut.length)
  const said = missing > 0
  return ipv4(ip, inside, { missing: lacks, said })
}

const word = (b: Uint8Array, at: number): number => ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0)

/** The headers that stand in a fragment's payload. */
function readOn(ip: IpHeader, payload: Uint8Array): Packet {
  const { packet } = dissect(
    encode({ headers: [{ ...ip, df: false, mf: false }], payload: payload.slice() }),
    'ipv4',
  )
  return { headers: packet.headers.slice(1), payload: packet.payload }
}

/** What a datagram's tunnel is called. UDP 8472 is what tcpdump knows as OTV, not as VXLAN; only port 4789 gets that name. */
function tunnelIn({ dport }: Udp, h: Header | undefined): string | null {
  switch (h?.kind) {
    case 'geneve':
      return `Geneve, Flags [${h.critical === true ? 'C' : 'none'}], vni 0x${h.vni.toString(16)}: `
    case 'vxlan':
      return dport === 4789
        ? `VXLAN, flags [I] (0x08), vni ${h.vni}\n`
        : `OTV, flags [I] (0x08), overlay 0, instance ${h.vni}\n`
    default:
      return null
  }
}

/** The first fragment's UDP header says how long the datagram is. */
function udp(h: Udp, p: Packet, there: There): string {
  const label = tunnelIn(h, p.headers[1])
  const { cut, missing } = there
  return label === null
    ? udpWords(h.sport, h.dport, (cut === null ? size(p) + missing : word(cut, 4)) - 8)
    : `${label}${behind(p, 2, there)}`
}

function gre(h: Gre, p: Packet, there: There): string {
  const key = h.key === undefined ? '' : `, key=0x${h.key.toString(16)}`
  const length = size(p) + (there.cut === null ? there.missing : 0)
  return `GREv0${h.checksum ? ', off 0x0' : ''}${key}, length ${length}: ${behind(p, 1, there)}`
}

/** What so many headers of a tunnel carry: a packet, or a frame. */
function behind(p: Packet, headers: number, { cut, missing }: There): string {
  const inner = { headers: p.headers.slice(headers), payload: p.payload }
  const at = inner.headers[0]?.kind === 'ethernet' ? 1 : 0
  const ip = inner.headers[at]
  if (!isIp(ip) || (cut === null && missing === 0)) return tcpdump(inner)
  const inside = { headers: inner.headers.slice(at + 1), payload: inner.payload }
  const before = p.headers.slice(0, headers + at).reduce((sum, h) => sum + headerLength(h), 0)
  // The inner header's total length stands two bytes on.
  const lacks = cut === null ? missing : Math.max(0, word(cut, before + 2) - (cut.length - before))
  return ipv4(ip, inside, { missing: lacks, said: missing > 0 })
}

const FLAGS: readonly (readonly [bit: number, letter: string])[] = [
  [FIN, 'F'],
  [SYN, 'S'],
  [RST, 'R'],
  [PSH, 'P'],
  [ACK, '.'],
  [32, 'U'],
  [64, 'E'],
  [128, 'W'],
]

function tcp(h: Tcp, payload: Uint8Array, missing: number): string {
  const length = payload.length + missing
  const flags = FLAGS.map(([bit, letter]) => (h.flags & bit ? letter : '')).join('') || 'none'
  const seq =
    length > 0
      ? `, seq ${h.seq}:${(h.seq + length) >>> 0}`
      : h.flags & (SYN | FIN | RST)
        ? `, seq ${h.seq}`
        : ''
  const options = h.options.length === 0 ? '' : `, options [${h.options.map(option).join(',')}]`
  const ack = h.flags & ACK ? `, ack ${h.ack}` : ''
  const urgent = h.flags & 32 ? ', urg 0' : ''
  return `Flags [${flags}]${seq}${ack}, win ${h.window}${urgent}${options}, length ${length}${tcpWords(h.sport, h.dport, payload)}`
}

function option(o: TcpOption): string {
  switch (o.kind) {
    case 'mss':
      return `mss ${o.value}`
    case 'sack-permitted':
      return 'sackOK'
    case 'nop':
      return 'nop'
    case 'window-scale':
      return `wscale ${o.shift}`
    case 'timestamps':
      return `TS val ${o.value} ecr ${o.echo}`
    case 'sack':
      return `sack ${o.blocks.length} ${o.blocks.map(([a, b]) => `{${a}:${b}}`).join('')}`
    case 'other':
      return 'unknown'
  }
}

/** icmp_print(): the words for a code of type 3; `about` is the address that the quoted packet was for. */
const UNREACHABLE: Readonly<Record<number, (about: string) => string>> = {
  0: (about) => `net ${about} unreachable`,
  1: (about) => `host ${about} unreachable`,
  5: (about) => `${about} unreachable - source route failed`,
  6: (about) => `net ${about} unreachable - unknown`,
  7: (about) => `host ${about} unreachable - unknown`,
  8: (about) => `${about} unreachable - source host isolated`,
  9: (about) => `net ${about} unreachable - admin prohibited`,
  10: (about) => `host ${about} unreachable - admin prohibited`,
  11: (about) => `net ${about} unreachable - tos prohibited`,
  12: (about) => `host ${about} unreachable - tos prohibited`,
  13: (about) => `host ${about} unreachable - admin prohibited filter`,
  14: (about) => `host ${about} unreachable - host precedence violation`,
  15: (about) => `host ${about} unreachable - precedence cutoff`,
}
const NAMES: Readonly<Record<number, string>> = { [PROTO.tcp]: 'tcp', [PROTO.udp]: 'udp' }

function icmp(h: Icmp, payload: Uint8Array): string {
  if (h.type === 8 || h.type === 0)
    return `echo ${h.type === 8 ? 'request' : 'reply'}, id ${h.rest >>> 16}, seq ${h.rest & 0xffff}`
  if (h.type === 11)
    return h.code === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded'
  if (h.type !== 3) return `type-#${h.type}`
  const quoted = dissect(payload, 'ipv4').packet.headers.find(
    (x): x is Extract<Header, { kind: 'ipv4' }> => isIp(x),
  )
  const about = quoted?.dst ?? '?'
  const proto = quoted?.proto ?? 0
  switch (h.code) {
    case 2:
      return `${about} protocol ${proto} unreachable`
    // Bytes 2 and 3 behind the quoted header, whatever the protocol: of an echo they are its checksum.
    case 3:
      return `${about} ${NAMES[proto] ?? `protocol ${proto}`} port ${word(payload, ((payload[0] ?? 0) & 15) * 4 + 2)} unreachable`
    case 4:
      return `${about} unreachable - need to frag${(h.rest & 0xffff) === 0 ? '' : ` (mtu ${h.rest & 0xffff})`}`
    default:
      return UNREACHABLE[h.code]?.(about) ?? `${about} unreachable - #${h.code}`
  }
}
