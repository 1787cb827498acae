import { describe, expect, it } from 'vitest'
import { apply } from '#lib/topology/apply.ts'
import { fdbText } from '#lib/topology/tables/fdb/row.ts'
import { neighText } from '#lib/topology/tables/neigh/row.ts'
import { routeText } from '#lib/topology/tables/routes/row.ts'
import { ruleRowText } from '#lib/topology/tables/rules/row.ts'
import { ruleText } from '#lib/topology/tables/netfilter/row.ts'
import { netns, vpc } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { listedWorld, WORLD_IDS } from '#lib/worlds/index.ts'
import { sha1 } from '#lib/worlds/hash/sha1.ts'

const node = (id: string, name = 'node-1') => netns(SCENARIOS[id]!.topology, name)!
const dev = (id: string, name: string, d: string) => node(id, name).devs.find((x) => x.name === d)!
const rules = (id: string, table: string, name = 'node-1'): string[] =>
  node(id, name)
    .netfilter.filter((r) => r.table === table)
    .map(ruleText)
/** Without those of kube-proxy, which come first. */
const plugin = (id: string, table: string): string[] =>
  rules(id, table).filter((r) => !r.includes('KUBE-'))
const WORLDS = WORLD_IDS
const IN_VPC = WORLDS.filter((id) => listedWorld(id).traits.between === 'vpc')

describe.each(WORLDS)('%s', (id) => {
  /** A machine of Google's has a /32, and its network's MTU. */
  const bits =
    ({ encapsulations: 25, 'gke-native': 32 } as Readonly<Record<string, number>>)[id] ?? 24
  const mtu = id === 'gke-native' ? 1460 : 1500
  // On Fargate a pod's machine is its own.
  const alone = listedWorld(id).traits.alone === true
  it.runIf(!alone)('has the nodes of the contract', () => {
    expect(dev(id, 'node-1', 'eth0')).toMatchObject({
      addrs: [`192.168.0.100/${bits}`],
      mtu,
      mac: '0a:00:00:00:00:64',
    })
    // The second subnet is what these worlds are about.
    const [ip, mac] =
      id === 'vpc-routes'
        ? ['192.168.1.200/24', '0a:00:00:00:01:c8']
        : [`192.168.0.200/${bits}`, '0a:00:00:00:00:c8']
    expect(dev(id, 'node-2', 'eth0')).toMatchObject({ addrs: [ip], mtu, mac })
  })
  it.runIf(IN_VPC.includes(id))('has the VPC of the contract', () => {
    const v = vpc(SCENARIOS[id]!.topology, 'vpc')!
    expect(v.cidrs).toEqual(['192.168.0.0/16', ...(id === 'gke-native' ? ['10.1.0.0/16'] : [])])
    expect(v.subnets[0]).toMatchObject({ cidr: '192.168.0.0/24', router: { ip: '192.168.0.1' } })
    expect(
      v.enis
        .filter((e) => e.attached.dev === 'eth0')
        .slice(0, 2)
        .map((e) => e.publicIp),
    ).toEqual(alone ? [undefined, undefined] : ['198.51.100.100', '198.51.100.200'])
    const group = alone ? 'sg-cluster' : 'sg-node'
    expect(v.sgRules.slice(0, 1)).toEqual([
      {
        group,
        direction: 'ingress',
        proto: 'all',
        peer: id === 'gke-native' ? '10.1.0.0/16' : group,
      },
    ])
    expect(v.sgRules).toContainEqual({
      group,
      direction: 'egress',
      proto: 'all',
      peer: '0.0.0.0/0',
    })
  })
  it('is put together once', () => {
    const s = SCENARIOS[id]!
    expect(s.topology).toBe(s.topology)
    for (const w of Object.values(s.whatIfs)) expect(w.edits).toBe(w.edits)
  })
  it('has a loopback everywhere, and a host outside', () => {
    for (const name of SCENARIOS[id]!.topology.source.names.filter((x) => x !== 'vpc'))
      expect(dev(id, name, 'lo')).toMatchObject({ mtu: 65536, addrs: ['127.0.0.1/8'] })
    expect(dev(id, 'internet', 'eth0').addrs).toEqual(['203.0.113.10/24'])
    expect(node(id, 'internet').sockets).toMatchObject([{ proto: 'tcp', port: 443 }])
  })
  it.each(Object.entries(SCENARIOS[id]!.flows))(
    'flow %s starts in a namespace there is',
    (_, flow) => expect(node(id, flow.from)).toBeDefined(),
  )
  it.each(Object.keys(SCENARIOS[id]!.whatIfs))('what if %s: it ends as it says', (what) => {
    const s = SCENARIOS[id]!
    const w = s.whatIfs[what]!
    const done = walk(
      w.edits.reduce(apply, s.topology),
      s.flows[w.flow ?? Object.keys(s.flows)[0]!]!,
    )
    expect(done.delivered ? 'delivered' : done.loss?.drop.reason).toBe(w.expect)
  })
  it.each(Object.keys(SCENARIOS[id]!.flows))(
    'flow %s arrives, unless it is host-gw’s between nodes, a pod’s to itself over docker0, a probe that runs out, a pod’s on the LAN to who does not know its address, to a number or an address that nobody has, between subnets that know no pods, of a connection of its node’s own that the rules lead on, or to the internet where nobody translates',
    (flow) => {
      const w = walk(SCENARIOS[id]!.topology, SCENARIOS[id]!.flows[flow]!)
      const crosses =
        id === 'flannel-host-gw' &&
        [
          'frontend-1-to-backend-2',
          'ping',
          'large',
          'large-no-df',
          'service',
          'node-port',
        ].includes(flow)
      const ends = {
        'probe-1': 'ttl-exceeded',
        'probe-2': 'daemon-ttl',
        'probe-3': 'daemon-ttl',
        'probe-4': 'ttl-exceeded',
      }[flow]
      const own: Readonly<Record<string, string>> = {
        'lan probe-2': 'ttl-exceeded',
        'lan probe-3': 'delivered',
        'encapsulations probe-2': 'ttl-exceeded',
        'encapsulations probe-3': 'ttl-exceeded',
        'encapsulations probe-4': 'delivered',
        'lan to-internet': 'no-route',
        'docker-ports internet-to-b-2': 'no-socket',
        'vpc-routes to-internet': 'vpc-no-public-address',
        'sg-per-pod to-internet': 'vpc-no-public-address',
        'sg-per-pod to-kubelet': 'own-socket',
        'sg-per-pod probe': 'own-socket',
        'calico-bgp to-other-subnet': 'vpc-no-public-address',
        'fargate to-internet': 'vpc-no-public-address',
        'gke-native free-address': 'rp-filter',
      }
      const nowhere: Readonly<Record<string, string>> = {
        'free-address': 'blackhole',
        'probe-2': 'ttl-exceeded',
      }
      const turns = id.startsWith('flannel') && flow === 'service-hairpin'
      expect(w.delivered ? 'delivered' : w.loss?.drop.reason).toBe(
        own[`${id} ${flow}`] ??
          (id.startsWith('calico') ? nowhere[flow] : undefined) ??
          ends ??
          (crosses ? 'source-dest-check' : turns ? 'bridge-no-target' : 'delivered'),
      )
    },
  )
})

describe('flannel', () => {
  it.each([
    ['flannel-udp', 1472],
    ['flannel-vxlan', 1450],
    ['flannel-host-gw', 1500],
  ] as const)('%s has pods of MTU %d at docker0', (id, mtu) => {
    expect(dev(id, 'web-app-frontend-1', 'eth0')).toMatchObject({
      mtu,
      mac: '02:42:0a:01:0f:02',
      addrs: ['10.1.15.2/24'],
      peer: { netns: 'node-1', dev: 'veth0' },
    })
    expect(dev(id, 'backend-service-2', 'eth0')).toMatchObject({
      mac: '02:42:0a:01:14:03',
      addrs: ['10.1.20.3/24'],
      peer: { netns: 'node-2', dev: 'veth1' },
    })
    expect(dev(id, 'node-1', 'docker0')).toMatchObject({
      mac: '02:42:aa:00:00:01',
      addrs: ['10.1.15.1/24'],
    })
    expect(dev(id, 'node-2', 'docker0')).toMatchObject({
      mac: '02:42:aa:00:00:02',
      addrs: ['10.1.20.1/24'],
    })
  })
  it.each([
    ['flannel-udp', '10.1.0.0/16 dev flannel0'],
    ['flannel-vxlan', '10.1.20.0/24 via 10.1.20.0 dev flannel.1 onlink'],
    ['flannel-host-gw', '10.1.20.0/24 via 192.168.0.200 dev eth0'],
  ])('%s has the routes of the facts', (id, there) =>
    expect(node(id).routes.map(routeText)).toEqual([
      'default via 192.168.0.1 dev eth0',
      there,
      '10.1.15.0/24 dev docker0 proto kernel scope link src 10.1.15.1',
      '192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.100',
    ]),
  )
  it('vxlan: one neighbour and one FDB entry per peer', () => {
    expect(dev('flannel-vxlan', 'node-1', 'flannel.1')).toMatchObject({
      mac: '5a:00:00:00:0f:00',
      addrs: ['10.1.15.0/32'],
      mtu: 1450,
      vni: 1,
      port: 8472,
      local: '192.168.0.100',
      learning: false,
      udpcsum: true,
    })
    expect(node('flannel-vxlan').neigh.map(neighText)).toEqual([
      '10.1.20.0 dev flannel.1 lladdr 5a:00:00:00:14:00 PERMANENT',
    ])
    expect(node('flannel-vxlan').fdb.map(fdbText)).toEqual([
      '5a:00:00:00:14:00 dev flannel.1 dst 192.168.0.200 self permanent',
    ])
  })
  it('udp: a TUN held by flanneld; leases in every backend', () => {
    expect(dev('flannel-udp', 'node-1', 'flannel0')).toMatchObject({
      kind: 'tun',
      addrs: ['10.1.15.0/32'],
      mtu: 1472,
    })
    expect(node('flannel-udp').daemons).toEqual([
      { name: 'flanneld', tun: 'flannel0', port: 8285, local: '192.168.0.100' },
    ])
    for (const id of ['flannel-udp', 'flannel-vxlan', 'flannel-host-gw'])
      expect(node(id).leases.map((l) => [l.subnet, l.publicIp])).toEqual([
        ['10.1.15.0/24', '192.168.0.100'],
        ['10.1.20.0/24', '192.168.0.200'],
      ])
    expect(node('flannel-vxlan').daemons).toEqual([])
  })
  it('writes the rules flanneld writes', () => {
    const c = '-m comment --comment "flanneld masq"'
    expect(plugin('flannel-vxlan', 'nat')).toEqual([
      `-A POSTROUTING ${c} -j FLANNEL-POSTRTG`,
      `-A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 ${c} -j RETURN`,
      `-A FLANNEL-POSTRTG -s 10.1.15.0/24 -d 10.1.0.0/16 ${c} -j RETURN`,
      `-A FLANNEL-POSTRTG -s 10.1.0.0/16 -d 10.1.15.0/24 ${c} -j RETURN`,
      `-A FLANNEL-POSTRTG ! -s 10.1.0.0/16 -d 10.1.15.0/24 ${c} -j RETURN`,
      `-A FLANNEL-POSTRTG -s 10.1.0.0/16 ! -d 224.0.0.0/4 ${c} -j MASQUERADE --random-fully`,
      `-A FLANNEL-POSTRTG ! -s 10.1.0.0/16 -d 10.1.0.0/16 ${c} -j MASQUERADE --random-fully`,
    ])
    const f = '-m comment --comment "flanneld forward"'
    expect(plugin('flannel-vxlan', 'filter')).toEqual([
      `-A FORWARD ${f} -j FLANNEL-FWD`,
      `-A FLANNEL-FWD -s 10.1.0.0/16 ${f} -j ACCEPT`,
      `-A FLANNEL-FWD -d 10.1.0.0/16 ${f} -j ACCEPT`,
    ])
  })
})

describe('docker-bridge', () => {
  it('has the same addresses on both hosts, and Docker 29’s rules', () => {
    for (const n of ['1', '2'])
      expect([
        dev('docker-bridge', `web-app-frontend-${n}`, 'eth0').addrs,
        dev('docker-bridge', `backend-service-${n}`, 'eth0').addrs,
      ]).toEqual([['172.17.0.2/16'], ['172.17.0.3/16']])
    expect(rules('docker-bridge', 'raw')).toEqual([
      '-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP',
      '-A PREROUTING -d 172.17.0.3/32 ! -i docker0 -j DROP',
    ])
    expect(rules('docker-bridge', 'nat')).toEqual([
      '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
      '-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER',
      '-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE',
      '-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 172.17.0.2:80',
      '-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80',
    ])
    expect(rules('docker-bridge', 'filter')).toEqual([
      '-A FORWARD -j DOCKER-USER',
      '-A FORWARD -j DOCKER-FORWARD',
      '-A DOCKER-FORWARD -j DOCKER-CT',
      '-A DOCKER-FORWARD -j DOCKER-INTERNAL',
      '-A DOCKER-FORWARD -j DOCKER-BRIDGE',
      '-A DOCKER-FORWARD -i docker0 -j ACCEPT',
      '-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      '-A DOCKER-BRIDGE -o docker0 -j DOCKER',
      '-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT',
      '-A DOCKER -d 172.17.0.3/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT',
      '-A DOCKER ! -i docker0 -o docker0 -j DROP',
    ])
    expect(node('docker-bridge').chains).toContainEqual({
      table: 'filter',
      chain: 'FORWARD',
      policy: 'DROP',
    })
  })
})

describe('vpc-cni', () => {
  it('names a veth by the SHA-1 of its pod', () => {
    expect(sha1('abc')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d')
    expect(sha1('x'.repeat(64))).toHaveLength(40)
    expect(dev('vpc-cni', 'node-1', 'eni2a1b4577390')).toMatchObject({
      mac: '2a:00:00:00:01:aa',
      peer: { netns: 'web-app-frontend-1', dev: 'eth0' },
    })
    expect(dev('vpc-cni', 'node-2', 'eni368555a5b52')).toMatchObject({
      mac: '2a:00:00:00:02:bb',
      peer: { netns: 'backend-service-2', dev: 'eth0' },
    })
  })
  it('gives a pod a /32, a gateway that is nowhere and its MAC', () => {
    const pod = node('vpc-cni', 'web-app-frontend-1')
    expect(dev('vpc-cni', pod.name, 'eth0').addrs).toEqual(['192.168.0.111/32'])
    expect(pod.routes.map(routeText)).toEqual([
      'default via 169.254.1.1 dev eth0',
      '169.254.1.1 dev eth0 scope link',
    ])
    expect(pod.neigh.map(neighText)).toEqual([
      '169.254.1.1 dev eth0 lladdr 2a:00:00:00:01:aa PERMANENT',
    ])
  })
  it('has the rules of the facts', () =>
    expect(node('vpc-cni').rules.map(ruleRowText)).toEqual([
      '0:\tfrom all lookup local',
      '512:\tfrom all to 192.168.0.111 lookup main',
      '512:\tfrom all to 192.168.0.112 lookup main',
      '512:\tfrom all to 192.168.0.101 lookup main',
      '1024:\tfrom all fwmark 0x80/0x80 lookup main',
      '1536:\tfrom 192.168.0.111 lookup 2',
      '1536:\tfrom 192.168.0.112 lookup 2',
      '32765:\tfrom 192.168.0.110 lookup 2',
      '32766:\tfrom all lookup main',
      '32767:\tfrom all lookup default',
    ]))
  it('has two routes in table 2, and no connected route of eth1', () => {
    const texts = node('vpc-cni').routes.map(routeText)
    expect(texts.filter((x) => x.includes('eth1'))).toEqual([
      'default via 192.168.0.1 dev eth1 table 2',
      '192.168.0.1 dev eth1 table 2 scope link',
    ])
    expect(texts).toContain('192.168.0.111 dev eni2a1b4577390 scope link')
    expect(dev('vpc-cni', 'node-1', 'eth1')).toMatchObject({
      addrs: ['192.168.0.110/24'],
      mac: '0a:00:00:00:01:01',
    })
  })
  it('keeps pod addresses on their ENIs', () =>
    expect(vpc(SCENARIOS['vpc-cni']!.topology, 'vpc')!.enis.map((e) => [e.id, e.ips])).toEqual([
      ['eni-node-1-eth0', ['192.168.0.100', '192.168.0.101']],
      ['eni-node-1-eth1', ['192.168.0.110', '192.168.0.111', '192.168.0.112']],
      ['eni-node-2-eth0', ['192.168.0.200', '192.168.0.201']],
      ['eni-node-2-eth1', ['192.168.0.210', '192.168.0.212', '192.168.0.211']],
    ]))
  it('writes the firewall of the facts', () => {
    expect(rules('vpc-cni', 'mangle')).toEqual([
      '-A PREROUTING -i eth0 -m comment --comment "AWS, primary ENI" -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80',
      '-A PREROUTING -i eni+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
      '-A PREROUTING -i vlan+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
    ])
    expect(rules('vpc-cni', 'nat').at(-1)).toBe(
      '-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source 192.168.0.100 --random-fully',
    )
    expect(node('vpc-cni').sysctls).toContainEqual({
      key: 'net.ipv4.conf.eth0.rp_filter',
      value: 2,
    })
  })
})
