import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { KINDS as DEVS } from '#lib/topology/devs/rows.ts'
import { describe, expect, it } from 'vitest'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { problemText } from '#lib/topology/problem.ts'
import { fieldsOf } from '#lib/topology/fields.ts'
import { parseCluster } from '#lib/worlds/all.ts'
import { WORLD_IDS } from '#lib/worlds/index.ts'

/* What the tools of the field know and this program does not is refused by its own name. */

/** The lines that a file is refused with; none if it is taken. */
function refused(text: string): readonly string[] {
  try {
    parseCluster(text)
    return []
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    return error.problems.map(problemText)
  }
}

const file = (more: string, network = 'flannel-host-gw'): string =>
  `{ packet-walk: 1, network: ${network}, nodes: [{ name: n1 }, { name: n2 }], pods: [{ name: p1, node: n1 }]${more === '' ? '' : `, ${more}`} }`
const row = (table: string, fields: string, where = 'n1'): string =>
  file(`edits: [{ op: add, in: ${where}, table: ${table}, row: { ${fields} } }]`)
const rule = (fields: string, target = 'type: ACCEPT'): string =>
  row(
    'netfilter',
    `table: filter, chain: FORWARD, ${fields === '' ? '' : `${fields}, `}target: { ${target} }`,
  )
const AT = 'edits[0].row'
const TARGETS =
  'a target is ACCEPT, DROP, RETURN, JUMP, GOTO, MASQUERADE, SNAT, DNAT, REDIRECT, NETMAP, MARK, CONNMARK, NOTRACK, CT, TCPMSS, LOG, NFLOG or REJECT'
const NEGATABLE =
  'src, dst, proto, sport, dport, sports, dports, ports, tcpFlags, icmpType, iif, oif, srcRange, dstRange, mark, connmark, ctstate, srcType, dstType, recent, mac or pkttype'
const OURS = Object.keys(DEVS)
const KINDS = `a device is of kind ${OURS.slice(0, -1).join(', ')} or ${OURS.at(-1)}`
const known = (table: Parameters<typeof fieldsOf>[0]): string =>
  `known here: ${fieldsOf(table).join(', ')}`
const LINK = 'mac: "02:00:00:00:00:01", mtu: 1480, up: true, addrs: []'

/** As people ask for it, and the first line that they are told. */
const SAID: readonly (readonly [what: string, text: string, line: string])[] = [
  [
    'a transparent proxy',
    row('netfilter', 'table: mangle, chain: PREROUTING, proto: tcp, target: { type: TPROXY }'),
    `${AT}.target.type: target TPROXY is not modelled; ${TARGETS}`,
  ],
  [
    'a helper of conntrack',
    row(
      'netfilter',
      'table: raw, chain: PREROUTING, target: { type: CT, notrack: true, helper: ftp }',
    ),
    `${AT}.target.helper: --helper is not modelled; `,
  ],
  [
    'a set',
    rule('set: { name: blocked, side: dst }'),
    // Of so many only the first are named.
    `${AT}.set: matches of -m set are not modelled; `,
  ],
  [
    'WireGuard',
    row('devs', `kind: wireguard, name: wg0, ${LINK}`),
    `${AT}.kind: device type wireguard is not modelled; ${KINDS}`,
  ],
  [
    'a MACVLAN of an interface',
    row('devs', `kind: macvlan, name: eth1.1, link: eth1, mode: bridge, ${LINK}`),
    `${AT}.kind: device type macvlan is not modelled; ${KINDS}`,
  ],
  [
    'a peered VPC',
    row('gateways', 'id: pcx-1, kind: peering, mtu: 8500', 'vpc'),
    `${AT}.kind: a gateway of kind peering is not modelled; write igw`,
  ],
  [
    'IPv6',
    '{ packet-walk: 1, network: flannel-vxlan, podCidr: "fd00:44::/56", nodes: [{ name: n1, ip: "2001:db8::10" }] }',
    'podCidr: IPv6 (fd00:44::/56) is not modelled; write an address and a length, such as 10.1.0.0/16',
  ],
  [
    'a network of another maker',
    file('', 'calico'),
    `network: network calico is not modelled; write ${WORLD_IDS.slice(0, -1).join(', ')} or ${WORLD_IDS.at(-1)}`,
  ],
  [
    'WireGuard',
    row('devs', `kind: wireguard, name: wg0, ${LINK}`),
    `${AT}.kind: device type wireguard is not modelled; ${KINDS}`,
  ],
  [
    'a second network of Docker’s',
    '{ packet-walk: 1, network: docker-bridge, nodes: [{ name: n1 }], networks: [{ name: back }] }',
    'networks: key networks is not modelled; ',
  ],
  [
    'Docker’s bip',
    '{ packet-walk: 1, network: docker-bridge, nodes: [{ name: n1 }], bip: 10.5.0.1/24 }',
    'bip: key bip is not modelled; ',
  ],
  [
    'internalTrafficPolicy',
    file('services: [{ name: s, port: 80, internalTrafficPolicy: Local }]'),
    'services[0].internalTrafficPolicy: field of a Service, internalTrafficPolicy is not modelled; ',
  ],
  [
    'ip rule goto',
    row('rules', 'priority: 5, table: main, goto: 32766'),
    `${AT}.goto: rule selector goto is not modelled; ${known('rules')}`,
  ],
  [
    'ip rule suppress_ifgroup',
    row('rules', 'priority: 5, table: main, suppressIfgroup: 0'),
    `${AT}.suppressIfgroup: rule selector suppress_ifgroup is not modelled; ${known('rules')}`,
  ],
  [
    'a local route',
    row('routes', 'table: main, dst: 10.9.0.0/16, type: local'),
    `${AT}.type: route type local is not modelled; write unicast, blackhole, unreachable, prohibit or throw`,
  ],
  [
    'a route of several ways',
    row('routes', 'table: main, dst: 10.9.0.0/16, nexthops: [{ via: 10.1.1.2 }]'),
    `${AT}.nexthops: route attribute nexthops is not modelled; ${known('routes')}`,
  ],
  [
    '! --probability',
    rule('statistic: { probability: 0.5 }, not: [probability]'),
    `${AT}.not[0]: “! --probability” is not modelled; write ${NEGATABLE}`,
  ],
  [
    'an option of a match',
    rule('proto: tcp, tcpOption: 2'),
    `${AT}.tcpOption: matches by --tcp-option (-m tcp) are not modelled; `,
  ],
  [
    'an option of a target',
    row('netfilter', 'table: nat, chain: POSTROUTING, target: { type: MASQUERADE, toPorts: 1024 }'),
    `${AT}.target.toPorts: --to-ports is not modelled; `,
  ],
  [
    'a range of addresses',
    row(
      'netfilter',
      'table: nat, chain: POSTROUTING, target: { type: SNAT, to: 10.0.0.1-10.0.0.9 }',
    ),
    `${AT}.target.to: a range of addresses (10.0.0.1-10.0.0.9) is not modelled; `,
  ],
  [
    'another reject',
    rule('', 'type: REJECT, with: icmp-net-unreachable'),
    `${AT}.target.with: --reject-with icmp-net-unreachable is not modelled; `,
  ],
  [
    'an address type',
    rule('dstType: BROADCAST'),
    `${AT}.dstType: address type BROADCAST is not modelled; write LOCAL`,
  ],
  [
    'the table security',
    row('netfilter', 'table: security, chain: INPUT, target: { type: ACCEPT }'),
    `${AT}.table: table security is not modelled; write raw, mangle, nat or filter`,
  ],
  [
    'SCTP',
    rule('proto: sctp'),
    `${AT}.proto: protocol sctp is not modelled; write tcp, udp, icmp, ipencap or gre`,
  ],
  ['-f', rule('fragment: true'), `${AT}.fragment: -f is not modelled; `],
  [
    'a neighbour without ARP',
    row('neigh', 'ip: 10.0.0.1, dev: eth0, lladdr: "02:00:00:00:00:01", state: NOARP'),
    `${AT}.state: neighbour state NOARP is not modelled; `,
  ],
  [
    'the timeout of a connection',
    row(
      'conntrack',
      'proto: udp, original: { src: 1.1.1.1, dst: 1.1.1.2, sport: 1, dport: 2 }, reply: { src: 1.1.1.2, dst: 1.1.1.1, sport: 2, dport: 1 }, mark: 0, replied: false, timeout: 30',
    ),
    `${AT}.timeout: field of a connection, timeout is not modelled; `,
  ],
  [
    'a set route attribute',
    file(
      'edits: [{ op: set, in: n1, table: routes, where: { dst: 0.0.0.0/0 }, to: { advmss: 1300 } }]',
    ),
    'edits[0].to.advmss: route attribute advmss is not modelled; ',
  ],
  [
    'a listener for SCTP',
    '{ packet-walk: 1, network: docker-bridge, nodes: [{ name: n1 }], pods: [{ name: p, node: n1, listen: [sctp/9] }] }',
    'pods[0].listen[0]: protocol sctp is not modelled; write protocol and port, such as tcp/8080',
  ],
  [
    'in a topology file',
    '{ "packet-walk-topology": 1, "spaces": [{ "kind": "netns", "name": "n", "node": "n", "role": "node", "devs": [{ "kind": "macvlan", "name": "m0" }] }] }',
    `spaces[0].devs[0].kind: device type macvlan is not modelled; ${KINDS}`,
  ],
]

describe('what is not modelled is refused by its name', () => {
  it.each(SAID)('%s', (_, text, line) => {
    const [first = ''] = refused(text)
    expect(line.endsWith('; ') ? first.slice(0, line.length) : first).toBe(line)
    expect(first).not.toMatch(/; *$|undefined|expected/i)
  })
  it.each<readonly [string, string]>([
    ['a key that nobody has', row('routes', 'table: main, dst: 10.9.0.0/16, dev: eth0, wey: 1')],
    ['a target that nobody has', rule('', 'type: LOGG')],
    ['a kind that nobody has', row('devs', `kind: ipipp, name: x, ${LINK}`)],
    ['a state in lower case', rule('ctstate: [new]')],
  ])('%s is a slip, and said as one', (_, text) => {
    expect(refused(text)[0]).not.toContain('not modelled')
  })
})

const words = (text: string): readonly string[] => text.split(' ')
/** What the tools of this machine print of themselves; null where they are not installed. */
const help = (...args: readonly string[]): string | null => {
  const r = spawnSync('ip', args, { encoding: 'utf8' })
  return r.error === undefined ? `${r.stdout}${r.stderr}` : null
}
const between = (text: string, from: RegExp, to: RegExp): string => {
  const at = text.search(from)
  const rest = text.slice(at)
  return rest.slice(0, rest.slice(1).search(to) + 1)
}

it('a word of a rule that is misspelt is none, and nothing that is not modelled', () => {
  const remedy = `write ${NEGATABLE}`
  for (const x of ['scr', 'foo', 'Src'])
    expect(refused(rule(`src: 10.0.0.0/8, not: [${x}]`))[0]).toBe(
      `${AT}.not[0]: "${x}" is not known here; ${remedy}`,
    )
  for (const x of ['probability', 'length', 'TTL'])
    expect(refused(rule(`not: [${x}]`))[0]).toBe(
      `${AT}.not[0]: “! --${x.toLowerCase()}” is not modelled; ${remedy}`,
    )
})

describe('every word of the tools of this machine is ours, or named', () => {
  const folder = [
    '/usr/lib/x86_64-linux-gnu/xtables',
    '/usr/lib/aarch64-linux-gnu/xtables',
    '/usr/lib/xtables',
  ].find((d) => existsSync(d))
  const extensions =
    folder === undefined
      ? []
      : readdirSync(folder).flatMap((f) => /^lib(?:xt|ipt)_(\w+)\.so$/.exec(f)?.[1] ?? [])
  it.skipIf(extensions.length === 0)('matches and targets of iptables', () => {
    const said = (x: string): string =>
      refused(x === x.toUpperCase() ? rule('', `type: ${x}`) : rule(`${x}: 1`))[0] ?? ''
    // Ours; and what only nft's own iptables, or another spelling, stands for.
    const ours = new Set([
      'MARK',
      'CONNMARK',
      'DNAT',
      'SNAT',
      'MASQUERADE',
      'REJECT',
      'NAT',
      'REDIRECT',
      'NETMAP',
      'CT',
      'NOTRACK',
      'TCPMSS',
      'LOG',
      'NFLOG',
      'mark',
      'connmark',
      'comment',
      'statistic',
      'rpfilter',
      'recent',
      'limit',
      'mac',
      'physdev',
      'pkttype',
      'standard',
      'mangle',
    ])
    expect(extensions.filter((x) => !ours.has(x) && !said(x).includes('not modelled'))).toEqual([])
  })
  const links = help('link', 'help')
  it.skipIf(links === null || !links.includes('TYPE :='))('device types of ip link', () => {
    const types = between(links!, /TYPE := \{/, /\}/)
      .replace('TYPE := {', '')
      .split(/[\s|]+/)
      .filter((x) => /^\w+$/.test(x))
    expect(types.length).toBeGreaterThan(30)
    expect(
      types.filter(
        (x) =>
          !OURS.includes(x) &&
          refused(row('devs', `kind: ${x}, name: x, ${LINK}`))[0]?.includes('not modelled') !==
            true,
      ),
    ).toEqual([])
  })
  const routes = help('route', 'help')
  it.skipIf(routes === null)('attributes and types of ip route', () => {
    const attributes = [
      ...between(routes!, /OPTIONS := FLAGS/, /TYPE :=/).matchAll(/\[ ([a-z_]+) /g),
    ]
      .map((m) => m[1]!)
      .filter((x) => !['mtu', 'src', 'to'].includes(x))
    expect(attributes.length).toBeGreaterThan(15)
    expect(
      attributes.filter(
        (x) =>
          !refused(row('routes', `table: main, dst: 10.9.0.0/16, dev: eth0, ${x}: 1`))[0]!.includes(
            'not modelled',
          ),
      ),
    ).toEqual([])
    const types = between(routes!, /TYPE := \{ unicast/, /\}/)
      .match(/\b[a-z]+\b/g)!
      .filter((x) => !['unicast', 'unreachable', 'prohibit', 'blackhole', 'throw'].includes(x))
    expect(
      types.filter(
        (x) =>
          !refused(row('routes', `table: main, dst: 10.9.0.0/16, type: ${x}`))[0]!.includes(
            'not modelled',
          ),
      ),
    ).toEqual([])
  })
  const OF_RULES = words(
    'not from to fwmark iif oif pref table ipproto sport dport suppress_prefixlength',
  )
  const rules = help('rule', 'help')
  it.skipIf(rules === null)('selectors and actions of ip rule', () => {
    const all = [...between(rules!, /SELECTOR := /, /TABLE_ID :=/).matchAll(/\[ ([a-z_0-9]+)\b/g)]
      .map((m) => m[1]!)
      .filter((x) => !OF_RULES.includes(x))
    expect(all.length).toBeGreaterThan(4)
    expect(
      all.filter(
        (x) =>
          !refused(row('rules', `priority: 5, table: main, ${x}: 1`))[0]!.includes('not modelled'),
      ),
    ).toEqual([])
  })
})
