import { KINDS } from '#lib/topology/devs/rows.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { apply } from '#lib/topology/apply.ts'
import { command } from '#lib/topology/command.ts'
import { EditError, type Edit } from '#lib/topology/edit.ts'
import {
  fromSpaces,
  LINUX_TABLES,
  VPC_TABLES,
  type TableName,
  type Topology,
} from '#lib/topology/topology.ts'
import { RUNS } from '../arbitraries.ts'
import { BASE, THINGS, WORDS } from '../hostile/rows.ts'

/* Edits of any shape: applied, or refused as an EditError; and what one would type for them says all that changes. */

const start = fromSpaces(BASE)
const rowsOf = (t: Topology, name: string, table: TableName): readonly object[] =>
  (t.source.derive(name) as unknown as Readonly<Record<TableName, readonly object[]>>)[table]
const TABLES = [...LINUX_TABLES, ...VPC_TABLES]
const space = (table: TableName): string =>
  (VPC_TABLES as readonly string[]).includes(table) ? 'vpc' : 'n1'

describe('an edit of any shape', () => {
  const anything = fc.oneof(
    fc.constantFrom<unknown>(...THINGS),
    fc.constantFrom<unknown>(...WORDS.filter((w) => w.length < 300)),
    fc.jsonValue(),
  )
  const often = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
    fc.oneof(
      { arbitrary: usual as fc.Arbitrary<unknown>, weight: 5 },
      { arbitrary: anything, weight: 1 },
    )
  const edit = fc.constantFrom(...TABLES).chain((table) => {
    const rows = [...BASE].flatMap((s) => rowsOf(start, s.name, table) ?? [])
    const some = fc.constantFrom<object>(...rows)
    const changed = fc
      .tuple(
        some,
        fc.constantFrom(...new Set(rows.flatMap((r) => Object.keys(r)))),
        often(fc.constant('x')),
      )
      .map(([r, k, x]) => ({ ...r, [k]: x }))
    const part = fc
      .tuple(changed, fc.integer({ min: 0, max: 40 }))
      .map(([r, n]) => Object.fromEntries([Object.entries(r)[n % Object.keys(r).length]!]))
    return fc.record(
      {
        op: often(fc.constantFrom('add', 'del', 'set')),
        in: often(fc.constantFrom('n1', 'p1', 'vpc')),
        table: often(fc.constant(table)),
        row: often(changed),
        where: often(fc.oneof(some, part)),
        to: often(part),
      },
      { requiredKeys: [] },
    )
  })
  it(
    'is applied or refused as an EditError, one after another, and there is a line for each',
    () =>
      fc.assert(
        fc.property(
          fc.array(
            fc.oneof(
              { arbitrary: edit as fc.Arbitrary<unknown>, weight: 9 },
              { arbitrary: anything, weight: 1 },
            ),
            { minLength: 1, maxLength: 6 },
          ),
          (edits) => {
            let t = start
            for (const e of edits) {
              for (const line of [command(e as Edit), command(e as Edit, t)])
                expect(line).not.toContain('\n')
              const done = tried(t, e as Edit)
              expect(typeof done === 'string' ? done.length : 0).toBeLessThan(700)
              if (typeof done !== 'string') t = done
            }
          },
        ),
        { ...RUNS, numRuns: 1000 },
      ),
    120_000,
  )
  /** What an edit leads to, or the words it is refused with. */
  function tried(t: Topology, e: Edit): Topology | string {
    try {
      return apply(t, e)
    } catch (error) {
      if (!(error instanceof EditError)) throw error
      return error.message
    }
  }
  const say = (e: unknown): string => {
    try {
      apply(start, e as Edit)
      return 'applied'
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`
    }
  }
  const set = (to: unknown, where: unknown = { name: 'eth0' }): unknown => ({
    op: 'set',
    in: 'n1',
    table: 'devs',
    where,
    to,
  })
  it.each<[unknown, string]>([
    [null, 'EditError: edit.edit: null is no edit; write { op, in, table, … }'],
    [
      { op: 'del', table: 'routes', where: {} },
      'EditError: edit.routes: an edit says where: write in, the name of a namespace or VPC, and table',
    ],
    [
      { op: 'constructor', in: 'n1', table: 'routes' },
      'EditError: n1.routes: op is add, del or set; write one of them',
    ],
    [
      { op: 'add', in: 'n1', table: 'routes', row: null },
      'EditError: n1.routes: row is missing or no object; write row: { … } with the fields of a row',
    ],
    [
      set({ addrs: 5 }),
      'EditError: n1.devs: addrs of eth0 is no list of addresses with their prefix length; write [] or ["10.1.15.1/24"]',
    ],
    [
      set({ mtu: 10 }),
      'EditError: n1.devs: mtu less than device minimum: 10 bytes carry no IPv4; write 68 or more',
    ],
    [
      set({ kind: 'nope' }),
      `EditError: n1.devs: a device is of kind ${Object.keys(KINDS).join(', ')}; write one of them`,
    ],
    [
      set({ kind: 'bridge' }),
      'EditError: n1.devs: a nic stays a nic; delete eth0 and add another device',
    ],
    [
      set({ name: 'br0' }),
      'EditError: n1.devs: File exists: a device is called br0 already; give this one another name',
    ],
    [
      { op: 'del', in: 'n1', table: 'devs', where: { name: 'lo' } },
      'EditError: n1.devs: Operation not supported: lo is there as long as its namespace; set it down instead',
    ],
    [
      { op: 'set', in: 'n1', table: 'netfilter', where: { table: 'zzz' }, to: { table: 'zzz' } },
      'EditError: n1.netfilter: no row matches {"table":"zzz"}',
    ],
  ])('%j', (e, message) => expect(say(e).slice(0, message.length)).toBe(message))
})

/** Another value of the same kind. */
function other(x: unknown, key: string, table: TableName): unknown {
  if (key === 'probability') return 0.25
  if (key === 'rate') return '20/min'
  if (typeof x === 'number') return x + 3
  if (typeof x === 'boolean') return !x
  if (
    key === 'local' ||
    key === 'src' ||
    key === 'dst' ||
    key === 'ip' ||
    key === 'via' ||
    key === 'to' ||
    key === 'from' ||
    key === 'addr' ||
    key === 'publicIp' ||
    key === 'cidr' ||
    key === 'subnet' ||
    key === 'peer'
  ) {
    const [base, bits] = String(x).split('/')
    if (/^\d+\.\d+/.test(base!))
      return `${table === 'routes' || key === 'cidr' ? '172.31.0.0' : '172.31.9.9'}${bits === undefined ? '' : `/${bits === '0' ? '16' : bits}`}`
  }
  const words: Readonly<Record<string, unknown>> = {
    state: {
      PERMANENT: 'STALE',
      permanent: 'learned',
      learned: 'permanent',
      ESTABLISHED: 'TIME_WAIT',
    }[String(x)],
    direction: x === 'ingress' ? 'egress' : 'ingress',
    action: x === 'deny' ? 'allow' : 'deny',
    proto: { kernel: 'dhcp', dhcp: 'kernel', tcp: 'udp', udp: 'tcp' }[String(x)],
    scope: 'host',
    policy: x === null ? null : 'ACCEPT',
    type: 'unreachable',
    backendType: 'vxlan',
    mac: '02:00:00:00:00:77',
    lladdr: '02:00:00:00:00:77',
    vtepMac: '02:00:00:00:00:77',
    key: 'net.ipv4.conf.all.rp_filter',
  }
  if (words[key] !== undefined) return words[key]
  if (key === 'table' && (table === 'netfilter' || table === 'chains'))
    return x === 'mangle' ? 'raw' : 'mangle'
  if (key === 'ips') return ['172.31.9.9', '172.31.9.10']
  if (key === 'addrs') return ['172.31.9.9/24', '172.31.8.9/24']
  if (key === 'mark' || key === 'fwmark') return { value: 0x1234, mask: 0xffff }
  if (key === 'target' && typeof x === 'object')
    return { type: 'REJECT', with: 'icmp-host-unreachable' }
  if (key === 'ports') return [4711, 4712]
  if (Array.isArray(x))
    return key === 'ctstate'
      ? ['RELATED']
      : key === 'dports'
        ? [4711]
        : key === 'groups'
          ? ['sg-other', 'sg-more']
          : x
  if (typeof x === 'object' && x !== null)
    return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, other(v, k, table)]))
  return key === 'table' ? '77' : 'other'
}
/** What of a value must be readable in the line; what is a tool's default has no word, nor has what a word's absence says. */
function told(x: unknown, key: string): string[] {
  if (key === 'state')
    return [
      String(x)
        .replace('permanent', 'permanent')
        .replace('learned', 'dynamic')
        .replace('STALE', 'stale'),
    ]
  if (key === 'mark' && typeof x === 'number') return [`--mark ${x}`]
  if (key === 'probability') return ['0.25']
  if (typeof x === 'boolean')
    return (
      {
        up: x ? [' up'] : [' down'],
        hairpin: [`hairpin ${x ? 'on' : 'off'}`],
        learning: [x ? ' learning' : 'nolearning'],
        udpcsum: [x ? ' udpcsum' : 'noudpcsum'],
        onlink: x ? ['onlink'] : [],
        sourceDestCheck: [x ? ' --source-dest-check' : '--no-source-dest-check'],
        limitIfaceIn: x ? ['--limit-iface-in'] : [],
        replied: x ? ['SEEN_REPLY'] : [],
        gone: [],
        isBridged: x ? ['--physdev-is-bridged'] : [],
        reap: x ? ['--reap'] : [],
        dest: [x ? '--rdest' : '--rsource'],
        nomatch: x ? ['nomatch'] : [],
        validmark: x ? ['--validmark'] : [],
        invert: x ? ['--invert'] : [],
        not: x ? ['not from'] : [],
        randomFully: x ? ['--random-fully'] : [],
      }[key] ?? [`${key} is not expected`]
    )
  if (key === 'value' || key === 'mask')
    return [typeof x === 'number' && key === 'value' ? String(x) : '']
  if (key === 'mark' || key === 'fwmark') return ['0x1234/0xffff']
  if (key === 'subnet' && String(x).includes('/')) return [String(x).replace('/', '-')]
  if (Array.isArray(x)) return x.flatMap((y) => told(y, ''))
  if (typeof x === 'object' && x !== null) return Object.entries(x).flatMap(([k, v]) => told(v, k))
  return x === null ? [] : [String(x as string | number).replace(/\/32$/, '')]
}
/** Keys whose order or sense no line can show: which matches were written first, which are negated, and what belongs to a certain kind of chain. */
const UNTOLD: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  netfilter: ['matches', 'not', 'srcType', 'dstType'],
  devs: ['kind'],
  chains: ['policy'],
  leases: [],
  // -t or -u.
  ipvsServices: ['proto'],
  ipvsServers: ['proto'],
}

describe('the command of a change', () => {
  const cases = TABLES.flatMap((table) =>
    rowsOf(start, space(table), table).flatMap((row, i) => [
      ...Object.keys(row).map((k) => [table, i, row, [k]] as const),
      [table, i, row, Object.keys(row)] as const,
    ]),
  ).filter(
    ([table, , row, keys]) =>
      !(table === 'devs' && (row as { kind: string }).kind === 'loopback') &&
      !keys.every((k) => UNTOLD[table]?.includes(k)),
  )
  it('has every key of every table', () => expect(cases.length).toBeGreaterThan(200))
  it.each(cases)('%s[%i] %j: %j', (table, _, row, keys) => {
    const to = Object.fromEntries(
      keys
        .filter((k) => !UNTOLD[table]?.includes(k))
        .map((k) => [k, other((row as Readonly<Record<string, unknown>>)[k], k, table)]),
    )
    const e = { op: 'set', in: space(table), table, where: row, to } as unknown as Edit
    const line = command(e, start)
    const said = Object.entries(to)
      .filter(
        ([k, x]) =>
          JSON.stringify(x) !== JSON.stringify((row as Readonly<Record<string, unknown>>)[k]),
      )
      .flatMap(([k, x]) => told(x, k))
    for (const word of said) expect(line, JSON.stringify(to)).toContain(word)
    expect(line).not.toMatch(/undefined|\[object|\n/)
  })
  it.each<[Edit, string]>([
    [
      {
        op: 'set',
        in: 'vpc',
        table: 'enis',
        where: { id: 'eni-1' },
        to: { groups: ['sg-a', 'sg-b'], sourceDestCheck: false, publicIp: '198.51.100.2' },
      },
      'aws ec2 modify-network-interface-attribute --network-interface-id eni-1 --no-source-dest-check && aws ec2 modify-network-interface-attribute --network-interface-id eni-1 --groups sg-a sg-b && aws ec2 disassociate-address --public-ip 198.51.100.1 && aws ec2 associate-address --network-interface-id eni-1 --public-ip 198.51.100.2',
    ],
    [
      {
        op: 'set',
        in: 'n1',
        table: 'devs',
        where: { name: 'br0' },
        to: { mtu: 1400, addrs: ['10.1.1.1/24', '10.1.2.1/24'] },
      },
      'ip link set dev br0 mtu 1400 && ip addr add 10.1.2.1/24 dev br0  # n1',
    ],
    [
      { op: 'set', in: 'n1', table: 'devs', where: { name: 'vx0' }, to: { vni: 8 } },
      'ip link del dev vx0 && ip link add name vx0 address 5a:00:00:00:00:01 mtu 1450 type vxlan id 8 local 192.168.0.100 dstport 8472 nolearning udpcsum && ip addr add 10.1.1.0/32 dev vx0 && ip link set dev vx0 up  # n1',
    ],
    [
      {
        op: 'set',
        in: 'n1',
        table: 'devs',
        where: { name: 'veth0' },
        to: { master: undefined } as never,
      },
      'ip link set dev veth0 nomaster  # n1',
    ],
    [
      {
        op: 'set',
        in: 'n1',
        table: 'netfilter',
        where: { comment: 'a b' },
        to: { comment: `it's $(x) "y" !z` },
      },
      `iptables -R FORWARD 1 -p udp -m comment --comment 'it'\\''s $(x) "y" !z' -m multiport --dports 53,54 -j OWN  # n1`,
    ],
    [
      {
        op: 'add',
        in: 'n1',
        table: 'sockets',
        row: {
          proto: 'udp',
          port: 5353,
          program: 'docker-proxy',
          relay: { ip: '172.17.0.2', port: 53 },
        },
      },
      'docker-proxy -proto udp -host-ip 0.0.0.0 -host-port 5353 -container-ip 172.17.0.2 -container-port 53 &  # n1',
    ],
    [
      {
        op: 'del',
        in: 'n1',
        table: 'sockets',
        where: {
          proto: 'tcp',
          port: 80,
          program: 'docker-proxy',
          relay: { ip: '172.17.0.2', port: 53 },
        },
      },
      "pkill -f 'docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 80 '  # n1",
    ],
    [
      {
        op: 'add',
        in: 'n1',
        table: 'sockets',
        row: { proto: 'udp', port: 53, program: 'my dns; reboot' },
      },
      "systemctl start 'my dns; reboot'  # it listens on udp 0.0.0.0:53  # n1",
    ],
    [{ op: 'del', in: 'n1', table: 'devs', where: { name: 'a;b' } }, "ip link del dev 'a;b'  # n1"],
    [
      { op: 'set', in: 'n1', table: 'chains', where: { chain: 'OWN' }, to: { chain: 'MINE' } },
      'iptables -E OWN MINE  # n1',
    ],
  ])('%j', (e, line) => expect(command(e, start)).toBe(line))
  it('says what it can without the topology', () => {
    expect(
      command({
        op: 'set',
        in: 'n1',
        table: 'devs',
        where: { name: 'vx0' },
        to: { vni: 8 } as never,
      }),
    ).toBe('ip link del dev vx0  # and made again with vni 8  # n1')
    expect(command({ op: 'set', in: 'n1', table: 'zzz', where: {}, to: {} } as never)).toBe(
      `# '{"op":"set","in":"n1","table":"zzz","where":{},"to":{}}'`,
    )
  })
})

it('of a docker-proxy that changes its port the one that runs is stopped', () => {
  expect(
    command(
      {
        op: 'set',
        in: 'node-1',
        table: 'sockets',
        where: { port: 8080, program: 'docker-proxy' },
        to: { port: 9090 },
      },
      SCENARIOS['docker-bridge']!.topology,
    ),
  ).toBe(
    "pkill -f 'docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 ' && docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 9090 -container-ip 172.17.0.3 -container-port 80 &  # node-1",
  )
})
