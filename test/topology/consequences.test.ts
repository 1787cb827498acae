import { describe, expect, it } from 'vitest'
import { command } from '#lib/topology/command.ts'
import { apply, applyAll } from '#lib/topology/apply.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Route } from '#lib/topology/rows.ts'
import { fdbText } from '#lib/topology/tables/fdb/row.ts'
import { neighText } from '#lib/topology/tables/neigh/row.ts'
import { routeText } from '#lib/topology/tables/routes/row.ts'
import { emptyNetns, fromSpaces, netns, type Netns, type Topology } from '#lib/topology/topology.ts'
import { inNamespaces, unable, type Act } from '../analysis/kernel/namespace.ts'

/* What the kernel changes with a device: the rows after an edit, and a real kernel's after the commands. */

const link = { mtu: 1500, up: true } as const
const veth = (at: string, name: string, n: number, more: Partial<Dev> = {}): Dev =>
  ({
    ...link,
    kind: 'veth',
    name,
    mac: `02:fe:00:00:00:0${n}`,
    addrs: [],
    peer: { netns: `${at}-far`, dev: name },
    ...more,
  }) as Dev
const connected = (dst: Route['dst'], dev: string, src: Route['src']): Route => ({
  table: 'main',
  dst,
  dev,
  proto: 'kernel',
  scope: 'link',
  src: src!,
})

/** Two veths with addresses, a bridge with a port, a VXLAN, and rows of every table that devices have. */
function world(name: string): Netns[] {
  const devs: Dev[] = [
    veth(name, 'da', 1, { addrs: ['10.0.1.1/24', '10.0.7.1/24'] }),
    veth(name, 'db', 2, { addrs: ['10.0.2.1/24'] }),
    { ...link, kind: 'bridge', name: 'br0', mac: '02:42:aa:00:00:01', addrs: ['10.0.3.1/24'] },
    veth(name, 'dc', 3, { master: 'br0' }),
    {
      ...link,
      kind: 'vxlan',
      name: 'vx0',
      mac: '5a:00:00:00:00:01',
      mtu: 1450,
      addrs: [],
      vni: 7,
      port: 8472,
      local: '10.0.2.1',
      learning: true,
      udpcsum: true,
    },
  ]
  const near: Netns = {
    ...emptyNetns(name, name, 'node'),
    devs,
    routes: [
      connected('10.0.1.0/24', 'da', '10.0.1.1'),
      connected('10.0.7.0/24', 'da', '10.0.7.1'),
      connected('10.0.2.0/24', 'db', '10.0.2.1'),
      connected('10.0.3.0/24', 'br0', '10.0.3.1'),
      { table: 'main', dst: '10.9.0.0/16', via: '10.0.1.9' },
      { table: 'main', dst: '10.8.0.0/16', via: '10.0.2.9', src: '10.0.1.1' },
      { table: '7', dst: '10.8.0.0/16', via: '10.0.2.9', dev: 'db', src: '10.0.1.1' },
      { table: 'main', dst: '10.6.0.0/16', dev: 'da', scope: 'link' },
    ],
    neigh: [{ ip: '10.0.1.9', dev: 'da', lladdr: '02:00:00:00:00:09', state: 'PERMANENT' }],
    fdb: [
      { mac: '02:00:00:00:00:07', dev: 'dc', master: 'br0', state: 'learned' },
      { mac: '02:00:00:00:00:08', dev: 'dc', master: 'br0', state: 'permanent' },
      { mac: '02:00:00:00:00:09', dev: 'vx0', dst: '10.0.2.9', state: 'learned' },
      { mac: '02:00:00:00:00:0a', dev: 'vx0', dst: '10.0.2.9', state: 'permanent' },
    ],
  }
  const far: Netns = {
    ...emptyNetns(`${name}-far`, `${name}-far`, 'pod'),
    devs: devs.flatMap((d): Dev[] =>
      d.kind === 'veth'
        ? [
            {
              ...link,
              kind: 'veth',
              name: d.name,
              mac: d.mac.replace('fe', 'fd') as Dev['mac'],
              addrs: [],
              peer: { netns: name, dev: d.name },
            },
          ]
        : [],
    ),
  }
  return [near, far]
}

type Case = readonly [what: string, edits: (at: string) => readonly Edit[]]
const set =
  (name: string, to: Readonly<Partial<Dev>>) =>
  (at: string): Edit => ({ op: 'set', in: at, table: 'devs', where: { name }, to })
const del =
  (name: string) =>
  (at: string): Edit => ({ op: 'del', in: at, table: 'devs', where: { name } })
const CASES: readonly Case[] = [
  [
    'down: routes and neighbours of the device, also a route without one whose next hop was there',
    (at) => [set('da', { up: false })(at)],
  ],
  [
    'down and up: connected routes only',
    (at) => [set('da', { up: false })(at), set('da', { up: true })(at)],
  ],
  [
    'another device has the next hop’s prefix: the route stays where it was found',
    (at) => [
      set('db', { addrs: ['10.0.2.1/24', '10.0.1.130/25'] })(at),
      set('db', { up: false })(at),
    ],
  ],
  [
    'another device has the next hop’s prefix, and the first goes down: the route goes',
    (at) => [
      set('db', { addrs: ['10.0.2.1/24', '10.0.1.77/24'] })(at),
      set('da', { up: false })(at),
    ],
  ],
  [
    'deleted: also routes of the main table with its address as their source',
    (at) => [del('da')(at)],
  ],
  [
    'an address less: its connected route and what had it as source; a next hop that is on link no more stays',
    (at) => [set('da', { addrs: ['10.0.7.1/24'] })(at)],
  ],
  ['the last address: all that IP has on the device', (at) => [set('da', { addrs: [] })(at)]],
  [
    'a second address of a network brings no route',
    (at) => [set('da', { addrs: ['10.0.1.1/24', '10.0.7.1/24', '10.0.1.2/24'] })(at)],
  ],
  ['another MAC: its neighbours', (at) => [set('da', { mac: '02:fe:00:00:00:11' })(at)]],
  ['another name: all follow', (at) => [set('da', { name: 'dd' })(at)]],
  ['a port down: what was learned on it', (at) => [set('dc', { up: false })(at)]],
  ['its bridge down: what was learned', (at) => [set('br0', { up: false })(at)]],
  [
    'the port’s other end down: what was learned',
    (at) => [{ ...set('dc', { up: false })(`${at}-far`) }],
  ],
  ['a VXLAN down: what it learned', (at) => [set('vx0', { up: false })(at)]],
  [
    'another VNI: the tunnel is made again, and what hung on it is gone',
    (at) => [
      {
        op: 'add',
        in: at,
        table: 'routes',
        row: { table: 'main', dst: '10.77.0.0/16', dev: 'vx0' },
      },
      {
        op: 'set',
        in: at,
        table: 'devs',
        where: { name: 'vx0' },
        to: { vni: 8, addrs: ['10.0.9.1/24'] } as never,
      },
    ],
  ],
  ['a bridge deleted: its routes and entries', (at) => [del('br0')(at)]],
  ['the other end deleted', (at) => [del('da')(`${at}-far`)]],
  [
    'a route that led to a next hop deleted: the other stays',
    (at) => [{ op: 'del', in: at, table: 'routes', where: { dst: '10.0.1.0/24' } }],
  ],
]

const rowsOf = (n: Netns): Record<'routes' | 'neigh' | 'fdb', string[]> => ({
  routes: n.routes.map(routeText).toSorted(),
  neigh: n.neigh.map(neighText).toSorted(),
  fdb: n.fdb.map(fdbText).toSorted(),
})
/** What a device lists of itself: the groups it listens to, the own MACs of a bridge and its ports. */
const theirs = (lines: readonly string[]): string[] =>
  lines
    .map((l) => l.trim().replace(/ linkdown$/, ''))
    .filter((l) => l !== '' && !/^(?:33:33|01:00:5e)|^02:(?:fe|42).*permanent$/.test(l))
    .toSorted()

describe('what follows from a change of a device', () => {
  const kept = rowsOf(world('n')[0]!)
  const after = (edits: readonly Edit[]): Record<'routes' | 'neigh' | 'fdb', string[]> =>
    rowsOf(netns(applyAll(fromSpaces(world('n')), edits), 'n')!)
  const lost = (edits: readonly Edit[]): string[] => {
    const now = after(edits)
    return (['routes', 'neigh', 'fdb'] as const).flatMap((t) =>
      kept[t].filter((x) => !now[t].includes(x)),
    )
  }
  it.each<[Edit[], string[]]>([
    [
      [set('da', { up: false })('n')],
      [
        '10.0.1.0/24 dev da proto kernel scope link src 10.0.1.1',
        '10.0.7.0/24 dev da proto kernel scope link src 10.0.7.1',
        '10.6.0.0/16 dev da scope link',
        '10.9.0.0/16 via 10.0.1.9',
        '10.0.1.9 dev da lladdr 02:00:00:00:00:09 PERMANENT',
      ],
    ],
    [
      [set('da', { addrs: ['10.0.7.1/24'] })('n')],
      [
        '10.0.1.0/24 dev da proto kernel scope link src 10.0.1.1',
        '10.8.0.0/16 via 10.0.2.9 src 10.0.1.1',
        '10.9.0.0/16 via 10.0.1.9',
      ],
    ],
    [[set('dc', { up: false })('n-far')], ['02:00:00:00:00:07 dev dc master br0']],
    [[set('vx0', { up: false })('n')], ['02:00:00:00:00:09 dev vx0 dst 10.0.2.9 self']],
    [
      [set('da', { mac: '02:fe:00:00:00:11' })('n')],
      ['10.0.1.9 dev da lladdr 02:00:00:00:00:09 PERMANENT'],
    ],
  ])('%j', (edits, gone) => expect(lost(edits)).toEqual(gone))
  it('a route whose next hop another device has by now keeps its own', () => {
    expect(
      after([
        { op: 'del', in: 'n', table: 'routes', where: { dst: '10.0.1.0/24' } },
        set('da', { addrs: ['10.0.7.1/24'] })('n'),
      ]).routes,
    ).toContain('10.9.0.0/16 via 10.0.1.9 dev da')
  })
  it('a name is followed by the other end, the port of a bridge, a program’s TUN, sysctls and the VPC', () => {
    const n: Netns = {
      ...world('n')[0]!,
      sysctls: [{ key: 'net.ipv4.conf.dc.rp_filter', value: 1 }],
      rules: [{ priority: 5, table: 'main', iif: 'dc' }],
    }
    const t = applyAll(fromSpaces([n, world('n')[1]!]), [
      set('dc', { name: 'port' })('n'),
      set('br0', { name: 'bridge' })('n'),
    ])
    expect([
      netns(t, 'n-far')!.devs[2],
      netns(t, 'n')!.devs[3],
      netns(t, 'n')!.fdb[0],
      netns(t, 'n')!.sysctls,
      netns(t, 'n')!.rules,
    ]).toMatchObject([
      { peer: { netns: 'n', dev: 'port' } },
      { name: 'port', master: 'bridge' },
      { dev: 'port', master: 'bridge' },
      [{ key: 'net.ipv4.conf.port.rp_filter' }],
      [{ iif: 'dc' }],
    ])
  })
})

/** A value that a device had, one that it would have got, and one that ip_forward sets for all. */
const VALUES = (at: string): Edit[] => [
  ...(
    [
      ['conf.default.arp_ignore', 2],
      ['conf.default.forwarding', 1],
      ['conf.vx0.arp_ignore', 1],
      ['neigh.default.proxy_delay', 7],
      ['ip_forward', 1],
      ['conf.all.forwarding', 0],
    ] as const
  ).map(([key, value]): Edit => ({
    op: 'add',
    in: at,
    table: 'sysctls',
    row: { key: `net.ipv4.${key}`, value },
  })),
  { op: 'set', in: at, table: 'devs', where: { name: 'vx0' }, to: { vni: 8 } as never },
  {
    op: 'add',
    in: at,
    table: 'devs',
    row: { ...link, kind: 'bridge', name: 'br1', mac: '02:42:aa:00:00:02', addrs: [] },
  },
]
const NAMES = ['vx0', 'br1'].flatMap((d) =>
  [`conf.${d}.arp_ignore`, `conf.${d}.forwarding`, `neigh.${d}.proxy_delay`].map(
    (x) => `net.ipv4.${x}`,
  ),
)
it('a device that comes has the sysctls of default, and takes its own with it', () => {
  const t = applyAll(fromSpaces(world('n')), VALUES('n'))
  const value = (key: string): number =>
    netns(t, 'n')!.sysctls.find((x) => x.key === key)?.value ?? 0
  expect(NAMES.map(value)).toEqual([2, 0, 7, 2, 0, 7])
  expect(
    netns(apply(t, del('vx0')('n')), 'n')!.sysctls.filter((x) => x.key.includes('vx0')),
  ).toEqual([])
})

const reason = unable()
if (reason !== null) {
  if (process.env['CI'] !== undefined)
    throw new Error(`consequences must be compared with a kernel, but it ${reason}`)
  process.stderr.write(`\nSKIPPED: what a kernel changes with a device ${reason}\n\n`)
}

describe.runIf(reason === null)('in a real kernel', () => {
  const start: Topology = fromSpaces(CASES.flatMap((_, i) => world(`c${i}`)))
  let answers: { readonly lines: string[][] } | { readonly error: unknown } | null = null
  /** All cases at once, each in namespaces of its own; asked once, also when it fails. */
  const asked = (): string[][] => {
    if (answers === null)
      try {
        answers = { lines: all() }
      } catch (error) {
        answers = { error }
      }
    if ('error' in answers) throw answers.error
    return answers.lines
  }
  const all = (): string[][] =>
    inNamespaces(
      CASES.flatMap((_, i) => world(`c${i}`)),
      CASES.flatMap(([, edits], i): Act[] => {
        let t = start
        const typed = edits(`c${i}`).map((e): Act => {
          const line = command(e, t)
          t = apply(t, e)
          return { space: e.in, lines: [line] }
        })
        return [
          ...typed,
          ...['ip -4 route show table all | grep -v "table local"', 'ip neigh', 'bridge fdb'].map(
            (line): Act => ({ space: `c${i}`, command: line }),
          ),
        ]
      }),
      60_000,
    )
  it('sysctls of a device that comes', () => {
    let t = fromSpaces(world('sy'))
    // neigh/default is the first namespace's alone.
    const typed = VALUES('sy')
      .filter((e) => !JSON.stringify(e).includes('neigh.default'))
      .map((e): Act => {
        const line = command(e, t)
        t = apply(t, e)
        return { space: 'sy', lines: [line] }
      })
    expect(
      inNamespaces(
        world('sy'),
        [
          ...typed,
          {
            space: 'sy',
            command: `sysctl -n ${NAMES.filter((x) => x.includes('.conf.')).join(' ')}`,
          },
        ],
        60_000,
      ),
    ).toEqual([['2', '0', '2', '0']])
  }, 90_000)
  it.each(CASES.map(([what, edits], i) => [what, edits, i] as const))(
    '%s',
    (_, edits, i) => {
      const ours = rowsOf(netns(applyAll(start, edits(`c${i}`)), `c${i}`)!)
      const [routes, neigh, fdb] = asked()
        .slice(3 * i, 3 * i + 3)
        .map(theirs)
      // A kernel always says the device that it found for a next hop.
      const found = (lines: readonly string[]): string[] =>
        lines
          .map((l) =>
            l
              .replace(
                /^(10\.9\.0\.0\/16 via 10\.0\.1\.9)(?= |$)(?! dev)/,
                `$1 dev ${edits(`c${i}`).some((e) => e.op === 'set' && 'name' in e.to) ? 'dd' : 'da'}`,
              )
              .replace(/^(10\.8\.0\.0\/16 via 10\.0\.2\.9)(?! dev)/, '$1 dev db'),
          )
          .toSorted()
      expect({ routes, neigh, fdb }).toEqual({ ...ours, routes: found(ours.routes) })
    },
    90_000,
  )
})
