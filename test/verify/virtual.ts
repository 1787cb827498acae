import { sysctl } from './small.ts'

/*
 * IPVS by the rows that kube-proxy's IPVS mode writes: two nodes on a switch, c and e1 on the first, e2 on the second. Its ipsets are rules by address
 * here, and its dummy device is lo.
 */

const SERVICES = {
  '10.96.0.10:80': ['10.1.2.2'],
  '10.96.0.11:80': ['10.1.1.3', '10.1.2.2'],
  '10.96.0.12:80': [],
  '192.168.0.10:30080': ['10.1.2.2'],
} as const

const virtual = (conntrack: number): string => {
  const add = (table: string, row: string): string =>
    `{ op: add, in: n1, table: ${table}, row: { ${row} } }`
  const named = (at: string): string => {
    const [ip, port] = at.split(':')
    return `proto: tcp, ip: ${ip}, port: ${port}`
  }
  const rule = (row: string): string => add('netfilter', `table: nat, ${row}`)
  const masquerades = 'target: { type: JUMP, chain: KUBE-MARK-MASQ }'
  return [
    sysctl('n1', 'net.ipv4.vs.conntrack', conntrack),
    '{ op: set, in: n1, table: devs, where: { name: lo }, to: { addrs: [127.0.0.1/8, 10.96.0.10/32, 10.96.0.11/32, 10.96.0.12/32] } }',
    ...Object.keys(SERVICES).map((at) => add('ipvsServices', `${named(at)}, scheduler: rr`)),
    ...Object.entries(SERVICES).flatMap(([at, to]) =>
      to.map((ip) => add('ipvsServers', `${named(at)}, to: ${ip}, toPort: 8080, weight: 1`)),
    ),
    add('chains', 'table: nat, chain: KUBE-MARK-MASQ, policy: null'),
    rule('chain: KUBE-MARK-MASQ, target: { type: MARK, op: or, value: 0x4000, mask: 0x4000 }'),
    ...['PREROUTING', 'OUTPUT'].map((chain) =>
      rule(`chain: ${chain}, src: 10.1.0.0/16, not: [src], dst: 10.96.0.0/24, ${masquerades}`),
    ),
    rule(`chain: PREROUTING, proto: tcp, dport: 30080, ${masquerades}`),
    // KUBE-LOOP-BACK: who is its own real server.
    rule('chain: POSTROUTING, src: 10.1.1.3/32, dst: 10.1.1.3/32, target: { type: MASQUERADE }'),
    rule('chain: POSTROUTING, mark: { value: 0x4000, mask: 0x4000 }, target: { type: MASQUERADE }'),
  ].join(', ')
}
/** `more`: edits behind these. */
export const virtualFile = (more = '', conntrack: number = 1): string =>
  `{ packet-walk: 1, network: lan, nodes: [{ name: n1 }, { name: n2 }], pods: [{ name: c, node: n1 }, { name: e1, node: n1 }, { name: e2, node: n2 }], edits: [${virtual(conntrack)}${more}] }`
