import {
  addressOf,
  BROADCAST,
  netns,
  ZERO_MAC,
  type Conntrack,
  type FdbEntry,
  type Netns,
  type Socket,
  type TableName,
} from '#lib/index.ts'
import { decides } from '#components/words/decides.ts'
import type { Asked, Decided, Mark, Row } from './table.ts'
import { few } from './few.ts'
import { otherwise } from './prefixes.ts'
import { command } from './printed.ts'

/* Tables in which one row is the one, or none is. */

interface Sought<T> {
  readonly n: Netns
  readonly table: TableName & keyof Netns
  readonly matched: number | undefined
  readonly mark: Mark
  readonly tell: (row: T, won: boolean) => Pick<Row, 'name' | 'leads' | 'says'> | null
}

function each<T>({ n, table, matched, mark, tell }: Sought<T>): readonly Row[] {
  return (n[table] as unknown as readonly T[]).flatMap((r, row): readonly Row[] => {
    const won = row === matched
    const told = tell(r, won)
    return told === null
      ? []
      : [{ ref: { in: n.name, table, row }, bits: null, mark: won ? mark : 'no', ...told }]
  })
}

/** Is the address one of its own? Each device that has one, and the addresses. */
export function here({ d, step, topology }: Asked<'route'>): Decided | null {
  const n = netns(topology, step.in)
  if (n === undefined) return null
  const says = decides()
  const rows = n.devs.flatMap((x, row) =>
    x.addrs.map((cidr): Row => {
      const won = row === d.matched?.row && addressOf(cidr) === d.dst
      return {
        ref: { in: step.in, table: 'devs', row },
        bits: null,
        name: addressOf(cidr),
        leads: x.name,
        mark: won ? 'wins' : 'no',
        says: won ? says.own : says.another,
      }
    }),
  )
  // All of 127.0.0.0/8 is the loopback's, and what came by lo is for here whoever has the address.
  const all = rows.some((r) => r.mark === 'wins')
    ? rows
    : [...rows, { ...otherwise(d.dst, says.own, 'wins'), ref: d.matched, leads: d.dev ?? '' }]
  return {
    table: 'devs',
    in: step.in,
    title: 'ip addr',
    prompt: true,
    asks: says.ownAddress(d.dst),
    ...few(all),
  }
}

export function neighbour({ d, step, topology }: Asked<'neigh'>): Decided | null {
  const n = netns(topology, step.in)
  if (n === undefined) return null
  const says = decides()
  const rows = each<Netns['neigh'][number]>({
    n,
    table: 'neigh',
    matched: d.lladdr === null ? undefined : d.matched?.row,
    mark: 'wins',
    tell: (r, won) =>
      r.dev !== step.dev || (r.ip === d.ip && !won)
        ? null
        : { name: r.ip, leads: r.lladdr ?? r.state, says: won ? says.has : says.another },
  })
  const nobody =
    step.drop === null
      ? otherwise(d.ip, says.nobodyHas, 'wins')
      : otherwise(d.ip, says.nobodyAnswered)
  return {
    table: 'neigh',
    in: step.in,
    title: command('ip neigh', 'show dev', step.dev ?? ''),
    prompt: true,
    asks: says.whoHas(d.ip),
    ...few(rows.some((r) => r.mark === 'wins') ? rows : [...rows, nobody]),
  }
}

export function forwarding({ d, step, topology }: Asked<'fdb'>): Decided | null {
  const n = netns(topology, step.in)
  if (n === undefined) return null
  const says = decides()
  const tunnel = step.stage === 'tunnel'
  const stays = d.matched !== null && d.ports.length === 0
  const rows = each<FdbEntry>({
    n,
    table: 'fdb',
    matched: d.matched?.row,
    mark: step.drop === null ? 'wins' : 'ends',
    tell: (r, won) =>
      (tunnel ? r.dev : r.master) !== step.dev
        ? null
        : {
            name: r.mac === ZERO_MAC ? says.anyMac : r.mac,
            leads: tunnel ? (r.dst ?? says.self) : r.dev,
            says: !won
              ? says.anotherMac
              : stays
                ? says.samePort
                : tunnel
                  ? says.thisRemote(d.ports[0] ?? '')
                  : says.thisPort(d.ports[0] ?? r.dev),
          },
  })
  const own = d.up && d.ports.length <= 1 && (d.ports.length === 0 || d.ports[0] === step.dev)
  const lacking = (): Row => {
    if (own && d.mac !== BROADCAST)
      return { ...otherwise(d.mac, says.ownMac, 'wins'), leads: step.dev ?? '' }
    if (d.ports.length === 0) return otherwise(d.mac, says.noPort)
    const out = d.mac === BROADCAST ? says.broadcast : says.flooded
    return { ...otherwise(d.mac, out, 'wins'), leads: d.ports.join(' ') }
  }
  return {
    table: 'fdb',
    in: step.in,
    title: command('bridge fdb', 'show', tunnel ? 'dev' : 'br', step.dev ?? ''),
    prompt: true,
    asks: says.whereIs(d.mac),
    ...few(d.matched === null ? [...rows, lacking()] : rows),
  }
}

export function heard({ d, step, topology }: Asked<'socket'>): Decided | null {
  const n = netns(topology, step.in)
  if (n === undefined || d.proto === 'icmp') return null
  const says = decides()
  const rows = each<Socket>({
    n,
    table: 'sockets',
    matched: d.matched?.row,
    mark: step.drop === null ? 'wins' : 'ends',
    tell: (r, won) =>
      r.proto !== d.proto
        ? null
        : {
            name: `${r.proto} ${r.addr ?? '*'}:${r.port}`,
            leads: r.program,
            says: won
              ? says.listens(r.program)
              : r.port === d.port
                ? says.anotherAddress
                : says.anotherPort,
          },
  })
  const what = `${d.proto} :${d.port}`
  const nobody =
    d.did === 'no-connection'
      ? otherwise(what, says.noConnection)
      : step.drop !== null || d.did === 'nobody-listens'
        ? otherwise(what, says.nobodyListens)
        : otherwise(what, says.ownConnection, 'wins')
  return {
    table: 'sockets',
    in: step.in,
    title: d.proto === 'tcp' ? 'ss -ltn' : 'ss -lun',
    prompt: true,
    asks: says.whoListens(d.proto, d.port),
    ...few(d.matched === null ? [...rows, nobody] : rows),
  }
}

export function connected({ d, step, topology }: Asked<'conntrack'>): Decided | null {
  const n = netns(topology, step.in)
  if (n === undefined) return null
  const says = decides()
  const rows = each<Conntrack>({
    n,
    table: 'conntrack',
    matched: d.matched?.row,
    mark: step.drop === null ? 'wins' : 'ends',
    tell: (c, won) =>
      c.gone === true && !won
        ? null
        : {
            name: `${c.proto} ${c.original.src} → ${c.original.dst}`,
            leads: c.proto === 'icmp' ? '' : `${c.original.sport} → ${c.original.dport}`,
            says: won ? says.connection(d.state, d.translated) : says.anotherConnection,
          },
  })
  const mark: Mark = step.drop === null ? 'wins' : 'ends'
  const none = otherwise(says.anythingElse, says.notConnected(d.state), mark)
  return {
    table: 'conntrack',
    in: step.in,
    title: 'conntrack -L',
    prompt: true,
    asks: says.whichConnection,
    ...few(d.matched === null ? [...rows, none] : rows),
  }
}

/** Whose turn it is: the real servers of the virtual service. */
export function inTurn({ d, step, topology }: Asked<'ipvs'>): Decided | null {
  const n = netns(topology, step.in)
  if (n === undefined) return null
  const says = decides()
  const service = d.did === 'request' ? d.from : d.to
  const rows = each<Netns['ipvsServers'][number]>({
    n,
    table: 'ipvsServers',
    matched: d.matched?.table === 'ipvsServers' ? d.matched.row : undefined,
    mark: 'wins',
    tell: (r, won) =>
      `${r.ip}:${r.port}` === service
        ? {
            name: `${r.to}:${r.toPort}`,
            leads: service,
            says: won ? says.served(d.did) : says.anotherServer,
          }
        : null,
  })
  const nobody: Row = { ...otherwise(d.from, says.noServer, 'ends'), ref: d.matched }
  return {
    table: 'ipvsServers',
    in: step.in,
    title: 'ipvsadm -Ln',
    prompt: true,
    asks: says.whichServer(service ?? ''),
    ...few(d.to === null ? [...rows, nobody] : rows),
  }
}

export function setting({ d, step, topology }: Asked<'sysctl'>): Decided | null {
  const n = netns(topology, step.in)
  if (n === undefined) return null
  const mark: Mark = step.drop === null ? 'wins' : 'ends'
  return {
    table: 'sysctls',
    in: step.in,
    title: `sysctl ${d.key}`,
    prompt: true,
    asks: decides().setting(d.key),
    ...few([
      {
        ...otherwise(d.key, decides().is(d.value), mark),
        ref: d.matched,
        leads: `${d.value}`,
      },
    ]),
  }
}
