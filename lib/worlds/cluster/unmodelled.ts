import { KINDS } from '#lib/topology/devs/rows.ts'
import { problem, remedyOf, type Problem } from '#lib/topology/problem.ts'
import { isTarget } from '#lib/topology/grammar.ts'

/*
 * What iproute2, iptables, Docker, Kubernetes and AWS know and this program does not, by the names that they give it: a file that asks for it is told so, instead of that a word is none.
 * The names are those of ip-link(8), ip-route(8), ip-rule(8) and ip-neighbour(8) of iproute2 6.1 and of iptables-extensions(8) 1.8.9.
 */

const words = (text: string): readonly string[] => text.split(/\s+/)

/** ip-link(8), TYPE: those that are no kind of ours, also where one of them comes to be. */
const DEVICES = words(
  'amt bareudp bond bond_slave bridge_slave can cooked dsa dummy erspan geneve gre gretap gtp hsr ifb ip6erspan ip6gre ip6gretap ip6tnl ipip ipoib ipvlan ipvtap lowpan macsec macvlan macvtap netdevsim nlmon rmnet sit tap team team_slave vcan virt_wifi vlan vrf vti vxcan wireguard wwan xfrm',
).filter((kind) => !Object.hasOwn(KINDS, kind))
/** ip-link(8), attributes of any device or of one of our kinds. */
const DEVICE_FIELDS = words(
  'alias allmulticast arp brd broadcast carrier dynamic group gso_max_size gso_max_segs id link link-netns link-netnsid multicast nomaster numrxqueues numtxqueues promisc protodown qlen queues trailers txqueuelen vf vrf xdp ageing_time external forward_delay fdb_max_learned gbp gpe group_fwd_mask hello_time isolated learning mcast_querier mcast_router mcast_snooping max_age neigh_suppress priority proxy proxyarp remote rsc srcport stp_state tos ttl udp6zerocsumrx udp6zerocsumtx vlan_default_pvid vlan_filtering vlan_protocol vlan_stats_enabled mode multi_queue one_queue pi vnet_hdr user',
)
/** ip-route(8): TYPE, and what stands behind a prefix. */
const ROUTE_TYPES = words('anycast broadcast local multicast nat')
const ROUTE_FIELDS = words(
  'advmss as congctl cwnd encap expires fastopen_no_cookie features hoplimit initcwnd initrwnd nexthop nexthops nhid pervasive pref preference quickack realm realms reordering rto_min rtt rttvar ssthresh tos dsfield ttl-propagate window mtu-lock',
)
/** ip-rule(8). */
const RULE_FIELDS = words(
  'dsfield goto l3mdev nat protocol realms suppress_ifgroup tos tun_id type uidrange',
)
const NUD = words('NOARP NONE PROBE')
const NEIGH_FIELDS = words('extern_learn managed nomaster protocol proxy router use vni')
const FDB_FIELDS = words('extern_learn nhid offload port router sticky src_vni use via vlan vni')
const CONNTRACK_FIELDS = words('assured helper id labels secctx secmark status timeout use zone')

/** iptables-extensions(8): matches, and the options of each that are no field of a rule of ours. */
const MATCHES: Readonly<Record<string, string>> = {
  addrtype: '',
  ah: 'ahspi',
  bpf: 'bytecode object-pinned',
  cgroup: 'path',
  cluster: 'cluster-total-nodes cluster-local-node cluster-local-nodemask cluster-hash-seed',
  connbytes: 'connbytes-dir connbytes-mode',
  connlabel: 'label',
  connlimit: 'connlimit-above connlimit-upto connlimit-mask connlimit-saddr connlimit-daddr',
  connmark: '',
  conntrack:
    'ctdir ctexpire ctorigdst ctorigdstport ctorigsrc ctorigsrcport ctproto ctrepldst ctrepldstport ctreplsrc ctreplsrcport ctstatus',
  cpu: '',
  dccp: 'dccp-option dccp-types',
  devgroup: 'src-group dst-group',
  dscp: 'dscp-class',
  ecn: 'ecn-ip-ect ecn-tcp-cwr ecn-tcp-ece',
  esp: 'espspi',
  hashlimit: 'hashlimit-above hashlimit-upto hashlimit-burst hashlimit-mode hashlimit-name',
  helper: '',
  icmp: '',
  ipcomp: 'ipcompspi',
  iprange: '',
  ipvs: 'vaddr vdir vmethod vport vportctl vproto',
  length: '',
  multiport: 'source-ports destination-ports',
  nfacct: 'nfacct-name',
  osf: 'genre',
  owner: 'uid-owner gid-owner sid-owner suppl-groups socket-exists',
  policy: 'pol reqid spi',
  quota: '',
  rateest: '',
  realm: '',
  recent: 'hitcount rttl mask',
  rpfilter: '',
  sctp: 'chunk-types',
  set: 'return-nomatch update-counters update-subcounters packets-eq packets-lt packets-gt bytes-eq bytes-lt bytes-gt',
  socket: 'transparent nowildcard',
  state: '',
  statistic: 'every packet',
  string: 'algo hex-string icase',
  tcp: 'syn tcp-option source-port destination-port',
  tcpmss: 'mss',
  time: 'timestart timestop datestart datestop weekdays monthdays',
  tos: '',
  ttl: 'ttl-eq ttl-gt ttl-lt',
  u32: '',
  udp: '',
}
const OPTION = new Map(
  Object.entries(MATCHES).flatMap(([m, options]) =>
    words(options)
      .filter((o) => o !== '')
      .map((o) => [plain(o), [m, o]] as const),
  ),
)
const MATCH = new Map(Object.keys(MATCHES).map((m) => [plain(m), m]))
/** Options that are fields of ours, and iptables negates: `! --probability`. */
const NEGATED: ReadonlySet<string> = new Set(['probability'])
/** Options of the targets that we have. */
const OF_TARGET = new Map(
  words(
    'to-source to-destination to-ports random persistent left-shift-mark right-shift-mark zone zone-orig zone-reply helper ctevents expevents timeout log-tcp-sequence log-tcp-options log-ip-options log-uid log-macdecode nflog-size nflog-range nflog-threshold',
  ).map((o) => [plain(o), o]),
)
const GENERIC = new Map([['fragment', '-f']])
const ADDRESS_TYPES = words(
  'UNSPEC UNICAST BROADCAST ANYCAST MULTICAST BLACKHOLE UNREACHABLE PROHIBIT THROW NAT XRESOLVE',
)
const REJECTS = words(
  'icmp-net-unreachable icmp-proto-unreachable icmp-net-prohibited icmp-host-prohibited icmp6-no-route icmp6-adm-prohibited icmp6-addr-unreachable icmp6-port-unreachable',
)
const PROTOCOLS = words(
  'sctp dccp udplite esp ah gre ipip ipencap igmp ospf icmpv6 ipv6-icmp vrrp l2tp pim 4 47 50 51 112 132',
)

const NETWORKS = words(
  'antrea azure-cni bridge calico canal cilium docker-compose flannel-ipip flannel-ipsec flannel-wireguard gke host ipvlan kindnet kube-ovn kube-router kubenet macvlan none ovn-kubernetes overlay romana swarm weave weave-net',
)
const SERVICE_FIELDS = words(
  'allocateLoadBalancerNodePorts clusterIP clusterIPs endpoints externalIPs externalName healthCheckNodePort internalTrafficPolicy ipFamilies ipFamilyPolicy loadBalancerClass loadBalancerIP loadBalancerSourceRanges publishNotReadyAddresses topologyKeys trafficDistribution type',
)
const POD_FIELDS = words(
  'dns dnsPolicy hostNetwork hostname ips ipv6 labels mac namespace network networks sysctls',
)
const NODE_FIELDS = words('eth2 eth3 ips ipv6 labels mac podCidrs prefixes publicIp securityGroups')
const FILE_FIELDS = words(
  'bip default-address-pools dns egressGateways fixed-cidr gateways icc ip-masq iptables ipv6 kubeProxyMode loadBalancers mode natGateways networkPolicies networks podCidrs policies proxyMode routeTables serviceCidrs switches transitGateways vpcs',
)
const GATEWAYS = words(
  'carrier customer egress-only eigw endpoint gateway-endpoint interface-endpoint local nat ngw pcx peering tgw transit transit-gateway vgw virtual-private vpn',
)
const GROUP_PROTOCOLS = words('icmpv6 58 esp ah gre sctp -1')

/** A word as people vary it: `tcp_flags`, `tcpFlags` and `tcp-flags` are one. */
function plain(x: string): string {
  return x.toLowerCase().replaceAll(/[-_]/g, '')
}
const among = (list: readonly string[], x: unknown): string | null =>
  typeof x === 'string' || typeof x === 'number'
    ? (list.find((w) => plain(w) === plain(String(x))) ?? null)
    : null

const V6 = /^\[?(?=.*:.*:)[0-9a-f:]+(?:\.[0-9.]+)?\]?(?:\/\d+)?$/i
const RANGE = /^\s*\d+\s*[-:]\s*\d+\s*$/
const ADDRESSES = /^\d+(?:\.\d+){3}-\d+(?:\.\d+){3}$/

/** What is said of a value alone: no other row or key has a part in it. */
const OF_VALUES: ReadonlySet<Problem['code']> = new Set<Problem['code']>([
  'word',
  'device-kind',
  'target',
  'connmark',
  'whole',
  'ipv4',
  'cidr',
  'list',
  'listener',
  'peer',
  'ports',
  'port-pair',
])

/** Where a value stands: the table of the row that it is in, or the list of the file; the keys from there on. */
interface Place {
  readonly table: string
  readonly keys: readonly string[]
  readonly value: unknown
}

/** An unknown key, in the field's words. */
function field(table: string, key: string, within: readonly string[]): string | null {
  if (table === 'netfilter') {
    if (within.includes('target')) {
      const o = OF_TARGET.get(plain(key))
      return o === undefined ? null : `--${o} is`
    }
    const match = MATCH.get(plain(key))
    if (match !== undefined) return `matches of -m ${match} are`
    const option = OPTION.get(plain(key))
    if (option !== undefined) return `matches by --${option[1]} (-m ${option[0]}) are`
    const flag = GENERIC.get(plain(key))
    return flag === undefined ? null : `${flag} is`
  }
  for (const [t, list, what] of FIELDS)
    if (t === table) {
      const w = among(list, key)
      if (w !== null) return `${what} ${w} is`
    }
  return null
}
const FIELDS: readonly (readonly [table: string, list: readonly string[], what: string])[] = [
  ['devs', DEVICE_FIELDS, 'device attribute'],
  ['routes', ROUTE_FIELDS, 'route attribute'],
  ['rules', RULE_FIELDS, 'rule selector'],
  ['neigh', NEIGH_FIELDS, 'neighbour attribute'],
  ['fdb', FDB_FIELDS, 'attribute of a forwarding entry,'],
  ['conntrack', CONNTRACK_FIELDS, 'field of a connection,'],
  ['services', SERVICE_FIELDS, 'field of a Service,'],
  ['pods', POD_FIELDS, 'field of a pod,'],
  ['nodes', NODE_FIELDS, 'field of a node,'],
  ['file', FILE_FIELDS, 'key'],
]

/** A value that is none here, in the field's words. */
function valued({ table, keys, value }: Place): string | null {
  const key = keys.findLast((k) => !k.startsWith('[')) ?? ''
  if (typeof value === 'string' && V6.test(value)) return `IPv6 (${value}) is`
  if (key === 'target' || (key === 'type' && table === 'netfilter')) {
    const type =
      typeof value === 'object' && value !== null
        ? (value as { readonly type?: unknown }).type
        : value
    return typeof type === 'string' && isTarget(type) ? `target ${type} is` : null
  }
  if (typeof value === 'string' && ADDRESSES.test(value))
    return `a range of addresses (${value}) is`
  if (/^(?:port|targetPort|nodePort)$/.test(key) && typeof value === 'string' && RANGE.test(value))
    return `a range of ports (${value}) is`
  if (key === 'listen' && typeof value === 'string') {
    const [proto = '', ports = ''] = value.split('/')
    if (among(PROTOCOLS, proto) !== null) return `protocol ${proto} is`
    return RANGE.test(ports) ? `a range of ports (${value}) is` : null
  }
  for (const [t, k, list, what] of VALUES)
    if ((t === '' || t === table) && k === key) {
      const w = among(list, value)
      if (w !== null) return `${what(w)} is`
    }
  if (table === 'netfilter' && key === 'matches') {
    const m = MATCH.get(plain(String(value)))
    return m === undefined ? null : `-m ${m} is`
  }
  if (table === 'netfilter' && key === 'not') {
    const o = typeof value === 'string' && /^[A-Za-z]+$/.test(value) ? value : ''
    const known = NEGATED.has(plain(o)) || OPTION.has(plain(o)) || MATCH.has(plain(o))
    return known ? `“! --${o.toLowerCase()}” is` : null
  }
  if (Array.isArray(value) && key.endsWith('Cidr')) return `a second ${key} is`
  return null
}
const VALUES: readonly (readonly [
  table: string,
  key: string,
  list: readonly string[],
  what: (w: string) => string,
])[] = [
  ['devs', 'kind', DEVICES, (w) => `device type ${w}`],
  ['routes', 'type', ROUTE_TYPES, (w) => `route type ${w}`],
  ['neigh', 'state', NUD, (w) => `neighbour state ${w}`],
  ['netfilter', 'srcType', ADDRESS_TYPES, (w) => `address type ${w}`],
  ['netfilter', 'dstType', ADDRESS_TYPES, (w) => `address type ${w}`],
  ['netfilter', 'with', REJECTS, (w) => `--reject-with ${w}`],
  ['netfilter', 'op', words('and or xor left-shift right-shift'), (w) => `--${w}-mark of CONNMARK`],
  ['netfilter', 'table', ['security', 'broute'], (w) => `table ${w}`],
  ['chains', 'table', ['security', 'broute'], (w) => `table ${w}`],
  ['netfilter', 'proto', PROTOCOLS, (w) => `protocol ${w}`],
  ['conntrack', 'proto', PROTOCOLS, (w) => `protocol ${w}`],
  ['sockets', 'proto', PROTOCOLS, (w) => `protocol ${w}`],
  ['services', 'protocol', PROTOCOLS, (w) => `protocol ${w}`],
  ['file', 'mode', words('nftables userspace kernelspace'), (w) => `mode ${w} of kube-proxy`],
  ['gateways', 'kind', GATEWAYS, (w) => `a gateway of kind ${w}`],
  ['', 'network', NETWORKS, (w) => `network ${w}`],
  ['routes', 'scope', ['global', 'site', 'nowhere'], (w) => `scope ${w}`],
  ['routes', 'proto', words('boot mrouted'), (w) => `route protocol ${w}`],
  ['securityGroups', 'proto', GROUP_PROTOCOLS, (w) => `protocol ${w}`],
  ['sgRules', 'proto', GROUP_PROTOCOLS, (w) => `protocol ${w}`],
  ['aclRules', 'proto', GROUP_PROTOCOLS, (w) => `protocol ${w}`],
]

/** `edits[2].row.target.type`, with what stands there. */
function placed(path: string, value: unknown): Place {
  const steps = [...path.matchAll(/\[(\d+)\]|\["([^"]*)"\]|([^.[]+)/g)].map((m) =>
    m[1] !== undefined ? `[${m[1]}]` : (m[2] ?? m[3] ?? ''),
  )
  const into = (x: unknown, step: string): unknown =>
    typeof x === 'object' && x !== null
      ? (x as Readonly<Record<string, unknown>>)[step.startsWith('[') ? step.slice(1, -1) : step]
      : undefined
  const found = steps.reduce(into, value)
  if (steps[0] === 'edits')
    return {
      table: String(into(steps.slice(0, 2).reduce(into, value), 'table')),
      keys: steps.slice(3),
      value: found,
    }
  if (steps[0] === 'spaces') return { table: steps[2] ?? '', keys: steps.slice(4), value: found }
  return {
    table: steps.length > 1 && steps[1]!.startsWith('[') ? steps[0]! : 'file',
    keys: steps,
    value: found,
  }
}

/** The problems of a file, where they are about something that is not modelled in those words. `value` is the file, read. */
export function named(value: unknown, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((p) => {
    const key = p.code === 'unknown-key' || p.code === 'edit-key'
    if (!key && !OF_VALUES.has(p.code)) return p
    const place = placed(p.path, value)
    const what = key
      ? field(place.table, place.keys.at(-1) ?? '', place.keys.slice(0, -1))
      : valued(place)
    return what === null
      ? p
      : problem(p.path, 'not-modelled', { words: what }, { words: remedyOf(p) })
  })
}
