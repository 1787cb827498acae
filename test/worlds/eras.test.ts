import { describe, expect, it } from 'vitest'
import { tableAsTool } from '#lib/analysis/print/tools.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { netns, vpc, type Netns, type Topology } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { ipOf } from '#lib/wire/packet.ts'
import { parseCluster, SCENARIOS } from '#lib/worlds/all.ts'
import { ERA_IDS, type VpcCniOptions } from '#lib/worlds/vpc-cni/eras.ts'
import { nodes } from '#lib/worlds/vpc-cni/nodes.ts'

const { topology, flows, whatIfs } = SCENARIOS['vpc-cni']!
const lines = (t: Topology, table: 'rules' | 'netfilter'): string[] =>
  tableAsTool(netns(t, 'node-1')!, table).lines.map((l) => l.text)
/** What the plugin wrote into the firewall: kube-proxy's rules are the same in all versions. */
const firewall = (o: VpcCniOptions): string[] =>
  lines(nodes(o), 'netfilter').filter((l) => l.includes('AWS'))
const rules = (o: VpcCniOptions): string[] =>
  lines(nodes(o), 'rules').filter((l) => /^(?:1024|1536)/.test(l))

const MAIN = '-m comment --comment "AWS, primary ENI"'
const RESTORE = '-j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80'
const SET = `-A PREROUTING -i eth0 ${MAIN} -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80`
const ENI = `-A PREROUTING -i eni+ ${MAIN} ${RESTORE}`
const VLAN = `-A PREROUTING -i vlan+ ${MAIN} ${RESTORE}`
const SNAT =
  '-m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source 192.168.0.100'
const PODS = ['192.168.0.111', '192.168.0.112']

describe('what iptables-save and ip rule print of a version', () => {
  it('v1.0: a rule, and another that is inverted', () => {
    const o = { era: 'v1.0' } as const
    expect(firewall(o)).toEqual([`-A POSTROUTING ! -d 192.168.0.0/16 ${SNAT}`])
    expect(rules(o)).toEqual([
      '1024:\tnot from all to 192.168.0.0/16 lookup main',
      ...PODS.map((ip) => `1536:\tfrom ${ip} lookup 2`),
    ])
  })
  it('v1.2: the answers of node ports are marked, and the whole mark is compared', () => {
    const o = { era: 'v1.2' } as const
    expect(firewall(o)).toEqual([SET, ENI, `-A POSTROUTING ! -d 192.168.0.0/16 ${SNAT}`])
    expect(rules(o)).toEqual([
      '1024:\tnot from all to 192.168.0.0/16 lookup main',
      '1024:\tfrom all fwmark 0x80 lookup main',
      ...PODS.map((ip) => `1536:\tfrom ${ip} lookup 2`),
    ])
  })
  it('v1.3: rule 1536 is for the VPC, and the translation is a ladder', () => {
    const o = { era: 'v1.3' } as const
    expect(firewall(o)).toEqual([
      SET,
      ENI,
      ':AWS-SNAT-CHAIN-0 - [0:0]',
      ':AWS-SNAT-CHAIN-1 - [0:0]',
      '-A POSTROUTING -m comment --comment "AWS SNAT CHAN" -j AWS-SNAT-CHAIN-0',
      '-A AWS-SNAT-CHAIN-0 ! -d 192.168.0.0/16 -m comment --comment "AWS SNAT CHAN" -j AWS-SNAT-CHAIN-1',
      `-A AWS-SNAT-CHAIN-1 ${SNAT}`,
    ])
    expect(rules(o)).toEqual([
      '1024:\tfrom all fwmark 0x80 lookup main',
      ...PODS.map((ip) => `1536:\tfrom ${ip} to 192.168.0.0/16 lookup 2`),
    ])
    expect(rules({ ...o, externalSnat: true }).slice(1)).toEqual(
      PODS.map((ip) => `1536:\tfrom ${ip} lookup 2`),
    )
  })
  it('v1.23: what is to be translated is marked, and a range that is left out stands first', () => {
    const marked = (range: string): string =>
      `-A AWS-CONNMARK-CHAIN-0 -d ${range} -m comment --comment "AWS CONNMARK CHAIN" -j RETURN`
    const left = (range: string, more = ''): string =>
      `-A AWS-SNAT-CHAIN-0 -d ${range} -m comment --comment "AWS SNAT CHAIN${more}" -j RETURN`
    const with_ = (more: { readonly marked: string[]; readonly left: string[] }): string[] => [
      SET,
      ENI,
      VLAN,
      ':AWS-CONNMARK-CHAIN-0 - [0:0]',
      ':AWS-SNAT-CHAIN-0 - [0:0]',
      '-A PREROUTING -i eni+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0',
      `-A PREROUTING -m comment --comment "AWS, CONNMARK" ${RESTORE}`,
      '-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0',
      ...more.marked,
      marked('192.168.0.0/16'),
      '-A AWS-CONNMARK-CHAIN-0 -m comment --comment "AWS, CONNMARK" -j CONNMARK --set-xmark 0x80/0x80',
      ...more.left,
      left('192.168.0.0/16'),
      `-A AWS-SNAT-CHAIN-0 ! -o vlan+ ${SNAT} --random-fully`,
    ]
    expect(firewall({})).toEqual(with_({ marked: [], left: [] }))
    expect(firewall({ excludeSnatCidrs: ['172.16.0.0/16', '10.0.0.0/8'] })).toEqual(
      with_({
        marked: [marked('10.0.0.0/8'), marked('172.16.0.0/16')],
        left: [left('10.0.0.0/8', ' EXCLUSION'), left('172.16.0.0/16', ' EXCLUSION')],
      }),
    )
    expect(rules({})).toEqual([
      '1024:\tfrom all fwmark 0x80/0x80 lookup main',
      ...PODS.map((ip) => `1536:\tfrom ${ip} lookup 2`),
    ])
  })
  it('v1.23 without translation keeps an empty chain, and what node ports need', () => {
    expect(firewall({ externalSnat: true })).toEqual([SET, ENI, VLAN, ':AWS-SNAT-CHAIN-0 - [0:0]'])
    expect(rules({ externalSnat: true })).toEqual(rules({}))
  })
  it('a version leaves unread what came after it', () => {
    for (const era of ['v1.0', 'v1.2', 'v1.3'] as const)
      expect(firewall({ era, excludeSnatCidrs: ['172.16.0.0/16'] })).toEqual(firewall({ era }))
    expect(firewall({ era: 'v1.0', externalSnat: true })).toEqual(firewall({ era: 'v1.0' }))
    expect(rules({ era: 'v1.2', externalSnat: true })[0]).toContain('fwmark')
  })
  it('pods have the MTU of the interfaces since v1.3, and 1500 before', () => {
    const of = (o: VpcCniOptions): number | undefined =>
      netns(nodes(o, 9001), 'web-app-frontend-1')!.devs.find((d) => d.name === 'eth0')?.mtu
    expect(ERA_IDS.map((era) => of({ era }))).toEqual([1500, 1500, 9001, 9001])
  })
})

describe('a what-if', () => {
  const sorted = (n: Netns): object => ({
    chains: [...n.chains].map((c) => `${c.table} ${c.chain} ${c.policy}`).toSorted(),
    netfilter: n.netfilter.toSorted((a, b) =>
      `${a.table} ${a.chain}`.localeCompare(`${b.table} ${b.chain}`),
    ),
    rules: n.rules.toSorted((a, b) => a.priority - b.priority),
    sysctls: n.sysctls.map((s) => `${s.key} ${s.value}`).toSorted(),
    devs: n.devs,
  })
  it.each<[string, VpcCniOptions, number?]>([
    ['plugin-1-0', { era: 'v1.0' }],
    ['plugin-1-3', { era: 'v1.3' }],
    ['exclude-peer', { excludeSnatCidrs: ['172.16.0.0/16'] }],
    ['external-snat', { externalSnat: true }],
    ['mtu-9001', {}, 9001],
  ])('%s leaves both nodes and all pods as the plugin makes them', (id, o, mtu) => {
    const [told, made] = [applyAll(topology, whatIfs[id]!.edits), nodes(o, mtu)]
    for (const name of ['node-1', 'node-2', 'web-app-frontend-1', 'metrics-2'])
      expect(sorted(netns(told, name)!), name).toEqual(sorted(netns(made, name)!))
  })
})

describe('a file', () => {
  it('says which version, and what its environment says', () => {
    const { topology: t } = parseCluster(`packet-walk: 1
network: vpc-cni
vpc-cni: { version: v1.3, externalSnat: true }
vpc: { peerings: [{ id: pcx-data, cidr: 172.16.0.0/16 }] }
nodes: [{ name: node-1, ip: 192.168.0.100 }]
pods: [{ name: a, node: node-1, ip: 192.168.0.111, eni: eth1 }]
hosts: [{ name: db, ip: 172.16.3.4 }, { name: www, ip: 203.0.113.9 }]`)
    expect(lines(t, 'rules').filter((l) => l.startsWith('1536'))).toEqual([
      '1536:\tfrom 192.168.0.111 lookup 2',
    ])
    const v = vpc(t, 'vpc')!
    expect(v.peerings).toEqual([{ id: 'pcx-data', cidr: '172.16.0.0/16' }])
    expect(v.outside.map((h) => h.gateway)).toEqual(['pcx-data', 'igw-main'])
    expect(v.vpcRoutes.at(-1)).toMatchObject({ dst: '172.16.0.0/16', target: 'pcx-data' })
  })
})

describe('what follows', () => {
  /** How a flow ends under a what-if, and who the receiver takes the sender for. */
  const end = (flow: string, whatIf?: string): string => {
    const edits = whatIf === undefined ? [] : whatIfs[whatIf]!.edits
    const w = walk(applyAll(topology, edits), flows[flow]!)
    const asked = w.frames.filter((f) => {
      const m = w.messages[f.message]!
      return m.kind === 'flow' && m.leg === 'forward' && f.dir === 'in'
    })
    return w.loss?.drop.reason ?? `from ${ipOf(asked.at(-1)!.packet)!.src}`
  }
  const ALL = [undefined, 'plugin-1-0', 'plugin-1-3', 'exclude-peer', 'external-snat'] as const
  it.each([
    // The surprise: a peered VPC is not the VPC.
    [
      'to-peer',
      ['192.168.0.100', '192.168.0.100', '192.168.0.100', '192.168.0.111', '192.168.0.111'],
    ],
    [
      'from-peer',
      ['172.16.0.10', 'source-dest-check', 'source-dest-check', '172.16.0.10', '172.16.0.10'],
    ],
    [
      'to-internet',
      [
        '198.51.100.100',
        '198.51.100.100',
        '198.51.100.100',
        '198.51.100.100',
        'vpc-no-public-address',
      ],
    ],
    [
      'node-port',
      ['192.168.0.100', '192.168.0.100', '192.168.0.100', '192.168.0.100', '192.168.0.100'],
    ],
    [
      'node-port-inside',
      ['192.168.0.100', 'source-dest-check', '192.168.0.100', '192.168.0.100', '192.168.0.100'],
    ],
    [
      'frontend-1-to-backend-2',
      ['192.168.0.111', '192.168.0.111', '192.168.0.111', '192.168.0.111', '192.168.0.111'],
    ],
  ] as const)('%s', (flow, ends) => {
    expect(ALL.map((w) => end(flow, w).replace('from ', ''))).toEqual(ends)
  })
  it('a loose rp_filter is what lets in answers and node ports', () => {
    expect(['node-port', 'to-internet', 'to-peer'].map((f) => end(f, 'eth0-strict'))).toEqual([
      'rp-filter',
      'rp-filter',
      'rp-filter',
    ])
    expect(end('frontend-1-to-backend-2', 'eth0-strict')).toBe('from 192.168.0.111')
  })
})
