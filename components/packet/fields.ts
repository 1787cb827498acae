import type { Header } from '#lib/index.ts'

/** The fields of a header a reader looks for first. */
export function fields(h: Header): readonly (readonly [string, string])[] {
  switch (h.kind) {
    case 'ethernet':
      return [
        ['src', h.src],
        ['dst', h.dst],
      ]
    case 'arp':
      return [
        ['op', h.op],
        ['sender', `${h.spa} ${h.sha}`],
        ['target', h.tpa],
      ]
    case 'ipv4':
      return [
        ['src', h.src],
        ['dst', h.dst],
        ['ttl', String(h.ttl)],
        ['flags', h.df ? 'DF' : h.mf ? 'MF' : '–'],
        ...(h.offset > 0 ? [['offset', String(h.offset)] as const] : []),
      ]
    case 'udp':
      return [['ports', `${h.sport} → ${h.dport}`]]
    case 'tcp':
      return [
        ['ports', `${h.sport} → ${h.dport}`],
        [
          'flags',
          ['FIN', 'SYN', 'RST', 'PSH', 'ACK'].filter((_, i) => h.flags & (1 << i)).join(' '),
        ],
      ]
    case 'icmp':
      return [['type', `${h.type}/${h.code}`]]
    case 'vxlan':
    case 'geneve':
      return [['vni', String(h.vni)]]
    case 'gre':
      return h.key === undefined ? [] : [['key', String(h.key)]]
    case 'vlan':
      return [['vid', String(h.vid)]]
  }
}

export const NAMES: Readonly<Record<Header['kind'], string>> = {
  ethernet: 'Ethernet',
  arp: 'ARP',
  ipv4: 'IPv4',
  udp: 'UDP',
  tcp: 'TCP',
  icmp: 'ICMP',
  vxlan: 'VXLAN',
  gre: 'GRE',
  geneve: 'Geneve',
  vlan: '802.1Q',
}
