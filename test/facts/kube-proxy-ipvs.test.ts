import { describe, expect, it } from 'vitest'
import { applyAll } from '#lib/topology/apply.ts'
import { ruleText } from '#lib/topology/tables/netfilter/row.ts'
import { TOOLS } from '#lib/topology/tools.ts'
import { netns, type Netns } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { parseCluster } from '#lib/worlds/all.ts'
import { resolveFlow, type FlowQuestion } from '#lib/worlds/cluster/resolve.ts'
import { framesOf, ips, told } from './see.ts'

/* kube-proxy in IPVS mode as it was measured (facts/worlds.md, 7): what it writes, and who is seen where. test/verify/ipvs.test.ts asks a kernel. */

const services = (n = 1): string =>
  Array.from(
    { length: n },
    (_, i) =>
      `{ name: s${i}, ip: 10.96.0.${10 + i}, port: 80, targetPort: 8080, pods: [ep${(i % 2) + 1}]${i === 0 ? ', nodePort: 30080' : ''} }`,
  ).join(', ')
const file = (list = services(2), proxy = ''): string =>
  `{ packet-walk: 1, network: flannel-host-gw, podCidr: 10.1.0.0/16, kube-proxy: { mode: ipvs${proxy} },
    securityGroups: [{ id: sg-open, ingress: [{ proto: all, peer: 0.0.0.0/0 }], egress: [{ proto: all, peer: 0.0.0.0/0 }] }],
    nodes: [{ name: node1, ip: 192.168.0.100, podCidr: 10.1.15.0/24, sourceDestCheck: false }, { name: node2, ip: 192.168.0.200, podCidr: 10.1.20.0/24, sourceDestCheck: false }],
    pods: [{ name: c, node: node1, ip: 10.1.15.9 }, { name: ep2, node: node1, ip: 10.1.15.2 }, { name: ep1, node: node2, ip: 10.1.20.3 }],
    services: [${list}] }`
const node = (text = file()): Netns => netns(parseCluster(text).topology, 'node1')!
const printed = (table: 'ipsets' | 'ipvsServices', n = node()): string[] =>
  TOOLS[table].print(n).lines.map((l) => l.text)
const rules = (n: Netns, chain: RegExp): string[] =>
  n.netfilter.filter((r) => r.table === 'nat' && chain.test(r.chain)).map(ruleText)

describe('7.1: the state', () => {
  it('every Service has its address on kube-ipvs0, which is down', () =>
    expect(node().devs.find((d) => d.name === 'kube-ipvs0')).toMatchObject({
      kind: 'dummy',
      up: false,
      addrs: ['10.96.0.10/32', '10.96.0.11/32'],
    }))
  it('ipvsadm -Sn', () =>
    expect(printed('ipvsServices')).toEqual([
      '-A -t 10.96.0.10:80 -s rr',
      '-a -t 10.96.0.10:80 -r 10.1.20.3:8080 -m -w 1',
      '-A -t 10.96.0.11:80 -s rr',
      '-a -t 10.96.0.11:80 -r 10.1.15.2:8080 -m -w 1',
      '-A -t 192.168.0.100:30080 -s rr',
      '-a -t 192.168.0.100:30080 -r 10.1.20.3:8080 -m -w 1',
    ]))
  it('ipset save: only endpoints of this node may meet themselves', () =>
    expect(printed('ipsets').filter((l) => l.startsWith('add'))).toEqual([
      'add KUBE-LOOP-BACK 10.1.15.2,tcp:8080,10.1.15.2',
      'add KUBE-CLUSTER-IP 10.96.0.10,tcp:80',
      'add KUBE-CLUSTER-IP 10.96.0.11,tcp:80',
      'add KUBE-IPVS-IPS 10.96.0.10',
      'add KUBE-IPVS-IPS 10.96.0.11',
      'add KUBE-NODE-PORT-TCP 30080',
    ]))
  it('nat', () =>
    expect(rules(node(), /^KUBE/)).toEqual([
      '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
      '-A KUBE-NODE-PORT -p tcp -m comment --comment "Kubernetes nodeport TCP port for masquerade purpose" -m set --match-set KUBE-NODE-PORT-TCP dst -j KUBE-MARK-MASQ',
      '-A KUBE-POSTROUTING -m comment --comment "Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose" -m set --match-set KUBE-LOOP-BACK dst,dst,src -j MASQUERADE',
      '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
      '-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
      '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
      '-A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN',
      '-A KUBE-SERVICES ! -s 10.1.0.0/16 -m comment --comment "Kubernetes service cluster ip + port for masquerade purpose" -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ',
      '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT',
      '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT',
    ]))
  it('the number of rules does not grow with the Services', () =>
    expect(rules(node(file(services(50))), /./).length).toBe(rules(node(), /./).length))
  it('strictARP', () => {
    const arp = (n: Netns): string[] =>
      n.sysctls.flatMap((x) => (x.key.includes('.arp_') ? [`${x.key}=${x.value}`] : []))
    expect(arp(node())).toEqual([])
    expect(arp(node(file(undefined, ', strictARP: true')))).toEqual([
      'net.ipv4.conf.all.arp_ignore=1',
      'net.ipv4.conf.all.arp_announce=2',
    ])
  })
  it('externalTrafficPolicy Local: a set of its own, and the endpoints of this node', () => {
    const local = (pods: string) =>
      node(
        file(
          `{ name: s, ip: 10.96.0.10, port: 80, targetPort: 8080, nodePort: 30090, externalTrafficPolicy: Local, pods: [${pods}] }`,
        ),
      )
    expect(rules(local('ep1, ep2'), /NODE-PORT/)[0]).toBe(
      '-A KUBE-NODE-PORT -p tcp -m comment --comment "Kubernetes nodeport TCP port with externalTrafficPolicy=local" -m set --match-set KUBE-NODE-PORT-LOCAL-TCP dst -j RETURN',
    )
    const at = (n: Netns) => n.ipvsServers.flatMap((s) => (s.ip === '192.168.0.100' ? [s.to] : []))
    expect(at(local('ep1, ep2'))).toEqual(['10.1.15.2'])
    expect(at(local('ep1'))).toEqual(['10.1.20.3'])
  })
  it('a node without --cluster-cidr masquerades what it sends itself', () =>
    expect(
      rules(
        node(
          '{ packet-walk: 1, network: vpc-cni, kube-proxy: { mode: ipvs }, nodes: [{ name: node1 }], pods: [{ name: c, node: node1 }], services: [{ name: s, port: 80, pods: [c] }] }',
        ),
        /KUBE-SERVICES/,
      )[1],
    ).toMatch(/^-A KUBE-SERVICES -m comment .* KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ$/))
})

const go = (ask: FlowQuestion, text = file()) => {
  const { topology } = parseCluster(text)
  return walk(topology, resolveFlow(topology, ask), { warm: true })
}
const seen = (w: ReturnType<typeof go>, pod: string): string => {
  const f = framesOf(w, 'SYN').find((x) => x.in === pod && x.dir === 'in')
  return f === undefined ? 'nobody' : `${ips(f)[0]!.src} ttl ${ips(f)[0]!.ttl}`
}

describe('7.2: the path', () => {
  const w = go({ from: 'c', to: '10.96.0.10:80' })
  const row = (label: string): string[] =>
    framesOf(w, label).flatMap((f) => {
      const [ip] = ips(f)
      return ip === undefined ? [] : [`${f.in}/${f.dev} ${f.dir} ${ip.src}>${ip.dst} ${ip.ttl}`]
    })
  it('rows 1 to 4: the SYN', () => {
    expect(row('SYN')[0]).toBe('c/eth0 out 10.1.15.9>10.96.0.10 64')
    expect(row('SYN')).toContain('node1/eth0 out 10.1.15.9>10.1.20.3 63')
    expect(row('SYN').at(-1)).toBe('ep1/eth0 in 10.1.15.9>10.1.20.3 62')
  })
  it('rows 5 to 7: its answer', () => {
    expect(row('SYN-ACK')[0]).toBe('ep1/eth0 out 10.1.20.3>10.1.15.9 64')
    expect(row('SYN-ACK')).toContain('node1/eth0 in 10.1.20.3>10.1.15.9 63')
    expect(row('SYN-ACK').at(-1)).toBe('c/eth0 in 10.96.0.10>10.1.15.9 62')
  })
  it('conntrack has it as DNAT would write it', () =>
    expect(netns(w.after, 'node1')!.conntrack[0]).toMatchObject({
      original: { src: '10.1.15.9', dst: '10.96.0.10', dport: 80 },
      reply: { src: '10.1.20.3', dst: '10.1.15.9', sport: 8080 },
    }))
  it('FORWARD sees the answer only', () => {
    const hooks = (label: string) =>
      w.steps
        .filter((s) => s.in === 'node1' && s.message === framesOf(w, label)[0]!.message)
        .map((s) => s.stage)
    expect(hooks('SYN')).toEqual(expect.arrayContaining(['input', 'postrouting']))
    expect(hooks('SYN')).not.toContain('forward')
    expect(hooks('SYN-ACK')).toContain('forward')
  })
})

describe('7.2: whom the endpoint sees', () => {
  it.each([
    ['c', '10.96.0.11:80', 'ep2', '10.1.15.9 ttl 63'],
    ['ep2', '10.96.0.11:80', 'ep2', '192.168.0.100|10.1.15.1 ttl 63'],
    ['node1', '10.96.0.10:80', 'ep1', '192.168.0.100 ttl 62'],
    ['node2', '192.168.0.100:30080', 'ep1', '192.168.0.100 ttl 62'],
  ] as const)('%s to %s: %s sees %s', (from, to, pod, who) => {
    const [sources = '', ttl = ''] = who.split(' ttl ')
    const [src, got] = seen(go({ from, to }), pod).split(' ttl ')
    expect(sources.split('|')).toContain(src)
    expect(got).toBe(ttl)
  })
  it('ping: a reply with TTL 64 from the client’s own node', () =>
    expect(told(go({ from: 'c', to: '10.96.0.10' }))).toBe('reply, TTL 64'))
  it('KUBE-IPVS-FILTER alone rejects what is for a Service too', () => {
    const { topology } = parseCluster(file())
    const t = applyAll(topology, [
      {
        op: 'add',
        in: 'node1',
        table: 'netfilter',
        row: {
          table: 'filter',
          chain: 'INPUT',
          ctstate: ['NEW'],
          sets: [{ name: 'KUBE-IPVS-IPS', flags: 'dst' }],
          target: { type: 'REJECT', with: 'icmp-port-unreachable' },
        },
      },
    ])
    const w = walk(t, resolveFlow(t, { from: 'c', to: '10.96.0.10:80' }), { warm: true })
    expect(told(w)).toBe('ICMP 3/3 from 10.96.0.10')
  })
  it('rr: they take turns', () => {
    const both = file('{ name: s, ip: 10.96.0.10, port: 80, targetPort: 8080, pods: [ep1, ep2] }')
    const turns = [0, 1, 2, 3].map((draw) => {
      const w = go({ from: 'c', to: '10.96.0.10:80', draw }, both)
      return framesOf(w, 'SYN').at(-1)!.in
    })
    expect(turns).toEqual(['ep1', 'ep2', 'ep1', 'ep2'])
  })
})

describe('what cannot be meant', () => {
  const said = (more: string): string => {
    try {
      parseCluster(
        `{ packet-walk: 1, ${more}, nodes: [{ name: n }], pods: [{ name: p, node: n }] }`,
      )
      return ''
    } catch (error) {
      return (error as Error).message
    }
  }
  it.each([
    [
      'network: lan, kube-proxy: { strictARP: true }, services: [{ name: s, port: 80 }]',
      'kube-proxy.strictARP: strictARP is of IPVS mode',
    ],
    [
      'network: docker-bridge, kube-proxy: { mode: ipvs }',
      'kube-proxy: docker-bridge has no kube-proxy; leave it out, or choose another network',
    ],
    [
      'network: lan, kube-proxy: { mode: nftables }, services: [{ name: s, port: 80 }]',
      'kube-proxy.mode: mode nftables of kube-proxy is not modelled; write iptables or ipvs',
    ],
  ])('%s', (more, why) => expect(said(more)).toContain(why))
  it('an edit takes a Service’s last server, and nobody is behind it', () => {
    const { topology } = parseCluster(file())
    const t = applyAll(topology, [
      { op: 'del', in: 'node1', table: 'ipvsServers', where: { ip: '10.96.0.10' } },
    ])
    const w = walk(t, resolveFlow(t, { from: 'c', to: '10.96.0.10:80' }), { warm: true })
    expect(told(w)).toBe('ICMP 3/3 from 10.96.0.10')
  })
})
