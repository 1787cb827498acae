import { describe, expect, it } from 'vitest'
import { parseIptables } from '#lib/topology/iptables.ts'
import { ruleText } from '#lib/topology/tables/netfilter/row.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { netns } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { explain } from '#lib/words/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { kubeProxy, type Service } from '#lib/worlds/cni/kube-proxy.ts'
import { base32, sha256 } from '#lib/worlds/hash/sha256.ts'

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
const HTTP: Service = {
  name: 'backend',
  portName: 'http',
  ip: '10.96.0.50',
  port: 80,
  proto: 'tcp',
  nodePort: 30080,
  endpoints: [
    { ip: '10.1.20.3', port: 8080 },
    { ip: '10.1.15.9', port: 8080 },
  ],
}
const lines = (
  s: readonly Service[],
  table: string,
  clusterCidr: '10.1.0.0/16' | null = '10.1.0.0/16',
): string[] =>
  parseIptables(kubeProxy(s, { clusterCidr }))
    .netfilter.filter((r) => r.table === table)
    .map(ruleText)

describe('names of chains', () => {
  it('are a SHA-256 (FIPS 180-4) in base32 (RFC 4648)', () => {
    expect(hex(sha256('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
    expect(hex(sha256('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'))).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    )
    expect(base32(new TextEncoder().encode('foobar'), 8)).toBe('MZXW6YTB')
  })
  it.each([
    ['ns1/svc1:p80tcp', 'XPGD46QRK7WJZT7O'],
    ['default/kubernetes:httpstcp', 'NPX46M4PTMTKRN6Y'],
    ['kube-system/kube-dns:dnsudp', 'TCOU7JCQXEZGVUNU'],
  ])('%s is what kube-proxy makes of it', (text, name) =>
    expect(base32(sha256(text), 16)).toBe(name),
  )
})

describe('rules', () => {
  const all =
    '-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS'
  it('of nat are those of the facts, 5.12, with the comments', () =>
    expect(lines([HTTP], 'nat')).toEqual([
      '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
      '-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
      '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
      '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
      '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
      '-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
      '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
      '-A KUBE-SERVICES -d 10.96.0.50/32 -p tcp -m comment --comment "default/backend:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-POOGYJBNEVT3HFAO',
      '-A KUBE-NODEPORTS -p tcp -m comment --comment "default/backend:http" -m tcp --dport 30080 -j KUBE-EXT-POOGYJBNEVT3HFAO',
      '-A KUBE-EXT-POOGYJBNEVT3HFAO -m comment --comment "masquerade traffic for default/backend:http external destinations" -j KUBE-MARK-MASQ',
      '-A KUBE-EXT-POOGYJBNEVT3HFAO -j KUBE-SVC-POOGYJBNEVT3HFAO',
      '-A KUBE-SVC-POOGYJBNEVT3HFAO ! -s 10.1.0.0/16 -d 10.96.0.50/32 -p tcp -m comment --comment "default/backend:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
      '-A KUBE-SVC-POOGYJBNEVT3HFAO -m comment --comment "default/backend:http -> 10.1.15.9:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-GF3LIQAY6QGQHZXZ',
      '-A KUBE-SVC-POOGYJBNEVT3HFAO -m comment --comment "default/backend:http -> 10.1.20.3:8080" -j KUBE-SEP-VUZ2AOCYSOPOQGDQ',
      '-A KUBE-SEP-GF3LIQAY6QGQHZXZ -s 10.1.15.9/32 -m comment --comment "default/backend:http" -j KUBE-MARK-MASQ',
      '-A KUBE-SEP-GF3LIQAY6QGQHZXZ -p tcp -m comment --comment "default/backend:http" -m tcp -j DNAT --to-destination 10.1.15.9:8080',
      '-A KUBE-SEP-VUZ2AOCYSOPOQGDQ -s 10.1.20.3/32 -m comment --comment "default/backend:http" -j KUBE-MARK-MASQ',
      '-A KUBE-SEP-VUZ2AOCYSOPOQGDQ -p tcp -m comment --comment "default/backend:http" -m tcp -j DNAT --to-destination 10.1.20.3:8080',
      all,
    ]))
  it('without --cluster-cidr nobody is masqueraded for coming from outside', () =>
    expect(lines([HTTP], 'nat', null).filter((l) => l.includes('! -s'))).toEqual([]))
  it('of three endpoints take a third, then half, then all', () =>
    expect(
      lines(
        [{ ...HTTP, endpoints: [...HTTP.endpoints, { ip: '10.1.30.1', port: 8080 }] }],
        'nat',
      ).flatMap((l) => / -> (\S+)"(?:.*--probability (\S+))?/.exec(l)?.slice(1) ?? []),
    ).toEqual([
      '10.1.15.9:8080',
      '0.33333333349',
      '10.1.20.3:8080',
      '0.50000000000',
      '10.1.30.1:8080',
      undefined,
    ]))
  it('of a Service with nobody behind it refuse, in filter, both ways in', () => {
    const none = [{ ...HTTP, endpoints: [] }]
    expect(lines(none, 'nat').filter((l) => l.includes('backend'))).toEqual([])
    expect(lines(none, 'filter').filter((l) => l.includes('backend'))).toEqual([
      '-A KUBE-SERVICES -d 10.96.0.50/32 -p tcp -m comment --comment "default/backend:http has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
      '-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "default/backend:http has no endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30080 -j REJECT --reject-with icmp-port-unreachable',
    ])
  })
  it('stand before those of the network plugin', () => {
    for (const id of ['flannel-vxlan', 'vpc-cni'])
      for (const [table, chain] of [
        ['nat', 'PREROUTING'],
        ['nat', 'POSTROUTING'],
        ['filter', 'FORWARD'],
      ]) {
        const here = netns(SCENARIOS[id]!.topology, 'node-1')!
          .netfilter.filter((r) => r.table === table && r.chain === chain)
          .map((r) => ruleText(r).includes('KUBE-'))
        expect(here.lastIndexOf(true), `${id} ${table} ${chain}`).toBe(
          here.filter(Boolean).length - 1,
        )
        expect(here[0]).toBe(true)
      }
  })
})

const WORLDS = Object.values(SCENARIOS).filter(
  // Fargate has no nodes, and so no node ports: test/worlds/documents.test.ts.
  (s) => s.flows['node-port'] !== undefined && s.flows.service !== undefined,
)
describe.each(WORLDS.map((s) => [s.id, s] as const))('%s', (id, s) => {
  const endpointOf = (flow: string): string | undefined => {
    const d = walk(s.topology, s.flows[flow]!)
      .steps.map((x) => x.decision)
      .find((x) => x.kind === 'hook' && x.draws !== undefined)
    return d?.kind === 'hook' ? d.to?.split(' → ')[1] : undefined
  }
  /** Pods with addresses of the VPC, which no range of the cluster's tells from others. */
  const own = {
    'vpc-cni': ['192.168.0.112:8080', '192.168.0.211:8080'],
    'sg-per-pod': ['192.168.0.131:8080', '192.168.0.231:8080'],
    'lyft-ipvlan': ['192.168.1.112:8080', '192.168.1.211:8080'],
  }[id]
  /** Calico’s interfaces have no address: the oldest device’s is taken. */
  const teller: Readonly<Record<string, string>> = {
    'calico-ipip': '10.1.15.0',
    'calico-cross-subnet': '10.1.15.0',
    'calico-vxlan': '192.168.0.100',
    'calico-bgp': '192.168.0.100',
  }
  const [near, far] = own ?? ['10.1.15.3:8080', '10.1.20.3:8080']
  it('each flow gets the endpoint its name promises', () =>
    expect(
      ['service', 'service-same-node', 'service-hairpin', 'node-port'].map(endpointOf),
    ).toEqual([far, near, near, own === undefined ? far : near]))
  it('without endpoints the rows are those kube-proxy would have written', () => {
    const t = applyAll(s.topology, s.whatIfs['no-endpoints']!.edits)
    const kube = (rows: readonly string[]): string[] =>
      rows.filter((l) => l.includes('KUBE-')).toSorted()
    const { clusterCidr } = { clusterCidr: own === undefined ? ('10.1.0.0/16' as const) : null }
    const want = parseIptables(kubeProxy([{ ...HTTP, endpoints: [] }], { clusterCidr }))
    for (const n of ['node-1', 'node-2']) {
      expect(kube(netns(t, n)!.netfilter.map(ruleText))).toEqual(kube(want.netfilter.map(ruleText)))
      expect(
        netns(t, n)!
          .chains.filter((c) => c.chain.startsWith('KUBE'))
          .map((c) => c.chain)
          .toSorted(),
      ).toEqual(want.chains.map((c) => c.chain).toSorted())
    }
  })
  it('without endpoints the client is told: port unreachable, by the node', () => {
    const w = walk(applyAll(s.topology, s.whatIfs['no-endpoints']!.edits), s.flows.service!)
    expect(w.loss?.icmp).toMatchObject({
      type: 3,
      code: 3,
      from: teller[id] ?? (own === undefined ? '10.1.15.1' : '192.168.0.100'),
    })
    expect(explain(w.steps[w.loss!.step]!, w.after)).toBe(
      'A rule of filter FORWARD rejects it and tells the sender (default/backend:http has no endpoints).',
    )
  })
})

describe('the sentence', () => {
  const said = (flow: string): string => {
    const s = SCENARIOS['flannel-vxlan']!
    const w = walk(s.topology, s.flows[flow]!)
    return explain(
      w.steps.find((x) => x.decision.kind === 'hook' && x.decision.draws !== undefined)!,
      w.after,
    )
  }
  it('says what was drawn, against what, and which endpoint that is', () => {
    expect(said('service-same-node')).toMatch(
      /^DNAT: 10\.1\.15\.2:\d+ → 10\.96\.0\.50:80 becomes 10\.1\.15\.2:\d+ → 10\.1\.15\.3:8080\. The draw 0\.\d\d? is below 0\.5: endpoint 1 of 2\.$/,
    )
    expect(said('service')).toMatch(
      / becomes .* → 10\.1\.20\.3:8080\. The draw 0\.\d\d? is not below 0\.5: endpoint 2 of 2\.$/,
    )
  })
})
