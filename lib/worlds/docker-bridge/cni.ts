import { isLoopback, type Address } from '#lib/wire/addr.ts'
import type { Socket } from '#lib/topology/rows.ts'
import type { Cni, Node, Pod, Publish } from '#lib/worlds/cluster/spec.ts'
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

const DAEMON = by('dockerd', 'daemon-started')
const CONTAINER = by('dockerd', 'container-started')
const PROXY = by('docker-proxy', 'container-started')

/** Ports hairpin where no docker-proxy does: a container that calls itself by its host comes back by the port it left by. */
const onBridge = (proxy: boolean): BridgeOptions => ({
  bridge: 'docker0',
  mtu: 1500,
  hairpin: !proxy,
  network: null,
  makes: DAEMON,
  attaches: CONTAINER,
})

/** `userland-proxy` of daemon.json. Without it all that is for this host is translated, by more rules (setPerPortNAT(), and setupIPTablesInternal() for a hairpin). */
export interface DockerOptions {
  readonly userlandProxy: boolean
}

/** Docker 29's own rules for docker0 and its published ports (daemon/libnetwork/drivers/bridge, iptables backend). Docker turned forwarding on itself, so FORWARD drops. */
function rules(n: Node, proxy: boolean): string {
  const b = onBridge(proxy).bridge
  const outside = proxy ? `! -i ${b} ` : ''
  const published = n.pods().flatMap((p) => (p.publish ?? []).map((x) => ({ to: p.ip, ...x })))
  const at = (p: { readonly ip?: Address }): string => (p.ip === undefined ? '' : `-d ${p.ip}/32 `)
  return `*raw
${n
  .pods()
  .flatMap((p) => [`-A PREROUTING -d ${p.ip}/32 ! -i ${b} -j DROP`, ...onLoopback(p)])
  .join('\n')}
*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ${proxy ? '! -d 127.0.0.0/8 ' : ''}-m addrtype --dst-type LOCAL -j DOCKER
${proxy ? '' : `-A POSTROUTING -o ${b} -m addrtype --src-type LOCAL -j MASQUERADE\n`}-A POSTROUTING -s ${rangeOf(n)} ! -o ${b} -j MASQUERADE
${proxy ? '' : published.map((p) => `-A POSTROUTING -s ${p.to}/32 -d ${p.to}/32 -p ${p.proto} -m ${p.proto} --dport ${p.port} -j MASQUERADE`).join('\n')}
${published.map((p) => `-A DOCKER ${at(p)}${outside}-p ${p.proto} -m ${p.proto} --dport ${p.host} -j DNAT --to-destination ${p.to}:${p.port}`).join('\n')}
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
-A DOCKER-FORWARD -i ${b} -j ACCEPT
-A DOCKER-CT -o ${b} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-BRIDGE -o ${b} -j DOCKER
${published.map((p) => `-A DOCKER -d ${p.to}/32 ! -i ${b} -o ${b} -p ${p.proto} -m ${p.proto} --dport ${p.port} -j ACCEPT`).join('\n')}
-A DOCKER ! -i ${b} -o ${b} -j DROP`
}

const publishedOnLoopback = (p: Pod): readonly Publish[] =>
  (p.publish ?? []).filter((x) => x.ip !== undefined && isLoopback(x.ip))
const loopbacks = (p: Pod): string[] => publishedOnLoopback(p).map((x) => `${x.ip}/32`)

/** filterPortMappedOnLoopback(): what is published on 127.0.0.1 is not for the neighbours, whatever route_localnet says. */
function onLoopback(p: Pod): string[] {
  return publishedOnLoopback(p).map(
    (x) =>
      `-A PREROUTING -d ${x.ip}/32 ! -i lo -p ${x.proto} -m ${x.proto} --dport ${x.host} -j DROP`,
  )
}

/** One docker-proxy for each published port: it takes what no rule translates, calls of the host's own 127.0.0.1 and of containers to their host. */
function proxies(n: Node): readonly Socket[] {
  return n.pods().flatMap((p) =>
    (p.publish ?? []).map(({ proto, host, port, ip }): Socket => ({
      proto,
      port: host,
      ...(ip === undefined ? {} : { addr: ip }),
      program: 'docker-proxy',
      relay: { ip: p.ip, port },
    })),
  )
}

/** dockerd's rules: those that are about one container came with it. */
function firewall(n: Node, proxy: boolean): Patch[] {
  const own = new Set(n.pods().flatMap((p) => [p.ip, `${p.ip}/32`, ...loopbacks(p)]))
  const isOwn = (r: NfRule): boolean =>
    [r.src, r.dst].some((x) => x !== undefined && own.has(x)) ||
    (r.target.type === 'DNAT' && own.has(r.target.to))
  return authors(iptables(n.name, DAEMON, rules(n, proxy)), (r) => (isOwn(r) ? CONTAINER : DAEMON))
}

/** Docker's default network: a bridge on each host, no network between hosts but published ports. */
export function docker({ userlandProxy: proxy }: DockerOptions): Cni {
  return {
    setup: (n) => [
      ...setup(n, onBridge(proxy)),
      ...firewall(n, proxy),
      {
        in: n.name,
        by: proxy ? PROXY : DAEMON,
        rows: proxy
          ? { sockets: proxies(n) }
          : {
              sysctls: [
                { key: `net.ipv4.conf.${onBridge(proxy).bridge}.route_localnet`, value: 1 },
              ],
            },
      },
    ],
    attach: (p, n) => attach(p, n, onBridge(proxy)),
    join: () => [],
    connected: (n) => bridgeConnected(n, onBridge(proxy)),
    addresses: () => [],
  }
}
