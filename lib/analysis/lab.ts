import { inCidr, networkOf, parseCidr, type Cidr } from '#lib/wire/addr.ts'
import { same } from '#lib/topology/apply.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { FdbEntry, Neigh, Route } from '#lib/topology/linux.ts'
import { fdbText, neighTyped, routeText, ruleSelector } from '#lib/topology/text.ts'
import { dev, spaces, type Netns, type Topology } from '#lib/topology/topology.ts'
import { tableAsTool } from './tools.ts'
import { printable, sysctlPath } from './lab-words.ts'
import { python, settings } from './lab-python.ts'
import { VPC_ASSUMES } from './stand-in.ts'
import { EPILOGUE, prologue } from './lab-shell.ts'

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
    ...vpcs.slice(1).map((v) => `${v.name}: a lab has one VPC, ${vpcs[0]!.name}; what is wired to this one is wired to nothing`),
    ...nets.flatMap((n) => leftOut(n, carrying.get(n.name)!).map((said) => `${n.name}: ${said}`)),
  ]
}

/** Rows of one namespace that no command of the script writes. */
function leftOut(n: Netns, carrying: readonly string[]): string[] {
  const down = (name: string | undefined): string => (n.devs.some((d) => d.name === name) ? `${name} is down` : `there is no ${name}`)
  return [
    ...n.conntrack.filter((c) => c.gone !== true).map((c) => `the connection ${c.original.src} → ${c.original.dst} is not carried over; connections begin with the flows`),
    ...n.devs.filter((d) => d.kind === 'tun' && !n.daemons.some((x) => x.tun === d.name)).map((d) => `nobody holds ${d.name}, so it has no carrier`),
    ...n.routes.filter((r) => r.table !== 'cache' && r.dev !== undefined && dev(n, r.dev)?.up !== true).map((r) => `the route ${routeText(r)} is not there, as ${down(r.dev)}`),
    ...n.routes.filter((r) => r.table === 'cache').map((r) => `the path MTU ${r.mtu ?? ''} to ${r.dst} is not known there; flows learn it`),
    ...n.rules.filter((r) => BORN.some(([priority, table]) => r.priority === priority && !same(r, { priority, table }))).map((r) => `the rule ${ruleSelector(r)} has the priority of one that every namespace is born with, ${r.priority}; that one is there instead`),
    ...n.neigh.filter((x) => lasting(x) && dev(n, x.dev)?.up !== true).map((x) => `the neighbour ${x.ip} is not there, as ${down(x.dev)}`),
    ...n.fdb.filter((f) => learnedByBridge(f) && !carrying.includes(f.dev)).map((f) => `the bridge has not learned ${f.mac}, as ${f.dev} has no carrier`),
    ...n.daemons.slice(1).map((d) => `of its programs only ${n.daemons[0]!.name} on ${n.daemons[0]!.tun} runs, not ${d.name} on ${d.tun}`),
  ]
}

/** The script. Same topology, same text. RangeError names what of the rows cannot be printed safely: people run this as root, so the rows are asked here whether or not somebody validated them. */
export function labScript(t: Topology, o: LabOptions): string {
  const all = printable(t)
  const nets = all.filter((s) => s.kind === 'netns')
  const vpcs = all.filter((s) => s.kind === 'vpc')
  const carrying = carriers(nets)
  const listens = o.silent !== true && nets.some((n) => n.sockets.length > 0)
  const daemons = nets.filter((n) => n.daemons.length > 0)
  return [
    prologue({ ...o, names: nets.map((n) => n.name), assumes: vpcs.length > 0 ? VPC_ASSUMES : [], gaps: labGaps(t) }),
    `# The programs beside the kernel: ${['the VPC', ...(daemons.length > 0 ? ['flanneld'] : []), ...(listens ? ['listeners'] : [])].join(', ')}.\n`,
    `programs() {\n  cat > "$RUN/lab.py" <<'PYTHON'\n${python({ vpc: vpcs.length > 0, flanneld: daemons.length > 0, listen: listens })}PYTHON\n  cat > "$RUN/lab.json" <<'JSON'\n${settings(nets, vpcs, carrying)}\nJSON\n}\n`,
    '\nbuild() {',
    section('Namespaces, without IPv6 and with the defaults of a new kernel (a namespace inherits its host’s)'),
    ...nets.map((n) => `  namespace ${n.name}  # ${n.role}${n.role === 'pod' || n.role === 'container' ? ` on ${n.node}` : ''}\n`),
    section('Devices. A NIC is a TAP: what it sends, lab.py reads, as the VPC would'),
    ...devices(nets),
    section('Checksums are computed at once, so that captures show them; the programs take their TAPs and TUNs'),
    '  lab plain\n', vpcs.length > 0 ? '  start vpc\n' : '', ...daemons.map((n) => `  start flanneld ${n.name}\n`),
    ...nets.map((n) => configured(n)),
    section('A link takes a moment to have carrier'),
    '  lab carrier\n',
    ...(nets.some((n) => n.fdb.some(learnedByBridge)) ? [section('What a bridge learned: a port takes it once it forwards'), ...nets.map((n) => batch('bridges', n.name, n.fdb.filter((f) => learnedByBridge(f) && carrying.get(n.name)!.includes(f.dev)).map(fdbLine)))] : []),
    ...(listens ? [section('Listeners: TCP answers a request with 22 bytes, UDP a datagram with 32'), '  start listen\n'] : []),
    '}\n', EPILOGUE,
  ].join('')
}

const section = (title: string): string => `\n  # ${title}\n`

/** Devices of all namespaces, in the order of their rows; a veth pair with the end that comes first. */
function devices(nets: readonly Netns[]): string[] {
  const made = new Set<string>()
  const one = (n: Netns, d: Dev): string[] => {
    if (made.has(`${n.name}/${d.name}`) || d.kind === 'loopback') return []
    made.add(`${n.name}/${d.name}`)
    switch (d.kind) {
      case 'nic': return [`tuntap add dev ${d.name} mode tap`, `link set dev ${d.name} address ${d.mac} mtu ${d.mtu}`]
      case 'tun': return [`tuntap add dev ${d.name} mode tun`, `link set dev ${d.name} mtu ${d.mtu}`]
      // Without VLAN 1 and IGMP of its own: the model has neither. A forwarding entry is kept, however long the lab stays.
      case 'bridge': return [`link add name ${d.name} address ${d.mac} type bridge vlan_default_pvid 0 mcast_snooping 0 ageing_time 360000`]
      case 'vxlan': return [`link add name ${d.name} address ${d.mac} mtu ${d.mtu} type vxlan id ${d.vni} local ${d.local} dstport ${d.port} ${d.learning ? 'learning' : 'nolearning'} ${d.udpcsum ? 'udpcsum' : 'noudpcsum'}`]
      case 'veth': {
        const peer = nets.find((x) => x.name === d.peer.netns)?.devs.find((x) => x.name === d.peer.dev)
        if (peer === undefined) throw new RangeError(`${n.name}/${d.name}: its peer ${d.peer.netns}/${d.peer.dev} is not there; a veth pair has two ends`)
        made.add(`${d.peer.netns}/${d.peer.dev}`)
        return [`link add name ${d.name} address ${d.mac} mtu ${d.mtu} type veth peer name ${peer.name} address ${peer.mac} mtu ${peer.mtu} netns @${d.peer.netns}`]
      }
    }
  }
  return nets.map((n) => batch('ips', n.name, n.devs.flatMap((d) => one(n, d))))
}

/** One namespace: its ports, addresses and links, then its tables. */
function configured(n: Netns): string {
  const routes = n.routes.filter((r) => r.table !== 'cache')
  const auto = new Set(routes.filter((r) => isKernels(n, r)))
  const usable = (r: Route): boolean => !auto.has(r) && (r.dev === undefined || dev(n, r.dev)?.up === true)
  const born = BORN.map(([priority]) => priority)
  const neigh = n.neigh.filter((x) => lasting(x) && dev(n, x.dev)?.up === true)
  return [
    section(n.role === 'node' ? `${n.name}, a node` : `${n.name}, a ${n.role}${n.node === n.name ? '' : ` on ${n.node}`}`),
    batch('ips', n.name, [
      ...n.devs.flatMap((d) => (d.master === undefined ? [] : [`link set dev ${d.name} master ${d.master}`])),
      // A bridge takes the smallest MTU of its ports until somebody sets one.
      ...n.devs.flatMap((d) => (d.kind === 'bridge' ? [`link set dev ${d.name} mtu ${d.mtu}`] : [])),
      ...n.devs.flatMap((d) => d.addrs.filter((a) => d.kind !== 'loopback' || a !== '127.0.0.1/8').map((a) => `addr add ${a} dev ${d.name}${connects(n, d, a) ? '' : ' noprefixroute'}`)),
      ...n.devs.filter((d) => d.up).map((d) => `link set dev ${d.name} up`),
    ]),
    batch('bridges', n.name, n.devs.filter((d) => d.hairpin === true).map((d) => `link set dev ${d.name} hairpin on`)),
    sysctls(n),
    batch('ips', n.name, [
      ...routes.filter(usable).toSorted((a, b) => Number(a.via !== undefined) - Number(b.via !== undefined)).map((r) => `route add ${routeText(reached(n, r))}${scopeOf(r)}`),
      ...born.filter((p) => !n.rules.some((r) => r.priority === p)).map((p) => `rule del priority ${p}`),
      ...n.rules.filter((r) => !born.includes(r.priority)).map((r) => `rule add ${ruleSelector(r)} priority ${r.priority}`),
      ...neigh.map((x) => `neigh replace ${neighTyped(x)}`),
    ]),
    batch('bridges', n.name, n.fdb.filter((f) => !learnedByBridge(f)).map(fdbLine)),
    firewall(n),
  ].join('')
}

const learnedByBridge = (f: FdbEntry): boolean => f.master !== undefined && f.state === 'learned'
const fdbLine = (f: FdbEntry): string => `fdb ${f.master === undefined ? 'append' : 'replace'} ${fdbText({ ...f, state: 'learned' }).replace(/ master \S+/, ' master')}${f.state === 'permanent' ? ' permanent' : ' dynamic'}`
/** The rules that every namespace has at first (fib_default_rules_init). */
const BORN: readonly (readonly [priority: number, table: string])[] = [[0, 'local'], [32766, 'main'], [32767, 'default']]
const lasting = (x: Neigh): boolean => x.state !== 'FAILED' && x.state !== 'INCOMPLETE'

/** Is this the route that the kernel adds with an address? */
function isKernels(n: Netns, r: Route): boolean {
  return r.proto === 'kernel' && n.devs.some((d) => d.name === r.dev && d.up && d.addrs.some((a) => networkOf(a) === r.dst && parseCidr(a).bits < 32))
}

/** Does the rows' main table have the route that comes with the address? */
function connects(n: Netns, d: Dev, address: Cidr): boolean {
  return parseCidr(address).bits === 32 || n.routes.some((r) => r.proto === 'kernel' && r.dev === d.name && r.dst === networkOf(address))
}

/** A gateway that no other route of the rows leads to is taken only `onlink`: somebody deleted that route later. */
function reached(n: Netns, r: Route): Route {
  const reachable = r.via === undefined || r.onlink === true || n.routes.some((x) => x !== r && x.via === undefined && x.dev === r.dev && inCidr(r.via!, x.dst) && x.dst !== '0.0.0.0/0')
  return reachable ? r : { ...r, onlink: true }
}

/** What iproute2 would make `scope link` of: CNI plugins say global. */
function scopeOf(r: Route): string {
  return r.via === undefined && r.scope === undefined && (r.type ?? 'unicast') === 'unicast' ? ' scope global' : ''
}

function sysctls(n: Netns): string {
  return batch('sysctls', n.name, n.sysctls.map((x) => `${sysctlPath(x.key)!} ${x.value}`))
}

function firewall(n: Netns): string {
  const lines = tableAsTool(n, 'netfilter').lines.map((l) => l.text)
  return lines.length === 0 ? '' : `  in_ns ${n.name} iptables-restore <<'SAVED'\n${lines.join('\n')}\nSAVED\n`
}

/** Lines for one namespace; nothing if there are none. printable() has asked the rows; what a tool would read as more than words stops here all the same. */
function batch(how: 'ips' | 'bridges' | 'sysctls', name: string, lines: readonly string[]): string {
  for (const l of lines) if (!/^\w[\w ./:@+-]*$/.test(l)) throw new RangeError(`${name}: ${JSON.stringify(l)} has characters that no command takes`)
  return lines.length === 0 ? '' : `  ${how} ${name} <<'LINES'\n${lines.join('\n')}\nLINES\n`
}

/** The devices of each namespace that have carrier in the end: not a veth whose other end is down, a bridge without such a port, a TUN that nobody holds. */
function carriers(nets: readonly Netns[]): ReadonlyMap<string, readonly string[]> {
  const far = (d: Dev): Dev | undefined => (d.kind === 'veth' ? nets.find((x) => x.name === d.peer.netns)?.devs.find((x) => x.name === d.peer.dev) : d)
  const carries = (n: Netns, d: Dev): boolean => d.up && far(d)?.up === true
    && (d.kind !== 'bridge' || n.devs.some((p) => p.master === d.name && p.kind !== 'bridge' && carries(n, p))) && (d.kind !== 'tun' || n.daemons.some((x) => x.tun === d.name))
  return new Map(nets.map((n) => [n.name, n.devs.filter((d) => carries(n, d)).map((d) => d.name)]))
}
