import { agreed, type Case } from './small.ts'

/* Rules that ask sets, and for the way back: n1 forwards p1's packet, or does not. */

const SETS: Readonly<Record<string, readonly string[]>> = {
  'hash:net': ['10.44.0.0/16', '10.44.2.0/24, nomatch: true', '10.44.2.6'],
  'hash:ip,port': ['"10.44.2.5,tcp:8080"'],
  'hash:net,port': ['"10.44.0.0/16,tcp:8080"'],
  'hash:ip,port,ip': ['"10.44.2.5,tcp:8080,10.44.1.5"'],
  'bitmap:port': ['"8080"'],
}
const OPEN =
  'securityGroups: [{ id: sg-open, ingress: [{ proto: all, peer: 0.0.0.0/0 }], egress: [{ proto: all, peer: 0.0.0.0/0 }] }]'
const add = (table: string, row: string): string =>
  `{ op: add, in: n1, table: ${table}, row: { ${row} } }`
const file = (rule: string, type = ''): string => {
  const sets =
    type === ''
      ? []
      : [
          add(
            'ipsets',
            `name: s, type: "${type}"${type === 'bitmap:port' ? ', range: 0-65535' : ''}`,
          ),
          ...SETS[type]!.map((entry) => add('ipsetEntries', `set: s, entry: ${entry}`)),
        ]
  const edits = [...sets, add('netfilter', `table: mangle, ${rule}, target: { type: DROP }`)]
  return `{ packet-walk: 1, network: flannel-host-gw, bridge: cni0, podCidr: 10.44.0.0/16, ${OPEN}, nodes: [${[1, 2].map((i) => `{ name: n${i}, podCidr: 10.44.${i}.0/24, sourceDestCheck: false }`).join(', ')}], pods: [{ name: p1, node: n1, ip: 10.44.1.5 }, { name: p2, node: n2, ip: 10.44.2.5, listen: [tcp/8080, udp/53] }], edits: [${edits.join(', ')}] }`
}
const set = (
  type: string,
  flags: string,
  { ends = 'delivered', not = '', to = '10.44.2.5:8080' } = {},
): Case => ({
  what: `${not === '' ? '' : '! '}${type} ${flags} of ${to}`,
  file: file(`chain: FORWARD, iif: cni0, sets: [{ name: s, flags: "${flags}"${not} }]`, type),
  ask: { from: 'p1', to },
  ends,
})
const DROPPED = { ends: 'netfilter in n1' } as const
const NOT = ', not: true'
const back = (options: string, ends: string, chain = 'PREROUTING, iif: cni0'): Case => ({
  what: `rpfilter ${options} in ${chain}`,
  file: file(`chain: ${chain}, rpfilter: { ${options} }`),
  ask: { from: 'p1', to: '10.44.2.5' },
  ends,
})

agreed([
  set('hash:net', 'src', DROPPED),
  set('hash:net', 'dst'),
  set('hash:net', 'dst', { ...DROPPED, not: NOT }),
  set('hash:ip,port', 'dst,dst', DROPPED),
  set('hash:ip,port', 'dst'),
  set('hash:ip,port', 'dst', { ...DROPPED, not: NOT }),
  set('hash:ip,port', 'dst,dst', { to: '10.44.2.5' }),
  set('hash:net,port', 'dst,dst', DROPPED),
  set('hash:ip,port,ip', 'dst,dst,src', DROPPED),
  set('bitmap:port', 'dst', DROPPED),
  back('validmark: true, invert: true', 'delivered'),
  back('', 'netfilter in n1'),
  back('acceptLocal: true', 'netfilter in n1', 'PREROUTING, iif: eth0'),
])
