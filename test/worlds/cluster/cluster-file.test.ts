import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { netns, vpc } from '#lib/topology/topology.ts'
import { routeText } from '#lib/topology/tables/routes/row.ts'
import { toFile } from '#lib/topology/file.ts'
import { walk } from '#lib/walk/walk.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'
import { parseCluster, SCENARIOS } from '#lib/worlds/all.ts'
import { WORLD_IDS } from '#lib/worlds/index.ts'

const EXAMPLE = {
  'packet-walk': 1,
  network: 'flannel-vxlan',
  name: 'two racks',
  podCidr: '10.1.0.0/16',
  bridge: 'docker0',
  mtu: 1500,
  vpc: {
    cidr: '192.168.0.0/16',
    subnets: [
      { name: 'a', cidr: '192.168.0.0/24' },
      { name: 'b', cidr: '192.168.1.0/24' },
    ],
  },
  securityGroups: [
    {
      id: 'sg-node',
      ingress: [{ proto: 'all', peer: 'sg-node' }],
      egress: [{ proto: 'all', peer: '0.0.0.0/0' }],
    },
  ],
  nodes: [
    { name: 'node-1', ip: '192.168.0.100', subnet: 'a', podCidr: '10.1.15.0/24' },
    {
      name: 'node-2',
      ip: '192.168.1.200',
      subnet: 'b',
      podCidr: '10.1.20.0/24',
      sourceDestCheck: true,
    },
  ],
  pods: [
    { name: 'web', node: 'node-1', ip: '10.1.15.2' },
    { name: 'api', node: 'node-2', ip: '10.1.20.3', listen: ['tcp/8080', 'udp/53'] },
  ],
  hosts: [{ name: 'internet', ip: '203.0.113.10', listen: ['tcp/443'] }],
}
type Change = Readonly<Record<string, unknown>>
function problems(change: Change | string): string[] {
  try {
    parseCluster(typeof change === 'string' ? change : stringify({ ...EXAMPLE, ...change }))
  } catch (error) {
    if (error instanceof ClusterError) return error.problems.map((p) => `${p.path}: ${p.message}`)
    throw error
  }
  return []
}
const nodes = (...change: Change[]): Change => ({
  nodes: EXAMPLE.nodes.map((n, i) => ({ ...n, ...change[i] })),
})
const pods = (...change: Change[]): Change => ({
  pods: EXAMPLE.pods.map((n, i) => ({ ...n, ...change[i] })),
})

/** A Service with something changed, and further ones that differ from it. */
const services = (...change: Change[]): Change => ({
  services: change.map((c) => ({
    name: 'backend',
    ip: '10.96.0.50',
    port: 80,
    targetPort: 8080,
    pods: ['api'],
    nodePort: 30080,
    ...c,
  })),
})

describe('Services', () => {
  const made = (change: Change) => parseCluster(stringify({ ...EXAMPLE, ...change }))
  it.each<[string, Change, string, boolean]>([
    ['a ClusterIP', services({}), 'backend:80', true],
    [
      'a target port that is the port',
      services({ port: 8080, targetPort: undefined }),
      'backend:8080',
      true,
    ],
    ['an address that is chosen', services({ ip: undefined }), '10.96.0.50:80', true],
    [
      'a range of its own',
      { ...services({ ip: undefined }), serviceCidr: '172.20.0.0/16' },
      '172.20.0.50:80',
      true,
    ],
    ['nobody behind it', services({ pods: [] }), 'backend:80', false],
    ['a port that is not its', services({}), 'backend:81', false],
  ])('%s', (_, change, to, delivered) => {
    const { topology } = made(change)
    expect(walk(topology, resolveFlow(topology, { from: 'web', to })).delivered).toBe(delivered)
  })
  it('of UDP, two ports of one name, one address', () => {
    const { topology } = made(
      services(
        {
          name: 'dns',
          portName: 'dns',
          port: 53,
          targetPort: 53,
          protocol: 'udp',
          nodePort: undefined,
        },
        { name: 'dns', portName: 'http', nodePort: undefined },
      ),
    )
    for (const q of [{ to: 'dns:53', proto: 'udp' as const }, { to: 'dns:80' }])
      expect(walk(topology, resolveFlow(topology, { from: 'web', ...q })).delivered).toBe(true)
  })
  it('bring a flow; without the key no kube-proxy is there, with an empty list it is', () => {
    const s = made(services({}))
    expect(walk(s.topology, s.flows.service!).delivered).toBe(true)
    const kube = (change: Change): number =>
      netns(made(change).topology, 'node-1')!.chains.filter((c) => c.chain.startsWith('KUBE-'))
        .length
    expect([kube({}), kube({ services: [] })]).toEqual([0, 9])
  })
  it('in a large cluster stand beside the pods’ 10.0.0.0/8, and their rows are derived when a node is entered', () => {
    const s = parseCluster(
      stringify({
        'packet-walk': 1,
        network: 'flannel-vxlan',
        count: 1000,
        podsPerNode: 10,
        services: [
          { name: 'backend', port: 80, targetPort: 8080, pods: ['node-7-pod-1', 'node-900-pod-3'] },
        ],
      }),
    )
    const w = walk(s.topology, resolveFlow(s.topology, { from: 'node-1-pod-1', to: 'backend:80' }))
    expect(w.delivered).toBe(true)
    expect(
      problems(
        stringify({
          'packet-walk': 1,
          network: 'flannel-vxlan',
          count: 10,
          services: [{ name: 'x', ip: '10.0.3.9', port: 80 }],
        }),
      ),
    ).toEqual([
      'services[0].ip: 10.0.3.9 is inside the pod range 10.0.3.0/24; choose an address of serviceCidr 10.96.0.0/12',
    ])
  })
})

describe('the contract’s example', () => {
  it.each([
    ['YAML', stringify(EXAMPLE)],
    ['JSON', JSON.stringify(EXAMPLE)],
  ])('is a world, as %s', (_, text) => {
    const s = parseCluster(text)
    expect(s.title).toBe('two racks')
    for (const flow of Object.values(s.flows)) expect(walk(s.topology, flow).delivered).toBe(true)
    expect(netns(s.topology, 'api')!.sockets.map((x) => `${x.proto}/${x.port}`)).toEqual([
      'tcp/8080',
      'udp/53',
    ])
    expect(vpc(s.topology, 'vpc')!.subnets).toHaveLength(2)
  })
  it('takes its edits', () => {
    const s = parseCluster(
      stringify({
        ...EXAMPLE,
        edits: [{ op: 'del', in: 'node-1', table: 'routes', where: { dst: '10.1.20.0/24' } }],
      }),
    )
    expect(netns(s.topology, 'node-1')!.routes.map(routeText).join()).not.toContain('10.1.20.0/24')
    expect(walk(s.topology, s.flows['ping']!).loss?.drop.reason).toBe('source-dest-check')
  })
})

describe('every problem has its line', () => {
  it.each<[string, Change | string, readonly string[]]>([
    [
      'overlapping ranges',
      nodes({}, { podCidr: '10.1.15.0/24' }),
      [
        'nodes[1].podCidr: 10.1.15.0/24 overlaps nodes[0].podCidr; give it a range of its own',
        'pods[1].ip: 10.1.20.3 is outside node-2’s range 10.1.15.0/24; choose an address of it',
      ],
    ],
    [
      'the larger range later',
      nodes({}, { podCidr: '10.1.14.0/23' }),
      [
        'nodes[1].podCidr: 10.1.14.0/23 overlaps nodes[0].podCidr; give it a range of its own',
        'pods[1].ip: 10.1.20.3 is outside node-2’s range 10.1.14.0/23; choose an address of it',
      ],
    ],
    [
      'duplicate name',
      pods({}, { name: 'web' }),
      ['pods[1].name: web is pods[0].name already; give it a name of its own'],
    ],
    [
      'a name of another kind',
      pods({}, { name: 'node-1' }),
      ['pods[1].name: node-1 is nodes[0].name already; give it a name of its own'],
    ],
    [
      'duplicate address',
      {
        pods: [
          { name: 'a', node: 'node-1', ip: '10.1.15.2' },
          { name: 'b', node: 'node-1', ip: '10.1.15.2' },
        ],
      },
      ['pods[1].ip: 10.1.15.2 is pods[0].ip already; give it an address of its own'],
    ],
    [
      'address outside its subnet',
      nodes({}, { ip: '192.168.0.200' }),
      ['nodes[1].ip: 192.168.0.200 is outside subnet b (192.168.1.0/24); choose an address of it'],
    ],
    [
      'reserved address',
      nodes({ ip: '192.168.0.1' }),
      [
        'nodes[0].ip: 192.168.0.1 is one of the five that AWS keeps in 192.168.0.0/24; choose 192.168.0.4 or a later one',
      ],
    ],
    [
      'address outside the pod range',
      pods({ ip: '10.1.99.2' }),
      ['pods[0].ip: 10.1.99.2 is outside node-1’s range 10.1.15.0/24; choose an address of it'],
    ],
    [
      'the bridge’s address',
      pods({ ip: '10.1.15.1' }),
      ['pods[0].ip: 10.1.15.1 is the bridge’s in 10.1.15.0/24; choose 10.1.15.2 or a later one'],
    ],
    [
      'unknown node',
      pods({ node: 'node-3' }),
      ['pods[0].node: no node is called node-3; there are node-1, node-2'],
    ],
    [
      'unknown subnet',
      nodes({ subnet: 'z' }),
      ['nodes[0].subnet: no subnet is called z; there are a, b'],
    ],
    [
      'pod network in the VPC',
      { podCidr: '192.168.0.0/16', nodes: [{ name: 'n', ip: '192.168.0.100' }], pods: [] },
      ['podCidr: 192.168.0.0/16 overlaps vpc.cidr; give it a range of its own'],
    ],
    [
      'subnet outside the VPC',
      {
        vpc: { cidr: '192.168.0.0/16', subnets: [{ name: 'a', cidr: '10.9.0.0/24' }] },
        nodes: [{ name: 'n' }],
        pods: [],
      },
      ['vpc.subnets[0].cidr: 10.9.0.0/24 is outside the VPC 192.168.0.0/16; choose a part of it'],
    ],
    [
      'an edit that matches no row',
      { edits: [{ op: 'del', in: 'node-1', table: 'neigh', where: { ip: '1.2.3.4' } }] },
      [
        'edits[0]: node-1.neigh: no row matches {"ip":"1.2.3.4"} (1 row); closest: {"ip":"10.1.20.0","dev":"flannel.1","lladdr":"5a:00:00:00:14:00","state":"PERMANENT"}',
      ],
    ],
    [
      'an edit of a wrong kind',
      {
        edits: [
          { op: 'set', in: 'node-1', table: 'devs', where: { name: 'eth0' }, to: { mtu: 'x' } },
        ],
      },
      ['edits[0].to.mtu: "x" is no MTU; write a whole number from 68 to 65536'],
    ],
    [
      'an edit that the kernel would refuse',
      {
        edits: [
          {
            op: 'add',
            in: 'node-1',
            table: 'routes',
            row: { table: 'main', dst: '10.9.0.0/16', dev: 'eth9' },
          },
        ],
      },
      [
        'edits[0]: node-1.routes: Cannot find device "eth9"; name one of lo, eth0, docker0, flannel.1, veth0',
      ],
    ],
    [
      'a set whose fields stand in another order',
      {
        edits: [
          {
            op: 'set',
            in: 'node-1',
            table: 'netfilter',
            where: {
              table: 'filter',
              chain: 'FORWARD',
              target: { chain: 'FLANNEL-FWD', type: 'JUMP' },
            },
            to: { src: '10.1.0.0/16' },
          },
        ],
      },
      [],
    ],
    [
      'a set that takes away what there is, and what no row has or a row needs',
      {
        edits: [
          {
            op: 'set',
            in: 'node-1',
            table: 'routes',
            where: { dst: '0.0.0.0/0' },
            unset: ['via'],
          },
          { op: 'set', in: 'node-1', table: 'routes', where: { dst: '0.0.0.0/0' }, unset: ['vai'] },
          { op: 'set', in: 'node-1', table: 'routes', where: { dst: '0.0.0.0/0' }, unset: ['dst'] },
          { op: 'set', in: 'node-1', table: 'routes', where: { dst: '0.0.0.0/0' }, unset: [] },
        ],
      },
      [
        'edits[1].unset[0]: routes has no such field; it has table, dst, type, dev, via, src, onlink, metric, weight, mtu, proto, scope',
        'edits[2].to.dst: missing; write it (keys here: table, dst, type, dev, via, src, onlink, metric, weight, mtu, proto, scope)',
        'edits[3].to: to changes nothing; write the fields that change',
      ],
    ],
    [
      'bits behind the length',
      { podCidr: '10.1.2.0/16', ...nodes({ podCidr: '10.1.15.7/24' }), pods: [] },
      [
        'podCidr: 10.1.2.0/16 has bits set behind its length; write 10.1.0.0/16',
        'nodes[0].podCidr: 10.1.15.7/24 has bits set behind its length; write 10.1.15.0/24',
      ],
    ],
    [
      'a listener twice',
      pods({ listen: ['tcp/80', 'udp/80', 'tcp/80'] }),
      ['pods[0].listen[2]: tcp/80 is pods[0].listen[0] already; give it a port of its own'],
    ],
    [
      'ports that are none',
      {
        network: 'docker-bridge',
        podCidr: undefined,
        nodes: [{ name: 'n' }],
        pods: [
          { name: 'p', node: 'n', publish: ['0:80'] },
          { name: 'q', node: 'n', publish: ['80:70000'] },
        ],
      },
      [
        'pods[0].publish[0]: "0:80" is no published port; write host and container port, such as "8080:80", "5353:53/udp" or "127.0.0.1:8080:80"',
        'pods[1].publish[0]: "80:70000" is no published port; write host and container port, such as "8080:80", "5353:53/udp" or "127.0.0.1:8080:80"',
      ],
    ],
    [
      'ports that cannot be published yet',
      {
        network: 'docker-bridge',
        podCidr: undefined,
        nodes: [{ name: 'n' }],
        pods: [
          {
            name: 'p',
            node: 'n',
            publish: [
              '[::1]:80:80',
              '80-82:80-82',
              '80:80/sctp',
              { hostPort: 81, containerPort: 80, protocol: 'SCTP' },
            ],
          },
        ],
      },
      [
        'pods[0].publish[0]: IPv6 ("[::1]:80:80") is not modelled; publish on an IPv4 address, such as 127.0.0.1:8080:80',
        'pods[0].publish[1]: a range of ports ("80-82:80-82") is not modelled; publish each port by itself',
        'pods[0].publish[2]: protocol sctp is not modelled; write tcp or udp',
        'pods[0].publish[3].protocol: protocol SCTP is not modelled; write TCP or UDP',
      ],
    ],
    [
      'an address that the machine does not have',
      {
        network: 'docker-bridge',
        podCidr: undefined,
        nodes: [{ name: 'n' }],
        pods: [
          {
            name: 'p',
            node: 'n',
            publish: ['10.9.9.9:80:80', '127.0.0.2:80:80', '172.17.0.1:80:80'],
          },
        ],
      },
      [
        'pods[0].publish[0]: 10.9.9.9 is no address of n: Docker says “cannot assign requested address”; there are 127.0.0.1, 192.168.0.10, 172.17.0.1',
      ],
    ],
    [
      'a host port twice, by its address and protocol',
      {
        network: 'docker-bridge',
        podCidr: undefined,
        nodes: [{ name: 'n' }],
        pods: [
          {
            name: 'p',
            node: 'n',
            listen: ['udp/53'],
            publish: [
              '127.0.0.1:80:80',
              '192.168.0.10:80:80',
              '80:53',
              '80:81/udp',
              '127.0.0.1:80:9',
              '127.0.0.1:80:9/TCP',
            ],
          },
        ],
      },
      [
        'pods[0].publish[3]: udp port 80 of n is pods[0].publish[2] already; give it a port of its own',
        'pods[0].publish[4]: tcp port 80 of 127.0.0.1 of n is pods[0].publish[0] already; give it a port of its own',
        'pods[0].publish[5]: tcp port 80 of 127.0.0.1 of n is pods[0].publish[0] already; give it a port of its own',
      ],
    ],
    [
      'docker-proxy where Docker publishes nothing',
      { 'userland-proxy': false },
      ['userland-proxy: flannel-vxlan has no docker-proxy; leave it out, or choose docker-bridge'],
    ],
    [
      'a version of the VPC CNI where another plugin is',
      { 'vpc-cni': { version: 'v1.0' } },
      ['vpc-cni: flannel-vxlan is not the VPC CNI; leave it out, or choose vpc-cni'],
    ],
    [
      'peered VPCs that share addresses, with this one or with each other',
      {
        vpc: {
          subnets: [
            { name: 'a', cidr: '192.168.0.0/24' },
            { name: 'b', cidr: '192.168.1.0/24' },
          ],
          peerings: [
            { id: 'pcx-a', cidr: '192.168.9.0/24' },
            { id: 'pcx-b', cidr: '172.16.0.0/16' },
            { id: 'pcx-b', cidr: '172.16.8.0/24' },
          ],
        },
      },
      [
        'vpc.peerings[2].id: pcx-b is vpc.peerings[1].id already; give it an id of its own',
        'vpc.peerings[2].cidr: 172.16.8.0/24 overlaps vpc.peerings[1].cidr; give it a range of its own',
        'vpc.peerings[0].cidr: 192.168.9.0/24 overlaps 192.168.0.0/16 of this VPC; AWS peers no VPCs whose ranges overlap; name another range',
      ],
    ],
    [
      'a host port where nobody publishes',
      pods({ publish: ['8080:80'] }),
      [
        'pods[0].publish: flannel-vxlan publishes no ports; leave it out, or choose docker-bridge, or a flannel network with bridge: cni0',
      ],
    ],
    [
      'a host port twice',
      {
        network: 'docker-bridge',
        podCidr: undefined,
        nodes: [{ name: 'm' }, { name: 'n' }],
        pods: [
          { name: 'o', node: 'm', publish: ['8080:80'] },
          { name: 'p', node: 'n', publish: ['8080:80', '8081:81'] },
          { name: 'q', node: 'n', publish: ['8080:80'] },
        ],
      },
      [
        'pods[2].publish[0]: tcp port 8080 of n is pods[1].publish[0] already; give it a port of its own',
      ],
    ],
    [
      'ports the wrong way round, and of ICMP',
      {
        securityGroups: [
          {
            id: 'sg-node',
            ingress: [{ proto: 'tcp', peer: '0.0.0.0/0', ports: [90, 80] }],
            egress: [{ proto: 'icmp', peer: '0.0.0.0/0', ports: 80 }],
          },
        ],
      },
      [
        'securityGroups[0].ingress[0].ports: the higher port stands first; write [low, high]',
        'securityGroups[0].egress[0]: icmp has no ports; leave them out, or write tcp or udp',
      ],
    ],
    [
      'no group at all',
      { securityGroups: [] },
      ['securityGroups: an ENI carries at least one; list one, or leave the key out'],
    ],
    [
      'hosts where none can be',
      {
        hosts: [
          { name: 'a', ip: '224.0.0.1' },
          { name: 'b', ip: '127.0.0.1' },
          { name: 'c', ip: '10.1.7.7' },
          { name: 'd', ip: '198.51.100.100' },
        ],
      },
      [
        'hosts[0].ip: no machine has the address 224.0.0.1; choose another, such as 203.0.113.10',
        'hosts[1].ip: no machine has the address 127.0.0.1; choose another, such as 203.0.113.10',
        'hosts[2].ip: 10.1.7.7 is inside podCidr 10.1.0.0/16; a host is outside, such as 203.0.113.10',
        'hosts[3].ip: 198.51.100.100 is the public address of node-1; give it an address of its own',
      ],
    ],
    [
      'a VPC where none can be',
      'packet-walk: 1\nnetwork: vpc-cni\nvpc: { cidr: 224.0.0.0/8 }\nnodes: [{ name: a }]',
      [
        'vpc.cidr: no machine has an address of 224.0.0.0/8; choose a private range, such as 10.1.0.0/16',
      ],
    ],
    [
      'more pods than a cluster has',
      'packet-walk: 1\nnetwork: vpc-cni\ncount: 10000\npodsPerNode: 250',
      [
        'podsPerNode: 10000 nodes with 250 pods each have 2500000; a cluster has at most 60000 pods; take fewer',
      ],
    ],
    [
      'names that grow too long',
      `packet-walk: 1\nnetwork: vpc-cni\ncount: 2000\nnamePattern: ${'a'.repeat(60)}{n}`,
      [
        `namePattern: "${'a'.repeat(56)}… is no pattern of names; write {n} where the number goes, such as node-{n}; with number and pod a name has up to 63 characters`,
      ],
    ],
    [
      'a name that steers the terminal',
      'packet-walk: 1\nnetwork: vpc-cni\nname: "\\e]0;x\\a"\nnodes: [{ name: a }]',
      ['name: "\\u001b]0;x\\u0007" has characters that steer a terminal; leave them out'],
    ],
    [
      'an unknown group',
      { securityGroups: [{ id: 'sg-node', ingress: [{ proto: 'all', peer: 'sg-web' }] }] },
      ['securityGroups[0].ingress[0].peer: no group is called sg-web; there are sg-node'],
    ],
    ['wrong type', { mtu: 'big' }, ['mtu: "big" is no MTU; write a whole number from 576 to 9001']],
    [
      'unknown network',
      { network: 'calico' },
      [
        `network: network calico is not modelled; write ${WORLD_IDS.slice(0, -1).join(', ')} or ${WORLD_IDS.at(-1)}`,
      ],
    ],
    [
      'listener',
      pods({ listen: ['http'] }),
      ['pods[0].listen[0]: "http" is no listener; write protocol and port, such as tcp/8080'],
    ],
    [
      'no flannel',
      { network: 'vpc-cni', podCidr: '10.1.0.0/16', nodes: [{ name: 'n' }], pods: [] },
      ['podCidr: vpc-cni leases no ranges to nodes; leave it out, or choose a flannel network'],
    ],
    [
      'count and nodes',
      { count: 3 },
      [
        'nodes: count makes nodes, pods and their addresses; leave out one of the two',
        'pods: count makes nodes, pods and their addresses; leave out one of the two',
        'vpc: count makes nodes, pods and their addresses; leave out one of the two',
        'podCidr: count makes nodes, pods and their addresses; leave out one of the two',
      ],
    ],
    [
      'a Service of pods there are not',
      services({ pods: ['api', 'apo', 'api'] }),
      [
        'services[0].pods[1]: no pod is called apo; there are web, api',
        'services[0].pods[2]: api is services[0].pods[0] already; give it a place of its own',
      ],
    ],
    [
      'a Service in the pod range',
      services({ ip: '10.1.20.9' }),
      [
        'services[0].ip: 10.1.20.9 is inside the pod range 10.1.0.0/16; choose an address of serviceCidr 10.96.0.0/12',
      ],
    ],
    [
      'a Service in the VPC',
      services({ ip: '192.168.0.9' }),
      [
        'services[0].ip: 192.168.0.9 is inside the VPC 192.168.0.0/16; choose an address of serviceCidr 10.96.0.0/12',
      ],
    ],
    [
      'a Service outside its range',
      services({ ip: '10.50.0.1' }),
      ['services[0].ip: 10.50.0.1 is outside serviceCidr 10.96.0.0/12; choose an address of it'],
    ],
    [
      'the first address of the range',
      services({ ip: '10.96.0.0' }),
      [
        'services[0].ip: 10.96.0.0 is the first of serviceCidr 10.96.0.0/12 and not given out; choose another',
      ],
    ],
    [
      'a range of Services that overlaps the pods’',
      { ...services({ ip: '10.1.99.9' }), serviceCidr: '10.1.96.0/20' },
      [
        'serviceCidr: 10.1.96.0/20 overlaps podCidr 10.1.0.0/16; give it a range of its own',
        'services[0].ip: 10.1.99.9 is inside the pod range 10.1.0.0/16; choose an address of serviceCidr 10.1.96.0/20',
      ],
    ],
    [
      'two Services with one address',
      services({}, { name: 'other', port: 81, nodePort: 30081 }),
      ['services[1].ip: 10.96.0.50 is services[0].ip already; give it an address of its own'],
    ],
    [
      'one port twice',
      services({ portName: 'a' }, { portName: 'b', nodePort: 30081 }),
      ['services[1].port: backend tcp/80 is services[0].port already; give it a port of its own'],
    ],
    [
      'ports without names',
      services({}, { port: 81, nodePort: 30081 }),
      [
        'services[0].portName: missing; backend has several ports, so each needs a name, such as http',
        'services[1].portName: missing; backend has several ports, so each needs a name, such as http',
      ],
    ],
    [
      'one node port twice',
      services({}, { name: 'other', ip: '10.96.0.51' }),
      [
        'services[1].nodePort: tcp/30080 is services[0].nodePort already; give it a node port of its own',
      ],
    ],
    [
      'a node port out of range',
      services({ nodePort: 8080 }),
      ['services[0].nodePort: 8080 is no node port; write a whole number from 30000 to 32767'],
    ],
    [
      'a Service with a pod’s name',
      services({ name: 'web' }),
      ['services[0].name: web is pods[0].name already; give it a name of its own'],
    ],
    [
      'a Service among Docker hosts',
      {
        network: 'docker-bridge',
        nodes: [{ name: 'n' }],
        pods: [{ name: 'api', node: 'n' }],
        podCidr: undefined,
        ...services({}),
      },
      ['services: docker-bridge has no kube-proxy; leave it out, or choose another network'],
    ],
    [
      'a version of the future',
      { 'packet-walk': 2 },
      ['packet-walk: 2 is no version; this program reads 1'],
    ],
    [
      'an empty file',
      '',
      [': the file is empty; begin with packet-walk: 1 and network: flannel-vxlan'],
    ],
  ])('%s', (_, change, lines) => expect(problems(change)).toEqual(lines))

  it('an unknown key names the keys there are', () =>
    expect(problems(nodes({ color: 'red' }))).toEqual([
      'nodes[0].color: unknown key; known here: name, ip, subnet, podCidr, sourceDestCheck, eth1, instanceType',
    ]))
  it('what is wrong in form does not hide what is wrong in substance', () => {
    expect(problems({ mtu: 'big', ...pods({}, { name: 'web' }) })).toEqual([
      'mtu: "big" is no MTU; write a whole number from 576 to 9001',
      'pods[1].name: web is pods[0].name already; give it a name of its own',
    ])
  })
  it('YAML that is none names its line', () =>
    expect(problems('packet-walk: 1\nnodes: [')[0]).toMatch(/^line \d+: /))
  const LAUGHS = `a: &a [1, 2]\n${Array.from('bcdefghijk', (x, i) => `${x}: &${x} [${Array.from({ length: 9 }, () => `*${'abcdefghij'[i]!}`).join(', ')}]`).join('\n')}\npacket-walk: 1`
  it.each<[string, string, RegExp]>([
    [
      'an alias of nothing',
      'packet-walk: 1\nnetwork: vpc-cni\nnodes: *gone',
      /^: an alias names no anchor; write the value out$/,
    ],
    [
      'a billion laughs',
      LAUGHS,
      /^: its aliases stand for more than 100 values; write the values out$/,
    ],
    [
      'a list in itself',
      'packet-walk: 1\nnetwork: vpc-cni\nnodes: &n [*n, *n]',
      /^: nested too deeply/,
    ],
    ['brackets without end', '['.repeat(20_000), /^line 1: nested too deeply/],
    [
      'JSON without end',
      `{"packet-walk": 1, "nodes": ${'['.repeat(9000)}${']'.repeat(9000)}}`,
      /^: nested too deeply/,
    ],
    [
      'a key twice',
      'packet-walk: 1\nnetwork: vpc-cni\nmtu: 1500\nmtu: 9001',
      /^line 4: the key mtu stands here a second time; keep one of the two$/,
    ],
    [
      'two documents',
      'packet-walk: 1\n---\nnetwork: vpc-cni',
      /^line 2: a second document begins here/,
    ],
  ])('%s: one line', (_, text, line) => {
    const lines = problems(text)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(line)
  })
})

describe('defaults', () => {
  it('fills in addresses, ranges, listeners and the host outside', () => {
    const s = parseCluster(
      'packet-walk: 1\nnetwork: flannel-udp\nnodes: [{ name: a }, { name: b }]\npods: [{ name: p, node: a }, { name: q, node: b }]',
    )
    expect(netns(s.topology, 'a')!.devs.find((d) => d.name === 'eth0')?.addrs).toEqual([
      '192.168.0.10/24',
    ])
    expect(netns(s.topology, 'q')!.devs.find((d) => d.name === 'eth0')?.addrs).toEqual([
      '10.1.2.2/24',
    ])
    expect(s.flows['first-to-last']).toMatchObject({ from: 'p', to: '10.1.2.2', dport: 8080 })
    expect(netns(s.topology, 'internet')).toBeDefined()
  })
  it.each(['docker-bridge', 'flannel-udp', 'flannel-vxlan', 'lan', 'vpc-cni'])(
    '%s works with names alone',
    (network) => {
      const s = parseCluster(
        `packet-walk: 1\nnetwork: ${network}\nnodes: [{ name: a }, { name: b }]\npods: [{ name: p, node: a }, { name: q, node: ${network === 'docker-bridge' ? 'a' : 'b'} }]`,
      )
      for (const flow of Object.values(s.flows)) expect(walk(s.topology, flow).delivered).toBe(true)
    },
  )
  it('cni0 brings hairpin mode', () => {
    const s = parseCluster(
      'packet-walk: 1\nnetwork: flannel-vxlan\nbridge: cni0\nnodes: [{ name: a }]\npods: [{ name: p, node: a }]',
    )
    expect(netns(s.topology, 'a')!.devs.find((d) => d.name === 'veth0')).toMatchObject({
      master: 'cni0',
      hairpin: true,
    })
  })
})

describe('large clusters', () => {
  const text = 'packet-walk: 1\nnetwork: flannel-vxlan\ncount: 2000\npodsPerNode: 30\n'
  const inRange = (a: string): boolean => /^172\.(1[6-9]|2\d|3[01])\./.test(a)
  it('derive a space when it is entered, once', () => {
    const { topology } = parseCluster(text)
    expect(topology.source.names).toHaveLength(1 + 2000 + 60_000 + 1)
    const n = netns(topology, 'node-1000')!
    expect([n.routes.length, n.neigh.length, n.fdb.length]).toEqual([1 + 1999 + 2, 1999, 1999])
    expect(netns(topology, 'node-1000')).toBe(n)
    expect(netns(topology, 'node-1000-pod-30')!.devs[1]?.addrs).toEqual(['10.3.231.31/24'])
    expect(inRange(n.devs[1]!.addrs[0]!)).toBe(true)
  })
  it('enters only what the walk enters', () => {
    const { topology, flows } = parseCluster(text)
    const entered: string[] = []
    const spied = {
      ...topology,
      source: {
        ...topology.source,
        derive: (name: string) => {
          entered.push(name)
          return topology.source.derive(name)
        },
      },
    }
    expect(walk(spied, flows['ping']!).delivered).toBe(true)
    // ARP is flooded to the pods of both nodes, to nobody else.
    expect(
      [...new Set(entered)].filter((name) => !/^(vpc|node-(1|2000)(-pod-\d+)?)$/.test(name)),
    ).toEqual([])
    expect(entered).toContain('node-2000-pod-30')
  })
  it.each(['node-{n}', '{n}', 'worker-{n}-eu', 'a-pod-{n}'])(
    '%s: every name is one pod, and no other name is',
    (namePattern) => {
      const { topology } = parseCluster(
        stringify({
          'packet-walk': 1,
          network: 'flannel-host-gw',
          count: 12,
          podsPerNode: 3,
          namePattern,
        }),
      )
      const node = (n: number | string): string => namePattern.replace('{n}', String(n))
      const pods = topology.source.names.filter((name) => netns(topology, name)?.role === 'pod')
      expect(pods).toEqual(
        Array.from({ length: 36 }, (_, i) => `${node(1 + Math.floor(i / 3))}-pod-${1 + (i % 3)}`),
      )
      for (const [i, name] of pods.entries())
        expect(netns(topology, name)).toMatchObject({
          name,
          node: node(1 + Math.floor(i / 3)),
          sockets: [{ proto: 'tcp', port: 8080, program: name }],
        })
      for (const name of [node(13), node('01'), node('1e0'), node('')])
        expect(netns(topology, `${name}-pod-1`), name).toBeUndefined()
      for (const k of ['0', '4', '01', '1e0', '', 'x'])
        expect(netns(topology, `${node(1)}-pod-${k}`), k).toBeUndefined()
    },
  )
  it('have names of their own pattern', () => {
    const s = parseCluster(
      'packet-walk: 1\nnetwork: vpc-cni\ncount: 3\nnamePattern: worker-{n}-eu\npodsPerNode: 1',
    )
    expect(s.topology.source.names).toContain('worker-3-eu-pod-1')
    expect(walk(s.topology, s.flows['ping']!).delivered).toBe(true)
  })
})

it('a whole topology is a file too', () => {
  const s = parseCluster(JSON.stringify(toFile(SCENARIOS['flannel-udp']!.topology)))
  expect(
    walk(
      s.topology,
      resolveFlow(s.topology, { from: 'web-app-frontend-1', to: 'backend-service-2' }),
    ).delivered,
  ).toBe(true)
})
