/** What may be changed in one namespace of a generated cluster: rows that break something, and rows that nobody expects. Null: there is nothing of the kind in it. */
import {
  addressOf,
  fromNumber,
  toNumber,
  broadcastOf,
  networkOf,
  parseCidr,
  type Cidr,
  type Address,
  type Mac,
} from '#lib/wire/addr.ts'
import { same } from '#lib/topology/edit.ts'
import { HOOKS } from '#lib/topology/grammar.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type {
  AddressRange,
  Hook,
  Negatable,
  NfMatch,
  NfRule,
  NfTable,
  NfTarget,
  Ports,
  Route,
  Rule,
} from '#lib/topology/rows.ts'
import { SYSCTLS } from '#lib/topology/sysctls.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { spaces, type Netns, type Topology } from '#lib/topology/topology.ts'

/** What was drawn for one change, taken one after the other; all zero is the simplest. */
export interface Dice {
  /** One of them: the first is the simplest. */
  of<T>(xs: readonly T[]): T | undefined
  /** Once in so many times. */
  once(times: number): boolean
  whole(low: number, high: number): number
}
export function dice(drawn: readonly number[]): Dice {
  let at = 0
  const next = (): number => {
    at += 1
    return drawn[(at - 1) % drawn.length] ?? 0
  }
  return {
    of: (xs) => xs[next() % xs.length],
    once: (times) => next() % times === times - 1,
    whole: (low, high) => low + (next() % (high - low + 1)),
  }
}

/** Where a change is made: `ips` are addresses that the flow's packets have here, each thrice, then others of the cluster. */
export interface Place {
  readonly t: Topology
  readonly n: Netns
  readonly flow: Flow
  readonly ips: readonly Address[]
  readonly d: Dice
}
type Change = (p: Place) => readonly Edit[] | null

/** The fewest fields that name one row. */
function whereOf(rows: readonly object[], row: object): Readonly<Record<string, unknown>> {
  const all = Object.entries(row).filter(([, v]) => v !== undefined)
  const where: Record<string, unknown> = {}
  for (const [k, v] of all) {
    where[k] = v
    if (
      rows.filter((r) =>
        Object.entries(where).every(([x, y]) =>
          same((r as Readonly<Record<string, unknown>>)[x], y),
        ),
      ).length === 1
    )
      break
  }
  return where
}

type Key = `net.${string}`
const sysctl = (n: Netns, key: Key, value: number): Edit =>
  n.sysctls.some((x) => x.key === key)
    ? { op: 'set', in: n.name, table: 'sysctls', where: { key }, to: { value } }
    : { op: 'add', in: n.name, table: 'sysctls', row: { key, value } }

type Removable =
  | 'routes'
  | 'neigh'
  | 'fdb'
  | 'daemons'
  | 'leases'
  | 'sockets'
  | 'netfilter'
  | 'rules'
const less =
  (table: Removable): Change =>
  ({ n, d }) => {
    const rows: readonly object[] = n[table]
    const row = d.of(rows)
    return row === undefined ? null : [{ op: 'del', in: n.name, table, where: whereOf(rows, row) }]
  }

const links = (n: Netns): readonly Dev[] => n.devs.filter((x) => x.kind !== 'loopback')
const device =
  (to: (was: Dev, d: Dice) => { readonly mtu?: number; readonly up?: boolean }): Change =>
  ({ n, d }) => {
    const x = d.of(links(n))
    return x === undefined
      ? null
      : [{ op: 'set', in: n.name, table: 'devs', where: { name: x.name }, to: to(x, d) }]
  }

/** A prefix of the address, the whole of it most often. */
const prefix = (ip: Address, d: Dice): Cidr =>
  networkOf(`${ip}/${d.of([32, 32, 32, 31, 24, 16, 8, 0])!}`)
/** What answers on the device's own networks: a pod, a node, nobody. */
function neighbours(p: Place, dev: string): readonly Address[] {
  const own =
    p.n.devs.find((x) => x.name === dev)?.addrs.filter((a) => parseCidr(a).bits < 32) ?? []
  const near = p.ips.filter((ip) =>
    own.some((a) => networkOf(`${ip}/${parseCidr(a).bits}`) === networkOf(a)),
  )
  return near.length > 0 ? near : p.ips
}
const own = (n: Netns): readonly Address[] =>
  n.devs.flatMap((x) => x.addrs.map(addressOf)).filter((ip) => ip !== '127.0.0.1')

/** `ip route add` of any kind. */
function route(p: Place): Route {
  const { n, d } = p
  const dst = prefix(d.of(p.ips)!, d)
  const table = d.once(5)
    ? d.of(['100', ...n.rules.flatMap((r) => r.table ?? []).filter((x) => x !== 'local')])!
    : 'main'
  const how = d.of([
    'link',
    'via',
    'via',
    'onlink',
    'blackhole',
    'unreachable',
    'prohibit',
    'throw',
  ] as const)!
  const more = d.once(4) ? { metric: d.whole(1, 300) } : {}
  if (how === 'blackhole' || how === 'unreachable' || how === 'prohibit' || how === 'throw')
    return { table, dst, type: how, ...more }
  const dev = d.of([...links(n).map((x) => x.name), 'lo'])!
  const src = d.once(4) ? d.of(own(n)) : undefined
  const rest = {
    ...more,
    ...(d.once(4) ? { mtu: d.whole(576, 9000) } : {}),
    ...(d.once(6) ? { proto: d.of(['static', 'bird', 'bgp'] as const)! } : {}),
    ...(src === undefined ? {} : { src }),
  }
  if (how === 'link') return { table, dst, dev, scope: 'link', ...rest }
  // fib_check_nh(): with onlink nobody may be his own gateway.
  const via = d.of(neighbours(p, dev).filter((ip) => !own(n).includes(ip)))
  return via === undefined
    ? { table, dst, dev, scope: 'link', ...rest }
    : { table, dst, dev, via, ...(how === 'onlink' ? { onlink: true } : {}), ...rest }
}

/** `ip rule add` by any selector; with a table most often. */
function rule(p: Place): Rule {
  const { n, d } = p
  const by = d.of([
    'from',
    'to',
    'iif',
    'fwmark',
    'all',
    'from to',
    'from iif',
    'not to',
    'ipproto',
    'to ipproto',
    'not oif',
    'to oif',
  ] as const)!
  const ipproto = d.of(['tcp', 'udp', 'icmp'] as const)!
  const ports = (): Ports => d.of<Ports>([8080, 53, '1000:60999', '1:999'])!
  const way = d.once(5)
    ? { action: d.of(['blackhole', 'prohibit', 'unreachable'] as const)! }
    : {
        table: d.of(['100', 'main', 'local', 'default', ...n.rules.flatMap((r) => r.table ?? [])])!,
        ...(d.once(5) ? { suppressPrefixlength: d.of([0, 16, 32])! } : {}),
      }
  return {
    priority: d.whole(1, 40_000),
    ...way,
    ...(by.includes('from') ? { from: prefix(d.of(p.ips)!, d) } : {}),
    ...(by.endsWith('to') || by.startsWith('to') ? { to: prefix(d.of(p.ips)!, d) } : {}),
    ...(by.includes('iif') ? { iif: d.of(n.devs.map((x) => x.name))! } : {}),
    ...(by.includes('oif') ? { oif: d.of(n.devs.map((x) => x.name))! } : {}),
    ...(by === 'fwmark'
      ? { fwmark: { value: d.whole(0, 3), mask: d.of([0xffffffff, 1, 0x4000])! } }
      : {}),
    ...(by.includes('ipproto')
      ? {
          ipproto,
          ...(ipproto !== 'icmp' && d.once(3) ? { sport: ports() } : {}),
          ...(ipproto !== 'icmp' && d.once(2) ? { dport: ports() } : {}),
        }
      : {}),
    ...(by.includes('not') ? { not: true } : {}),
  }
}

/** The broadcast addresses of a namespace's networks. */
const everybody = (n: Netns): readonly Address[] =>
  links(n).flatMap((x) => x.addrs.filter((a) => parseCidr(a).bits < 31).map(broadcastOf))

/** Where a target may stand. */
const ONLY: { readonly [T in NfTarget['type']]?: (table: NfTable, hook: Hook) => boolean } = {
  DNAT: (t, h) => t === 'nat' && (h === 'PREROUTING' || h === 'OUTPUT'),
  SNAT: (t, h) => t === 'nat' && (h === 'INPUT' || h === 'POSTROUTING'),
  MASQUERADE: (t, h) => t === 'nat' && h === 'POSTROUTING',
  REDIRECT: (t, h) => t === 'nat' && (h === 'PREROUTING' || h === 'OUTPUT'),
  NETMAP: (t) => t === 'nat',
  NOTRACK: (t) => t === 'raw',
  CT: (t) => t === 'raw',
  REJECT: (t) => t === 'filter',
  DROP: (t) => t !== 'nat',
}
const ACTIONS = [
  'DROP',
  'REJECT',
  'REJECT',
  'REJECT',
  'DNAT',
  'DNAT',
  'SNAT',
  'MASQUERADE',
  'MASQUERADE',
  'SNAT',
  'REDIRECT',
  'NETMAP',
  'NOTRACK',
  'CT',
  'LOG',
  'NFLOG',
  'MARK',
  'CONNMARK',
  'ACCEPT',
  'RETURN',
  'JUMP',
  'GOTO',
] as const

function target(p: Place, table: NfTable, hook: Hook, tcp: boolean): NfTarget {
  const { n, d } = p
  const type = d.of(ACTIONS.filter((x) => ONLY[x]?.(table, hook) !== false))!
  const [value, mask] = [d.whole(0, 3), d.of([0xffffffff, 1, 0x4000])!]
  switch (type) {
    case 'DNAT':
      return {
        type,
        to: d.of(p.ips)!,
        ...(tcp && d.once(2) ? { port: d.of([8080, 8081, 53])! } : {}),
      }
    case 'SNAT':
      return { type, to: d.of([...own(n), ...p.ips])!, ...(d.once(4) ? { randomFully: true } : {}) }
    case 'MASQUERADE':
      return { type, ...(d.once(4) ? { randomFully: true } : {}) }
    case 'REDIRECT':
      return { type, ...(tcp && d.once(2) ? { port: d.of([8080, 8081, 53])! } : {}) }
    case 'NETMAP':
      return { type, to: networkOf(`${d.of([...own(n), ...p.ips])!}/${d.of([32, 24, 16])!}`) }
    case 'CT':
      return { type, notrack: true }
    case 'LOG':
      return { type, ...(d.once(2) ? { prefix: 'seen: ' } : {}) }
    case 'NFLOG':
      return { type, ...(d.once(2) ? { group: 1 } : {}) }
    case 'MARK':
      return { type, op: d.of(['set', 'or', 'xor', 'and'] as const)!, value, mask }
    case 'CONNMARK':
      return d.once(2)
        ? { type, op: 'set', value, mask }
        : { type, op: d.of(['save', 'restore'] as const)!, nfmask: mask, ctmask: mask }
    case 'REJECT':
      return {
        type,
        with: d.of([
          ...(tcp ? (['tcp-reset', 'tcp-reset'] as const) : []),
          'icmp-port-unreachable',
          'icmp-host-unreachable',
          'icmp-admin-prohibited',
        ] as const)!,
      }
    case 'JUMP':
    case 'GOTO': {
      const chain = d.of(n.chains.filter((c) => c.table === table && c.policy === null))
      return chain === undefined ? { type: 'ACCEPT' } : { type, chain: chain.chain }
    }
    default:
      return { type }
  }
}

/** An address and some that follow it. */
function range({ d, ips }: Place): AddressRange {
  const from = d.of(ips)!
  return `${from}-${fromNumber(Math.min(toNumber(from) + d.whole(0, 300), 0xffffffff))}`
}

/** A firewall rule in any table and hook, with some of all the matches there are. */
function firewall(p: Place): NfRule {
  const { n, d } = p
  const table = d.of(['filter', 'nat', 'filter', 'nat', 'mangle', 'raw'] as const)!
  const hook = d.of<Hook>(HOOKS[table])!
  const proto = d.of([undefined, 'tcp', 'udp', 'icmp'] as const)
  const ported = proto === 'tcp' || proto === 'udp'
  const port = (): number => d.of([8080, 53, 80, 30080, 8472])!
  const ports = (): Ports => (d.once(3) ? `${d.whole(1, 8080)}:${d.whole(8081, 60_000)}` : port())
  const inverted: NonNullable<NfRule['not']>[number][] = []
  const some = <K extends NonNullable<NfRule['not']>[number], V>(
    key: K,
    times: number,
    value: () => V,
  ): { readonly [P in K]?: V } => {
    if (!d.once(times)) return {}
    if (d.once(4)) inverted.push(key)
    return { [key]: value() } as { readonly [P in K]?: V }
  }
  const matched = {
    ...some('src', 3, () => prefix(d.of(p.ips)!, d)),
    ...some('dst', 3, () => prefix(d.of(p.ips)!, d)),
    ...(proto === undefined ? {} : { proto }),
    ...(ported
      ? {
          ...some('sport', 8, ports),
          ...some('dport', 4, ports),
          ...some(d.of(['dports', 'sports', 'ports'] as const)!, 8, () => [ports(), port()]),
        }
      : {}),
    ...(hook === 'OUTPUT' || hook === 'POSTROUTING'
      ? {}
      : some('iif', 4, () => d.of([...n.devs.map((x) => x.name), 'veth+', 'eni+'])!)),
    ...(hook === 'PREROUTING' || hook === 'INPUT'
      ? {}
      : some('oif', 4, () => d.of([...n.devs.map((x) => x.name), 'veth+', 'eni+'])!)),
    ...some('srcRange', 12, () => range(p)),
    ...some('dstRange', 12, () => range(p)),
    ...some('connmark', 12, () => ({ value: d.whole(0, 1), mask: d.of([0xffffffff, 1])! })),
    ...some('mark', 8, () => ({ value: d.whole(0, 1), mask: d.of([0xffffffff, 1])! })),
    ...(proto === 'tcp'
      ? some('tcpFlags', 6, () => d.of(['SYN,RST SYN', 'FIN,SYN,RST,ACK SYN', 'ACK ACK'])!)
      : {}),
    ...(proto === 'icmp'
      ? some('icmpType', 3, () => d.of([8, 0, 3, '3/4', '11/0'] as const)!)
      : {}),
    ...some('ctstate', 5, () =>
      d.of([
        ['NEW'],
        ['ESTABLISHED'],
        ['RELATED'],
        ['INVALID'],
        ['UNTRACKED'],
        ['DNAT'],
        ['NEW', 'SNAT'],
        ['ESTABLISHED', 'RELATED'],
      ] as const)!,
    ),
    ...some('srcType', 8, () => 'LOCAL' as const),
    ...some('dstType', 8, () => 'LOCAL' as const),
    ...(d.once(12) ? { statistic: { probability: d.of([1, 0, 0.5])! } } : {}),
    ...(d.once(12) ? { comment: 'a comment' } : {}),
  }
  const limitsOut =
    hook !== 'PREROUTING' &&
    hook !== 'INPUT' &&
    d.once(2) &&
    ('srcType' in matched || 'dstType' in matched)
  const limits =
    d.once(3) &&
    hook !== 'OUTPUT' &&
    hook !== 'POSTROUTING' &&
    ('srcType' in matched || 'dstType' in matched)
      ? { limitIfaceIn: true }
      : limitsOut
        ? { limitIfaceOut: true }
        : {}
  return {
    table,
    chain: hook,
    ...matched,
    ...limits,
    ...(inverted.length > 0 ? { not: inverted } : {}),
    target: target(p, table, hook, proto === 'tcp'),
  }
}

/** Values that each of the sysctls may be set to; what is not listed takes 0 and 1. */
const VALUES: Readonly<Record<string, readonly number[]>> = {
  ip_default_ttl: [64, 1, 2, 3, 255],
  rp_filter: [1, 2, 0],
  arp_ignore: [1, 2, 8, 0],
  arp_announce: [1, 2, 0],
  forwarding: [0, 1],
  ip_forward: [0, 1],
}
/** What a lab has of its own: times, and how often errors may be told. */
export const SET_BY_LAB: readonly string[] = ['retrans_time_ms', 'proxy_delay', 'icmp_ratelimit']
/** The keys that a namespace may have, each device's written out. */
function keys(n: Netns): readonly Key[] {
  return SYSCTLS.flatMap((s) => {
    const [, before = '', names = ''] = /^(.*)\.DEV\.\{?([^}]*)\}?$/.exec(s) ?? []
    if (before === '') return [s as Key]
    return names
      .split(',')
      .flatMap((name) =>
        [
          ...(before.includes('conf') ? ['all', 'default'] : ['default']),
          ...n.devs.map((x) => x.name),
        ].map((dev) => `${before}.${dev}.${name}` as Key),
      )
  })
}
const last = (key: string): string => key.slice(key.lastIndexOf('.') + 1)

export const CHANGES = {
  route: less('routes'),
  neighbour: less('neigh'),
  fdb: less('fdb'),
  flanneld: less('daemons'),
  lease: less('leases'),
  listener: less('sockets'),
  rule: less('rules'),
  firewall: less('netfilter'),
  mtu: device((was, d) => ({ mtu: Math.max(576, was.mtu - 1 - d.whole(0, 900)) })),
  'larger mtu': device((was, d) => ({
    mtu: Math.min(9216, was.mtu + d.of([1, 8, 50, 500, 1500, 7500])!),
  })),
  down: device(() => ({ up: false })),
  /** Just too narrow for what is sent. */
  narrow: ({ n, d, flow }) => {
    const x = d.of(links(n))
    return x === undefined || flow.size < 576
      ? null
      : [
          {
            op: 'set',
            in: n.name,
            table: 'devs',
            where: { name: x.name },
            to: { mtu: Math.min(x.mtu, flow.size + d.whole(0, 60)) },
          },
        ]
  },
  policy: ({ n, d }) => {
    const [table, chain] = d.of([
      ...n.chains.flatMap((c) => (c.policy === null ? [] : [[c.table, c.chain] as const])),
      ['filter', 'FORWARD'],
      ['filter', 'INPUT'],
      ['filter', 'OUTPUT'],
      ['mangle', 'POSTROUTING'],
      ['mangle', 'FORWARD'],
      ['raw', 'PREROUTING'],
    ] as const)!
    return [
      n.chains.some((c) => c.table === table && c.chain === chain)
        ? {
            op: 'set',
            in: n.name,
            table: 'chains',
            where: { table, chain },
            to: { policy: 'DROP' },
          }
        : { op: 'add', in: n.name, table: 'chains', row: { table, chain, policy: 'DROP' } },
    ]
  },
  sysctl: ({ n, d }) => {
    const name = d.of([...new Set(keys(n).map(last))].filter((x) => !SET_BY_LAB.includes(x)))!
    const key = d.of(keys(n).filter((k) => last(k) === name))!
    const dev = key.split('.').at(-2)!
    // A lab does not wait for the delay that the kernel draws.
    return [
      sysctl(n, key, d.of(VALUES[name] ?? [1, 0])!),
      ...(name === 'proxy_arp' && dev !== 'all'
        ? [sysctl(n, `net.ipv4.neigh.${dev}.proxy_delay`, 0)]
        : []),
    ]
  },
  'new route': (p) => [{ op: 'add', in: p.n.name, table: 'routes', row: route(p) }],
  /** A tunnel whose other end is behind itself. */
  'into itself': ({ t, n, d }) => {
    const dev = n.devs.find((x) => x.kind === 'vxlan' || x.kind === 'tun')
    const ip = d.of(
      spaces(t).flatMap((s) =>
        s.kind === 'netns' && s.role === 'node' && s.name !== n.name ? own(s).slice(0, 1) : [],
      ),
    )
    return dev === undefined || ip === undefined
      ? null
      : [
          {
            op: 'add',
            in: n.name,
            table: 'routes',
            row: { table: 'main', dst: `${ip}/32`, dev: dev.name, scope: 'link' },
          },
        ]
  },
  /** A way back that is not the way here, for a source check to see. */
  detour: ({ n, ips, d }) => {
    const dev = d.of(links(n))
    return dev === undefined || links(n).length < 2
      ? null
      : [
          {
            op: 'add',
            in: n.name,
            table: 'routes',
            row: {
              table: 'main',
              dst: `${d.of(ips.slice(0, 4))!}/32`,
              dev: dev.name,
              scope: 'link',
            },
          },
          ...(d.once(3)
            ? []
            : [
                sysctl(
                  n,
                  `net.ipv4.conf.${d.of(['all', ...links(n).map((x) => x.name)])!}.rp_filter`,
                  d.of([1, 1, 2])!,
                ),
              ]),
        ]
  },
  'new rule': (p) => {
    const row = rule(p)
    const { table } = row
    const there =
      table === undefined || table === 'local' || p.n.routes.some((r) => r.table === table)
    return [
      { op: 'add', in: p.n.name, table: 'rules', row },
      ...(there || p.d.once(4)
        ? []
        : [
            {
              op: 'add',
              in: p.n.name,
              table: 'routes',
              row: { ...route(p), table },
            } as const,
          ]),
    ]
  },
  /** To all on a link, which is for nobody that is asked for an answer. */
  'to everybody': ({ n, d }) => {
    const to = d.of(everybody(n))
    const chain = d.of(['PREROUTING', 'OUTPUT'] as const)!
    return to === undefined
      ? null
      : [
          {
            op: 'add',
            in: n.name,
            table: 'netfilter',
            row: { table: 'nat', chain, target: { type: 'DNAT', to } },
          },
        ]
  },
  clamp: ({ n, d }) => [
    {
      op: 'add',
      in: n.name,
      table: 'netfilter',
      row: {
        table: 'mangle',
        chain: d.of(['FORWARD', 'POSTROUTING', 'OUTPUT'] as const)!,
        proto: 'tcp',
        ...(d.once(3) ? {} : { tcpFlags: d.of(['SYN,RST SYN', 'FIN,SYN,RST,ACK SYN'])! }),
        target: {
          type: 'TCPMSS',
          ...(d.once(2) ? { mss: d.whole(88, 1500) } : { clampToPmtu: true }),
        },
      },
    },
  ],
  'new firewall': (p) => [{ op: 'add', in: p.n.name, table: 'netfilter', row: firewall(p) }],
  /** Somebody is known under another's address, by one of the devices he could be behind. */
  'other mac': (p) => {
    const { n, d } = p
    const macs: readonly Mac[] = spaces(p.t).flatMap((s) =>
      s.kind === 'netns' ? links(s).flatMap((x) => (x.kind === 'tun' ? [] : [x.mac])) : [],
    )
    const row = d.once(2) ? d.of(n.neigh) : undefined
    const dev = row?.dev ?? d.of(links(n).filter((x) => x.kind !== 'tun'))?.name
    const ip = row?.ip ?? (dev === undefined ? undefined : d.of(neighbours(p, dev)))
    if (dev === undefined || ip === undefined) return null
    const to = { lladdr: d.of(macs)!, state: d.of(['PERMANENT', 'REACHABLE', 'STALE'] as const)! }
    return [
      n.neigh.some((x) => x.ip === ip && x.dev === dev)
        ? { op: 'set', in: n.name, table: 'neigh', where: { ip, dev }, to }
        : { op: 'add', in: n.name, table: 'neigh', row: { ip, dev, ...to } },
    ]
  },
  /** A tunnel of another network. */
  vni: ({ n }) => {
    const x = n.devs.find((y) => y.kind === 'vxlan')
    return x === undefined
      ? null
      : [{ op: 'set', in: n.name, table: 'devs', where: { name: x.name }, to: { vni: 2 } }]
  },
  /** What a bridge or a tunnel believes is elsewhere. */
  'other fdb': ({ t, n, d }) => {
    const row = d.of(n.fdb)
    if (row === undefined) return null
    const where = whereOf(n.fdb, row)
    if (row.master === undefined)
      return [
        {
          op: 'set',
          in: n.name,
          table: 'fdb',
          where,
          to: {
            dst: d.of(
              spaces(t).flatMap((s) =>
                s.kind === 'netns' && s.role === 'node' ? own(s).slice(0, 1) : [],
              ),
            )!,
          },
        },
      ]
    const port = d.of(n.devs.filter((x) => x.master === row.master))
    return port === undefined
      ? null
      : [{ op: 'set', in: n.name, table: 'fdb', where, to: { dev: port.name } }]
  },
} as const satisfies Readonly<Record<string, Change>>

/** Every match, as iptables names it, that a rule of this kind has. */
export function matchesOf(
  r: NfRule,
): readonly (NfMatch | Negatable | 'limit-iface-in' | 'limit-iface-out' | 'not')[] {
  return [
    ...(['src', 'dst', 'proto', 'iif', 'oif', 'mark', 'comment', 'statistic'] as const).filter(
      (k) => r[k] !== undefined,
    ),
    ...(['sports', 'dports', 'ports', 'tcpFlags', 'icmpType'] as const).filter(
      (k) => r[k] !== undefined,
    ),
    ...(r.ctstate === undefined ? [] : (['conntrack'] as const)),
    ...(r.srcType === undefined && r.dstType === undefined ? [] : (['addrtype'] as const)),
    ...(r.limitIfaceIn === true ? (['limit-iface-in'] as const) : []),
    ...(r.limitIfaceOut === true ? (['limit-iface-out'] as const) : []),
    ...(['srcRange', 'dstRange', 'connmark'] as const).filter((k) => r[k] !== undefined),
    ...(r.not === undefined ? [] : (['not'] as const)),
    ...(r.sport === undefined && r.dport === undefined
      ? []
      : ([r.proto === 'udp' ? 'udp' : 'tcp'] as const)),
  ]
}
