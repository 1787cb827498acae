import { describe, expect, it } from 'vitest'
import { parseIptables, parseRule } from '#lib/topology/iptables.ts'
import { ruleText } from '#lib/topology/tables/netfilter/row.ts'

describe('a line of iptables-save comes out as it went in', () => {
  it.each([
    '-A KUBE-SERVICES -d 10.96.0.50/32 -p tcp -m comment --comment "default/backend:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-POOGYJBNEVT3HFAO',
    '-A KUBE-SVC-POOGYJBNEVT3HFAO ! -s 10.1.0.0/16 -d 10.96.0.50/32 -p tcp -m comment --comment "default/backend:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
    '-A KUBE-SVC-POOGYJBNEVT3HFAO -m comment --comment "default/backend:http -> 10.1.15.9:8080" -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-GF3LIQAY6QGQHZXZ',
    '-A KUBE-SEP-VUZ2AOCYSOPOQGDQ -p tcp -m comment --comment "default/backend:http" -m tcp -j DNAT --to-destination 10.1.20.3:8080',
    '-A KUBE-SEP-VUZ2AOCYSOPOQGDQ -p udp -m udp -j DNAT --to-destination 10.1.20.3:53',
    '-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "default/backend:http has no endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30080 -j REJECT --reject-with icmp-port-unreachable',
    '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT',
    '-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP',
    '-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
    '-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
    '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
    String.raw`-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \"cbr0\" id: \"a\\b\"" -m multiport --dports 8443,8081 -j CNI-DN-2379aa42d57b0f276b56e`,
  ])('%s', (line) => expect(ruleText(parseRule('nat', line))).toBe(line))

  it('as typed: marks and probabilities become what the kernel keeps', () => {
    expect(ruleText(parseRule('nat', '-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000'))).toBe(
      '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
    )
    expect(
      ruleText(parseRule('nat', '-A S -m statistic --mode random --probability 0.3333333333 -j E')),
    ).toBe('-A S -m statistic --mode random --probability 0.33333333349 -j E')
  })
  it('the usual order of matches needs no word in the row', () => {
    expect(
      parseRule('filter', '-A A -p tcp -m tcp --dport 80 -m comment --comment x -j DROP'),
    ).not.toHaveProperty('matches')
    expect(
      parseRule('filter', '-A A -p tcp -m comment --comment x -m tcp --dport 80 -j DROP').matches,
    ).toEqual(['comment', 'tcp'])
  })
  it('a match that an edit brings or takes is printed or not, whatever order was read', () => {
    const r = parseRule('filter', '-A A -p tcp -m comment --comment x -m tcp --dport 80 -j DROP')
    expect(ruleText({ ...r, ctstate: ['NEW'] })).toBe(
      '-A A -p tcp -m comment --comment x -m tcp --dport 80 -m conntrack --ctstate NEW -j DROP',
    )
    const { comment: _gone, ...rest } = r
    expect(ruleText(rest)).toBe('-A A -p tcp -m tcp --dport 80 -j DROP')
  })
})

it.each([
  ['-A A -m recent --set -j DROP', /line 2: -m recent is not understood/],
  ['-A A -m statistic --mode nth --every 2 -j DROP', /line 2: of statistic only --mode random/],
  [
    '-A A -m statistic --mode random --probability 1.5 -j DROP',
    /line 2: --probability 1\.5 is not from 0 to 1/,
  ],
  ...[
    '--dports 80:90',
    '! --dports 80',
    `--dports ${Array.from({ length: 16 }, (_, i) => i).join(',')}`,
  ].map((x): [string, RegExp] => [
    `-A A -p tcp -m multiport ${x} -j DROP`,
    /line 2: of multiport only --dports with up to 15 ports/,
  ]),
])('refuses %s', (line, message) =>
  expect(() => parseIptables(`*filter\n${line}`)).toThrow(message),
)
