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
    '-A INPUT -j LOG --log-prefix "Input-dropped: "',
    '-A INPUT -j LOG --log-prefix x --log-level 7',
    '-A INPUT -j NFLOG --nflog-prefix "a b" --nflog-group 1',
    '-A INPUT -j NFLOG',
    '-A PREROUTING -p udp -m udp --dport 53 -j NOTRACK',
    '-A PREROUTING -p udp -m udp --dport 53 -j CT --notrack',
    '-A FORWARD -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
    '-A FORWARD -o eth0 -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1360',
    '-A PREROUTING -p tcp -m tcp --dport 80:90 -j REDIRECT --to-ports 8080',
    '-A OUTPUT -j REDIRECT',
    '-A PREROUTING -d 10.5.0.0/24 -j NETMAP --to 10.6.0.0/24',
    '-A INPUT -p tcp -m multiport --ports 80,90:100 -j ACCEPT',
    '-A INPUT -p tcp -m multiport ! --sports 80,90:100 -j ACCEPT',
    '-A INPUT -m conntrack ! --ctstate NEW,DNAT -j ACCEPT',
    '-A INPUT -m conntrack --ctstate INVALID,NEW,RELATED,ESTABLISHED,UNTRACKED,SNAT,DNAT -j ACCEPT',
    '-A INPUT -m state --state NEW,UNTRACKED -j ACCEPT',
    '-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j ACCEPT',
    '-A INPUT -p tcp -m tcp --sport 1:5 --dport 81:65535 ! --tcp-flags FIN,SYN,RST,PSH,ACK,URG FIN,PSH -j ACCEPT',
    '-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT',
    '-A INPUT -p icmp -m icmp ! --icmp-type 3/4 -j ACCEPT',
    '-A INPUT -g uu',
    '-A INPUT -m iprange --src-range 1.2.3.4-1.2.3.9 ! --dst-range 1.2.3.4-1.2.3.9 -j ACCEPT',
    '-A INPUT -m connmark ! --mark 0x1/0xff -j ACCEPT',
    '-A INPUT -m connmark --mark 0x5 -j ACCEPT',
    '-A FORWARD -m addrtype --src-type LOCAL --limit-iface-out -j ACCEPT',
    '-A cali-POSTROUTING -o tunl0 -m addrtype ! --src-type LOCAL --limit-iface-out -m addrtype --src-type LOCAL -j MASQUERADE --random-fully',
    '-A FORWARD -m addrtype --dst-type LOCAL -m comment --comment x -m addrtype ! --src-type LOCAL -m addrtype --src-type LOCAL --limit-iface-in -j ACCEPT',
    '-A cali-nat-outgoing -m set --match-set cali40masq-ipam-pools src -m set ! --match-set cali40all-ipam-pools dst -j MASQUERADE --random-fully',
    '-A cali-pi-x -p tcp -m set --match-set cali40s:web src -m multiport --dports 8080 -m set ! --match-set b dst,dst -j MARK --set-xmark 0x10000/0x10000',
    '-A cali-INPUT -p ipencap -m comment --comment "a b" -m set --match-set cali40all-hosts-net src -m addrtype --dst-type LOCAL -j ACCEPT',
    '-A cali-PREROUTING -m rpfilter --validmark --invert -j DROP',
    '-A PREROUTING -m rpfilter --loose --validmark --accept-local -j ACCEPT',
    '-A PREROUTING -m rpfilter -j ACCEPT',
    '-A KUBE-SVC-AFF -m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-AFF1 --mask 255.255.255.255 --rsource -j KUBE-SEP-AFF1',
    '-A KUBE-SEP-AFF1 -p tcp -m comment --comment "a b" -m recent --set --name KUBE-SEP-AFF1 --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 1.2.3.4:80',
    '-A INPUT -m recent ! --rcheck --name DEFAULT --mask 255.255.255.255 --rdest -j DROP',
    '-A INPUT -m limit --limit 90/min --limit-burst 7 -j ACCEPT',
    '-A INPUT -m limit --limit 3/hour -j LOG --log-prefix "refused: "',
    '-A INPUT -m pkttype ! --pkt-type broadcast -m mac --mac-source 0a:bb:cc:00:01:0f -j ACCEPT',
    '-A FORWARD -m physdev --physdev-is-in --physdev-in v+ --physdev-is-out ! --physdev-out v2 --physdev-is-bridged -j ACCEPT',
    '-A FORWARD -m physdev ! --physdev-is-bridged -j ACCEPT',
    '-A INPUT -m recent --remove --name q --mask 255.255.255.255 --rsource -j DROP',
  ])('%s', (line) => expect(ruleText(parseRule('nat', line))).toBe(line))

  it('as typed: marks and probabilities become what the kernel keeps', () => {
    expect(ruleText(parseRule('nat', '-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000'))).toBe(
      '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
    )
    expect(
      ruleText(parseRule('nat', '-A S -m statistic --mode random --probability 0.3333333333 -j E')),
    ).toBe('-A S -m statistic --mode random --probability 0.33333333349 -j E')
  })
  it('as typed: ports, states and flags become what the kernel keeps', () => {
    for (const [typed, kept] of [
      ['-p tcp --dport 80:80', '-p tcp -m tcp --dport 80'],
      ['-p 4', '-p ipencap'],
      ['-p udp --dport 80:', '-p udp -m udp --dport 80:65535'],
      ['-p udp -m udp --dport 0:65535', '-p udp -m udp'],
      ['-m limit', '-m limit --limit 3/hour'],
      ['-m limit --limit 60/minute --limit-burst 5', '-m limit --limit 1/sec'],
      ['-m limit --limit-burst 9 --limit 7', '-m limit --limit 7/sec --limit-burst 9'],
      ['-m limit --limit 5000/hour', '-m limit --limit 5000/hour'],
      ['-m pkttype --pkt-type mcast', '-m pkttype --pkt-type multicast'],
      ['-m mac ! --mac-source A:bb:cc:0:1:f', '-m mac ! --mac-source 0a:bb:cc:00:01:0f'],
      ['-m conntrack --ctstate DNAT,NEW', '-m conntrack --ctstate NEW,DNAT'],
      [
        '-p tcp --tcp-flags ALL PSH,FIN',
        '-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG FIN,PSH',
      ],
    ] as const)
      expect(ruleText(parseRule('filter', `-A A ${typed} -j ACCEPT`))).toBe(
        `-A A ${kept} -j ACCEPT`,
      )
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
  ['-A A -m length --length 5 -j DROP', /line 2: -m length is not understood/],
  ['-A A -m limit --limit 10001/s -j DROP', /line 2: --limit 10001\/s is not understood/],
  ['-A A -m limit ! --limit 1/s -j DROP', /line 2: --limit cannot be inverted/],
  ['-A A -m limit --limit-burst 10001 -j DROP', /line 2: --limit-burst 10001 is not from 1/],
  ['-A A -m pkttype --pkt-type any -j DROP', /line 2: --pkt-type any is not understood/],
  ['-A A -m mac --mac-source x -j DROP', /line 2: --mac-source x is not understood/],
  ['-A A -m statistic --mode nth --every 2 -j DROP', /line 2: of statistic only --mode random/],
  [
    '-A A -m statistic --mode random --probability 1.5 -j DROP',
    /line 2: --probability 1\.5 is not from 0 to 1/,
  ],
  [
    `-A A -p tcp -m multiport --dports ${Array.from({ length: 14 }, (_, i) => i).join(',')},80:90 -j DROP`,
    /line 2: multiport takes up to 15 ports, a range counts as two/,
  ],
  ['-A A -p tcp --dport 90:80 -j DROP', /line 2: 90:80 is no port and no range of ports/],
  ['-A A -p tcp --tcp-flags SYN,FOO SYN -j DROP', /line 2: --tcp-flags SYN,FOO SYN is not/],
  ['-A A -p icmp --icmp-type ping -j DROP', /line 2: --icmp-type ping is not understood/],
  ['-A A -p tcp -j TPROXY --on-port 1', /line 2: target TPROXY is not understood/],
  ['-A A -j CT --zone 1', /line 2: --zone of CT is not understood/],
  ['-A A -j TCPMSS', /line 2: TCPMSS needs --set-mss or --clamp-mss-to-pmtu/],
  ['-A A -p tcp -j REDIRECT --to-ports 80-90', /line 2: 80-90 is not one port/],
])('refuses %s', (line, message) =>
  expect(() => parseIptables(`*filter\n${line}`)).toThrow(message),
)
