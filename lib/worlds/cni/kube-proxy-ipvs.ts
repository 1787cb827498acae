import { cidr, type Address } from '#lib/wire/addr.ts'
import { relativeMac } from '#lib/wire/range.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import type { IpSet, IpSetEntry, IpvsServer, Sysctl } from '#lib/topology/rows.ts'
import type { Rows } from '#lib/worlds/cluster/patch.ts'
import type { Proxied } from '#lib/worlds/cluster/spec.ts'
import type { Service } from './kube-proxy.ts'

/** What the configuration of kube-proxy says beside `mode: ipvs` (KubeProxyConfiguration, ipvs). */
export interface IpvsMode {
  /** No node answers ARP for what is only on kube-ipvs0. */
  readonly strictARP?: boolean
}

const CLUSTER_IP = 'KUBE-CLUSTER-IP'
const LOOP_BACK = 'KUBE-LOOP-BACK'
const IPVS_IPS = 'KUBE-IPVS-IPS'
const PROTOS = ['tcp', 'udp'] as const
type Proto = Service['proto']
const nodePorts = (proto: Proto): string => `KUBE-NODE-PORT-${proto.toUpperCase()}`
const localPorts = (proto: Proto): string => `KUBE-NODE-PORT-LOCAL-${proto.toUpperCase()}`

/**
 * What kube-proxy v1.26 writes in IPVS mode (pkg/proxy/ipvs/proxier.go, syncProxyRules; loaded into a kernel and measured): every ClusterIP on
 * kube-ipvs0, a virtual service for it, and one for each node port at the node's own address (`--nodeport-addresses` with the nodes' network), sets,
 * and rules whose number does not grow with the Services. Real servers are added in the order of their addresses, and who was added last is asked first.
 * Not modelled: KUBE-IPVS-FILTER (v1.27), load balancers, external addresses, session affinity, graceful termination, and the sysctls of IPVS that
 * no walk depends on (conn_reuse_mode, expire_nodest_conn, expire_quiescent_template).
 */
export function ipvsProxy({ strictARP = false }: IpvsMode): (p: Proxied) => Rows {
  return (p) => {
    const { services, node } = p
    const { ipsets, ipsetEntries } = sets(p)
    const there = (name: string): boolean => ipsetEntries.some((e) => e.set === name)
    return {
      devs: [
        {
          name: 'kube-ipvs0',
          kind: 'dummy',
          mac: relativeMac('0e:96', node.ip, node.vpc),
          mtu: 1500,
          up: false,
          addrs: [...new Set(services.map((s) => s.ip))].map((ip) => cidr(ip, 32)),
        },
      ],
      sysctls: sysctls(strictARP),
      ipvsServices: services.flatMap((s) =>
        virtuals(s, node.ip).map(({ ip, port }) => ({
          proto: s.proto,
          ip,
          port,
          scheduler: 'rr' as const,
        })),
      ),
      ipvsServers: services.flatMap((s) => servers(s, p)),
      ipsets,
      ipsetEntries,
      ...parseIptables(rules(p, there)),
    }
  }
}

function sysctls(strictARP: boolean): Sysctl[] {
  const strict: readonly Sysctl[] = [
    { key: 'net.ipv4.conf.all.arp_ignore', value: 1 },
    { key: 'net.ipv4.conf.all.arp_announce', value: 2 },
  ]
  return [{ key: 'net.ipv4.vs.conntrack', value: 1 }, ...(strictARP ? strict : [])]
}

interface Named {
  readonly ip: Address
  readonly port: number
  readonly outside: boolean
}
/** The addresses and ports of a Service on a node: its own, and the node's. */
function virtuals({ ip, port, nodePort }: Service, node: Address): Named[] {
  return [
    { ip, port, outside: false },
    ...(nodePort === undefined ? [] : [{ ip: node, port: nodePort, outside: true }]),
  ]
}

/** syncEndpoint(). With externalTrafficPolicy Local those of this node are behind the node port, and where it has none all of them: pods may ask too. */
function servers(s: Service, { node }: Proxied): IpvsServer[] {
  const near = s.endpoints.filter((e) => e.node === node.name)
  return virtuals(s, node.ip).flatMap(({ ip, port, outside }) => {
    const only = outside && s.externalTrafficPolicy === 'Local' && near.length > 0
    return (only ? near : s.endpoints)
      .toSorted((a, b) => (`${a.ip}:${a.port}` < `${b.ip}:${b.port}` ? 1 : -1))
      .map((e): IpvsServer => ({
        proto: s.proto,
        ip,
        port,
        to: e.ip,
        toPort: e.port,
        weight: 1,
      }))
  })
}

function sets({ services, node }: Proxied): {
  readonly ipsets: readonly IpSet[]
  readonly ipsetEntries: readonly IpSetEntry[]
} {
  const held: readonly (readonly [IpSet['type'], string, readonly string[]])[] = [
    ['hash:ip,port,ip', LOOP_BACK, services.flatMap((s) => ownWays(s, node.name))],
    ['hash:ip,port', CLUSTER_IP, services.map((s) => `${s.ip},${s.proto}:${s.port}`)],
    ['hash:ip', IPVS_IPS, services.map((s) => s.ip)],
    ...PROTOS.flatMap((proto) => {
      const outside = services.filter((s) => s.proto === proto && s.nodePort !== undefined)
      const near = outside.filter((s) => s.externalTrafficPolicy === 'Local')
      return [
        ['bitmap:port', nodePorts(proto), outside.map((s) => String(s.nodePort))] as const,
        ['bitmap:port', localPorts(proto), near.map((s) => String(s.nodePort))] as const,
      ]
    }),
  ]
  return {
    ipsets: held.map(([type, name]) =>
      type === 'bitmap:port' ? { name, type, range: '0-65535' } : { name, type },
    ),
    ipsetEntries: held.flatMap(([, set, entries]) =>
      [...new Set(entries)].map((entry) => ({ set, entry })),
    ),
  }
}

/** Who reaches himself by the Service: the endpoints of this node. */
function ownWays({ endpoints, proto }: Service, node: string): string[] {
  return endpoints.filter((e) => e.node === node).map((e) => `${e.ip},${proto}:${e.port},${e.ip}`)
}

const says = (comment: string): string => `-m comment --comment "${comment}"`
const inSet = (name: string, flags: string): string => `-m set --match-set ${name} ${flags}`
const PORTALS = says('kubernetes service portals')
const OFF_CLUSTER = says('Kubernetes service cluster ip + port for masquerade purpose')

/** A rule that asks a set is there while the set holds something. */
function rules({ clusterCidr }: Proxied, there: (set: string) => boolean): string {
  const when = (set: string, line: string): string[] => (there(set) ? [line] : [])
  return [
    '*nat',
    ...['KUBE-MARK-MASQ', 'KUBE-NODE-PORT', 'KUBE-POSTROUTING', 'KUBE-SERVICES'].map(
      (c) => `:${c} - [0:0]`,
    ),
    `-A PREROUTING ${PORTALS} -j KUBE-SERVICES`,
    `-A OUTPUT ${PORTALS} -j KUBE-SERVICES`,
    `-A POSTROUTING ${says('kubernetes postrouting rules')} -j KUBE-POSTROUTING`,
    '-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000',
    ...PROTOS.flatMap((proto) => [
      ...when(
        localPorts(proto),
        `-A KUBE-NODE-PORT -p ${proto} ${says(`Kubernetes nodeport ${proto.toUpperCase()} port with externalTrafficPolicy=local`)} ${inSet(localPorts(proto), 'dst')} -j RETURN`,
      ),
      ...when(
        nodePorts(proto),
        `-A KUBE-NODE-PORT -p ${proto} ${says(`Kubernetes nodeport ${proto.toUpperCase()} port for masquerade purpose`)} ${inSet(nodePorts(proto), 'dst')} -j KUBE-MARK-MASQ`,
      ),
    ]),
    ...when(
      LOOP_BACK,
      `-A KUBE-POSTROUTING ${says('Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose')} ${inSet(LOOP_BACK, 'dst,dst,src')} -j MASQUERADE`,
    ),
    '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    '-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000',
    `-A KUBE-POSTROUTING ${says('kubernetes service traffic requiring SNAT')} -j MASQUERADE --random-fully`,
    '-A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN',
    ...when(
      CLUSTER_IP,
      // Without --cluster-cidr: what this machine sends has the Service's own address before it is masqueraded, since that is on kube-ipvs0.
      `-A KUBE-SERVICES ${clusterCidr === null ? '' : `! -s ${clusterCidr} `}${OFF_CLUSTER} ${inSet(CLUSTER_IP, clusterCidr === null ? 'src,dst' : 'dst,dst')} -j KUBE-MARK-MASQ`,
    ),
    '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT',
    ...when(CLUSTER_IP, `-A KUBE-SERVICES ${inSet(CLUSTER_IP, 'dst,dst')} -j ACCEPT`),
    '*filter',
    ':KUBE-FORWARD - [0:0]',
    `-A FORWARD ${says('kubernetes forwarding rules')} -j KUBE-FORWARD`,
    `-A KUBE-FORWARD ${says('kubernetes forwarding rules')} -m mark --mark 0x4000/0x4000 -j ACCEPT`,
    `-A KUBE-FORWARD ${says('kubernetes forwarding conntrack rule')} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
  ].join('\n')
}
