/** A line of the forwarding path made wrong, as one might write it. */
export interface Mutant {
  readonly id: string
  readonly file: string
  /** Stands once in the file. */
  readonly was: string
  readonly becomes: string
}

/** `file` is below lib/. */
const mutant = (id: string, file: string, was: string, becomes: string): Mutant => ({
  id,
  file: `lib/${file}`,
  was,
  becomes,
})

/** The first seven were once changed without a test that noticed. */
export const MUTANTS: readonly Mutant[] = [
  mutant(
    'icmp-error-from-the-way-back',
    'ip/icmp.ts',
    "const src: Address = ours ? ip.dst : (back.src ?? '0.0.0.0')",
    "const src: Address = back.src ?? '0.0.0.0'",
  ),
  mutant(
    'arp-answered-by-its-own-device-only',
    'ip/arp.ts',
    "if (r?.type === 'local') return asked(",
    "if (r?.type === 'local' && dev.addrs.some((x) => addressOf(x) === a.tpa)) return asked(",
  ),
  mutant(
    'reset-leaves-the-connection',
    'nf/conntrack.ts',
    "const state = next === 'GONE' ? 'CLOSE' : next",
    "const state = next === 'GONE' || (tcp !== undefined && tcp.flags & RST) ? ct.state : next",
  ),
  {
    id: 'deleted-bridge-keeps-its-fdb',
    file: 'lib/topology/consequences.ts',
    was: 'fdb: (f) => f.dev !== gone.name && f.master !== gone.name, sysctls',
    becomes: 'fdb: (f) => f.dev !== gone.name, sysctls',
  },
  mutant(
    'path-mtu-from-anybody',
    'programs/errors.ts',
    '  if (!mine && about === null && !isSaidByListener(here, quoted)) return null\n',
    '  if (!mine && about === null && ipOf(quoted) === undefined) return null\n',
  ),
  mutant(
    'bridge-port-takes-any-length',
    'link/bridge.ts',
    'const lost = overMtu(target, s)',
    'const lost = null as ReturnType<typeof overMtu>',
  ),
  mutant('fragments-kept-once-put-together', 'nf/defrag.ts', '  l.holding.delete(id)\n', ''),

  // Routing and the way through.
  mutant('ttl-stays', 'ip/forward.ts', 'const left = before - 1', 'const left = before'),
  mutant(
    'ttl-ends-at-zero',
    'ip/forward.ts',
    'if (ttl > 1) return true',
    'if (ttl > 0) return true',
  ),
  mutant(
    'too-big-by-one',
    'ip/forward.ts',
    'if (size <= mtu || !ipOf(s.packet)!.df) return true',
    'if (size < mtu || !ipOf(s.packet)!.df) return true',
  ),
  mutant(
    'route-mtu-not-looked-at',
    'ip/forward.ts',
    'const mtu = way.mtu ?? device(at.l, dev)?.dev.mtu ?? 1500',
    'const mtu = device(at.l, dev)?.dev.mtu ?? 1500',
  ),
  mutant(
    'martian-sources-let-in',
    'ip/source-check.ts',
    '(isLoopback(src) && fromOutside(at))',
    'false',
  ),
  mutant(
    'loose-is-strict',
    'ip/source-check.ts',
    '(by === dev.name || (mode === 2 && dev.addrs.length > 0))',
    'by === dev.name',
  ),
  mutant(
    'own-source-let-in',
    'ip/source-check.ts',
    "if (back.type === 'local' && !accepts)",
    "if (back.type === 'local' && accepts)",
  ),
  mutant(
    'reverse-path-by-mark',
    'ip/source-check.ts',
    ': { src: dst, iif: out, mark: 0, l4 }',
    ': { src: dst, iif: out, mark: s.mark, l4 }',
  ),
  mutant(
    'rp-filter-of-the-device-only',
    'lookup/sysctl.ts',
    'return Math.max(sysctl(n, NAMES[name].all, 0), sysctl(n, ownName(dev, name), 0))',
    'return sysctl(n, ownName(dev, name), 0)',
  ),
  mutant(
    'shortest-prefix',
    'lookup/prefix.ts',
    'found.toSorted(([a], [b]) => b - a)',
    'found.toSorted(([a], [b]) => a - b)',
  ),
  mutant('metric-not-looked-at', 'lookup/route.ts', '(a.metric ?? 0) - (b.metric ?? 0)', '0'),
  mutant(
    'route-of-a-dead-link',
    'lookup/route.ts',
    'return d !== undefined && d.up ? d : null',
    'return d ?? null',
  ),
  mutant(
    'rules-in-the-order-written',
    'lookup/rule.ts',
    'a.rule.priority - b.rule.priority || a.row - b.row',
    'a.row - b.row',
  ),
  mutant(
    'fwmark-without-its-mask',
    'lookup/rule.ts',
    '(mark & r.markMask) === r.mark',
    '(r.markMask === 0 || mark === r.mark)',
  ),
  mutant(
    'reroute-not-asked-for-a-mark',
    'ip/path.ts',
    'const stays = ipOf(s.packet)!.dst === dst && s.mark === mark',
    'const stays = ipOf(s.packet)!.dst === dst',
  ),

  // Neighbours.
  mutant('arp-asks-once', 'link/neigh.ts', 'const PROBES = 3', 'const PROBES = 1'),
  mutant(
    'nobody-told-of-a-dead-neighbour',
    'link/neigh.ts',
    '    at.run.ports.error(at, s, HOST_UNREACHABLE)\n',
    '',
  ),
  mutant(
    'stale-stays-stale',
    'link/neigh.ts',
    "state === 'STALE' ? [learn(at, { ip, lladdr, state: 'DELAY' })] : NO_WRITES",
    'NO_WRITES',
  ),
  mutant(
    'who-asks-is-not-learned',
    'ip/arp.ts',
    ": [learn(at, { ip: a.spa, lladdr: a.sha, state: 'STALE' })]",
    ': NO_WRITES',
  ),

  // Bridges, veths and tunnels.
  mutant(
    'bridge-back-to-where-it-came-from',
    'link/bridge.ts',
    'if (dev.name === from?.name && dev.hairpin !== true) continue',
    'if (from === undefined) continue',
  ),
  mutant(
    'bridge-does-not-learn',
    'link/bridge.ts',
    'if (isGroup(mac) || lookup(at, mac)?.port === port) return NO_WRITES',
    'if (mac !== null) return NO_WRITES',
  ),
  mutant(
    'bridge-netfilter-when-switched-off',
    'link/bridge.ts',
    "&& sysctl(l.n, 'net.bridge.bridge-nf-call-iptables', 1) === 1",
    '',
  ),
  mutant('bridge-asks-prerouting-twice', 'link/bridge.ts', '    s.sabotaged = true\n', ''),
  mutant(
    'veth-keeps-the-mark',
    'link/veth.ts',
    '      arrived.came = s.came\n',
    '      arrived.came = s.came\n      arrived.mark = s.mark\n',
  ),
  mutant('frame-without-vlan-slack', 'link/transmit.ts', 'const SLACK = 4', 'const SLACK = 0'),
  mutant('vxlan-sets-df', 'link/vxlan.ts', '      df: false,\n', '      df: true,\n'),
  mutant(
    'vxlan-copies-the-whole-tos',
    'link/vxlan.ts',
    'tos: outerTos(0, inner?.tos ?? 0)',
    'tos: inner?.tos ?? 0',
  ),
  mutant('tunnel-copies-congestion', 'link/outer.ts', 'ecn === CE ? ECT_0 : ecn', 'ecn'),
  mutant(
    'tunnel-tells-who-may-be-cut',
    'link/ip-tunnel.ts',
    'const tooBig = inner.df && size > mtu',
    'const tooBig = size > mtu',
  ),
  mutant(
    'tunnel-forgets-errors',
    'link/ip-tunnel.ts',
    'count: recent ? known.count + 1 : 1',
    'count: 0',
  ),
  mutant(
    'tunnel-hears-of-its-own-ttl',
    'link/ip-tunnel.ts',
    'code !== 0 || d.ttl === undefined',
    'code !== 0',
  ),
  mutant(
    'tunnel-without-a-ttl-of-its-own',
    'link/ip-tunnel.ts',
    'dev.ttl ?? inner?.ttl',
    'inner?.ttl',
  ),
  mutant(
    'tunnel-for-the-first',
    'link/ip-tunnel.ts',
    'fit && named > most',
    'fit && best === undefined',
  ),
  mutant('gre-takes-any-key', 'link/gre.ts', ' && d.key === header.key', ''),
  mutant('geneve-takes-any-remote', 'link/geneve.ts', 'x.remote === src && ', ''),
  mutant('vxlan-takes-any-vni', 'link/vxlan.ts', 'devs.find((x) => x.vni === vx?.vni)', 'devs[0]'),
  mutant(
    'flanneld-leaves-ttl',
    'link/tun.ts',
    'const inner = rewriteIp(s.packet, { ttl: ip.ttl - 1 })',
    'const inner = s.packet',
  ),
  mutant(
    'vxlan-without-its-default-row',
    'lookup/fdb.ts',
    '(macs?.get(mac) ?? macs?.get(ZERO_MAC))?.[0] ?? -1',
    'macs?.get(mac)?.[0] ?? -1',
  ),

  // Connections and translation.
  mutant(
    'related-to-the-quote-as-it-stands',
    'nf/conntrack.ts',
    'lookup(here.l, q.proto, invert(q.tuple))',
    'lookup(here.l, q.proto, q.tuple)',
  ),
  mutant(
    'answer-of-a-new-connection-is-new',
    'nf/conntrack.ts',
    "s.ctState = dir === 'reply' || ct.replied ? 'established' : 'new'",
    "s.ctState = ct.replied ? 'established' : 'new'",
  ),
  mutant(
    'error-not-translated',
    'nf/translate.ts',
    "if (s.ctState === 'related') return translateError(s, ct, end)",
    "if (s.ctState === 'related') return false",
  ),
  mutant(
    'invalid-makes-a-connection',
    'nf/conntrack.ts',
    "if (state === 'invalid' || state === 'GONE' || (q.proto === 'icmp' && icmp?.type !== ECHO_REQUEST))",
    "if (q.proto === 'icmp' && icmp?.type !== ECHO_REQUEST)",
  ),
  mutant(
    'masquerade-by-the-first-address',
    'nf/nat.ts',
    'const nexthop =\n    run.asks.route(l.n, dst, { src, mark: s.mark, l4: l4Of(l.n, s.packet) }).via ?? dst',
    "const nexthop = '0.0.0.0'",
  ),
  mutant(
    'output-translates-sources',
    'nf/nat.ts',
    "  const end = hook === 'PREROUTING' || hook === 'OUTPUT' ? 'dst' : 'src'\n  const ct = s.ct\n",
    "  const end = hook === 'PREROUTING' ? 'dst' : 'src'\n  const ct = s.ct\n",
  ),
  mutant(
    'two-connections-with-one-answer',
    'nf/nat.ts',
    'ct.taken = lookup(l, ct.proto, reply) !== undefined',
    'ct.taken = false',
  ),

  // ICMP and sockets.
  mutant(
    'error-about-an-error',
    'ip/icmp.ts',
    "return !(icmp?.kind === 'icmp' && isIcmpError(icmp))",
    'return icmp !== null',
  ),
  mutant('error-about-a-later-fragment', 'ip/icmp.ts', 'ip.offset > 0 || ', ''),
  mutant('error-longer-than-576', 'wire/quote.ts', 'MOST_QUOTED = 576', 'MOST_QUOTED = 1500'),
  mutant('errors-without-limit', 'ip/icmp.ts', 'const BURST = 6', 'const BURST = 600'),
  mutant(
    'reset-answered-by-a-reset',
    'ip/reset.ts',
    'if (ip === undefined || tcp === undefined || tcp.flags & RST) return',
    'if (ip === undefined || tcp === undefined) return',
  ),
  mutant(
    'echo-reply-with-the-ttl-it-came-with',
    'ip/protocol.ts',
    'src: ip.dst, dst: ip.src, ttl: defaultTtl(l.n)',
    'src: ip.dst, dst: ip.src, ttl: ip.ttl',
  ),
  mutant(
    'any-address-before-ones-own',
    'lookup/socket.ts',
    '    if (addr === dst) return row\n',
    '',
  ),
  mutant(
    'tcp-larger-than-the-peer-takes',
    'programs/tcp.ts',
    'if (mss !== undefined) c.t.clamp = mss.value',
    'if (mss !== undefined) c.t.clamp = 65_495',
  ),
  mutant(
    'tcp-gives-up-when-too-big',
    'programs/tcp-output.ts',
    '  if (now >= t.pmtu) return\n',
    '  if (now > 0) return\n',
  ),
  mutant(
    'tcp-never-sees-the-window-open',
    'programs/tcp-output.ts',
    't.cwnd += t.sent.filter((x) => x.end <= una && !x.sacked).length',
    't.cwnd += 0',
  ),

  // The VPC.
  mutant(
    'source-checked-against-the-primary-address',
    'vpc/filters.ts',
    'const passes = owns(eni, asked) || !enabled',
    "const passes = (stage === 'src-check' ? eni.ips[0] === asked : owns(eni, asked)) || !enabled",
  ),
  mutant(
    'destination-not-checked',
    'vpc/filters.ts',
    'const passes = owns(eni, asked) || !enabled',
    "const passes = stage === 'dst-check' || owns(eni, asked) || !enabled",
  ),
  mutant(
    'network-acl-within-a-subnet',
    'vpc/ingress.ts',
    'if (from.subnet !== eni.subnet && !acl(',
    'if (!acl(',
  ),
  mutant('group-forgets-its-flows', 'vpc/filters.ts', 'if (known >= 0) {', 'if (known > 1e9) {'),
  mutant(
    'any-address-leaves-by-the-gateway',
    'vpc/gateway.ts',
    'const publicIp = eni.ips[0] === ip.src ? eni.publicIp : undefined',
    'const publicIp = eni.publicIp',
  ),
  mutant(
    'arp-of-another-subnet-answered',
    'vpc/arp.ts',
    'owner !== undefined && owner.id !== eni.id && owner.subnet === eni.subnet',
    'owner !== undefined && owner.id !== eni.id',
  ),
  mutant(
    'acl-in-the-order-written',
    'lookup/acl.ts',
    'rows[a]!.number - rows[b]!.number || a - b',
    'a - b',
  ),

  // Bytes.
  mutant(
    'fragments-not-of-eight',
    'wire/fragment.ts',
    'const chunk = (mtu - header) & ~7',
    'const chunk = mtu - header',
  ),
  mutant(
    'carry-folded-once',
    'wire/checksum.ts',
    'while (n > 0xffff) n = (n & 0xffff) + Math.floor(n / 0x10000)',
    'if (n > 0xffff) n = (n & 0xffff) + Math.floor(n / 0x10000)',
  ),
  mutant(
    'udp-checksum-zero-sent',
    'wire/codec.ts',
    'overPseudo(outer, b, at, end) || 0xffff)',
    'overPseudo(outer, b, at, end))',
  ),
]
