import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import {
  BRIDGE_PORTS,
  EDITED_SPACES,
  EDITS,
  FILE_BYTES,
  NODES,
  PODS,
  ROWS_OF_TABLE,
  SERVICES,
  YAML_BYTES,
} from '#lib/topology/bounds.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { parseCluster } from '#lib/worlds/all.ts'
import { leastRatio } from '../../ratio.ts'

function problems(file: string | object): string[] {
  try {
    parseCluster(typeof file === 'string' ? file : JSON.stringify(file))
    return []
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    return error.problems.map((p) => `${p.path}: ${p.message}`)
  }
}
const many = <T>(n: number, make: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => make(i))
const nodes = (n: number) => many(n, (i) => ({ name: `n${i}` }))
const pods = (n: number, on: number) => many(n, (i) => ({ name: `p${i}`, node: `n${i % on}` }))
const BASE = {
  'packet-walk': 1,
  network: 'flannel-vxlan',
  podCidr: '10.0.0.0/8',
  serviceCidr: '100.64.0.0/10',
  vpc: { cidr: '192.168.0.0/16', subnets: [{ name: 'a', cidr: '192.168.0.0/16' }] },
}
const SMALL = {
  'packet-walk': 1,
  network: 'flannel-vxlan',
  nodes: [{ name: 'a' }, { name: 'b' }],
  pods: [{ name: 'p', node: 'a' }],
}
const edits = (...list: object[]) => ({ ...SMALL, edits: list })

describe('a file that is too large says which bound', () => {
  it.each<[string, string | object, string]>([
    [
      'pods',
      { ...BASE, nodes: nodes(1), pods: many(PODS + 1, () => 5) },
      `pods: ${PODS + 1} pods; at most ${PODS} can be here; leave the rest out`,
    ],
    [
      'nodes',
      { ...BASE, nodes: many(NODES + 1, () => 5) },
      `nodes: ${NODES + 1} nodes; at most ${NODES} can be here; leave the rest out`,
    ],
    [
      'Services',
      { ...BASE, nodes: nodes(1), services: many(SERVICES + 1, () => 5) },
      `services: ${SERVICES + 1} Services; at most ${SERVICES} can be here; leave the rest out`,
    ],
    [
      'edits',
      { ...SMALL, edits: many(EDITS + 1, () => 5) },
      `edits: ${EDITS + 1} edits; at most ${EDITS} can be here; leave the rest out`,
    ],
    [
      'namespaces to edit',
      {
        ...BASE,
        nodes: nodes(EDITED_SPACES + 1),
        edits: many(EDITED_SPACES + 1, (i) => ({
          op: 'del',
          in: `n${i}`,
          table: 'neigh',
          where: { ip: '1.2.3.4' },
        })),
      },
      `edits: ${EDITED_SPACES + 1} namespaces to edit; at most ${EDITED_SPACES} can be here; leave the rest out`,
    ],
    [
      'rows',
      {
        'packet-walk-topology': 1,
        spaces: [
          {
            kind: 'netns',
            name: 'a',
            node: 'a',
            role: 'node',
            routes: many(ROWS_OF_TABLE + 1, () => 5),
          },
        ],
      },
      `spaces[0].routes: ${ROWS_OF_TABLE + 1} rows of routes; at most ${ROWS_OF_TABLE} can be here; leave the rest out`,
    ],
    [
      'bytes',
      ' '.repeat(FILE_BYTES + 1),
      `: ${FILE_BYTES + 1} bytes; a file has at most ${FILE_BYTES}; make it smaller, or write count instead of a list of nodes and pods`,
    ],
    [
      'bytes of YAML',
      '#'.repeat(YAML_BYTES + 1),
      `: ${YAML_BYTES + 1} bytes of YAML; it has at most ${YAML_BYTES}; write JSON, which is read many times faster`,
    ],
    [
      'ports of a bridge',
      {
        'packet-walk': 1,
        network: 'docker-bridge',
        nodes: nodes(1),
        pods: pods(BRIDGE_PORTS + 1, 1),
      },
      'pods[1023].node: docker0 of n0 has 1024 ports, a bridge takes 1023: the kernel says “Exchange full”; put the rest elsewhere',
    ],
    [
      'counted pods',
      { 'packet-walk': 1, network: 'flannel-vxlan', count: 2000, podsPerNode: 31 },
      'podsPerNode: 2000 nodes with 31 pods each have 62000; a cluster has at most 60000 pods; take fewer',
    ],
    [
      'a title',
      { ...SMALL, name: 'x'.repeat(201) },
      `name: "${'x'.repeat(56)}… has 201 characters; at most 200 can be here; shorten it`,
    ],
  ])('%s', (_, file, line) => {
    // One that is counted through, or compared each with each, does not end in the time a test has.
    expect(problems(file)).toEqual([line])
  })
  it('what is just within them is read, in time that grows with it', () => {
    const read = (n: number): (() => void) => {
      const text = JSON.stringify({
        ...BASE,
        nodes: nodes(n / 30),
        pods: pods(n, n / 30),
        services: many(n, (i) => ({ name: `s${i}`, port: 80, pods: [`p${i}`] })),
      })
      return () => expect(problems(text)).toEqual([])
    }
    read(600)()
    // Ten times as much takes some ten times as long; a hundred times would be a loop in a loop.
    expect(leastRatio(read(3000), read(30_000), 3)).toBeLessThan(40)
  }, 120_000)
})

describe('keys', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'twice in JSON',
      '{"packet-walk":1,"network":"flannel-vxlan","nodes":[{"name":"a"}],"nodes":[{"name":"b"}]}',
      ['nodes: the key nodes stands here a second time; keep one of the two'],
    ],
    [
      'twice deep in JSON, once escaped',
      '{"packet-walk":1,"network":"flannel-vxlan","nodes":[{"name":"a"},{"na\\u006de":"b","x":"\\\\\\"","name":"c"}]}',
      ['nodes[1].name: the key name stands here a second time; keep one of the two'],
    ],
    [
      'twice in YAML',
      'packet-walk: 1\nnetwork: flannel-vxlan\nnodes:\n  - name: a\n    name: b\n',
      ['line 5: the key name stands here a second time; keep one of the two'],
    ],
    [
      'more tags than anybody needs',
      '!x '.repeat(6000),
      [': 6000 tags, anchors and aliases; write the values out'],
    ],
    [
      '__proto__ in JSON',
      '{"packet-walk":1,"network":"flannel-vxlan","nodes":[{"name":"a","__proto__":{"ip":"1.2.3.4"}}]}',
      ['nodes[0].__proto__: __proto__ is no key of any file; leave it out'],
    ],
    [
      'constructor in YAML',
      'packet-walk: 1\nnetwork: flannel-vxlan\nconstructor: 5\nnodes: [{name: a}]',
      ['constructor: constructor is no key of any file; leave it out'],
    ],
    [
      'prototype in an edit',
      stringify(edits({ op: 'add', in: 'a', table: 'routes', row: { prototype: 1 } })),
      ['edits[0].row.prototype: prototype is no key of any file; leave it out'],
    ],
    ['the same name in two objects', JSON.stringify(SMALL), []],
    [
      'a text that looks like a key',
      '{"packet-walk":1,"network":"flannel-vxlan","name":"name\\":1,\\"name","nodes":[{"name":"a"}]}',
      [],
    ],
  ])('%s', (_, text, lines) => expect(problems(text)).toEqual(lines))
})

describe('an edit is looked at before it is made', () => {
  const set = (where: object, to: object, table = 'devs') =>
    edits({ op: 'set', in: 'a', table, where, to })
  it.each<[string, object, RegExp]>([
    [
      'addresses that are no list',
      set({ name: 'eth0' }, { addrs: 5 }),
      /^edits\[0\]\.to\.addrs: 5 stands where a list belongs; write \[ … \]$/,
    ],
    [
      'addresses that are none',
      set({ name: 'eth0' }, { addrs: ['x'] }),
      /^edits\[0\]\.to\.addrs\[0\]: "x" is no IPv4 prefix; /,
    ],
    [
      'a kind there is not',
      set({ name: 'eth0' }, { kind: 'nope' }),
      /^edits\[0\]\.to\.kind: "nope" is no kind of device; /,
    ],
    [
      'a kind that lacks the rest',
      set({ name: 'docker0' }, { kind: 'veth' }),
      /^edits\[0\]\.to\.peer: missing; /,
    ],
    [
      'an MTU too small',
      set({ name: 'eth0' }, { mtu: 10 }),
      /^edits\[0\]\.to\.mtu: 10 is no MTU; /,
    ],
    [
      'where names nothing',
      edits({ op: 'del', in: 'a', table: 'routes', where: {} }),
      /^edits\[0\]\.where: where names nothing, /,
    ],
    ['to changes nothing', set({ name: 'eth0' }, {}), /^edits\[0\]\.to: to changes nothing; /],
    [
      'a field there is not',
      set({ colour: 1 }, { mtu: 1400 }),
      /^edits\[0\]\.where\.colour: devs has no such field; it has kind, name, /,
    ],
    [
      'a value that none can have',
      edits({ op: 'del', in: 'a', table: 'netfilter', where: { table: 'zzz' } }),
      /^edits\[0\]\.where\.table: "zzz" is not known here; write raw, /,
    ],
    [
      'a space there is not',
      edits({ op: 'del', in: 'c', table: 'routes', where: { dst: '0.0.0.0/0' } }),
      /^edits\[0\]\.in: there is no namespace or VPC called c; there are vpc, a, b, p, internet$/,
    ],
    [
      'a table there is not',
      edits({ op: 'del', in: 'a', table: 'constructor', where: { x: 1 } }),
      /^edits\[0\]\.table: there is no table constructor; there are devs, /,
    ],
    [
      'a table of the VPC',
      edits({ op: 'del', in: 'a', table: 'enis', where: { id: 'eni-a-eth0' } }),
      /^edits\[0\]\.table: a namespace has no table enis; /,
    ],
    [
      'a device of a shell',
      set({ name: 'eth0' }, { name: 'a;b' }),
      /^edits\[0\]\.to\.name: "a;b" is no device name; /,
    ],
    [
      'a key that leaves /proc',
      edits({
        op: 'add',
        in: 'a',
        table: 'sysctls',
        row: { key: 'net.ipv4.conf.../../../../../tmp/owned', value: 7 },
      }),
      /^edits\[0\]\.row\.key: .* is no sysctl that the engine reads; take one that contract\.md lists, such as net\.ipv4\.ip_forward /,
    ],
    [
      'DNAT where none can be',
      edits({
        op: 'add',
        in: 'a',
        table: 'netfilter',
        row: { table: 'nat', chain: 'POSTROUTING', target: { type: 'DNAT', to: '127.0.0.1' } },
      }),
      /^edits\[0\]: a\.netfilter\[\d+\]: DNAT would be reached from POSTROUTING: /,
    ],
  ])('%s', (_, file, line) => {
    expect(problems(file)).toHaveLength(1)
    expect(problems(file)[0]).toMatch(line)
  })
})

describe('ranges that nobody can have', () => {
  it.each<[string, object, string]>([
    ...[
      '127.0.0.0/8',
      '0.0.0.0/8',
      '169.254.0.0/16',
      '224.0.0.0/4',
      '240.0.0.0/4',
      '0.0.0.0/0',
    ].map((r): [string, object, string] => [
      `serviceCidr ${r}`,
      { ...SMALL, serviceCidr: r, services: [{ name: 's', port: 80 }] },
      `serviceCidr: no machine has an address of ${r}; choose a private range, such as 10.1.0.0/16`,
    ]),
    [
      'podCidr',
      { ...SMALL, podCidr: '0.0.0.0/0' },
      'podCidr: no machine has an address of 0.0.0.0/0; choose a private range, such as 10.1.0.0/16',
    ],
    [
      'podCidr of a node',
      { ...SMALL, nodes: [{ name: 'a', podCidr: '127.0.0.0/24' }, { name: 'b' }] },
      'nodes[0].podCidr: no machine has an address of 127.0.0.0/24; choose a private range, such as 10.1.0.0/16',
    ],
    [
      'Docker’s',
      {
        'packet-walk': 1,
        network: 'docker-bridge',
        vpc: { cidr: '172.16.0.0/12' },
        nodes: [{ name: 'a' }],
      },
      'vpc.cidr: 172.16.0.0/12 overlaps docker0’s 172.17.0.0/16, which every Docker host has; choose another range for the VPC, such as 192.168.0.0/16',
    ],
    [
      'a host among Services',
      { ...SMALL, services: [{ name: 's', port: 80 }], hosts: [{ name: 'h', ip: '10.96.3.4' }] },
      'hosts[0].ip: 10.96.3.4 is inside serviceCidr 10.96.0.0/12; a host is outside, such as 203.0.113.10',
    ],
    [
      'a host among counted ones’ Services',
      {
        'packet-walk': 1,
        network: 'vpc-cni',
        count: 3,
        services: [{ name: 's', port: 80 }],
        hosts: [{ name: 'h', ip: '10.96.3.4' }],
      },
      'hosts[0].ip: 10.96.3.4 is inside serviceCidr 10.96.0.0/12; a host is outside, such as 203.0.113.10',
    ],
  ])('%s', (_, file, line) => expect(problems(file)).toContain(line))
  it('ranges of nodes as large as the pod network are not counted through', () => {
    expect(
      problems({ ...BASE, nodes: nodes(2000).map((n) => ({ ...n, podCidr: '10.0.0.0/8' })) })
        .length,
    ).toBe(1999)
  })
})
