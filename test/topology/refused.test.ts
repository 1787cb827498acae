import { describe, expect, it } from 'vitest'
import { apply } from '#lib/topology/apply.ts'
import { command } from '#lib/topology/command.ts'
import type { Dev } from '#lib/topology/devs.ts'
import { EditError, type Edit } from '#lib/topology/edit.ts'
import type { FdbEntry, Neigh, NfRule, Route, Rule } from '#lib/topology/rows.ts'
import { emptyNetns, fromSpaces, withSpace, type Netns } from '#lib/topology/topology.ts'
import { validate } from '#lib/topology/validate.ts'
import { inNamespaces, unable, type Act } from '../analysis/kernel/namespace.ts'

/* Rows that Linux takes or refuses when they are added: an edit is answered as the kernel answers the command, in the kernel's words. */

const link = { mtu: 1500, up: true } as const
const veth = (name: string, n: number, more: Partial<Dev> = {}): Dev =>
  ({
    ...link,
    kind: 'veth',
    name,
    mac: `02:fe:00:00:00:0${n}`,
    addrs: [],
    peer: { netns: 'rf-far', dev: name },
    ...more,
  }) as Dev
const devs: Dev[] = [
  {
    ...link,
    kind: 'loopback',
    name: 'lo',
    mac: '00:00:00:00:00:00',
    mtu: 65536,
    addrs: ['127.0.0.1/8'],
  },
  veth('v0', 1, { addrs: ['172.17.0.2/16'] }),
  veth('v1', 2, { addrs: ['10.5.0.1/32'] }),
  veth('v2', 3, { addrs: ['10.11.0.1/24'], up: false }),
  { ...link, kind: 'bridge', name: 'br0', mac: '02:42:aa:00:00:01', addrs: [] },
  veth('p0', 4, { master: 'br0' }),
  {
    ...link,
    kind: 'vxlan',
    name: 'vx0',
    mac: '5a:00:00:00:00:01',
    mtu: 1450,
    addrs: [],
    vni: 7,
    port: 8472,
    local: '172.17.0.2',
    learning: false,
    udpcsum: true,
  },
  {
    ...link,
    kind: 'vxlan',
    name: 'vx1',
    mac: '5a:00:00:00:00:02',
    mtu: 1450,
    addrs: [],
    vni: 8,
    port: 8472,
    local: '172.17.0.2',
    learning: false,
    udpcsum: true,
  },
]
const near: Netns = {
  ...emptyNetns('rf', 'rf', 'node'),
  devs,
  routes: [
    {
      table: 'main',
      dst: '172.17.0.0/16',
      dev: 'v0',
      proto: 'kernel',
      scope: 'link',
      src: '172.17.0.2',
    },
    { table: 'main', dst: '10.6.0.0/16', dev: 'v0' },
    { table: 'main', dst: '10.7.0.0/16', dev: 'v0', scope: 'link' },
    { table: 'main', dst: '10.7.9.0/24', type: 'unreachable', scope: 'link' },
    { table: '100', dst: '10.8.0.0/16', dev: 'v0', scope: 'link' },
  ],
  rules: [
    { priority: 0, table: 'local' },
    { priority: 500, table: '100', from: '10.0.0.1/24' },
    { priority: 32766, table: 'main' },
    { priority: 32767, table: 'default' },
  ],
  chains: [{ table: 'filter', chain: 'MINE', policy: null }],
  neigh: [{ ip: '172.17.0.9', dev: 'v0', lladdr: '02:00:00:00:00:09', state: 'PERMANENT' }],
  fdb: [
    { mac: '02:00:00:00:00:07', dev: 'p0', master: 'br0', state: 'permanent' },
    { mac: '02:00:00:00:00:08', dev: 'vx0', dst: '172.17.0.9', state: 'permanent' },
  ],
}
const far: Netns = {
  ...emptyNetns('rf-far', 'rf-far', 'pod'),
  devs: devs.flatMap((d): Dev[] =>
    d.kind === 'veth'
      ? [
          {
            ...link,
            kind: 'veth',
            name: d.name,
            mac: d.mac.replace('fe', 'fd') as Dev['mac'],
            addrs: [],
            peer: { netns: 'rf', dev: d.name },
          },
        ]
      : [],
  ),
}
const world = fromSpaces([near, far])

const add = <T extends 'routes' | 'rules' | 'neigh' | 'fdb' | 'netfilter'>(
  table: T,
  row: Netns[T][number],
): Edit => ({ op: 'add', in: 'rf', table, row }) as Edit
const route = (row: Partial<Route>): Edit =>
  add('routes', { table: 'main', dst: '10.0.0.1/32', dev: 'v0', ...row } as Route)
const undirected = ({ dev: _, ...row }: Partial<Route> & { readonly dev?: string }): Edit =>
  add('routes', { table: 'main', dst: '10.0.0.1/32', ...row } as Route)
const rule = (row: Partial<Rule>): Edit => add('rules', { priority: 500, table: '100', ...row })
const acting = (row: Partial<Rule>): Edit => add('rules', { priority: 500, ...row })
const neigh = (row: Partial<Neigh>): Edit =>
  add('neigh', {
    ip: '172.17.0.8',
    dev: 'v0',
    lladdr: '02:00:00:00:00:01',
    state: 'PERMANENT',
    ...row,
  })
const filter = (chain: string, target: NfRule['target'] = { type: 'ACCEPT' }): Edit =>
  add('netfilter', { table: 'filter', chain, target })
const fdb = (row: Partial<FdbEntry> & Pick<FdbEntry, 'dev'>): Edit =>
  add('fdb', { mac: '02:00:00:00:00:01', state: 'permanent', ...row })

/** The kernel's words, null where it takes the row. `now`: it counts only when the row is added. */
const GATEWAY = 'Nexthop has invalid gateway'
const CASES: readonly (readonly [edit: Edit, refused: string | null, now?: true])[] = [
  [route({ via: '172.17.0.9' }), null],
  [route({ via: '172.17.0.2' }), null],
  [route({ via: '172.17.0.2', onlink: true }), GATEWAY],
  [undirected({ via: '172.17.0.2' }), null],
  [undirected({ via: '127.0.0.1' }), null],
  [route({ via: '127.0.0.1' }), GATEWAY],
  [route({ via: '10.5.0.1' }), GATEWAY],
  [route({ via: '10.5.0.1', onlink: true }), GATEWAY],
  [route({ via: '10.5.0.1', dev: 'v1' }), null],
  [route({ via: '127.0.0.1', onlink: true }), GATEWAY],
  [route({ via: '172.17.255.255' }), GATEWAY],
  [route({ via: '172.17.255.255', onlink: true }), GATEWAY],
  [route({ via: '255.255.255.255', onlink: true }), GATEWAY],
  [route({ via: '0.0.0.9', onlink: true }), null],
  [route({ via: '224.0.0.1', onlink: true }), GATEWAY],
  [route({ via: '224.0.0.1' }), GATEWAY, true],
  [route({ via: '9.9.9.9' }), GATEWAY, true],
  [route({ via: '9.9.9.9', onlink: true }), null],
  [undirected({ via: '9.9.9.9', onlink: true }), 'Nexthop device required for onlink'],
  [route({ onlink: true }), 'Invalid flags for nexthop - PERVASIVE and ONLINK can not be set'],
  [route({ via: '10.6.0.9' }), GATEWAY, true],
  [route({ via: '10.7.0.9' }), null],
  [route({ via: '10.7.0.9', dev: 'v1' }), GATEWAY, true],
  [route({ via: '10.7.9.9' }), GATEWAY, true],
  [route({ via: '10.8.0.9' }), GATEWAY, true],
  [route({ via: '10.8.0.9', table: '100' }), null],
  [route({ via: '172.17.0.9', table: '100' }), null],
  [route({ via: '172.17.0.9', scope: 'link' }), GATEWAY, true],
  [route({ via: '172.17.0.9', scope: 'host' }), 'Route with host scope can not have a gateway'],
  [route({ scope: 'host' }), null],
  [route({ via: '172.17.0.9', dev: 'lo' }), GATEWAY, true],
  [route({ via: '172.17.0.9', dev: 'lo', onlink: true }), null],
  [route({ src: '10.9.9.9' }), 'Invalid prefsrc address'],
  [route({ src: '172.17.255.255' }), 'Invalid prefsrc address'],
  [route({ src: '127.0.0.5' }), null],
  [route({ src: '10.5.0.1' }), null],
  [route({ src: '10.11.0.1' }), null],
  [route({ src: '10.9.9.9', table: '100' }), 'Invalid prefsrc address'],
  [
    route({ type: 'blackhole' }),
    'Gateway, device and multipath can not be specified for this route type',
  ],
  [
    undirected({ type: 'prohibit', via: '172.17.0.9' }),
    'Gateway, device and multipath can not be specified for this route type',
  ],
  [undirected({ type: 'unreachable' }), null],
  [route({ dev: 'v2' }), 'Device for nexthop is not up', true],
  [route({ dev: 'v2', via: '10.11.0.9', onlink: true }), 'Nexthop device is not up', true],
  [route({ dev: 'v2', via: '10.11.0.9' }), GATEWAY, true],
  [route({ dev: 'gone' }), 'Cannot find device', true],
  [route({ dst: '10.6.0.0/16', dev: 'v1' }), 'File exists', true],
  [route({ dst: '10.6.0.0/16', dev: 'v1', metric: 9 }), null],
  [route({ dst: '10.6.0.0/16' }), 'File exists'],
  [rule({ fwmark: { value: 0, mask: 0xffffffff }, from: '10.0.0.1/24' }), null],
  [rule({ from: '10.0.0.1/24' }), 'File exists'],
  [rule({ from: '10.0.0.1/24', not: true }), 'File exists'],
  [rule({ from: '10.0.0.0/24' }), null],
  [rule({ from: '10.0.0.1/24', priority: 501 }), null],
  [rule({ fwmark: { value: 5, mask: 1 } }), null],
  [rule({ iif: 'gone' }), null],
  [rule({ to: '255.255.255.255/32' }), null],
  [rule({ oif: 'gone' }), null],
  [rule({ ipproto: 'tcp', sport: 80, dport: '1000:2000' }), null],
  [rule({ ipproto: 'icmp' }), null],
  [rule({ suppressPrefixlength: 0 }), null],
  [rule({ from: '10.0.0.1/24', suppressPrefixlength: 0 }), null],
  [acting({ action: 'prohibit' }), null],
  [acting({ action: 'unreachable', from: '10.0.0.1/24' }), null],
  [acting({ action: 'blackhole', iif: 'v0' }), null],
  [undirected({ type: 'throw' }), null],
  [
    route({ type: 'throw' }),
    'Gateway, device and multipath can not be specified for this route type',
  ],
  [route({ proto: 'bird' }), null],
  [filter('MINE'), null],
  [filter('FORWARD', { type: 'GOTO', chain: 'MINE' }), null],
  [filter('NOBODYS'), 'No chain/target/match by that name', true],
  [filter('PREROUTING'), 'No chain/target/match by that name', true],
  [filter('FORWARD', { type: 'JUMP', chain: 'NOBODYS' }), "Chain 'NOBODYS' does not exist", true],
  [filter('FORWARD', { type: 'GOTO', chain: 'NOBODYS' }), "Chain 'NOBODYS' does not exist", true],
  [neigh({ ip: '172.17.0.9' }), 'File exists'],
  [neigh({ ip: '172.17.0.9', dev: 'v1' }), null],
  [neigh({ ip: '224.0.0.1' }), null],
  [neigh({ lladdr: 'ff:ff:ff:ff:ff:ff' }), null],
  [neigh({ dev: 'v2' }), null],
  [fdb({ dev: 'p0', master: 'br0' }), null],
  [fdb({ dev: 'p0', master: 'br0', mac: '02:00:00:00:00:07' }), 'File exists'],
  [fdb({ dev: 'v0', master: 'br0' }), 'Operation not supported'],
  [fdb({ dev: 'p0', master: 'br0', mac: '00:00:00:00:00:00' }), 'Invalid argument'],
  [fdb({ dev: 'p0', master: 'br0', mac: 'ff:ff:ff:ff:ff:ff' }), null],
  [fdb({ dev: 'vx0', dst: '172.17.0.8' }), null],
  [fdb({ dev: 'vx0' }), 'Invalid argument'],
  [fdb({ dev: 'vx0', mac: '02:00:00:00:00:08', dst: '172.17.0.8' }), 'File exists'],
  [fdb({ dev: 'vx0', mac: '00:00:00:00:00:00', dst: '172.17.0.8' }), null],
  [fdb({ dev: 'lo' }), 'FDB add only supported for Ethernet devices'],
]

function said(edit: Edit): string | null {
  try {
    apply(world, edit)
    return null
  } catch (error) {
    if (!(error instanceof EditError)) throw error
    return error.message.replace('rf.', '')
  }
}
const names = CASES.map(
  ([edit, refused, now]) => [command(edit).replace('  # rf', ''), edit, refused, now] as const,
)

describe('a row that is added', () => {
  it.each(names)('%s', (_, edit, refused) =>
    expect(said(edit)?.replace(/^\w+: /, '') ?? 'applied').toMatch(
      new RegExp(refused === null ? '^applied$' : `^${refused}.*; `),
    ),
  )
  it('each refusal has a remedy and fits a line', () => {
    for (const [edit] of CASES) expect(said(edit)?.length ?? 0).toBeLessThan(200)
  })
  it.each(names)('in a file, where nobody knows when it came: %s', (_, edit, refused, now) => {
    const row = (edit as { readonly row: object }).row
    const found = validate(
      withSpace(world, { ...near, [edit.table]: [...near[edit.table as 'routes'], row] } as Netns),
      ['rf'],
    ).filter((f) => !f.odd && f.code === 'refused' && f.row === near[edit.table as 'routes'].length)
    expect(found.map((f) => refused !== null && f.message.includes(refused))).toEqual(
      refused === null || now === true ? [] : [true],
    )
  })
})

describe('a device', () => {
  const set = (to: Partial<Dev>, name = 'vx0'): string | null =>
    said({ op: 'set', in: 'rf', table: 'devs', where: { name }, to })
  it('two tunnels with one VNI and port', () =>
    expect(set({ vni: 8 } as never)).toMatch(
      /A VXLAN device with the specified VNI already exists: vx1; take another/,
    ))
  it.each(['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', '01:00:5e:00:00:01'] as const)(
    'the address %s',
    (mac) => expect(set({ mac }, 'v0')).toMatch(/Cannot assign requested address: .*; take /),
  )
})

const reason = unable()
if (reason !== null) {
  if (process.env['CI'] !== undefined)
    throw new Error(`refusals must be compared with a kernel, but it ${reason}`)
  process.stderr.write(`\nSKIPPED: what a kernel refuses ${reason}\n\n`)
}
describe.runIf(reason === null)('in a real kernel', () => {
  const undo = ({ table, row }: Edit & { readonly op: 'add' }): string =>
    command({ op: 'del', in: 'rf', table, where: row } as unknown as Edit).replace('  # rf', '')
  let answers: string[][] | null = null
  const asked = (): string[][] =>
    (answers ??= inNamespaces(
      [near, far],
      names.map(([line, edit]): Act => ({
        space: 'rf',
        command: `{ ${line} && echo TAKEN && ${undo(edit as never)}; } 2>&1 || true`,
      })),
      60_000,
    ))
  it.each(names.map(([line, _, refused], i) => [line, refused, i] as const))(
    '%s',
    (_, refused, i) =>
      expect(asked()[i]!.join(' ')).toMatch(refused === null ? /^TAKEN$/ : refused),
    60_000,
  )
})

describe('a second value of a sysctl', () => {
  // `sysctl -w` writes over the first and says nothing: no words of Linux stand there.
  const edit: Edit = {
    op: 'add',
    in: 'rf',
    table: 'sysctls',
    row: { key: 'net.ipv4.ip_forward', value: 0 },
  }
  it('is not added beside the first', () => {
    expect(() => apply(apply(world, edit), { ...edit, row: { ...edit.row, value: 1 } })).toThrow(
      'rf.sysctls: there is a value of net.ipv4.ip_forward already; change that one',
    )
  })
  it('says nothing in a file', () => {
    const rows = [edit.row, { ...edit.row, value: 1 }]
    const twice = fromSpaces([{ ...near, sysctls: rows }, far])
    expect(
      validate(twice)
        .filter((f) => f.table === 'sysctls')
        .map((f) => f.message),
    ).toEqual(['row 0 is a value of net.ipv4.ip_forward too; keep one of the two'])
  })
})
