import { describe, expect, it } from 'vitest'
import {
  applyAll,
  command,
  emptyNetns,
  fromSpaces,
  netns,
  spaces,
  tableAsTool,
  walk,
  type Conntrack,
  type Dev,
  type Edit,
  type Flow,
  type Neigh,
  type Netns,
  type NfRule,
  type Space,
  type TableName,
  type Topology,
} from '#lib/index.ts'
import { inNamespaces, unable, type Act } from '../kernel/namespace.ts'
import { lacking } from '#lib/cli/check.ts'
import { ability } from '#lib/cli/kernel-lab.ts'
import { traits } from '#lib/topology/devs.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/* Every row of every world, put into a real kernel by the commands we say one would type, and what the real tools then print. */

const TABLES = [
  'routes',
  'rules',
  'neigh',
  'fdb',
  'netfilter',
  'conntrack',
] as const satisfies readonly TableName[]
type Table = (typeof TABLES)[number]

/** Where a line of the tool may differ from ours, and why. Each is needed by some world: the last test says so. */
const ALLOWED = {
  'a table that was emptied':
    'iptables-nft keeps it, and prints its chains; ours has no rows of it',
  'a blank at the end': 'iproute2 writes one behind most words, also behind the last',
  'order of a hash table':
    'neighbours, FDB entries and connections come as they lie in the kernel’s hash table, which differs from boot to boot',
  'linkdown of a TUN': 'nobody holds the TUN device here; on a node flanneld does',
  'comments of iptables-save': 'version and date',
  'time passes': 'timeouts of connections count down: here up to the next ten seconds',
} as const
type Allowance = keyof typeof ALLOWED
const used = new Set<Allowance>()

function allow(why: Allowance, when: boolean): boolean {
  if (when) used.add(why)
  return when
}
function without(line: string, why: Allowance, pattern: RegExp, by = ''): string {
  const rest = line.replace(pattern, by)
  allow(why, rest !== line)
  return rest
}

/** The tool's lines as they compare with ours. */
function read(n: Netns, table: Table, lines: readonly string[]): string[] {
  const kept = filled(
    lines.filter(
      (line) => table !== 'netfilter' || !allow('comments of iptables-save', line.startsWith('# ')),
    ),
  )
  return compared(
    table,
    kept.map((line) => {
      if (table === 'netfilter') return line
      if (table === 'conntrack')
        return line.replace(/^(\S+ +\d+ )(\d+)/, (whole, head: string, left: string) => {
          const full = `${head}${Math.ceil(Number(left) / 10) * 10}`
          allow('time passes', full !== whole)
          return full
        })
      const tun = n.devs.find((d) => d.kind === 'tun' && line.includes(`dev ${d.name} `))
      const up =
        table === 'routes' && tun !== undefined
          ? without(line, 'linkdown of a TUN', / linkdown(?= ?$)/)
          : line
      return without(up, 'a blank at the end', / $/)
    }),
  )
}

/** Without the tables of iptables-save that have lost their last rule and chain: a kernel keeps them. */
function filled(lines: readonly string[]): string[] {
  const empty = /^\*\w+\n(?::[A-Z]+ ACCEPT \[0:0\]\n)+COMMIT\n/gm
  const text = lines.map((l) => `${l}\n`).join('')
  const rest = text.replaceAll(empty, '')
  allow('a table that was emptied', rest !== text)
  return rest.split('\n').slice(0, -1)
}

function compared(table: Table, lines: readonly string[]): string[] {
  if (table !== 'neigh' && table !== 'fdb' && table !== 'conntrack') return [...lines]
  const order = lines.toSorted()
  allow('order of a hash table', order.join() !== lines.join())
  return order
}

const ours = (n: Space, table: Table): string[] =>
  compared(
    table,
    tableAsTool(n, table).lines.map((l) => l.text),
  )
const namespaces = (t: Topology): Netns[] =>
  spaces(t)
    .filter((s) => s.kind === 'netns')
    .map((n) => ({ ...n, conntrack: n.conntrack.map(insertable), neigh: n.neigh.map(typeable) }))

/** DELAY is nothing that one can type: it becomes PROBE at once. */
function typeable(n: Neigh): Neigh {
  return n.state === 'DELAY' ? { ...n, state: 'STALE' } : n
}

/** `conntrack -I` has no word for the ICMP id that SNAT chose: these go in, and are printed, with the id kept. */
function insertable(c: Conntrack): Conntrack {
  return c.proto === 'icmp'
    ? { ...c, reply: { ...c.reply, sport: c.original.sport, dport: c.original.dport } }
    : c
}

/** A world with what its flows leave behind: neighbours, FDB entries, connections. */
function walked(id: string): Topology {
  return Object.values(SCENARIOS[id]!.flows).reduce(
    (t, flow) => walk(t, flow).after,
    SCENARIOS[id]!.topology,
  )
}

/** What the worlds have no row of: every form a row can take. */
function forms(): Netns[] {
  const link = { mtu: 1500, up: true } as const
  const veth = (name: string, at: string, dev: string, mac: Dev['mac']): Dev => ({
    ...link,
    kind: 'veth',
    name,
    mac,
    addrs: [],
    peer: { netns: at, dev },
  })
  const rule = (r: Omit<NfRule, 'table' | 'chain'> & Partial<NfRule>): NfRule => ({
    table: 'filter',
    chain: 'FORWARD',
    ...r,
  })
  const n: Netns = {
    ...emptyNetns('forms', 'forms', 'node'),
    devs: [
      {
        ...link,
        kind: 'nic',
        name: 'eth0',
        mac: '0a:00:00:00:00:64',
        addrs: ['192.168.0.100/24', '192.168.0.101/24'],
        wire: { vpc: 'vpc', eni: 'eni' },
      },
      { ...link, kind: 'bridge', name: 'cni0', mac: '02:42:aa:00:00:01', addrs: ['10.1.15.1/24'] },
      { ...veth('veth0', 'other', 'eth0', '02:fe:00:00:00:01'), master: 'cni0', hairpin: true },
      {
        ...link,
        kind: 'vxlan',
        name: 'vxlan0',
        mac: '5a:00:00:00:00:01',
        addrs: ['10.1.15.0/32'],
        vni: 7,
        port: 4789,
        local: '192.168.0.100',
        learning: true,
        udpcsum: false,
      },
    ],
    rules: [
      { priority: 0, table: 'local' },
      { priority: 32766, table: 'main' },
      { priority: 32767, table: 'default' },
      {
        priority: 200,
        table: '300',
        from: '10.0.0.0/8',
        to: '10.1.0.0/16',
        iif: 'cni0',
        fwmark: { value: 5, mask: 0xffffffff },
      },
      { priority: 100, table: 'main', fwmark: { value: 0, mask: 0x80 } },
      { priority: 98, table: 'main', to: '10.3.0.0/16', not: true },
      { priority: 100, table: '7', from: '0.0.0.0/0', to: '0.0.0.0/0', iif: 'lo' },
      { priority: 99, table: 'default', to: '1.2.3.4/32' },
    ],
    routes: [
      {
        table: 'main',
        dst: '192.168.0.0/24',
        dev: 'eth0',
        proto: 'kernel',
        scope: 'link',
        src: '192.168.0.100',
      },
      {
        table: 'main',
        dst: '10.1.15.0/24',
        dev: 'cni0',
        proto: 'kernel',
        scope: 'link',
        src: '10.1.15.1',
      },
      {
        table: 'main',
        dst: '0.0.0.0/0',
        via: '192.168.0.1',
        dev: 'eth0',
        proto: 'dhcp',
        src: '192.168.0.100',
        metric: 100,
      },
      { table: 'main', dst: '0.0.0.0/0', via: '192.168.0.2', dev: 'eth0', metric: 0 },
      {
        table: 'main',
        dst: '10.1.20.0/24',
        via: '10.1.20.0',
        dev: 'vxlan0',
        onlink: true,
        mtu: 1400,
        metric: 5,
        src: '10.1.15.0',
      },
      { table: 'main', dst: '10.1.20.128/25', dev: 'cni0' },
      { table: 'main', dst: '10.1.16.0/20', dev: 'cni0', scope: 'link', mtu: 1300 },
      { table: 'main', dst: '9.0.0.0/8', type: 'blackhole' },
      { table: 'main', dst: '200.0.0.0/8', type: 'unreachable', metric: 9 },
      { table: 'main', dst: '11.0.0.0/8', type: 'prohibit' },
      { table: 'main', dst: '12.0.0.1/32', dev: 'eth0', type: 'unicast', scope: 'host' },
      { table: '300', dst: '0.0.0.0/0', via: '192.168.0.1', dev: 'eth0' },
      { table: '2', dst: '0.0.0.0/0', type: 'unreachable' },
      { table: 'default', dst: '192.168.0.1/32', dev: 'eth0', scope: 'link' },
    ],
    neigh: [
      { ip: '192.168.0.1', dev: 'eth0', lladdr: '0e:00:00:00:00:01', state: 'REACHABLE' },
      { ip: '192.168.0.9', dev: 'eth0', lladdr: null, state: 'FAILED' },
      { ip: '192.168.0.8', dev: 'eth0', lladdr: null, state: 'INCOMPLETE' },
      { ip: '10.1.20.0', dev: 'vxlan0', lladdr: '5a:00:00:00:00:02', state: 'PERMANENT' },
    ],
    fdb: [
      { mac: '02:42:0a:01:0f:02', dev: 'veth0', master: 'cni0', state: 'learned' },
      { mac: '02:42:0a:01:0f:07', dev: 'veth0', master: 'cni0', state: 'permanent' },
      { mac: '5a:00:00:00:00:02', dev: 'vxlan0', dst: '192.168.0.200', state: 'permanent' },
      { mac: '5a:00:00:00:00:03', dev: 'vxlan0', dst: '192.168.0.201', state: 'learned' },
    ],
    chains: [
      { table: 'filter', chain: 'ZED', policy: null },
      { table: 'filter', chain: 'A-B', policy: null },
      { table: 'filter', chain: 'AB', policy: null },
      { table: 'filter', chain: 'a', policy: null },
      { table: 'filter', chain: 'OUTPUT', policy: 'DROP' },
      { table: 'raw', chain: 'LONE', policy: null },
    ],
    netfilter: [
      rule({ chain: 'ZED', target: { type: 'JUMP', chain: 'A-B' } }),
      rule({
        src: '1.2.3.4/32',
        dst: '4.5.6.0/24',
        iif: 'eth0',
        oif: 'eth+',
        proto: 'tcp',
        not: ['src', 'dst', 'iif', 'oif', 'proto'],
        comment: 'plain',
        target: { type: 'RETURN' },
      }),
      rule({ proto: 'udp', sport: 53, dport: 67, not: ['sport'], target: { type: 'ACCEPT' } }),
      rule({
        proto: 'tcp',
        dport: 80,
        not: ['dport'],
        ctstate: ['ESTABLISHED', 'RELATED', 'NEW', 'INVALID'],
        target: { type: 'DROP' },
      }),
      rule({
        proto: 'icmp',
        ctstate: ['ESTABLISHED', 'NEW'],
        comment: 'it\'s "so": a (b) [c], d\\e, $HOME `x`',
        target: { type: 'JUMP', chain: 'ZED' },
      }),
      rule({
        comment: 'a/b.c',
        srcType: 'LOCAL',
        dstType: 'LOCAL',
        not: ['srcType'],
        target: { type: 'JUMP', chain: 'AB' },
      }),
      rule({
        mark: { value: 4, mask: 4 },
        not: ['mark'],
        target: { type: 'REJECT', with: 'icmp-port-unreachable' },
      }),
      rule({
        mark: { value: 0, mask: 0xffffffff },
        proto: 'tcp',
        target: { type: 'REJECT', with: 'tcp-reset' },
      }),
      rule({
        statistic: { probability: 0.3333333333 },
        mark: { value: 4, mask: 4 },
        comment: 'x -> 10.1.15.3:8080',
        target: { type: 'ACCEPT' },
      }),
      rule({
        proto: 'tcp',
        comment: 'a: b',
        dport: 80,
        dstType: 'LOCAL',
        statistic: { probability: 0.9 },
        matches: ['comment', 'statistic', 'addrtype', 'tcp'],
        target: { type: 'DROP' },
      }),
      rule({
        proto: 'udp',
        ctstate: ['INVALID'],
        mark: { value: 4, mask: 4 },
        matches: ['conntrack', 'udp', 'mark'],
        target: { type: 'DROP' },
      }),
      rule({
        proto: 'tcp',
        dports: [80, 8443, 443],
        dstType: 'LOCAL',
        comment: 'id: "a"',
        target: { type: 'ACCEPT' },
      }),
      rule({
        proto: 'udp',
        dports: [53],
        comment: 'x',
        matches: ['multiport', 'comment'],
        target: { type: 'DROP' },
      }),
      rule({ statistic: { probability: 1 }, target: { type: 'ACCEPT' } }),
      rule({ statistic: { probability: 0 }, target: { type: 'ACCEPT' } }),
      rule({ target: { type: 'REJECT', with: 'icmp-host-unreachable' } }),
      rule({ chain: 'a', target: { type: 'REJECT', with: 'icmp-admin-prohibited' } }),
      rule({ chain: 'AB', src: '0.0.0.0/0', target: { type: 'ACCEPT' } }),
      rule({
        table: 'mangle',
        chain: 'PREROUTING',
        target: { type: 'MARK', op: 'set', value: 5, mask: 0xffffffff },
      }),
      rule({
        table: 'mangle',
        chain: 'PREROUTING',
        target: { type: 'MARK', op: 'or', value: 0x4000, mask: 0 },
      }),
      rule({
        table: 'mangle',
        chain: 'PREROUTING',
        target: { type: 'MARK', op: 'xor', value: 0x4000, mask: 0 },
      }),
      rule({
        table: 'mangle',
        chain: 'INPUT',
        target: { type: 'MARK', op: 'and', value: 0xffffbfff, mask: 0 },
      }),
      rule({
        table: 'mangle',
        chain: 'POSTROUTING',
        target: { type: 'CONNMARK', op: 'set', value: 1, mask: 3 },
      }),
      rule({
        table: 'mangle',
        chain: 'POSTROUTING',
        target: { type: 'CONNMARK', op: 'save', nfmask: 0x80, ctmask: 0xff },
      }),
      rule({
        table: 'mangle',
        chain: 'OUTPUT',
        target: { type: 'CONNMARK', op: 'restore', nfmask: 0xffffffff, ctmask: 0xffffffff },
      }),
      rule({ table: 'nat', chain: 'PREROUTING', target: { type: 'DNAT', to: '10.1.15.2' } }),
      rule({
        table: 'nat',
        chain: 'OUTPUT',
        proto: 'udp',
        dport: 53,
        target: { type: 'DNAT', to: '10.1.15.2', port: 5353 },
      }),
      rule({ table: 'nat', chain: 'POSTROUTING', target: { type: 'SNAT', to: '192.168.0.100' } }),
      rule({ table: 'nat', chain: 'POSTROUTING', target: { type: 'MASQUERADE' } }),
      rule({
        table: 'nat',
        chain: 'POSTROUTING',
        target: { type: 'MASQUERADE', randomFully: true },
      }),
    ],
    conntrack: (
      [
        'SYN_SENT',
        'SYN_RECV',
        'ESTABLISHED',
        'FIN_WAIT',
        'CLOSE_WAIT',
        'LAST_ACK',
        'TIME_WAIT',
        'CLOSE',
      ] as const
    ).map((state, i) => ({
      proto: 'tcp',
      original: { src: '10.1.15.2', dst: '10.96.0.10', sport: 40000 + i, dport: 80 },
      reply: { src: '10.1.20.3', dst: '192.168.0.100', sport: 8080, dport: 50000 + i },
      mark: i,
      replied: state !== 'SYN_SENT',
      state,
    })),
  }
  return [
    n,
    {
      ...emptyNetns('other', 'forms', 'pod'),
      devs: [veth('eth0', 'forms', 'veth0', '02:42:0a:01:0f:02')],
      rules: n.rules.slice(0, 3),
    },
  ]
}

/** A change of every kind to these. */
const CHANGES: readonly Edit[] = [
  {
    op: 'set',
    in: 'forms',
    table: 'netfilter',
    where: { chain: 'FORWARD', sport: 53 },
    to: { comment: 'changed' },
  },
  { op: 'del', in: 'forms', table: 'netfilter', where: { table: 'nat', chain: 'OUTPUT' } },
  { op: 'del', in: 'forms', table: 'netfilter', where: { chain: 'a' } },
  { op: 'del', in: 'forms', table: 'chains', where: { chain: 'a' } },
  { op: 'set', in: 'forms', table: 'chains', where: { chain: 'OUTPUT' }, to: { policy: 'ACCEPT' } },
  { op: 'set', in: 'forms', table: 'routes', where: { dst: '10.1.20.0/24' }, to: { mtu: 1300 } },
  {
    op: 'set',
    in: 'forms',
    table: 'routes',
    where: { dst: '10.1.20.128/25' },
    to: { dev: 'eth0' },
  },
  { op: 'del', in: 'forms', table: 'routes', where: { table: '300' } },
  { op: 'set', in: 'forms', table: 'rules', where: { priority: 200 }, to: { table: '301' } },
  { op: 'del', in: 'forms', table: 'rules', where: { priority: 99 } },
  {
    op: 'set',
    in: 'forms',
    table: 'neigh',
    where: { ip: '192.168.0.1' },
    to: { lladdr: '0e:00:00:00:00:02' },
  },
  { op: 'del', in: 'forms', table: 'neigh', where: { ip: '10.1.20.0' } },
  {
    op: 'set',
    in: 'forms',
    table: 'fdb',
    where: { mac: '5a:00:00:00:00:02' },
    to: { dst: '192.168.0.202' },
  },
  { op: 'del', in: 'forms', table: 'fdb', where: { mac: '5a:00:00:00:00:03' } },
  { op: 'del', in: 'forms', table: 'fdb', where: { mac: '02:42:0a:01:0f:02' } },
  { op: 'del', in: 'forms', table: 'conntrack', where: { state: 'LAST_ACK' } },
]

const WORLDS: Readonly<Record<string, () => Netns[]>> = {
  ...Object.fromEntries(Object.keys(SCENARIOS).map((id) => [id, () => namespaces(walked(id))])),
  'every form of a row': forms,
}

/** Worlds of devices that the running kernel has none of: test/verify/worlds.test.ts asks the second one. */
const here = ability()
const LACKING = new Set(
  Object.values(SCENARIOS)
    .filter((s) => lacking(s.topology, here).length > 0)
    .map((s) => s.id),
)
if (LACKING.size > 0)
  process.stderr.write(`\nSKIPPED: this kernel cannot build ${[...LACKING].join(', ')}\n\n`)

/** What the tools say of a world, asked once. `edits` are typed first, each on its machine. */
const asked = new Map<string, (space: string, table: Table) => string[]>()
function said(
  key: string,
  start: readonly Netns[],
  edits: readonly string[],
  end: readonly Netns[],
): (space: string, table: Table) => string[] {
  const known = asked.get(key)
  if (known !== undefined) return known
  const questions = end.flatMap((n) =>
    TABLES.map((table) => ({
      n,
      table,
      act: { space: n.name, command: tableAsTool(n, table).command },
    })),
  )
  // What is typed on one machine in a row is one shell's work: connections must not time out meanwhile.
  const typed: { readonly space: string; readonly lines: string[] }[] = []
  for (const line of edits) {
    const space = line.slice(line.lastIndexOf('# ') + 2)
    if (typed.at(-1)?.space === space) typed.at(-1)!.lines.push(line)
    else typed.push({ space, lines: [line] })
  }
  const answers = inNamespaces(start, [...typed, ...questions.map((q) => q.act)])
  const found = new Map(
    questions.map(({ n, table }, i) => [`${n.name} ${table}`, read(n, table, answers[i]!)]),
  )
  const get = (space: string, table: Table): string[] => found.get(`${space} ${table}`)!
  asked.set(key, get)
  return get
}

const all = (
  list: readonly Netns[],
  table: Table,
  lines: (n: Netns) => string[],
): Record<string, string[]> =>
  Object.fromEntries(list.map((n) => [`${n.name}: ${tableAsTool(n, table).command}`, lines(n)]))

/** Edits of a what-if that is more than a few rows. */
const MANY = 16
/** Do edits make devices of a tunnel? */
const tunnels = (edits: readonly Edit[]): boolean =>
  edits.some((e) => e.op === 'add' && e.table === 'devs' && traits(e.row).tunnel === true)
/** Is the edit of a table that is compared here? */
const isCompared = (e: Edit): boolean => [...TABLES, 'chains'].includes(e.table)
/** The edits one after another, as far as they are of tables that are compared here: what one would type, and the rows then. */
function edited(
  t: Topology,
  edits: readonly Edit[],
): { readonly lines: string[]; readonly end: Topology } {
  const lines: string[] = []
  let end = t
  for (const e of edits) {
    if (!isCompared(e)) continue
    const line = command(e, end)
    // A row that an earlier what-if took away.
    try {
      end = applyAll(end, [e])
    } catch {
      continue
    }
    lines.push(line)
  }
  return { lines, end }
}

const reason = unable()
if (reason !== null)
  process.stderr.write(
    `\nSKIPPED: what ip, bridge, iptables-save and conntrack really print ${reason}\n\n`,
  )

describe.runIf(reason === null)('in a real kernel', () => {
  for (const [id, make] of Object.entries(WORLDS).filter(([name]) => !LACKING.has(name))) {
    it.each(TABLES)(
      `${id}: %s as the tool prints them`,
      (table) => {
        const world = make()
        const theirs = said(id, world, [], world)
        expect(all(world, table, (n) => theirs(n.name, table))).toEqual(
          all(world, table, (n) => ours(n, table)),
        )
      },
      30_000,
    )
  }

  it.each([
    // A world whose changes are all AWS's own, or of devices, has nothing to type here.
    ...Object.entries(SCENARIOS).flatMap(([id, s]) => {
      if (LACKING.has(id)) return []
      // Of one that makes devices the rest cannot be typed without them.
      const all = Object.entries(s.whatIfs).filter(([, w]) => !tunnels(w.edits))
      // What a program writes anew would not find its rows behind the others’ changes.
      const anew = all.filter(
        ([, w]) => w.edits.length >= MANY && w.edits.every((e) => e.table !== 'sockets'),
      )
      const edits = all.filter((x) => !anew.includes(x)).flatMap(([, w]) => w.edits)
      return [
        ...(edits.some(isCompared) ? [[id, walked(id), edits, 2] as const] : []),
        ...anew.map(
          ([what, w]) =>
            [`${id}, ${what}`, s.topology, w.edits, w.edits.filter(isCompared).length] as const,
        ),
      ]
    }),
    ['every form of a row', fromSpaces(forms()), CHANGES, CHANGES.length] as const,
  ])(
    '%s: the commands of its changes do what they say',
    (id, start, edits, least) => {
      const { lines, end } = edited(start, edits)
      expect(lines.length).toBeGreaterThanOrEqual(least)
      const theirs = said(`${id} edited`, namespaces(start), lines, namespaces(end))
      for (const table of TABLES)
        expect(all(namespaces(end), table, (n) => theirs(n.name, table))).toEqual(
          all(namespaces(end), table, (n) => ours(n, table)),
        )
    },
    30_000,
  )

  it('iptables-restore takes what we print, and iptables-save prints it again', () => {
    const world = Object.values(SCENARIOS).map(({ topology, flows }, i): Netns => {
      // Where each pod has a machine for itself, its rules are there.
      const n = netns(topology, 'node-1') ?? netns(topology, flows['ping']!.from)!
      const { chains, netfilter, ipsets, ipsetEntries } = n
      return { ...emptyNetns(`n${i}`, 'n', 'node'), chains, netfilter, ipsets, ipsetEntries }
    })
    const text = world.map((n) => tableAsTool(n, 'netfilter').lines.map((l) => l.text))
    const acts = world.flatMap((n, i): Act[] => [
      { space: n.name, lines: ["iptables-restore <<'SAVED'", ...text[i]!, 'SAVED'] },
      { space: n.name, command: 'iptables-save' },
    ])
    const answers = inNamespaces(
      world.map((n) => ({ ...n, chains: [], netfilter: [] })),
      acts,
    )
    expect(answers.map((a, i) => read(world[i]!, 'netfilter', a))).toEqual(text)
  }, 30_000)

  it('connections of real traffic: a published port, a port where nobody listens, a handshake without its end', () => {
    const start = SCENARIOS['docker-bridge']!.topology
    const flows: readonly Flow[] = [
      {
        from: 'node-1',
        to: '192.168.0.100',
        proto: 'tcp',
        sport: 40001,
        dport: 8080,
        size: 33,
        ttl: 64,
      },
      { from: 'node-1', to: '172.17.0.3', proto: 'udp', sport: 40002, dport: 9, size: 32, ttl: 64 },
    ]
    const node = `'${process.execPath}' -e`
    const server =
      "require('net').createServer((s) => s.on('data', () => s.write('x'.repeat(22)))).listen(80)"
    const client = `const [net, udp] = [require('net'), require('dgram').createSocket('udp4')]
const go = () => { const s = net.connect({ port: 8080, host: '192.168.0.100', localPort: 40001 }); s.on('error', () => setTimeout(go, 50)); s.on('connect', () => s.write('x'.repeat(33))); s.on('data', () => s.end()) }
const half = () => { const s = net.connect({ port: 8081, host: '192.168.0.100', localPort: 40003 }); s.on('error', () => setTimeout(half, 50)); s.on('connect', () => s.destroy()) }
go(); half(); udp.bind(40002, () => udp.send('x'.repeat(32), 9, '172.17.0.3', () => udp.close()))`
    // Before connection tracking, so that the last ACK of the handshake is never seen.
    const deaf = 'iptables -t raw -A OUTPUT -p tcp --dport 8081 --tcp-flags SYN,ACK ACK -j DROP'
    const begun: Conntrack = {
      proto: 'tcp',
      original: { src: '192.168.0.100', dst: '192.168.0.100', sport: 40003, dport: 8081 },
      reply: { src: '172.17.0.2', dst: '192.168.0.100', sport: 80, dport: 40003 },
      mark: 0,
      replied: true,
      state: 'SYN_RECV',
    }
    const servers = ['web-app-frontend-1', 'backend-service-1'].map((space): Act => ({
      space,
      lines: [`${node} "${server}" &`],
    }))
    const acts: Act[] = [
      ...servers,
      { space: 'node-1', lines: [deaf, `timeout 10 ${node} "${client}"`] },
      { space: 'node-1', command: 'conntrack -L' },
    ]
    const walked = netns(
      flows.reduce((t, f) => walk(t, f).after, start),
      'node-1',
    )!
    const after: Netns = { ...walked, conntrack: [...walked.conntrack, begun] }
    expect(read(after, 'conntrack', inNamespaces(namespaces(start), acts)[0]!)).toEqual(
      ours(after, 'conntrack'),
    )
  }, 30_000)

  it('needs every allowance it makes', () =>
    expect([...used].toSorted()).toEqual(Object.keys(ALLOWED).toSorted()))
})

describe('lines', () => {
  it('name the row they came from, each row once', () => {
    for (const n of Object.values(WORLDS).flatMap((make) => make()))
      for (const table of [...TABLES, 'chains'] as const) {
        const rows = n[table].flatMap((row, i) => ('gone' in row && row.gone === true ? [] : [i]))
        expect(
          tableAsTool(n, table)
            .lines.flatMap((l) => (l.row === null ? [] : [l.row]))
            .toSorted((a, b) => a - b),
          `${n.name} ${table}`,
        ).toEqual(rows)
      }
  })
  it('that come of the devices alone have no row: a port of a bridge, a device that is down, one whose MAC is the bridge’s', () => {
    const [n] = forms()
    const lines = (devs: readonly Dev[]): string[] =>
      tableAsTool({ ...n!, fdb: [], devs }, 'fdb').lines.map(
        (l) => `${l.text}${l.row === null ? '' : ' row'}`,
      )
    const port = n!.devs.find((d) => d.name === 'veth0')!
    const bridge = n!.devs.find((d) => d.name === 'cni0')!
    expect(lines([{ ...port, up: false }])).toEqual([
      `${port.mac} dev veth0 master cni0 permanent`,
      '33:33:00:00:00:01 dev veth0 self permanent',
    ])
    expect(lines([{ ...bridge, mac: port.mac }, port]).filter((l) => l.includes('master'))).toEqual(
      [`${port.mac} dev veth0 master cni0 permanent`],
    )
    expect(lines(n!.devs.filter((d) => d.kind === 'vxlan' || d.kind === 'loopback'))).toEqual([])
  })
  it('of ip addr say what a device without carrier says', () => {
    const state = (id: string, dev: string): string | undefined =>
      tableAsTool(netns(SCENARIOS[id]!.topology, 'node-1')!, 'devs').lines.find((l) =>
        l.text.startsWith(`${dev}:`),
      )?.text
    expect(state('flannel-vxlan', 'lo')).toBe(
      'lo: mtu 65536 loopback state UNKNOWN link/loopback 00:00:00:00:00:00 inet 127.0.0.1/8',
    )
    expect(state('flannel-vxlan', 'flannel.1')).toBe(
      'flannel.1: mtu 1450 vxlan state UNKNOWN link/ether 5a:00:00:00:0f:00 inet 10.1.15.0/32',
    )
    expect(state('flannel-udp', 'flannel0')).toBe(
      'flannel0: mtu 1472 tun state UNKNOWN link/none inet 10.1.15.0/32',
    )
    const { devs } = netns(SCENARIOS['flannel-vxlan']!.topology, 'node-1')!
    expect(
      tableAsTool(
        { ...emptyNetns('n', 'n', 'node'), devs: devs.filter((d) => d.kind === 'bridge') },
        'devs',
      ).lines[0]!.text,
    ).toContain('state DOWN')
  })
  it('of ss have the kernel’s own socket and flanneld’s', () => {
    const ss = (id: string): string[] =>
      tableAsTool(netns(SCENARIOS[id]!.topology, 'node-1')!, 'sockets').lines.map((l) => l.text)
    expect(ss('flannel-vxlan')).toEqual(['udp  UNCONN  0.0.0.0:8472  0.0.0.0:*'])
    expect(ss('flannel-udp')).toEqual([
      'udp  UNCONN  192.168.0.100:8285  0.0.0.0:*  users:(("flanneld"))',
    ])
  })
  it('are said to differ from the tool’s wherever they do', () => {
    const n = netns(SCENARIOS['flannel-vxlan']!.topology, 'node-1')!
    for (const table of [
      'devs',
      'fdb',
      'chains',
      'netfilter',
      'sockets',
      'sysctls',
      'daemons',
      'leases',
    ] as const)
      expect(tableAsTool(n, table).note, table).toBeDefined()
    expect(tableAsTool(n, 'netfilter').note).toMatch(/iptables-nft.*legacy.*comments/)
  })
})
