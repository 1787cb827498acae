import { localAddress } from '#lib/lookup/local.ts'
import { inCidr, networkOf, parseCidr, type Cidr } from '#lib/wire/addr.ts'
import { connectedRoutes } from '#lib/topology/connected.ts'
import {
  foundations,
  isLo,
  linkOf,
  peerOf,
  traits,
  type Dev,
  type DevKind,
} from '#lib/topology/devs.ts'
import type { Far, KindScript } from '#lib/topology/devs/script.ts'
import { KIND_SCRIPTS } from '#lib/topology/devs/scripts.ts'
import { sysctlPath } from '#lib/topology/script.ts'
import { scopeTyped } from '#lib/topology/tables/routes/tool.ts'
import type { FdbEntry, Neigh, Route, Rule } from '#lib/topology/rows.ts'
import { fdbText } from '#lib/topology/tables/fdb/row.ts'
import { ipvsServers } from '#lib/topology/tables/ipvsServers/row.ts'
import { ipvsServices } from '#lib/topology/tables/ipvsServices/row.ts'
import { neighTyped } from '#lib/topology/tables/neigh/row.ts'
import { wholeText } from '#lib/topology/tables/routes/hops.ts'
import {
  hopsOf,
  isOnLink,
  routeText,
  samePlace,
  sameRoute,
} from '#lib/topology/tables/routes/row.ts'
import { ruleSelector, ruleTyped, BORN } from '#lib/topology/tables/rules/row.ts'
import { dev, spaces, type Netns, type Topology } from '#lib/topology/topology.ts'
import { tableAsTool } from '#lib/analysis/print/tools.ts'
import { printable } from './lab-words.ts'
import { answers, settings } from './lab-settings.ts'
import { python } from './python/index.ts'
import { agree, vpcAssumes } from './words.ts'
import { carried, leftBehind } from './lab-connections.ts'
import { epilogue, prologue } from './lab-shell.ts'

/* A topology as a bash script that builds it of network namespaces: the rows, each by the command that writes it. */

export interface LabOptions {
  readonly title: string
  /** The command that printed it, for whoever finds the script. */
  readonly command: string
  /** Leave the programs out that listen on the sockets of the rows. */
  readonly silent?: boolean
}

/** What the script cannot build, or leaves out, one line each: what rests on it is not verified. */
export function labGaps(t: Topology): string[] {
  const all = spaces(t)
  const nets = all.filter((s) => s.kind === 'netns')
  const carrying = carriers(nets)
  const vpcs = all.filter((s) => s.kind === 'vpc')
  return [
    ...vpcs.slice(1).map((v) => agree().oneVpc(v.name, vpcs[0]!.name)),
    ...nets.flatMap((n) =>
      leftOut(n, carrying.get(n.name)!).map((said) => agree().inSpace(n.name, said)),
    ),
  ]
}

/** Rows of one namespace that no command of the script writes. */
function leftOut(n: Netns, carrying: readonly string[]): string[] {
  const words = agree()
  const here = (name: string | undefined): boolean => n.devs.some((d) => d.name === name)
  return [
    ...leftBehind(n),
    ...n.devs
      .filter((d) => traits(d).held && !n.daemons.some((x) => x.tun === d.name))
      .map((d) => words.notHeld(d.name)),
    ...n.routes
      .filter((r) => r.table !== 'cache' && r.dev !== undefined && dev(n, r.dev)?.up !== true)
      .map((r) => (here(r.dev) ? words.routeDown : words.routeGone)(routeText(r), String(r.dev))),
    ...n.recent.filter((x) => (x.ago ?? 0) > 0).map((x) => words.longAgo(x.ip, x.list)),
    ...n.routes
      .filter((r) => r.table === 'cache')
      .map((r) => words.pathMtu(String(r.mtu ?? ''), r.dst)),
    ...n.neigh
      .filter((x) => lasting(x) && dev(n, x.dev)?.up !== true)
      .map((x) => (here(x.dev) ? words.neighbourDown : words.neighbourGone)(x.ip, x.dev)),
    ...n.fdb
      .filter((f) => learnedByBridge(f) && !carrying.includes(f.dev))
      .map((f) => words.notLearned(f.mac, f.dev)),
    ...n.daemons
      .slice(1)
      .map((d) =>
        words.oneProgram(
          words.programOn(n.daemons[0]!.name, n.daemons[0]!.tun),
          words.programOn(d.name, d.tun),
        ),
      ),
  ]
}

/** The script. Same topology, same text. RangeError names what of the rows cannot be printed safely: people run this as root, so the rows are asked here whether or not somebody validated them. */
export function labScript(t: Topology, o: LabOptions): string {
  const all = printable(t)
  const nets = all.filter((s) => s.kind === 'netns')
  const vpcs = all.filter((s) => s.kind === 'vpc')
  const carrying = carriers(nets)
  const sunk = foundationsDown(nets)
  const listens = o.silent !== true && nets.some((n) => n.sockets.length > 0)
  const daemons = nets.filter((n) => n.daemons.length > 0)
  const relays = listens && nets.some((n) => n.sockets.some((x) => x.relay !== undefined))
  const connections = nets.some((n) => carried(n).length > 0)
  const virtual = nets.some((n) => n.ipvsServices.length > 0)
  const [vpc, flanneld] = [vpcs.length > 0, daemons.length > 0]
  const source = python({ vpc, flanneld, listen: listens, relay: relays, connections })
  const programs = [
    'the VPC',
    ...(flanneld ? ['flanneld'] : []),
    ...(listens ? ['listeners'] : []),
    ...(relays ? ['docker-proxy'] : []),
  ]
  return [
    prologue({
      ...o,
      names: nets.map((n) => n.name),
      assumes: vpcs.length > 0 ? vpcAssumes() : [],
      gaps: labGaps(t),
    }),
    `# The programs beside the kernel: ${programs.join(', ')}.\n`,
    'programs() {\n',
    `  cat > "$RUN/lab.py" <<'PYTHON'\n${source}PYTHON\n`,
    `  cat > "$RUN/lab.json" <<'JSON'\n${settings(nets, vpcs, carrying)}\nJSON\n}\n`,
    '\nbuild() {',
    section(
      'Namespaces, without IPv6 and with the defaults of a new kernel (a namespace inherits its host’s)',
    ),
    '  namespaces\n',
    ...(virtual ? [section('The module, for its sysctls'), '  ipvsadm -Ln > /dev/null\n'] : []),
    section('Devices. A NIC is a TAP: what it sends, lab.py reads, as the VPC would'),
    ...devices(nets),
    section(
      'Checksums are computed at once, so that captures show them; the programs take their TAPs and TUNs',
    ),
    '  lab plain\n',
    vpcs.length + daemons.length === 0
      ? ''
      : `  lab "start ${[...(vpcs.length > 0 ? ['vpc'] : []), ...daemons.map((n) => `flanneld:${n.name}`)].join(' ')}"\n`,
    ...foundationsFirst(nets).map((n) => configured(n, sunk)),
    section('A link takes a moment to have carrier'),
    '  lab carrier\n',
    ...(sunk.size === 0
      ? []
      : [
          section('What was set down when something stood on it, which keeps its carrier'),
          ...nets.map((n) =>
            batch(
              'ips',
              n.name,
              n.devs.filter((d) => sunk.has(d)).map((d) => `link set dev ${d.name} down`),
            ),
          ),
        ]),
    ...(nets.some((n) => n.fdb.some(learnedByBridge))
      ? [
          section('What a bridge learned: a port takes it once it forwards'),
          ...nets.map((n) =>
            batch(
              'bridges',
              n.name,
              n.fdb
                .filter((f) => learnedByBridge(f) && carrying.get(n.name)!.includes(f.dev))
                .map(fdbLine),
            ),
          ),
        ]
      : []),
    ...(connections
      ? [
          section(
            'Connections that are known already; each goes after its time, as the kernel’s own do',
          ),
          '  lab connections\n',
        ]
      : []),
    ...(listens
      ? [
          section(
            `Listeners: TCP answers a request with ${sizes(nets, 'tcp')} bytes, UDP a datagram with ${sizes(nets, 'udp')}${relays ? '; docker-proxy hands on what it is told' : ''}`,
          ),
          `  lab "start listen${relays ? ' relay' : ''}"\n`,
        ]
      : []),
    '}\n',
    epilogue([
      ...(virtual ? ['ipvsadm'] : []),
      ...(nets.some((n) => n.ipsets.length > 0) ? ['ipset'] : []),
      ...(nets.some((n) => n.recent.length > 0) ? ['tee'] : []),
    ]),
  ].join('')
}

const section = (title: string): string => `\n  # ${title}\n`

/** Devices of all namespaces, in the order of their rows; what comes in pairs with the end that comes first. */
function devices(nets: readonly Netns[]): string[] {
  const far: Far = (end) =>
    nets.find((x) => x.name === end.netns)?.devs.find((x) => x.name === end.dev)
  const made = new Set<string>()
  const batches: { readonly in: string; readonly lines: string[] }[] = []
  const add = (at: string, lines: readonly string[]): void => {
    const last = batches.at(-1)
    if (last?.in === at) last.lines.push(...lines)
    else batches.push({ in: at, lines: [...lines] })
  }
  const one = (name: string, d: Dev): void => {
    if (made.has(`${name}/${d.name}`)) return
    made.add(`${name}/${d.name}`)
    const [end, link] = [peerOf(d), linkOf(d)]
    if (end !== null) made.add(`${end.netns}/${end.dev}`)
    // Typed where the device below is, which comes first.
    const below = link === null ? undefined : far(link)
    if (below !== undefined) one(link!.netns, below)
    const at = link?.netns ?? name
    const { make } = KIND_SCRIPTS[d.kind] as unknown as KindScript<DevKind>
    // Where it is made its name may be another's; it gets it where it is.
    const first = at === name ? d.name : `new${made.size}`
    add(at, make({ ...d, name: first }, { in: name, far }))
    if (first !== d.name) add(name, [`link set dev ${first} name ${d.name}`])
  }
  for (const n of nets) for (const d of n.devs) one(n.name, d)
  return batches.map((b) => batch('ips', b.in, b.lines))
}

/** What stands on a device of another namespace comes up behind it. */
function foundationsFirst(nets: readonly Netns[]): readonly Netns[] {
  const above = (n: Netns): boolean => [...foundations(n.devs)].some((x) => x !== n.name)
  return nets.toSorted((a, b) => Number(above(a)) - Number(above(b)))
}

/** The devices that are down with something on them that is up. */
function foundationsDown(nets: readonly Netns[]): ReadonlySet<Dev> {
  const ends = nets.flatMap((n) => n.devs.flatMap((d) => (d.up ? (linkOf(d) ?? []) : [])))
  return new Set(
    nets.flatMap((n) =>
      n.devs.filter((d) => !d.up && ends.some((e) => e.netns === n.name && e.dev === d.name)),
    ),
  )
}

/** One namespace: what governs its devices, its ports, addresses and links, then its tables. `sunk`: what is set down later. */
function configured(n: Netns, sunk: ReadonlySet<Dev>): string {
  const routes = n.routes.filter((r) => r.table !== 'cache')
  const auto = new Set(routes.filter((r) => isKernels(n, r)))
  const usable = (r: Route): boolean =>
    !auto.has(r) && (r.dev === undefined || dev(n, r.dev)?.up === true)
  const born = n.rules.filter(isBorn(n))
  const neigh = n.neigh.filter((x) => lasting(x) && dev(n, x.dev)?.up === true)
  return [
    section(
      n.role === 'node'
        ? `${n.name}, a node`
        : `${n.name}, a ${n.role}${n.node === n.name ? '' : ` on ${n.node}`}`,
    ),
    sysctls(n),
    batch('ips', n.name, [
      ...n.devs.flatMap((d) =>
        d.master === undefined ? [] : [`link set dev ${d.name} master ${d.master}`],
      ),
      // A bridge takes the smallest MTU of its ports until somebody sets one, and what stands on a device that one's.
      ...n.devs.flatMap((d) =>
        traits(d).hasPorts || linkOf(d) !== null ? [`link set dev ${d.name} mtu ${d.mtu}`] : [],
      ),
      ...n.devs.flatMap((d) =>
        d.addrs
          .filter((a) => !isLo(d) || a !== '127.0.0.1/8')
          .map((a) => `addr add ${a} dev ${d.name}${connects(n, d, a) ? '' : ' noprefixroute'}`),
      ),
      ...n.devs.filter((d) => d.up || sunk.has(d)).map((d) => `link set dev ${d.name} up`),
      // What is below has set them up.
      ...n.devs
        .filter((d) => !d.up && linkOf(d) !== null)
        .map((d) => `link set dev ${d.name} down`),
      ...routes
        .filter(usable)
        .toSorted((a, b) => Number(a.via !== undefined) - Number(b.via !== undefined))
        // Next hops are written with the first of theirs.
        .filter((r, i, all) => !all.slice(0, i).some((x) => sameRoute(x, r)))
        .map((r, i, all) => {
          const how = all.findIndex((x) => samePlace(x, r)) < i ? 'append' : 'add'
          return r.weight === undefined
            ? `route ${how} ${routeText(reached(n, r))}${scopeTyped(r)}`
            : `route ${how} ${wholeText(hopsOf(routes.filter(usable), r).map((x) => reached(n, x)))}`
        }),
      ...BORN.filter((b) => !born.some((r) => r.priority === b.priority)).map(
        (b) => `rule del ${ruleSelector(b)} priority ${b.priority}`,
      ),
      ...n.rules
        .filter((r) => !born.includes(r))
        .map((r) => `rule add ${ruleTyped(r)} priority ${r.priority}`),
      ...neigh.map((x) => `neigh replace ${neighTyped(x)}`),
    ]),
    batch('bridges', n.name, [
      ...n.devs.filter((d) => d.hairpin === true).map((d) => `link set dev ${d.name} hairpin on`),
      ...n.fdb.filter((f) => !learnedByBridge(f)).map(fdbLine),
    ]),
    sets(n),
    firewall(n),
    lists(n),
    virtualServices(n),
  ].join('')
}

const learnedByBridge = (f: FdbEntry): boolean => f.master !== undefined && f.state === 'learned'
const fdbLine = (f: FdbEntry): string =>
  `fdb ${f.master === undefined ? 'append' : 'replace'} ${fdbText({ ...f, state: 'learned' }).replace(/ master \S+/, ' master')}${f.state === 'permanent' ? ' permanent' : ' dynamic'}`
/** Is the row one of them, left where it was? Of rules with one priority the first that was added stands first, so behind another one it is new. */
const isBorn =
  (n: Netns) =>
  (r: Rule): boolean =>
    BORN.some((b) => b.priority === r.priority && ruleSelector(b) === ruleSelector(r)) &&
    n.rules.find((x) => x.priority === r.priority) === r
const lasting = (x: Neigh): boolean => x.state !== 'FAILED' && x.state !== 'INCOMPLETE'

/** Is this, in every word, the route that the kernel adds with an address? One that somebody changed is written like any other. */
function isKernels(n: Netns, r: Route): boolean {
  const d = n.devs.find((x) => x.name === r.dev && x.up && !isLo(x))
  return (
    d !== undefined &&
    connectedRoutes(d.name, d.addrs).some((c) => routeText(c) === routeText(r)) &&
    !n.routes.some((x) => x !== r && samePlace(x, r))
  )
}

/** Does the rows' main table have the route that comes with the address? */
function connects(n: Netns, d: Dev, address: Cidr): boolean {
  return (
    parseCidr(address).bits === 32 ||
    n.routes.some((r) => r.dev === d.name && r.dst === networkOf(address) && isKernels(n, r))
  )
}

/** A gateway that no other route of the rows leads to is taken only `onlink`: somebody deleted that route later. One of this machine's own addresses is the other way about (fib_check_nh_v4_gw()). */
function reached(n: Netns, r: Route): Route {
  const reachable =
    r.via === undefined ||
    r.onlink === true ||
    localAddress(n, r.via) !== null ||
    n.routes.some((x) => x !== r && isOnLink(x) && x.dev === r.dev && inCidr(r.via!, x.dst))
  return reachable ? r : { ...r, onlink: true }
}

function sysctls(n: Netns): string {
  return batch(
    'sysctls',
    n.name,
    n.sysctls.map((x) => `${sysctlPath(x.key)!} ${x.value}`),
  )
}

/** They are there before the rules that ask for them. */
function sets(n: Netns): string {
  const lines = tableAsTool(n, 'ipsets').lines.map((l) => l.text)
  return lines.length === 0
    ? ''
    : `  in_ns ${n.name} ipset restore <<'SAVED'\n${lines.join('\n')}\nSAVED\n`
}

function firewall(n: Netns): string {
  const lines = tableAsTool(n, 'netfilter').lines.map((l) => l.text)
  return lines.length === 0
    ? ''
    : `  in_ns ${n.name} iptables-restore <<'SAVED'\n${lines.join('\n')}\nSAVED\n`
}

/** Addresses in lists of -m recent, one at a time. */
function lists(n: Netns): string {
  return n.recent
    .filter((x) => (x.ago ?? 0) === 0)
    .map(
      ({ list, ip }) =>
        `  in_ns ${n.name} tee /proc/net/xt_recent/${list} <<< +${ip} > /dev/null\n`,
    )
    .join('')
}

/** The real server that is added last is asked first. */
function virtualServices(n: Netns): string {
  const lines = [
    ...n.ipvsServices.map((x) => ipvsServices.text(x)),
    ...n.ipvsServers.map((x) => ipvsServers.text(x)).toReversed(),
  ]
  return lines.length === 0
    ? ''
    : `  in_ns ${n.name} ipvsadm -R <<'SAVED'\n${lines.join('\n')}\nSAVED\n`
}

/** How long the answers of a lab's listeners are; where none listens, as long as one's would be on a port that means nothing. */
function sizes(nets: readonly Netns[], proto: 'tcp' | 'udp'): string {
  const ports = nets.flatMap((n) =>
    n.sockets.filter((x) => x.proto === proto && x.relay === undefined),
  )
  const all = (ports.length > 0 ? ports : [{ proto, port: 0 }]).map(answers)
  return [...new Set(all)].toSorted((a, b) => a - b).join(' or ')
}

/** Lines for one namespace; nothing if there are none. printable() has asked the rows; what a tool would read as more than words stops here all the same. */
function batch(how: 'ips' | 'bridges' | 'sysctls', name: string, lines: readonly string[]): string {
  for (const l of lines)
    if (!/^\w[\w ./:@+-]*$/.test(l))
      throw new RangeError(agree().noCommand(name, JSON.stringify(l)))
  return lines.length === 0 ? '' : `  ${how} ${name} <<'LINES'\n${lines.join('\n')}\nLINES\n`
}

/** How many devices may stand on one another (MAX_NEST_DEV). */
const NESTED = 8

/** The devices of each namespace that have carrier in the end: not a veth whose other end is down, a bridge without such a port, a TUN that nobody holds. */
function carriers(nets: readonly Netns[]): ReadonlyMap<string, readonly string[]> {
  const far = (d: Dev): Dev | undefined => {
    const end = peerOf(d)
    return end === null
      ? d
      : nets.find((x) => x.name === end.netns)?.devs.find((x) => x.name === end.dev)
  }
  const below = (d: Dev, most = NESTED): boolean => {
    const link = linkOf(d)
    if (link === null) return true
    if (most === 0) return false
    const n = nets.find((x) => x.name === link.netns)
    const on = n?.devs.find((x) => x.name === link.dev)
    return n !== undefined && on !== undefined && carries(n, on, most - 1)
  }
  const carries = (n: Netns, d: Dev, most = NESTED): boolean =>
    d.up &&
    far(d)?.up === true &&
    below(d, most) &&
    (!traits(d).hasPorts ||
      n.devs.some((p) => p.master === d.name && !traits(p).hasPorts && carries(n, p, most))) &&
    (!traits(d).held || n.daemons.some((x) => x.tun === d.name))
  return new Map(nets.map((n) => [n.name, n.devs.filter((d) => carries(n, d)).map((d) => d.name)]))
}
