import * as v from 'valibot'
import { isCidr, isIpv4, isMac, networkOf, type Cidr, type Ipv4, type Mac } from '#lib/wire/addr.ts'
import type { Sysctl } from './linux.ts'
import { as, flag, list, object, oneOf, whole } from './problem.ts'
import { STEERING } from './text.ts'
import type { TableName, Tables } from './topology.ts'

/* What a row of each table may hold, for files that people write. */

const opt = v.exactOptional
export const ipv4 = as<Ipv4>(isIpv4, 'IPv4 address', 'write four numbers from 0 to 255, such as 192.168.0.100')
export const cidr = as<Cidr>(isCidr, 'IPv4 prefix', 'write an address and a length, such as 10.1.0.0/16')
/** What a route leads to, or a range is: the kernel refuses host bits (fib_table_insert(), `Invalid prefix for given prefix length`). */
export const network = v.pipe(cidr, v.check((x) => networkOf(x) === x, (i) => `${i.input} has bits set behind its length; write ${networkOf(i.input)}`))
export const mac = as<Mac>(isMac, 'MAC address', 'write six pairs of lower-case hex digits, such as 02:42:0a:01:0f:02')
export const text = v.pipe(v.string((i) => `${JSON.stringify(i.input) ?? 'nothing'} is no text`), v.nonEmpty('empty; write a name'), v.check((x) => !STEERING.test(x), (i) => `${JSON.stringify(i.input)} has characters that steer a terminal; leave them out`))
const port = whole(0, 65535, 'port')
const u32 = whole(0, 0xffffffff)
const share = v.pipe(v.number((i) => `${JSON.stringify(i.input)} is no number`), v.minValue(0, 'below 0; a probability is from 0 to 1'), v.maxValue(1, 'above 1; a probability is from 0 to 1'))
// ETH_MIN_MTU, if_ether.h.
const bytes = whole(68, 65536, 'MTU')
const netfilterTable = oneOf(['raw', 'mangle', 'nat', 'filter'])
const proto = oneOf(['tcp', 'udp', 'icmp'])
const masked = object({ value: u32, mask: u32 })
const tuple = { src: ipv4, dst: ipv4, sport: port, dport: port } as const
const at = object({ netns: text, dev: text })
export const ports = v.pipe(v.tuple([port, port], 'write two ports, such as [8080, 8081]'), v.check(([low, high]) => low <= high, 'the higher port stands first; write [low, high]'))
const sg = as<`sg-${string}`>((x) => /^sg-[\w-]+$/.test(x), 'security group', 'its id begins with sg-')

const link = { name: text, mac, mtu: bytes, up: flag, addrs: list(cidr), master: opt(text), hairpin: opt(flag) } as const
const wire = v.union([object({ vpc: text, eni: text }), object({ vpc: text, gateway: text })], 'say which ENI or gateway of a VPC: { "vpc": "vpc", "eni": "eni-node-1-eth0" }')
const dev = v.variant('kind', [
  object({ kind: v.literal('loopback'), ...link }),
  object({ kind: v.literal('nic'), ...link, wire }),
  object({ kind: v.literal('veth'), ...link, peer: at }),
  object({ kind: v.literal('bridge'), ...link }),
  object({ kind: v.literal('vxlan'), ...link, vni: whole(0, 0xffffff, 'VNI'), port, local: ipv4, learning: flag, udpcsum: flag }),
  object({ kind: v.literal('tun'), ...link, program: text }),
], 'a device is of kind loopback, nic, veth, bridge, vxlan or tun')

const target = v.variant('type', [
  object({ type: oneOf(['ACCEPT', 'DROP', 'RETURN']) }),
  object({ type: v.literal('JUMP'), chain: text }),
  object({ type: v.literal('MASQUERADE'), randomFully: opt(flag) }),
  object({ type: v.literal('SNAT'), to: ipv4, randomFully: opt(flag) }),
  object({ type: v.literal('DNAT'), to: ipv4, port: opt(port) }),
  object({ type: v.literal('MARK'), op: oneOf(['set', 'or', 'xor', 'and']), value: u32, mask: u32 }),
  v.variant('op', [
    object({ type: v.literal('CONNMARK'), op: v.literal('set'), value: u32, mask: u32 }),
    object({ type: v.literal('CONNMARK'), op: oneOf(['save', 'restore']), nfmask: u32, ctmask: u32 }),
  ]),
  object({ type: v.literal('REJECT'), with: oneOf(['icmp-port-unreachable', 'icmp-host-unreachable', 'icmp-admin-prohibited', 'tcp-reset']) }),
], 'a target is ACCEPT, DROP, RETURN, JUMP, MASQUERADE, SNAT, DNAT, MARK, CONNMARK or REJECT')

const lladdr = v.nullable(mac)
const direction = oneOf(['ingress', 'egress'])
const anyProto = oneOf(['tcp', 'udp', 'icmp', 'all'])

/** The keys of each table, so that a change of one row can be checked too. */
const ENTRIES = {
  rules: { priority: whole(0, 0xffffffff, 'priority'), table: text, from: opt(cidr), to: opt(cidr), iif: opt(text), fwmark: opt(masked) },
  routes: {
    table: text, dst: network, type: opt(oneOf(['unicast', 'blackhole', 'unreachable', 'prohibit'])), dev: opt(text), via: opt(ipv4), src: opt(ipv4),
    onlink: opt(flag), metric: opt(u32), mtu: opt(bytes), proto: opt(oneOf(['kernel', 'dhcp'])), scope: opt(oneOf(['link', 'host'])),
  },
  neigh: { ip: ipv4, dev: text, lladdr, state: oneOf(['PERMANENT', 'REACHABLE', 'STALE', 'DELAY', 'INCOMPLETE', 'FAILED']) },
  fdb: { mac, dev: text, master: opt(text), dst: opt(ipv4), state: oneOf(['permanent', 'learned']) },
  chains: { table: netfilterTable, chain: text, policy: v.nullable(oneOf(['ACCEPT', 'DROP'])) },
  netfilter: {
    table: netfilterTable, chain: text, src: opt(cidr), dst: opt(cidr), proto: opt(proto), sport: opt(port), dport: opt(port), dports: opt(list(port)), iif: opt(text), oif: opt(text),
    mark: opt(masked), ctstate: opt(list(oneOf(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID']))), srcType: opt(v.literal('LOCAL')), dstType: opt(v.literal('LOCAL')),
    limitIfaceIn: opt(flag), not: opt(list(oneOf(['src', 'dst', 'proto', 'sport', 'dport', 'iif', 'oif', 'mark', 'srcType', 'dstType']))), comment: opt(text),
    statistic: opt(object({ probability: share })), matches: opt(list(oneOf(['tcp', 'udp', 'mark', 'conntrack', 'comment', 'addrtype', 'statistic', 'multiport']))), target,
  },
  conntrack: {
    proto, original: object(tuple), reply: object(tuple), mark: u32, replied: flag,
    state: opt(oneOf(['SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT', 'CLOSE'])), gone: opt(flag),
  },
  sockets: { proto: oneOf(['tcp', 'udp']), port, addr: opt(ipv4), program: text },
  sysctls: { key: as<Sysctl['key']>((x) => /^net\.[\w./-]+$/.test(x), 'sysctl of the network', 'its key begins with net.'), value: whole(-0x80000000, 0xffffffff, 'value of a sysctl') },
  daemons: { name: text, tun: text, port, local: ipv4 },
  leases: { daemon: text, subnet: network, publicIp: ipv4, backendType: oneOf(['udp', 'vxlan', 'host-gw']), vtepMac: opt(mac) },
  enis: { id: text, subnet: text, mac, ips: list(ipv4), publicIp: opt(ipv4), groups: list(text), sourceDestCheck: flag, attached: at },
  subnets: { id: text, cidr: network, routeTable: text, router: object({ ip: ipv4, mac }) },
  vpcRoutes: { routeTable: text, dst: network, target: text },
  sgRules: { group: text, direction, proto: anyProto, ports: opt(ports), peer: v.union([cidr, sg], 'a peer is a prefix, such as 0.0.0.0/0, or a security group, such as sg-node') },
  aclRules: { subnet: text, direction, number: whole(1, 32766, 'rule number'), proto: anyProto, ports: opt(ports), cidr, action: oneOf(['allow', 'deny']) },
  sgFlows: { eni: text, proto, ...tuple },
  gateways: { id: text, kind: v.literal('igw'), mtu: bytes },
  outside: { gateway: text, ip: ipv4, mac, attached: at },
} as const

type Schemas = { readonly [T in TableName]: v.GenericSchema<unknown, Tables[T]> }
/** A schema per table. */
export const ROWS: Schemas = {
  devs: dev, rules: object(ENTRIES.rules), routes: object(ENTRIES.routes), neigh: object(ENTRIES.neigh), fdb: object(ENTRIES.fdb), chains: object(ENTRIES.chains),
  netfilter: object(ENTRIES.netfilter), conntrack: object(ENTRIES.conntrack), sockets: object(ENTRIES.sockets), sysctls: object(ENTRIES.sysctls),
  daemons: object(ENTRIES.daemons), leases: object(ENTRIES.leases), enis: object(ENTRIES.enis), subnets: object(ENTRIES.subnets), vpcRoutes: object(ENTRIES.vpcRoutes),
  sgRules: object(ENTRIES.sgRules), aclRules: object(ENTRIES.aclRules), sgFlows: object(ENTRIES.sgFlows), gateways: object(ENTRIES.gateways), outside: object(ENTRIES.outside),
}
