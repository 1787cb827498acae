import { cidr, isLoopback, parseCidr, type Address, type Cidr } from '#lib/wire/addr.ts'
import { nth } from '#lib/wire/range.ts'
import type { Socket } from '#lib/topology/rows.ts'
import type { Cni, Node, Publish } from '#lib/worlds/cluster/spec.ts'
import { by } from '#lib/worlds/by.ts'
import { authors, iptables, type Patch } from '#lib/worlds/cluster/patch.ts'
import type { NfRule } from '#lib/topology/rows.ts'
import {
  attach,
  bridgeConnected,
  rangeOf,
  setup,
  type BridgeOptions,
} from '#lib/worlds/cni/bridge.ts'
import {
  DEFAULT,
  endpointsOf,
  networksOf,
  type DockerVersion,
  type Endpoint,
  type Network,
  type UserNetwork,
} from './networks.ts'

const DAEMON = by('dockerd', 'daemon-started')
const CREATED = by('dockerd', 'network-created')
const CONTAINER = by('dockerd', 'container-started')
const PROXY = by('docker-proxy', 'container-started')

/** What daemon.json says, and which networks were created besides. */
export interface DockerOptions {
  /** `userland-proxy`. Without it all that is for this host is translated, by more rules (setPerPortNAT(), and setupIPTablesInternal() for a hairpin). */
  readonly userlandProxy: boolean
  /** 29 when left out. */
  readonly version?: DockerVersion
  /** docker0's address; the first of 172.17.0.0/16 when left out. */
  readonly bip?: Cidr
  /** May containers of docker0 speak to each other? True when left out. */
  readonly icc?: boolean
  readonly networks?: readonly UserNetwork[]
}

/** A host as dockerd sees it. */
interface Host {
  readonly n: Node
  readonly o: DockerOptions
  readonly nets: readonly Network[]
  readonly endpoints: readonly Endpoint[]
}
function hostOf(n: Node, o: DockerOptions): Host {
  const range = rangeOf(n)
  const nets = networksOf(o.bip ?? cidr(nth(range, 1), parseCidr(range).bits), o)
  return { n, o, nets, endpoints: n.pods().flatMap((p) => endpointsOf(p, nets)) }
}

/** Ports hairpin where no docker-proxy does: a container that calls itself by its host comes back by the port it left by. */
const onBridge = (net: Network, { userlandProxy }: DockerOptions): BridgeOptions => ({
  bridge: net.bridge,
  address: net.address,
  mtu: 1500,
  hairpin: !userlandProxy,
  network: null,
  makes: net.name === DEFAULT ? DAEMON : CREATED,
  attaches: CONTAINER,
})

interface Published extends Publish {
  readonly e: Endpoint
}
/** What containers publish, each where its way out is. */
const publishedOf = ({ endpoints }: Host): readonly Published[] =>
  endpoints.filter((e) => e.out).flatMap((e) => (e.pod.publish ?? []).map((x) => ({ e, ...x })))

/** Who comes to a container's address from elsewhere, filterDirectAccess(): 28.0 asks it for each published port, 28.2 and later for every container. */
function raw(h: Host): string[] {
  return h.endpoints
    .filter((e) => !e.net.internal)
    .flatMap((e) => {
      const [at, ports] = [`-A PREROUTING -d ${e.ip}/32 ! -i ${e.net.bridge}`, e.pod.publish ?? []]
      const direct =
        h.o.version === '28.0'
          ? ports.map((p) => `${at} -p ${p.proto} -m ${p.proto} --dport ${p.port} -j DROP`)
          : [`${at} -j DROP`]
      return [...direct, ...(e.out ? onLoopback(ports) : [])]
    })
}

/**
 * Docker's own rules for its bridges and what they publish (daemon/libnetwork/drivers/bridge/internal/iptabler). Networks that were created later have
 * their MASQUERADE and their two of DOCKER-INTERNAL before the earlier ones', and all else behind. Docker turned forwarding on itself, so FORWARD drops.
 */
function rules(h: Host): string {
  const { userlandProxy: proxy, version } = h.o
  const published = publishedOf(h)
  const at = (p: { readonly ip?: Address }): string => (p.ip === undefined ? '' : `-d ${p.ip}/32 `)
  const outward = h.nets.filter((x) => !x.internal)
  const latest = h.nets.toReversed()
  const masquerades = latest.flatMap(({ bridge: b, subnet, internal }) =>
    internal
      ? []
      : [
          ...(proxy ? [] : [`-A POSTROUTING -o ${b} -m addrtype --src-type LOCAL -j MASQUERADE`]),
          `-A POSTROUTING -s ${subnet} ! -o ${b} -j MASQUERADE`,
        ],
  )
  return `*raw
${raw(h).join('\n')}
*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ${proxy ? '! -d 127.0.0.0/8 ' : ''}-m addrtype --dst-type LOCAL -j DOCKER
${masquerades.join('\n')}
${proxy ? '' : published.map((p) => `-A POSTROUTING -s ${p.e.ip}/32 -d ${p.e.ip}/32 -p ${p.proto} -m ${p.proto} --dport ${p.port} -j MASQUERADE`).join('\n')}
${proxy && version?.startsWith('28') === true ? latest.flatMap((x) => (x.internal ? [] : [`-A DOCKER -i ${x.bridge} -j RETURN`])).join('\n') : ''}
${published.map((p) => `-A DOCKER ${at(p)}${proxy ? `! -i ${p.e.net.bridge} ` : ''}-p ${p.proto} -m ${p.proto} --dport ${p.host} -j DNAT --to-destination ${p.e.ip}:${p.port}`).join('\n')}
*filter
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-BRIDGE - [0:0]
:DOCKER-CT - [0:0]
:DOCKER-FORWARD - [0:0]
:DOCKER-INTERNAL - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-INTERNAL
-A DOCKER-FORWARD -j DOCKER-BRIDGE
${h.nets.flatMap(forwarded).join('\n')}
${outward.map(({ bridge: b }) => `-A DOCKER-CT -o ${b} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`).join('\n')}
${latest.flatMap(enclosed).join('\n')}
${outward.map(({ bridge: b }) => `-A DOCKER-BRIDGE -o ${b} -j DOCKER`).join('\n')}
${published.map((p) => `-A DOCKER -d ${p.e.ip}/32 ! -i ${p.e.net.bridge} -o ${p.e.net.bridge} -p ${p.proto} -m ${p.proto} --dport ${p.port} -j ACCEPT`).join('\n')}
${outward.map(({ bridge: b }) => `-A DOCKER ! -i ${b} -o ${b} -j DROP`).join('\n')}`
}

/** Who of a network may send where (setIcc(), setupNonInternalNetworkRules()). */
function forwarded({ bridge: b, internal, icc }: Network): readonly string[] {
  const among = `-A DOCKER-FORWARD -i ${b} -o ${b} -j ${icc ? 'ACCEPT' : 'DROP'}`
  if (internal) return [among]
  return icc
    ? [`-A DOCKER-FORWARD -i ${b} -j ACCEPT`]
    : [among, `-A DOCKER-FORWARD -i ${b} ! -o ${b} -j ACCEPT`]
}

/** setupInternalNetworkRules() */
function enclosed({ bridge: b, subnet, internal }: Network): readonly string[] {
  return internal
    ? [
        `-A DOCKER-INTERNAL ! -s ${subnet} -o ${b} -j DROP`,
        `-A DOCKER-INTERNAL ! -d ${subnet} -i ${b} -j DROP`,
      ]
    : []
}

/** filterPortMappedOnLoopback(): what is published on 127.0.0.1 is not for the neighbours, whatever route_localnet says. */
function onLoopback(ports: readonly Publish[]): string[] {
  return ports.flatMap(({ ip, proto, host }) =>
    ip !== undefined && isLoopback(ip)
      ? [`-A PREROUTING -d ${ip}/32 ! -i lo -p ${proto} -m ${proto} --dport ${host} -j DROP`]
      : [],
  )
}

/** One docker-proxy for each published port: it takes what no rule translates, calls of the host's own 127.0.0.1 and of containers to their host. */
function proxies(h: Host): readonly Socket[] {
  return publishedOf(h).map(({ e, proto, host, port, ip }): Socket => ({
    proto,
    port: host,
    ...(ip === undefined ? {} : { addr: ip }),
    program: 'docker-proxy',
    relay: { ip: e.ip, port },
  }))
}

/** dockerd's rules: those that are about one container came with it, those of a network with that. */
function firewall(h: Host): Patch[] {
  const own = new Set(
    h.endpoints.flatMap((e) => [
      e.ip,
      `${e.ip}/32`,
      ...(e.pod.publish ?? []).flatMap((x) =>
        x.ip !== undefined && isLoopback(x.ip) ? [`${x.ip}/32`] : [],
      ),
    ]),
  )
  const later = new Set(
    h.nets.filter((x) => x.name !== DEFAULT).flatMap((x) => [x.bridge, x.subnet as string]),
  )
  const isOwn = (r: NfRule): boolean =>
    [r.src, r.dst].some((x) => x !== undefined && own.has(x)) ||
    (r.target.type === 'DNAT' && own.has(r.target.to))
  const isLater = (r: NfRule): boolean =>
    [r.src, r.dst, r.iif, r.oif].some((x) => x !== undefined && later.has(x))
  return authors(iptables(h.n.name, DAEMON, rules(h)), (r) =>
    isOwn(r) ? CONTAINER : isLater(r) ? CREATED : DAEMON,
  )
}

/** Docker's networks of a host, no network between hosts but published ports. */
export function docker(o: DockerOptions): Cni {
  const { userlandProxy: proxy } = o
  return {
    setup: (n) => {
      const h = hostOf(n, o)
      return [
        // What the first brings for the host is there.
        ...h.nets.flatMap((x, i) => setup(n, onBridge(x, o)).slice(0, i === 0 ? undefined : 1)),
        ...firewall(h),
        {
          in: n.name,
          by: proxy ? PROXY : DAEMON,
          rows: proxy
            ? { sockets: proxies(h) }
            : {
                sysctls: h.nets.map(({ bridge }) => ({
                  key: `net.ipv4.conf.${bridge}.route_localnet` as const,
                  value: 1,
                })),
              },
        },
      ]
    },
    attach: (p, n) =>
      endpointsOf(p, hostOf(n, o).nets).flatMap((e) =>
        attach(p, n, { ...e, on: onBridge(e.net, o) }),
      ),
    join: () => [],
    connected: (n) => hostOf(n, o).nets.flatMap((x) => bridgeConnected(n, onBridge(x, o))),
    addresses: () => [],
  }
}
