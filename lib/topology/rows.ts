import * as v from 'valibot'
import { isCidr, isIpv4, isMac, networkOf, type Cidr, type Ipv4, type Mac } from '#lib/wire/addr.ts'
import { FEW, MULTIPORTS, ROWS_OF_TABLE, TITLE_LENGTH } from './bounds.ts'
import { isChain, isComment, isDevice, isDevicePattern, isGroupId, isId, isProgram, isRouteTable, isSpace, isTarget } from './grammar.ts'
import type { Sysctl } from './linux.ts'
import { as, flag, keyText, list, object, oneOf, problem, problemsOf, short, tell, whole, words, type Problem } from './problem.ts'
import { isSysctl } from './sysctls.ts'
import { STEERING } from './text.ts'
import type { TableName, Tables } from './topology.ts'

/* What a row of each table may hold, for files that people write. */

const opt = v.exactOptional
export const ipv4 = as<Ipv4>(isIpv4, 'ipv4')
export const cidr = as<Cidr>(isCidr, 'cidr')
/** What a route leads to, or a range is: the kernel refuses host bits (fib_table_insert(), `Invalid prefix for given prefix length`). */
export const network = v.pipe(cidr, v.check((x) => networkOf(x) === x, (i) => tell('host-bits', i.input, networkOf(i.input))))
export const mac = as<Mac>(isMac, 'mac')
/** A line for people: no command sees it. */
export const title = v.pipe(
  v.string((i) => tell('text', short(i.input))), v.nonEmpty(tell('blank')),
  v.check((x) => x.length <= TITLE_LENGTH, (i) => tell('too-long', short(i.input), i.input.length, TITLE_LENGTH)), v.check((x) => !STEERING.test(x), (i) => tell('steering', short(i.input))),
)
const device = as<string>(isDevice, 'device')
const pattern = as<string>(isDevicePattern, 'pattern')
const chain = v.pipe(as<string>(isChain, 'chain'), v.check((x) => !isTarget(x), (i) => tell('chain-target', i.input)))
export const spaceName = as<string>(isSpace, 'space')
const program = as<string>(isProgram, 'program')
const routeTable = as<string>(isRouteTable, 'route-table')
const comment = as<string>(isComment, 'comment')
const id = (such: string) => v.custom<string>((x) => typeof x === 'string' && isId(x), (i) => tell('id', short(i.input), such))
const eniId = id('eni-node-1-eth0')
const subnetId = id('subnet-a')
const tableId = id('rtb-main')
const gatewayId = id('igw-main')
const port = whole(0, 65535, 'port')
const u32 = whole(0, 0xffffffff)
const share = v.custom<number>((x) => typeof x === 'number' && x >= 0 && x <= 1, (i) => tell('share', short(i.input)))
// ETH_MIN_MTU, if_ether.h.
const bytes = whole(68, 65536, 'MTU')
const netfilterTable = oneOf(['raw', 'mangle', 'nat', 'filter'])
const proto = oneOf(['tcp', 'udp', 'icmp'])
const masked = object({ value: u32, mask: u32 })
const tuple = { src: ipv4, dst: ipv4, sport: port, dport: port } as const
const at = object({ netns: spaceName, dev: device })
export const ports = v.pipe(
  v.custom<readonly unknown[]>((x) => Array.isArray(x) && x.length === 2, (i) => tell('port-pair', short(i.input))), v.tuple([port, port], (i) => tell('port-pair', short(i.input))),
  v.check(([low, high]) => low <= high, tell('port-order')),
)
export const groupId = as<`sg-${string}`>(isGroupId, 'sg')

const link = { name: device, mac, mtu: bytes, up: flag, addrs: list(cidr, ROWS_OF_TABLE, 'addresses'), master: opt(device), hairpin: opt(flag) } as const
const wire = v.union([object({ vpc: spaceName, eni: eniId }), object({ vpc: spaceName, gateway: gatewayId })], (i) => tell('wire', short(i.input)))
const DEV = {
  loopback: { kind: v.literal('loopback'), ...link },
  nic: { kind: v.literal('nic'), ...link, wire },
  veth: { kind: v.literal('veth'), ...link, peer: at },
  bridge: { kind: v.literal('bridge'), ...link },
  vxlan: { kind: v.literal('vxlan'), ...link, vni: whole(0, 0xffffff, 'VNI'), port, local: ipv4, learning: flag, udpcsum: flag },
  tun: { kind: v.literal('tun'), ...link, program },
} as const
const dev = v.variant('kind', [object(DEV.loopback), object(DEV.nic), object(DEV.veth), object(DEV.bridge), object(DEV.vxlan), object(DEV.tun)], (i) => tell('device-kind', short(i.input)))

const target = v.variant('type', [
  object({ type: oneOf(['ACCEPT', 'DROP', 'RETURN']) }),
  object({ type: v.literal('JUMP'), chain }),
  object({ type: v.literal('MASQUERADE'), randomFully: opt(flag) }),
  object({ type: v.literal('SNAT'), to: ipv4, randomFully: opt(flag) }),
  object({ type: v.literal('DNAT'), to: ipv4, port: opt(port) }),
  object({ type: v.literal('MARK'), op: oneOf(['set', 'or', 'xor', 'and']), value: u32, mask: u32 }),
  v.variant('op', [
    object({ type: v.literal('CONNMARK'), op: v.literal('set'), value: u32, mask: u32 }),
    object({ type: v.literal('CONNMARK'), op: oneOf(['save', 'restore']), nfmask: u32, ctmask: u32 }),
  ], (i) => tell('connmark', short(i.input))),
  object({ type: v.literal('REJECT'), with: oneOf(['icmp-port-unreachable', 'icmp-host-unreachable', 'icmp-admin-prohibited', 'tcp-reset']) }),
], (i) => tell('target', short(i.input)))

const lladdr = v.nullable(mac)
const direction = oneOf(['ingress', 'egress'])
const anyProto = oneOf(['tcp', 'udp', 'icmp', 'all'])
const sysctl = v.custom<Sysctl['key']>((x) => typeof x === 'string' && isSysctl(x), (i) => tell('sysctl', short(i.input)))

/** The keys of each table, so that a change of one row can be checked too. */
const ENTRIES = {
  rules: { priority: whole(0, 0xffffffff, 'priority'), table: routeTable, from: opt(cidr), to: opt(cidr), iif: opt(device), fwmark: opt(masked) },
  routes: {
    table: routeTable, dst: network, type: opt(oneOf(['unicast', 'blackhole', 'unreachable', 'prohibit'])), dev: opt(device), via: opt(ipv4), src: opt(ipv4),
    onlink: opt(flag), metric: opt(u32), mtu: opt(bytes), proto: opt(oneOf(['kernel', 'dhcp'])), scope: opt(oneOf(['link', 'host'])),
  },
  neigh: { ip: ipv4, dev: device, lladdr, state: oneOf(['PERMANENT', 'REACHABLE', 'STALE', 'DELAY', 'INCOMPLETE', 'FAILED']) },
  fdb: { mac, dev: device, master: opt(device), dst: opt(ipv4), state: oneOf(['permanent', 'learned']) },
  chains: { table: netfilterTable, chain, policy: v.nullable(oneOf(['ACCEPT', 'DROP'])) },
  netfilter: {
    table: netfilterTable, chain, src: opt(cidr), dst: opt(cidr), proto: opt(proto), sport: opt(port), dport: opt(port), dports: opt(list(port, MULTIPORTS, 'ports')), iif: opt(pattern), oif: opt(pattern),
    mark: opt(masked), ctstate: opt(list(oneOf(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID']), 4, 'states')), srcType: opt(oneOf(['LOCAL'])), dstType: opt(oneOf(['LOCAL'])),
    limitIfaceIn: opt(flag), not: opt(list(oneOf(['src', 'dst', 'proto', 'sport', 'dport', 'iif', 'oif', 'mark', 'srcType', 'dstType']), 10, 'matches')), comment: opt(comment),
    statistic: opt(object({ probability: share })), matches: opt(list(oneOf(['tcp', 'udp', 'mark', 'conntrack', 'comment', 'addrtype', 'statistic', 'multiport']), 8, 'matches')), target,
  },
  conntrack: {
    proto, original: object(tuple), reply: object(tuple), mark: u32, replied: flag,
    state: opt(oneOf(['SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT', 'CLOSE'])), gone: opt(flag),
  },
  sockets: { proto: oneOf(['tcp', 'udp']), port, addr: opt(ipv4), program },
  sysctls: { key: sysctl, value: whole(-0x80000000, 0xffffffff, 'value of a sysctl') },
  daemons: { name: program, tun: device, port, local: ipv4 },
  leases: { daemon: program, subnet: network, publicIp: ipv4, backendType: oneOf(['udp', 'vxlan', 'host-gw']), vtepMac: opt(mac) },
  enis: { id: eniId, subnet: subnetId, mac, ips: list(ipv4, ROWS_OF_TABLE, 'addresses'), publicIp: opt(ipv4), groups: list(groupId, FEW, 'groups'), sourceDestCheck: flag, attached: at },
  subnets: { id: subnetId, cidr: network, routeTable: tableId, router: object({ ip: ipv4, mac }) },
  vpcRoutes: { routeTable: tableId, dst: network, target: v.custom<string>((x) => x === 'local' || (typeof x === 'string' && isId(x)), (i) => tell('id', short(i.input), 'igw-main, or local')) },
  sgRules: { group: groupId, direction, proto: anyProto, ports: opt(ports), peer: v.union([cidr, groupId], (i) => tell('peer', short(i.input))) },
  aclRules: { subnet: subnetId, direction, number: whole(1, 32766, 'rule number'), proto: anyProto, ports: opt(ports), cidr, action: oneOf(['allow', 'deny']) },
  sgFlows: { eni: eniId, proto, ...tuple },
  gateways: { id: gatewayId, kind: oneOf(['igw']), mtu: bytes },
  outside: { gateway: gatewayId, ip: ipv4, mac, attached: at },
} as const

type Schemas = { readonly [T in TableName]: v.GenericSchema<unknown, Tables[T]> }
/** A schema per table. */
export const ROWS: Schemas = {
  devs: dev, rules: object(ENTRIES.rules), routes: object(ENTRIES.routes), neigh: object(ENTRIES.neigh), fdb: object(ENTRIES.fdb), chains: object(ENTRIES.chains),
  netfilter: object(ENTRIES.netfilter), conntrack: object(ENTRIES.conntrack), sockets: object(ENTRIES.sockets), sysctls: object(ENTRIES.sysctls),
  daemons: object(ENTRIES.daemons), leases: object(ENTRIES.leases), enis: object(ENTRIES.enis), subnets: object(ENTRIES.subnets), vpcRoutes: object(ENTRIES.vpcRoutes),
  sgRules: object(ENTRIES.sgRules), aclRules: object(ENTRIES.aclRules), sgFlows: object(ENTRIES.sgFlows), gateways: object(ENTRIES.gateways), outside: object(ENTRIES.outside),
}

/** The schemas of one field: one, but for a device's fields, which may belong to several kinds. No entry: no row of the table has such a field. */
const FIELDS: Readonly<Record<TableName, ReadonlyMap<string, readonly v.GenericSchema[]>>> = Object.fromEntries(
  (Object.keys(ROWS) as TableName[]).map((table) => {
    const fields = new Map<string, v.GenericSchema[]>()
    for (const entries of table === 'devs' ? Object.values(DEV) : [ENTRIES[table]]) {
      for (const [key, schema] of Object.entries(entries) as [string, v.GenericSchema][]) {
        // Which of several words the key has differs by kind of device only for `kind` itself.
        const known = fields.get(key)
        if (known === undefined) fields.set(key, [schema])
        else if (!known.includes(schema)) known.push(schema)
      }
    }
    return [table, fields]
  }),
) as unknown as Readonly<Record<TableName, ReadonlyMap<string, readonly v.GenericSchema[]>>>

export function fieldsOf(table: TableName): readonly string[] {
  return [...FIELDS[table].keys()]
}

/** What keeps a value from being a row of the table; `path` is where it stands. */
export function rowProblems(table: TableName, row: unknown, path: string): readonly Problem[] {
  const read = v.safeParse(ROWS[table], row)
  return read.success ? [] : problemsOf(read.issues, path)
}

/** Fields that no row of the table has, and values that none can have in them. */
export function fieldProblems(table: TableName, fields: Readonly<Record<string, unknown>>, path: string): readonly Problem[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const place = `${path}${keyText(key, path === '')}`
    const schemas = FIELDS[table].get(key)
    if (schemas === undefined) return [problem(place, 'edit-key', table, words(fieldsOf(table)))]
    const results = schemas.map((schema) => v.safeParse(schema, value))
    if (results.some((r) => r.success)) return []
    return problemsOf((key === 'kind' ? v.safeParse(kind, value) : results[0]!).issues ?? [], place)
  })
}
const kind = v.custom<string>(() => false, (i) => tell('device-kind', short(i.input)))
