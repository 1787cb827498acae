import { describe, expect, it } from 'vitest'
import { applyAll } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { fromFile, toFile } from '#lib/topology/file.ts'
import type { Route } from '#lib/topology/rows.ts'
import { spaces } from '#lib/topology/topology.ts'
import { writeAll } from '#lib/topology/write.ts'
import { validate } from '#lib/topology/validate.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { walk } from '#lib/walk/walk.ts'

/** Rows as they stand, however they came to: an edit of some of them would be refused. */
const found = (...edits: Edit[]): string[] =>
  validate(writeAll(SCENARIOS['flannel-vxlan']!.topology, edits)).map(
    (f) => `${f.path}: ${f.message}`,
  )

describe('validate', () => {
  it.each(Object.keys(SCENARIOS))('finds nothing in %s', (id) =>
    expect(validate(SCENARIOS[id]!.topology)).toEqual([]),
  )
  it.each<[string, Edit, RegExp]>([
    [
      'dangling peer',
      {
        op: 'set',
        in: 'node-1',
        table: 'devs',
        where: { name: 'veth0' },
        to: { peer: { netns: 'gone', dev: 'eth0' } } as never,
      },
      /node-1\.devs\[\d\]: the other end of veth0, eth0 in gone, does not exist/,
    ],
    [
      'master that is no bridge',
      { op: 'set', in: 'node-1', table: 'devs', where: { name: 'veth0' }, to: { master: 'eth0' } },
      /master eth0 is no bridge of node-1; bridges here: docker0/,
    ],
    [
      'MAC twice on a bridge',
      {
        op: 'set',
        in: 'node-1',
        table: 'devs',
        where: { name: 'veth1' },
        to: { mac: '02:fe:0a:01:0f:02' },
      },
      /02:fe:0a:01:0f:02 is the MAC of veth0 in node-1 on the same segment/,
    ],
    [
      'address twice',
      {
        op: 'set',
        in: 'node-1',
        table: 'devs',
        where: { name: 'docker0' },
        to: { addrs: ['10.1.15.1/24', '10.1.15.1/24'] },
      },
      /10\.1\.15\.1\/24 is on docker0 already/,
    ],
    [
      'the same route twice',
      {
        op: 'add',
        in: 'node-1',
        table: 'routes',
        row: {
          table: 'main',
          dst: '10.1.20.0/24',
          via: '10.1.20.0',
          dev: 'flannel.1',
          onlink: true,
        },
      },
      /node-1\.routes\[\d\]: File exists: row 1 is a route unicast 10\.1\.20\.0\/24 dev flannel\.1 via 10\.1\.20\.0 metric 0 in table main too; keep one/,
    ],
    [
      'next hop off-link',
      {
        op: 'set',
        in: 'node-1',
        table: 'routes',
        where: { dst: '10.1.20.0/24' },
        to: { onlink: false },
      },
      /node-1\.routes\[1\]: Nexthop has invalid gateway: 10\.1\.20\.0 is on no connected prefix of flannel\.1; add onlink/,
    ],
    [
      'unknown device',
      {
        op: 'add',
        in: 'node-1',
        table: 'routes',
        row: { table: 'main', dst: '10.9.0.0/16', dev: 'eth9' },
      },
      /there is no device eth9 in node-1; there are lo, eth0/,
    ],
    [
      'unknown chain',
      {
        op: 'add',
        in: 'node-1',
        table: 'netfilter',
        row: { table: 'nat', chain: 'POSTROUTING', target: { type: 'JUMP', chain: 'NOPE' } },
      },
      /table nat has no chain NOPE/,
    ],
    [
      'unknown subnet',
      {
        op: 'set',
        in: 'vpc',
        table: 'enis',
        where: { id: 'eni-node-1-eth0' },
        to: { subnet: 'subnet-z' },
      },
      /vpc\.enis\[0\]: there is no subnet subnet-z; there are subnet-a/,
    ],
    [
      'unknown group',
      {
        op: 'set',
        in: 'vpc',
        table: 'enis',
        where: { id: 'eni-node-1-eth0' },
        to: { groups: ['sg-x'] },
      },
      /security group sg-x has no rules/,
    ],
    [
      'unknown route table',
      {
        op: 'set',
        in: 'vpc',
        table: 'subnets',
        where: { id: 'subnet-a' },
        to: { routeTable: 'rtb-x' },
      },
      /no route is in route table rtb-x/,
    ],
    [
      'unknown target',
      {
        op: 'set',
        in: 'vpc',
        table: 'vpcRoutes',
        where: { dst: '0.0.0.0/0' },
        to: { target: 'nat-1' },
      },
      /there is no nat-1; a target is local, igw-main/,
    ],
  ])('finds: %s', (_, edit, message) => expect(found(edit).join('\n')).toMatch(message))
  // The two defaults as Linux 6.18 answers.
  it.each<[string, Partial<Route>, boolean]>([
    ['a default of scope link', { dst: '0.0.0.0/0', dev: 'eth0', scope: 'link' }, true],
    ['a default of scope global', { dst: '0.0.0.0/0', dev: 'eth0' }, false],
    ['a prefix on the device', { dst: '1.2.3.0/24', dev: 'eth0' }, true],
    ['a prefix on another', { dst: '1.2.3.0/24', dev: 'flannel.1' }, false],
    ['a prefix of no device', { dst: '1.2.3.0/24', dev: 'eth0', type: 'blackhole' }, false],
  ])('%s leads to a gateway on link, or not', (_, way, leads) => {
    const add = (row: Partial<Route>): Edit => ({
      op: 'add',
      in: 'node-1',
      table: 'routes',
      row: { table: 'main', metric: 9, ...row } as Route,
    })
    const said = found(add(way), add({ dst: '10.99.0.0/16', via: '1.2.3.4', dev: 'eth0' }))
    expect(said.some((x) => x.includes('1.2.3.4 is on no connected prefix'))).toBe(!leads)
  })
})

describe('topology file', () => {
  it.each(Object.keys(SCENARIOS))('%s comes back from JSON, and walks the same', (id) => {
    const s = SCENARIOS[id]!
    const read = fromFile(JSON.parse(JSON.stringify(toFile(s.topology))))
    if (!('topology' in read)) throw new Error(JSON.stringify(read.problems))
    expect(spaces(read.topology)).toEqual(spaces(s.topology))
    const flow = Object.values(s.flows)[0]!
    expect(walk(read.topology, flow).steps).toEqual(walk(s.topology, flow).steps)
  })
  it('says where, what, and what would be right', () => {
    const read = fromFile({
      'packet-walk-topology': 1,
      spaces: [
        {
          kind: 'netns',
          name: 'a',
          node: 'a',
          role: 'pod',
          routes: [{ table: 'main', dst: '10.1.0.0/33' }],
          colour: 'red',
        },
        {
          kind: 'netns',
          name: 'b',
          node: 'b',
          role: 'pod',
          netfilter: [{ table: 'nat', chain: 'X', target: { type: 'FLY' } }],
        },
      ],
    })
    expect('problems' in read && read.problems.map((p) => `${p.path}: ${p.message}`)).toEqual([
      'spaces[0].routes[0].dst: "10.1.0.0/33" is no IPv4 prefix; write an address and a length, such as 10.1.0.0/16',
      expect.stringMatching(
        /^spaces\[0\]\.colour: unknown key; known here: kind, name, node, role, devs, /,
      ),
      expect.stringMatching(
        /^spaces\[1\]\.netfilter\[0\]\.target\.type: "FLY" is no target; a target is ACCEPT, DROP, /,
      ),
    ])
  })
  it.each<[string, (devs: Record<string, unknown>[]) => void, RegExp]>([
    [
      'a veth without another end',
      (devs) => {
        devs.find((d) => d['name'] === 'veth0')!['peer'] = { netns: 'constructor', dev: 'eth0' }
      },
      /^spaces\[1\]\.devs\[\d\]: the other end of veth0, eth0 in constructor, does not exist/,
    ],
    [
      'a bridge in itself',
      (devs) => {
        devs.find((d) => d['name'] === 'docker0')!['master'] = 'docker0'
      },
      /^spaces\[1\]\.devs\[\d\]: a bridge device cannot be a port of a bridge/,
    ],
  ])('refuses what validate finds: %s', (_, change, line) => {
    const file = JSON.parse(JSON.stringify(toFile(SCENARIOS['flannel-vxlan']!.topology))) as {
      spaces: { name: string; devs: Record<string, unknown>[] }[]
    }
    change(file.spaces[1]!.devs)
    const read = fromFile(file)
    expect(
      'problems' in read
        ? read.problems.map((p) => `${p.path}: ${p.message}`).join('\n')
        : 'accepted',
    ).toMatch(line)
  })
  it('takes a world whose last security group rule is deleted: that is odd, not wrong', () => {
    const read = fromFile(
      JSON.parse(
        JSON.stringify(
          toFile(
            applyAll(SCENARIOS['flannel-vxlan']!.topology, [
              { op: 'del', in: 'vpc', table: 'sgRules', where: { direction: 'egress' } },
              { op: 'del', in: 'vpc', table: 'sgRules', where: { peer: 'sg-node' } },
            ]),
          ),
        ),
      ),
    )
    expect('problems' in read && read.problems).toBe(false)
  })
  it('refuses a name given twice', () => {
    const read = fromFile({
      'packet-walk-topology': 1,
      spaces: [
        { kind: 'vpc', name: 'a', cidrs: [] },
        { kind: 'vpc', name: 'a', cidrs: [] },
      ],
    })
    expect('problems' in read && read.problems).toMatchObject([
      {
        path: 'spaces[1].name',
        code: 'space-twice',
        message: 'a is the name of spaces[0] already; give it one of its own',
      },
    ])
  })
})
