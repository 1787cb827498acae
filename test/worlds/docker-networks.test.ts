import { describe, expect, it } from 'vitest'
import { TOOLS } from '#lib/topology/tools.ts'
import { provenance } from '#lib/topology/by.ts'
import { netns } from '#lib/topology/topology.ts'
import { parseCluster } from '#lib/worlds/all.ts'

/* What dockerd writes for networks that somebody created: moby's integration/network/bridge/iptablesdoc/generated, and iptabler/*.go of 28.0 and 29. */

const topologyOf = (docker: string, pods: string) =>
  parseCluster(
    `{ packet-walk: 1, network: docker-bridge, docker: { ${docker} }, nodes: [{ name: h }], pods: [${pods}] }`,
  ).topology
const host = (docker: string, pods: string) => netns(topologyOf(docker, pods), 'h')!
const rules = (n: ReturnType<typeof host>): string[] =>
  TOOLS.netfilter.print(n).lines.map((l) => l.text)
const of = (all: readonly string[], chain: string): string[] =>
  all.filter((x) => x.startsWith(`-A ${chain} `)).map((x) => x.slice(chain.length + 4))

describe('networks that somebody created', () => {
  const made = topologyOf(
    'networks: [{ name: one, subnet: 192.0.2.0/24, internal: true }, { name: two, subnet: 198.51.100.0/24, internal: true, icc: false }, { name: three, icc: false }]',
    '{ name: a, node: h, networks: [three, bridge], publish: ["8080:80"], listen: [tcp/80] }, { name: b, node: h, networks: [one] }',
  )
  const n = netns(made, 'h')!
  const [one, two, three] = n.devs.filter((d) => d.name.startsWith('br-')).map((d) => d.name)
  const all = rules(n)
  it.each([
    [
      'DOCKER-FORWARD',
      [
        '-j DOCKER-CT',
        '-j DOCKER-INTERNAL',
        '-j DOCKER-BRIDGE',
        '-i docker0 -j ACCEPT',
        `-i ${one} -o ${one} -j ACCEPT`,
        `-i ${two} -o ${two} -j DROP`,
        `-i ${three} -o ${three} -j DROP`,
        `-i ${three} ! -o ${three} -j ACCEPT`,
      ],
    ],
    [
      'DOCKER-INTERNAL',
      [
        `! -s 198.51.100.0/24 -o ${two} -j DROP`,
        `! -d 198.51.100.0/24 -i ${two} -j DROP`,
        `! -s 192.0.2.0/24 -o ${one} -j DROP`,
        `! -d 192.0.2.0/24 -i ${one} -j DROP`,
      ],
    ],
    ['DOCKER-BRIDGE', ['-o docker0 -j DOCKER', `-o ${three} -j DOCKER`]],
    [
      'POSTROUTING',
      [
        `-s 172.18.0.0/16 ! -o ${three} -j MASQUERADE`,
        '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE',
      ],
    ],
    // What is published is reached where the way out is: bridge is before three.
    [
      'DOCKER',
      [
        '-d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT',
        '! -i docker0 -o docker0 -j DROP',
        `! -i ${three} -o ${three} -j DROP`,
        '! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80',
      ],
    ],
    [
      'PREROUTING',
      [
        `-d 172.18.0.2/32 ! -i ${three} -j DROP`,
        '-d 172.17.0.2/32 ! -i docker0 -j DROP',
        '-m addrtype --dst-type LOCAL -j DOCKER',
      ],
    ],
  ])('%s', (chain, lines) => expect(of(all, chain)).toEqual(lines))
  it('each row says by whom: what is of a network came with it', () => {
    const by = (i: number) => provenance(made, { in: 'h', table: 'netfilter', row: i })?.after
    const at = (text: string) =>
      n.netfilter.findIndex((r) => r.chain === 'DOCKER-FORWARD' && r.iif === text)
    expect([by(at('docker0')), by(at(one!))]).toEqual(['daemon-started', 'network-created'])
  })
})

describe('versions', () => {
  const chain = (version: string): string[] => {
    const all = rules(
      host(
        `version: ${version}`,
        '{ name: a, node: h, publish: ["8080:80"], listen: [tcp/80] }, { name: b, node: h }',
      ),
    )
    return [...of(all, 'PREROUTING').slice(0, -1), ...of(all, 'DOCKER').slice(-2)]
  }
  const dnat = '! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80'
  const DIRECT = ['-d 172.17.0.2/32 ! -i docker0 -j DROP', '-d 172.17.0.3/32 ! -i docker0 -j DROP']
  it.each([
    [
      '"28.0"',
      [
        '-d 172.17.0.2/32 ! -i docker0 -p tcp -m tcp --dport 80 -j DROP',
        '-i docker0 -j RETURN',
        dnat,
      ],
    ],
    ['"28.2"', [...DIRECT, '-i docker0 -j RETURN', dnat]],
    ['"29"', [...DIRECT, '! -i docker0 -o docker0 -j DROP', dnat]],
  ])('%s', (version, lines) => expect(chain(version)).toEqual(lines))
})

describe('what Docker refuses, or we', () => {
  it.each([
    ['bip: 10.200.0.0/24', '{ name: a, node: h }', /docker.bip: 10.200.0.0\/24 is no address that/],
    ['networks: [{ name: bridge }]', '', /bridge/],
    [
      'networks: [{ name: x, subnet: 172.17.4.0/24 }]',
      '',
      /docker.networks\[0\].subnet: 172.17.4.0\/24 overlaps/,
    ],
    [
      'icc: true',
      '{ name: a, node: h, networks: [y] }',
      /pods\[0\].networks\[0\]: no network is called y; there are bridge/,
    ],
    ['icc: true', '{ name: a, node: h, networks: [] }', /one network at least/],
    [
      'networks: [{ name: x, internal: true }]',
      '{ name: a, node: h, networks: [x], publish: ["80:8080"] }',
      /in internal networks alone nothing is published/,
    ],
    [
      'networks: [{ name: x }]',
      '{ name: a, node: h, networks: [x], ip: 172.17.0.9 }',
      /172.17.0.9 is outside x’s 172.18.0.0\/16/,
    ],
    [
      'networks: [{ name: x }]',
      '{ name: a, node: h, networks: [x], ip: 172.18.0.1 }',
      /172.18.0.1 is no container’s in x/,
    ],
    ['bip: 10.200.0.5/24', '{ name: a, node: h, ip: 10.200.0.5 }', /10.200.0.5/],
  ])('%s %s', (docker, pods, why) => expect(() => host(docker, pods)).toThrow(why))
  it('where no Docker is', () => {
    expect(() =>
      parseCluster(
        '{ packet-walk: 1, network: flannel-vxlan, docker: { icc: false }, nodes: [{ name: h }] }',
      ),
    ).toThrow(
      'docker: flannel-vxlan has no Docker on its nodes; leave it out, or choose docker-bridge',
    )
  })
})
