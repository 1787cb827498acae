/* Ports whose payload tcpdump 4.99.3 reads further (print-tcp.c, print-udp.c): asked of it once for all 65,536 ports at either end.
   test/tools/tcpdump.test.ts asks for those that have a word again, and for many others. */

type Ports = readonly (number | readonly [from: number, to: number])[]
interface Reader {
  readonly as: string
  readonly ports: Ports
  readonly only?: 'src' | 'dst'
}
interface TcpReader extends Reader {
  /** What stands behind the length when the payload says nothing in that protocol; left out where it depends on the bytes. */
  readonly words?: string
  /** A payload that begins with text is printed up to the end of its first line. */
  readonly text?: true
}

/** In the order in which print-tcp.c asks. 22, 139, 443, 445, 2049 and all others: no word for bytes that say nothing. */
const TCP: readonly TcpReader[] = [
  { as: 'SMTP', ports: [25], words: ': SMTP', text: true },
  { as: 'WHOIS', ports: [43], words: ': WHOIS', text: true },
  { as: 'BGP', ports: [179], words: ': BGP' },
  { as: 'PPTP', ports: [1723] },
  { as: 'RESP (Redis)', ports: [6379] },
  { as: 'BEEP', ports: [10288], words: ' BEEP (payload or undecoded)' },
  { as: 'OpenFlow', ports: [6633, 6653] },
  { as: 'FTP', ports: [21], words: ': FTP', text: true },
  { as: 'HTTP', ports: [80, 8080], words: ': HTTP' },
  { as: 'RTSP', ports: [554, 8554], words: ': RTSP' },
  { as: 'DNS', ports: [53] },
  { as: 'MSDP', ports: [639] },
  { as: 'RPKI-RTR', ports: [323], words: ', RPKI-RTR' },
  { as: 'LDP', ports: [646] },
]

/** VXLAN is not here: its packets are read, on 8472 as OTV. */
const UDP: readonly Reader[] = [
  { as: 'DNS', ports: [53, 5353] },
  { as: 'DHCP', ports: [67, 68] },
  { as: 'TFTP', ports: [69] },
  { as: 'Kerberos', ports: [88, 750] },
  { as: 'NTP', ports: [123] },
  { as: 'SNMP', ports: [161, 162] },
  { as: 'PTP', ports: [319, 320] },
  { as: 'Auto-RP', ports: [496] },
  { as: 'ISAKMP', ports: [500, 7500, 8500] },
  { as: 'syslog', ports: [514] },
  { as: 'RIP', ports: [520] },
  { as: 'RIPng', ports: [521] },
  { as: 'timed', ports: [525] },
  { as: 'DHCPv6', ports: [546, 547] },
  { as: 'LDP', ports: [646] },
  { as: 'AODV', ports: [654] },
  { as: 'OLSR', ports: [698] },
  { as: 'LMP', ports: [701] },
  { as: 'lwres', ports: [921] },
  { as: 'VQP', ports: [1589] },
  { as: 'RADIUS', ports: [1645, 1646, 1700, 1812, 1813, 3799] },
  { as: 'L2TP', ports: [1701] },
  { as: 'HSRP', ports: [1985], only: 'dst' },
  { as: 'Zephyr', ports: [[2103, 2104]] },
  { as: 'VAT', ports: [3456], only: 'dst' },
  { as: 'LSP ping', ports: [3503] },
  { as: 'BFD', ports: [3784, 3785, 4784, 6784], only: 'dst' },
  { as: 'LISP', ports: [4342] },
  { as: 'ESP', ports: [4500] },
  { as: 'whiteboard', ports: [4567], only: 'dst' },
  { as: 'VXLAN', ports: [4789] },
  { as: 'VXLAN-GPE', ports: [4790] },
  { as: 'SIP', ports: [5060] },
  { as: 'AHCP', ports: [5359] },
  { as: 'Geneve', ports: [6081] },
  { as: 'sFlow', ports: [6343] },
  { as: 'MPLS', ports: [6635] },
  { as: 'Babel', ports: [6696, 6697] },
  { as: 'Rx', ports: [[7000, 7009]] },
  { as: 'HNCP', ports: [8231] },
  { as: 'OTV', ports: [8472] },
  { as: 'LWAPP', ports: [12222, 12223] },
  { as: 'ZEP', ports: [17754] },
  { as: 'SOME/IP', ports: [30490] },
  { as: 'BCM LI', ports: [49152], only: 'src' },
]
/** atalk_port(), for more than two bytes. */
const APPLETALK: Reader = {
  as: 'AppleTalk',
  ports: [
    [200, 327],
    [768, 895],
    [16512, 16639],
  ],
}

const has = (ports: Ports, port: number): boolean =>
  ports.some((p) => (typeof p === 'number' ? p === port : p[0] <= port && port <= p[1]))
const asks = (r: Reader, sport: number, dport: number): boolean =>
  (r.only !== 'src' && has(r.ports, dport)) || (r.only !== 'dst' && has(r.ports, sport))

/** Bytes that count up, as the programs of the worlds send them and cut into segments: they say nothing in any protocol. */
const counts = (payload: Uint8Array): boolean =>
  payload.every((b, i) => b === ((payload[0]! + i) & 255))
const isText = (b: number): boolean => (b >= 0x20 && b < 0x7f) || b === 9 || b === 10 || b === 13
const leftOut = (as: string): string => `that tcpdump reads as ${as}; its words are left out here`

/** What tcpdump has behind the length of a segment; '' for most ports. Where that depends on the bytes, a bracket of ours says so. */
export function tcpWords(sport: number, dport: number, payload: Uint8Array): string {
  if (payload.length === 0) return ''
  const r = TCP.find((x) => asks(x, sport, dport) && (x.as !== 'LDP' || payload.length > 9))
  if (r === undefined) return ''
  return r.words !== undefined && counts(payload) && !(r.text === true && isText(payload[0]!))
    ? r.words
    : ` [${leftOut(r.as)}]`
}

/** A datagram's words behind its addresses: its length, or, where tcpdump reads on, a bracket of ours that says as what. `length` is that of the payload. */
export function udpWords(sport: number, dport: number, length: number): string {
  const r = [...(length > 2 ? [APPLETALK] : []), ...UDP].find((x) => asks(x, sport, dport))
  return r === undefined ? `UDP, length ${length}` : `[${length} bytes ${leftOut(r.as)}]`
}
