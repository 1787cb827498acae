import type { Cidr, Address, Mac } from '#lib/wire/addr.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Neigh, Route, Socket } from '#lib/topology/rows.ts'
import { netns, type Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'

/* The words that probes are written in: what the labs' own programs and commands do, as edits of rows and flows. */

type Changes = (t: Topology) => readonly Edit[]
export interface Bind {
  readonly in: string
  readonly socket: Socket
}
export type Action =
  /** A command. `line` is what the recording lists under setup (null where it lists nothing). */
  | { readonly kind: 'do'; readonly line: string | null; readonly edits: Changes }
  /** A packet or connection of a program. `call` is what the recording says of it (null: nothing). A server's socket stays bound to the end of the probe. */
  | {
      readonly kind: 'send'
      readonly call: string | null
      readonly flow: Flow
      readonly bind: Bind | null
    }
export interface Probe {
  readonly name: string
  /** Neighbours, bridge FDBs and learned MTUs are forgotten first; otherwise the lab's warm-up pings go before. */
  readonly cold?: boolean
  readonly actions: readonly Action[]
}
/** A warm-up ping: namespace, source, destination. */
export type Warm = readonly [ns: string, src: Address, dst: Address]
export interface Lab {
  readonly warm: readonly Warm[]
  readonly probes: readonly Probe[]
}

const ICMP_ID = 0x4b54

export function probe(name: string, ...actions: readonly Action[]): Probe {
  return { name, actions }
}
export function cold(name: string, ...actions: readonly Action[]): Probe {
  return { name, actions, cold: true }
}

interface Echo {
  readonly ttl?: number
  readonly ident?: number
  readonly df?: boolean
  readonly size?: number
  readonly seq?: number
}
/** An echo request made by hand: IP id, TTL and DF as given. '0.0.0.0': the kernel chooses the source. */
export function echo(
  ns: string,
  src: Address,
  dst: Address,
  { ttl = 64, ident = 0x1001, df = false, size = 56, seq = 1 }: Echo = {},
): Action {
  return {
    kind: 'send',
    bind: null,
    call: `ICMP echo ${src}>${dst} ttl=${ttl} id=0x${ident.toString(16).padStart(4, '0')}${df ? ' DF' : ''} total_len=${28 + size}`,
    flow: {
      from: ns,
      to: dst,
      proto: 'icmp',
      dport: 0,
      sport: ICMP_ID,
      ...(src === '0.0.0.0' ? {} : { src }),
      size,
      ttl,
      df,
      id: ident,
      seq,
    },
  }
}

/** The same without listening for the answer, as the labs' raw() does; ICMP id 7. */
export function raw(
  ns: string,
  src: Address,
  dst: Address,
  o: {
    readonly ident: number
    readonly seq: number
    readonly ttl?: number
    readonly tos?: number
    readonly count?: number
  },
): Action {
  return {
    kind: 'send',
    bind: null,
    call: null,
    flow: {
      from: ns,
      to: dst,
      proto: 'icmp',
      dport: 0,
      sport: 7,
      src,
      size: 56,
      ttl: o.ttl ?? 64,
      df: false,
      id: o.ident,
      seq: o.seq,
      ...(o.tos === undefined ? {} : { tos: o.tos }),
      ...(o.count === undefined ? {} : { count: o.count }),
    },
  }
}

interface Udp {
  readonly size?: number
  readonly df?: boolean
  readonly ttl?: number
  readonly reply?: boolean
}
/** One datagram through real sockets ('hello-udp'), and the server's answer ('world-udp'), nine bytes each. */
export function udp(
  ns: string,
  src: Address,
  sport: number,
  dst: Address,
  dport: number,
  server: string | null,
  { size = 9, df, ttl, reply = true }: Udp = {},
): Action {
  return {
    kind: 'send',
    call: `UDP ${src}:${sport}>${dst}:${dport} ${size} bytes${df === undefined ? '' : df ? ' DF' : ' noDF'}${ttl === undefined ? '' : ` ttl=${ttl}`}`,
    bind:
      server === null
        ? null
        : { in: server, socket: { proto: 'udp', port: dport, addr: dst, program: 'lab' } },
    // Without a server of its own a datagram may reach one that an earlier call left bound; that one has stopped reading.
    flow: {
      from: ns,
      to: dst,
      proto: 'udp',
      dport,
      sport,
      src,
      size,
      ttl: ttl ?? 64,
      ...(df === undefined ? {} : { df }),
      answer: server !== null && reply ? 9 : 0,
    },
  }
}

interface Tcp {
  readonly ttl?: number
  readonly at?: Address
  readonly port?: number
}
/** One connection: 18 bytes up, 22 down, closed by the client. `at` and `port`: where the server is bound, if DNAT lies between. */
export function tcp(
  ns: string,
  src: Address,
  sport: number,
  dst: Address,
  dport: number,
  server: string | null,
  { ttl, at, port }: Tcp = {},
): Action {
  return {
    kind: 'send',
    call: `TCP ${src}:${sport}>${dst}:${dport}${ttl === undefined ? '' : ` ttl=${ttl}`}`,
    bind:
      server === null
        ? null
        : {
            in: server,
            socket: { proto: 'tcp', port: port ?? dport, addr: at ?? dst, program: 'lab' },
          },
    flow: {
      from: ns,
      to: dst,
      proto: 'tcp',
      dport,
      sport,
      src,
      size: 18,
      answer: 22,
      ttl: ttl ?? 64,
    },
  }
}

/** A command as the recording lists it, and the rows it changes. */
export function run(line: string, ...edits: readonly (Edit | Changes)[]): Action {
  return { kind: 'do', line, edits: changes(edits) }
}

/** What the lab does without listing it. */
export function quietly(...edits: readonly (Edit | Changes)[]): Action {
  return { kind: 'do', line: null, edits: changes(edits) }
}

function changes(edits: readonly (Edit | Changes)[]): Changes {
  return (t) => edits.flatMap((e) => (typeof e === 'function' ? e(t) : [e]))
}

export function link(
  ns: string,
  dev: string,
  to: { readonly mtu?: number; readonly up?: boolean },
): Edit {
  return { op: 'set', in: ns, table: 'devs', where: { name: dev }, to }
}
export function sysctl(ns: string, key: `net.${string}`, value: number): Edit {
  return { op: 'set', in: ns, table: 'sysctls', where: { key }, to: { value } }
}
export function routeAdd(ns: string, row: Omit<Route, 'table'>): Edit {
  return { op: 'add', in: ns, table: 'routes', row: { table: 'main', ...row } }
}
export function routeDel(ns: string, dst: Cidr): Edit {
  return { op: 'del', in: ns, table: 'routes', where: { table: 'main', dst } }
}
/** `ip neigh flush dev`: permanent entries stay. */
export function neighFlush(ns: string, dev: string): Changes {
  return (t) =>
    (netns(t, ns)?.neigh ?? [])
      .filter((n: Neigh) => n.dev === dev && n.state !== 'PERMANENT')
      .map((n) => ({ op: 'del', in: ns, table: 'neigh', where: { ip: n.ip, dev } }))
}
/** `ip route flush cache`: path MTUs learned. */
export function cacheFlush(ns: string): Changes {
  return (t) =>
    (netns(t, ns)?.routes ?? [])
      .filter((r) => r.table === 'cache')
      .map((r) => ({ op: 'del', in: ns, table: 'routes', where: { table: 'cache', dst: r.dst } }))
}
/** `iptables -F CHAIN` of the filter table. */
export function chainFlush(ns: string, chain: string): Changes {
  return (t) =>
    (netns(t, ns)?.netfilter ?? [])
      .filter((r) => r.table === 'filter' && r.chain === chain)
      .map((r) => ({ op: 'del', in: ns, table: 'netfilter', where: { ...r } }))
}
/** The vxlan device deleted and made anew with what flanneld then writes: neighbour, FDB entry, route. */
export function vxlanAgain(
  ns: string,
  change: { readonly vni?: number; readonly udpcsum?: boolean },
  peer: {
    readonly vtep: Mac
    readonly tunnel: Address
    readonly ip: Address
    readonly range: Cidr
  },
): Changes {
  return (t) => {
    const old = netns(t, ns)?.devs.find((d: Dev) => d.name === 'flannel.1')
    if (old?.kind !== 'vxlan') throw new RangeError(`${ns} has no flannel.1`)
    return [
      { op: 'del', in: ns, table: 'devs', where: { name: 'flannel.1' } },
      { op: 'add', in: ns, table: 'devs', row: { ...old, ...change } },
      {
        op: 'add',
        in: ns,
        table: 'neigh',
        row: { ip: peer.tunnel, dev: 'flannel.1', lladdr: peer.vtep, state: 'PERMANENT' },
      },
      {
        op: 'add',
        in: ns,
        table: 'fdb',
        row: { mac: peer.vtep, dev: 'flannel.1', dst: peer.ip, state: 'permanent' },
      },
      routeAdd(ns, { dst: peer.range, via: peer.tunnel, dev: 'flannel.1', onlink: true }),
    ]
  }
}
