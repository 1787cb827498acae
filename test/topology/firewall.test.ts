import { describe, expect, it } from 'vitest'
import type { NfChain, NfRule } from '#lib/topology/rows.ts'
import { emptyNetns, fromSpaces } from '#lib/topology/topology.ts'
import { validate } from '#lib/topology/validate.ts'
import { parseIptables } from '#lib/topology/iptables.ts'

function found(netfilter: readonly NfRule[], chains: readonly NfChain[] = []): string[] {
  return validate(fromSpaces([{ ...emptyNetns('n', 'n', 'node'), netfilter, chains }]))
    .filter((f) => f.table === 'chains' || f.table === 'netfilter')
    .map((f) => f.message)
}
const saved = (text: string): string[] => {
  const { netfilter, chains } = parseIptables(text)
  return found(netfilter, chains)
}

describe('what iptables 1.8.9 refuses is refused', () => {
  it.each<[string, string, RegExp]>([
    [
      'DNAT in POSTROUTING',
      '*nat\n-A POSTROUTING -j DNAT --to-destination 10.0.0.1',
      /^DNAT would be reached from POSTROUTING: .*Invalid argument.*; DNAT works in PREROUTING, OUTPUT$/,
    ],
    ['DNAT in INPUT', '*nat\n-A INPUT -j DNAT --to-destination 10.0.0.1', /reached from INPUT/],
    [
      'DNAT in filter',
      '*filter\n-A INPUT -j DNAT --to-destination 10.0.0.1',
      /^table filter takes no DNAT: .*; DNAT belongs in table nat$/,
    ],
    [
      'SNAT in PREROUTING',
      '*nat\n-A PREROUTING -j SNAT --to-source 10.0.0.1',
      /SNAT works in INPUT, POSTROUTING$/,
    ],
    ['MASQUERADE in INPUT', '*nat\n-A INPUT -j MASQUERADE', /MASQUERADE works in POSTROUTING$/],
    [
      'MASQUERADE in a chain that OUTPUT reaches, two deep',
      '*nat\n:A - [0:0]\n:B - [0:0]\n-A OUTPUT -j A\n-A A -j B\n-A B -j MASQUERADE',
      /MASQUERADE would be reached from OUTPUT/,
    ],
    [
      'the same, where another hook may',
      '*nat\n:A - [0:0]\n-A POSTROUTING -j A\n-A OUTPUT -j A\n-A A -j MASQUERADE',
      /MASQUERADE would be reached from OUTPUT/,
    ],
    [
      'REDIRECT in POSTROUTING',
      '*nat\n-A POSTROUTING -j REDIRECT',
      /^REDIRECT would be reached from POSTROUTING: .*; REDIRECT works in PREROUTING, OUTPUT$/,
    ],
    [
      'NETMAP in mangle',
      '*mangle\n-A PREROUTING -d 10.0.0.0/24 -j NETMAP --to 10.1.0.0/24',
      /^table mangle takes no NETMAP: .*; NETMAP belongs in table nat$/,
    ],
    ['NOTRACK in filter', '*filter\n-A FORWARD -j NOTRACK', /NOTRACK belongs in table raw$/],
    ['CT in mangle', '*mangle\n-A FORWARD -j CT --notrack', /CT belongs in table raw$/],
    [
      'TCPMSS without a protocol',
      '*mangle\n-A FORWARD -j TCPMSS --set-mss 1360',
      /^TCPMSS without tcp: .*; write proto: tcp and tcpFlags: SYN,RST SYN$/,
    ],
    [
      'a clamp before the route is known',
      '*mangle\n-A PREROUTING -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
      /^TCPMSS would be reached from PREROUTING: .*; TCPMSS works in FORWARD, OUTPUT, POSTROUTING$/,
    ],
    [
      'flags of what is no TCP',
      '*filter\n-A INPUT -p udp --tcp-flags SYN SYN -j ACCEPT',
      /^tcpFlags without tcp: only tcp has such/,
    ],
    [
      'a type of what is no ICMP',
      '*filter\n-A INPUT --icmp-type 8 -j ACCEPT',
      /^icmpType without icmp: only icmp has such/,
    ],
    [
      'ports of both ends by multiport',
      '*filter\n-A INPUT -p tcp -m multiport --sports 1,2 -m multiport --dports 3 -j ACCEPT',
      /^sports, dports and ports are of one multiport/,
    ],
    [
      'REDIRECT to a port of ICMP',
      '*nat\n-A OUTPUT -p icmp -j REDIRECT --to-ports 8',
      /target\.port/,
    ],
    [
      '--limit-iface-out in INPUT',
      '*filter\n-A INPUT -m addrtype --src-type LOCAL --limit-iface-out -j ACCEPT',
      /is not known yet/,
    ],
    [
      'a limit of a second addrtype without a type',
      '*filter\n-A FORWARD -m addrtype --src-type LOCAL -m addrtype --limit-iface-in -j ACCEPT',
      /you must specify --src-type or --dst-type/,
    ],
    [
      'both limits',
      '*filter\n-A FORWARD -m addrtype --src-type LOCAL --limit-iface-in --limit-iface-out -j ACCEPT',
      /cannot be used together/,
    ],
    [
      'a set that is not there',
      '*filter\n-A INPUT -m set --match-set nobody src -j DROP',
      /Set nobody doesn't exist/,
    ],
    [
      'rpfilter in filter',
      '*filter\n-A INPUT -m rpfilter --invert -j DROP',
      /table filter has no rpfilter/,
    ],
    [
      'rpfilter where OUTPUT leads',
      '*raw\n:foo - [0:0]\n-A foo -m rpfilter --invert -j DROP\n-A OUTPUT -j foo',
      /OUTPUT leads here/,
    ],
    [
      'mac where OUTPUT leads',
      '*filter\n:foo - [0:0]\n-A foo -m mac --mac-source 0a:00:00:00:00:01 -j DROP\n-A OUTPUT -j foo',
      /OUTPUT leads here, where a packet has no sender/,
    ],
    [
      'a port out of OUTPUT',
      '*filter\n-A OUTPUT -m physdev --physdev-out v1 -j DROP',
      /leaves by is not known yet/,
    ],
    [
      'recent --set with --seconds',
      '*filter\n-A INPUT -m recent --set --seconds 5 -j DROP',
      /recent set asks for no time/,
    ],
    [
      'recent --reap without --seconds',
      '*filter\n-A INPUT -m recent --rcheck --reap -j DROP',
      /option "--reap" also requires/,
    ],
    ['-g to no chain', '*filter\n-A INPUT -g NOBODY', /^table filter has no chain NOBODY/],
    ['REJECT in mangle', '*mangle\n-A FORWARD -j REJECT', /REJECT belongs in table filter$/],
    [
      'a hook that the table lacks',
      '*raw\n-A FORWARD -j ACCEPT',
      /^table raw has no chain FORWARD; it has PREROUTING, OUTPUT$/,
    ],
    ['-i in OUTPUT', '*filter\n-A OUTPUT -i eth0 -j ACCEPT', /Can't use -i with OUTPUT/],
    ['-o in INPUT', '*filter\n-A INPUT -o eth0 -j ACCEPT', /Can't use -o with INPUT/],
    [
      '--limit-iface-in in OUTPUT',
      '*nat\n-A OUTPUT -m addrtype --dst-type LOCAL --limit-iface-in -j ACCEPT',
      /came in on no device/,
    ],
    [
      'DROP in nat',
      '*nat\n-A PREROUTING -j DROP',
      /use of DROP is therefore inhibited; drop in table filter/,
    ],
    ['policy DROP in nat', '*nat\n:PREROUTING DROP [0:0]', /use of DROP/],
    ['a jump to a hook', '*filter\n-A INPUT -j OUTPUT', /^nothing can jump to OUTPUT/],
    [
      'a jump to nothing',
      '*filter\n-A INPUT -j NOPE',
      /^table filter has no chain NOPE; add it to chains$/,
    ],
    [
      'ports without a protocol',
      '*filter\n-A INPUT -m tcp --dport 80 -j ACCEPT',
      /^dport without tcp or udp/,
    ],
    [
      'ports of ICMP',
      '*filter\n-A INPUT -p icmp -m multiport --dports 80 -j ACCEPT',
      /^dports without/,
    ],
    [
      'a reset of anything',
      '*filter\n-A INPUT -j REJECT --reject-with tcp-reset',
      /^tcp-reset answers TCP only/,
    ],
    [
      'a port behind DNAT without a protocol',
      '*nat\n-A PREROUTING -j DNAT --to-destination 10.0.0.1:80',
      /^target\.port without/,
    ],
    [
      'not anybody',
      '*filter\n-A INPUT ! -s 0.0.0.0/0 -j ACCEPT',
      /^not src of every address matches nothing: .*Invalid argument/,
    ],
    ['not to anybody', '*nat\n-A OUTPUT ! -d 0.0.0.0/0 -j ACCEPT', /^not dst of every address/],
    [
      'a chain twice',
      '*filter\n:A - [0:0]\n:A - [0:0]',
      /^table filter has the chain A already \(row 0\)/,
    ],
    ['a policy of a user chain', '*filter\n:A DROP [0:0]', /Bad built-in chain name/],
    [
      'a loop',
      '*filter\n:L - [0:0]\n-A L -j L\n-A OUTPUT -j L',
      /^L → L is a loop: .*Too many links.*Too many levels of symbolic links/,
    ],
    [
      'a loop of three',
      '*filter\n:A - [0:0]\n:B - [0:0]\n:C - [0:0]\n-A INPUT -j A\n-A A -j B\n-A B -j C\n-A C -j A',
      /^A → B → C → A is a loop/,
    ],
  ])('%s', (_, text, line) => {
    expect(saved(text)).toHaveLength(1)
    expect(saved(text)[0]).toMatch(line)
  })
  it.each<[string, string]>([
    ['SNAT in INPUT', '*nat\n-A INPUT -j SNAT --to-source 10.0.0.1'],
    [
      'DNAT in a chain that nothing reaches',
      '*nat\n:A - [0:0]\n-A A -j DNAT --to-destination 10.0.0.1',
    ],
    [
      'MARK and CONNMARK in raw',
      '*raw\n-A PREROUTING -j MARK --set-mark 1\n-A OUTPUT -j CONNMARK --set-mark 1',
    ],
    [
      '-i in a chain that OUTPUT reaches',
      '*filter\n:A - [0:0]\n-A OUTPUT -j A\n-A A -i eth0 -j ACCEPT',
    ],
    [
      'a chain jumped to from two places',
      '*filter\n:A - [0:0]\n-A INPUT -j A\n-A FORWARD -j A\n-A A -j ACCEPT',
    ],
    ['a loop that nothing reaches', '*filter\n:L - [0:0]\n-A L -j L'],
    ['ctstate in raw', '*raw\n-A PREROUTING -m conntrack --ctstate NEW -j ACCEPT'],
  ])('%s is taken, as by iptables', (_, text) => expect(saved(text)).toEqual([]))
  it('not names a match that is there', () =>
    expect(
      found([{ table: 'filter', chain: 'INPUT', not: ['src'], target: { type: 'ACCEPT' } }]),
    ).toEqual(['not says src, which the rule does not have; write src, or take it out of not']))
})

describe('chains of jumps', () => {
  const row = (n: number, each = 1): string =>
    `*filter\n${Array.from({ length: n }, (_, i) => `:C${i + 1} - [0:0]`).join('\n')}\n-A INPUT -j C1\n${Array.from({ length: n - 1 }, (_, i) => Array.from({ length: each }, () => `-A C${i + 1} -j C${i + 2}`).join('\n')).join('\n')}`
  it('15 in a row are taken, the 16th is not', () => {
    expect(saved(row(15))).toEqual([])
    expect(saved(row(16))).toEqual([
      'C16 is jump 16 in a row from a built-in chain; the kernel takes 15: iptables says “Too many links”; jump less deep',
    ])
  })
  it('2^15 ways cost no more than 30 jumps, and 5,000 chains two by two end', () => {
    const few = parseIptables(row(15, 2))
    const many = parseIptables(row(5000, 2))
    // Followed way by way, neither would end in the time a test has.
    expect(found(few.netfilter, few.chains)).toEqual([])
    expect(found(many.netfilter, many.chains)).toHaveLength(1)
  })
})
