import { isCidr, isIpv4, isMac } from '#lib/wire/addr.ts'
import { short } from '#lib/topology/problem.ts'
import { STEERING } from '#lib/topology/text.ts'
import { LINUX_TABLES, spaces, type Space, type TableName, type Topology } from '#lib/topology/topology.ts'

/* What may stand in a script that people run as root, by the place where it lands. Asked of the rows themselves: whoever wrote them, validated or not, nothing else is printed. */

/** What stands where something else belongs, and what would be right; `at` is the place below the field. */
interface Refusal { readonly at: string; readonly was: unknown; readonly right: string }
type Grammar = (x: unknown) => Refusal | null

const fits = (right: string, test: (x: unknown) => boolean): Grammar => (x) => (test(x) ? null : { at: '', was: x, right })
const text = (right: string, test: (x: string) => boolean): Grammar => fits(right, (x) => typeof x === 'string' && test(x))
const oneOf = (...words: readonly unknown[]): Grammar => fits(`write ${words.join(', ')}`, (x) => words.includes(x))
const whole = (low: number, high: number): Grammar => fits(`write a whole number from ${low} to ${high}`, (x) => typeof x === 'number' && Number.isInteger(x) && x >= low && x <= high)
const opt = (of: Grammar): Grammar => (x) => (x === undefined ? null : of(x))
const nullable = (of: Grammar): Grammar => (x) => (x === null ? null : of(x))
const either = (...all: readonly Grammar[]): Grammar => (x) => { const said = all.map((g) => g(x)); return said.includes(null) ? null : said[0]! }
const list = (of: Grammar, most = Infinity): Grammar => (x) => {
  if (!Array.isArray(x) || x.length > most) return { at: '', was: x, right: most === Infinity ? 'write a list' : `write a list of up to ${most}` }
  for (const [i, one] of x.entries()) { const r = of(one); if (r !== null) return { ...r, at: `[${i}]${r.at}` } }
  return null
}
/** Keys that are not named here are not printed, so they may hold anything. */
const object = (entries: Readonly<Record<string, Grammar>>): Grammar => (x) => {
  if (typeof x !== 'object' || x === null || Array.isArray(x)) return { at: '', was: x, right: `write ${Object.keys(entries).join(', ')}` }
  for (const [key, of] of Object.entries(entries)) { const r = of((x as Readonly<Record<string, unknown>>)[key]); if (r !== null) return { ...r, at: `.${key}${r.at}` } }
  return null
}
/** One of several objects, by the word in one key. */
const variant = (key: string, forms: Readonly<Record<string, Readonly<Record<string, Grammar>>>>): Grammar => (x) => {
  const form = typeof x === 'object' && x !== null ? (x as Readonly<Record<string, unknown>>)[key] : undefined
  return typeof form === 'string' && Object.hasOwn(forms, form) ? object(forms[form]!)(x) : { at: `.${key}`, was: form, right: `write ${Object.keys(forms).join(', ')}` }
}

/** A file in /run/netns behind PREFIX, the end of a file's name in RUN, a word of the shell. */
const space = text('up to 200 letters, digits, dots, dashes and underscores make the name of a network namespace, the first of them no dot and no dash', (x) => /^[A-Za-z0-9_][\w.-]{0,199}$/.test(x))
/** dev_valid_name() takes more, but a shell, iproute2's batch lines and a path under /proc/sys take this. It always stands behind a word that says a name comes. */
const DEVICE = /^[A-Za-z0-9_][\w.-]{0,14}$/
const device = text('up to 15 letters, digits, dots, dashes and underscores make the name of a device, the first of them no dot and no dash', (x) => DEVICE.test(x))
/** A device, or with + all whose names begin so: xtables_parse_interface(). */
const pattern = text('up to 15 letters, digits, dots, dashes and underscores name a device, with + at the end all that begin so', (x) => DEVICE.test(x) || (x.length <= 15 && /^(?:[A-Za-z0-9_][\w.-]*)?\+$/.test(x)))
/** XT_EXTENSION_MAXNAMELEN with its NUL. */
const chain = text('up to 28 letters, digits, dots, dashes and underscores make the name of a chain, the first of them no dot and no dash', (x) => /^[A-Za-z0-9_][\w.-]{0,27}$/.test(x))
/** Between double quotes, escaped. XT_MAX_COMMENT_LEN with its NUL; iptables-restore would cut a line of 10,240 bytes in two. */
const comment = text('a comment is up to 255 bytes without control characters', (x) => !STEERING.test(x) && new TextEncoder().encode(x).length <= 255)
const tableId = text('a table is main, local, default or a number from 1 to 4294967295', (x) => /^(?:main|local|default|[1-9]\d{0,9})$/.test(x) && !(Number(x) > 0xffffffff))
/** A path below /proc/sys/net; in the middle of it a device's name may have dots. */
const sysctl = text('write a key of /proc/sys/net with dots, such as net.ipv4.ip_forward or net.ipv4.conf.eth0.rp_filter', (x) => sysctlPath(x) !== null)
const anything = text('write text', () => true)
const ipv4 = text('write an IPv4 address', isIpv4)
const cidr = text('write an IPv4 prefix', isCidr)
const mac = text('write a MAC address in lower-case hex digits', isMac)
const flag = oneOf(true, false)
const port = whole(0, 65535)
const u32 = whole(0, 0xffffffff)
const masked = object({ value: u32, mask: u32 })
const proto = oneOf('tcp', 'udp', 'icmp')
const nfTable = oneOf('raw', 'mangle', 'nat', 'filter')
const ends = object({ src: ipv4, dst: ipv4 })
const attached = object({ netns: anything, dev: anything })

const link = { name: device, mac, mtu: u32, up: flag, addrs: list(cidr), master: opt(device), hairpin: opt(flag) }
const target = variant('type', {
  ACCEPT: {}, DROP: {}, RETURN: {}, JUMP: { chain }, MASQUERADE: { randomFully: opt(flag) }, SNAT: { to: ipv4, randomFully: opt(flag) }, DNAT: { to: ipv4, port: opt(port) },
  MARK: { op: oneOf('set', 'or', 'xor', 'and'), value: u32, mask: u32 },
  CONNMARK: { op: oneOf('set', 'save', 'restore'), value: opt(u32), mask: opt(u32), nfmask: opt(u32), ctmask: opt(u32) },
  REJECT: { with: oneOf('icmp-port-unreachable', 'icmp-host-unreachable', 'icmp-admin-prohibited', 'tcp-reset') },
})

/** Every table of which something is printed: not the security groups, ACLs and gateways. What is `anything` here lands in JSON only. */
const TABLES: Readonly<Record<Exclude<TableName, 'sgRules' | 'aclRules' | 'sgFlows' | 'gateways'>, Grammar>> = {
  devs: variant('kind', {
    loopback: link, bridge: link, tun: link, nic: { ...link, wire: object({ vpc: anything, eni: opt(anything), gateway: opt(anything) }) },
    veth: { ...link, peer: object({ netns: space, dev: device }) }, vxlan: { ...link, vni: whole(0, 0xffffff), port, local: ipv4, learning: flag, udpcsum: flag },
  }),
  rules: object({ priority: u32, table: tableId, from: opt(cidr), to: opt(cidr), iif: opt(device), fwmark: opt(masked) }),
  routes: object({
    table: either(tableId, oneOf('cache')), dst: cidr, type: opt(oneOf('unicast', 'blackhole', 'unreachable', 'prohibit')), dev: opt(device), via: opt(ipv4), src: opt(ipv4),
    onlink: opt(flag), metric: opt(u32), mtu: opt(u32), proto: opt(oneOf('kernel', 'dhcp')), scope: opt(oneOf('link', 'host')),
  }),
  neigh: object({ ip: ipv4, dev: device, lladdr: nullable(mac), state: oneOf('PERMANENT', 'REACHABLE', 'STALE', 'DELAY', 'INCOMPLETE', 'FAILED') }),
  fdb: object({ mac, dev: device, master: opt(device), dst: opt(ipv4), state: oneOf('permanent', 'learned') }),
  chains: object({ table: nfTable, chain, policy: nullable(oneOf('ACCEPT', 'DROP')) }),
  netfilter: object({
    table: nfTable, chain, src: opt(cidr), dst: opt(cidr), proto: opt(proto), sport: opt(port), dport: opt(port), dports: opt(list(port, 15)), iif: opt(pattern), oif: opt(pattern), mark: opt(masked),
    ctstate: opt(list(oneOf('NEW', 'ESTABLISHED', 'RELATED', 'INVALID'))), srcType: opt(oneOf('LOCAL')), dstType: opt(oneOf('LOCAL')), limitIfaceIn: opt(flag), not: opt(list(anything)), comment: opt(comment),
    statistic: opt(object({ probability: fits('write a number from 0 to 1', (x) => typeof x === 'number' && x >= 0 && x <= 1) })),
    matches: opt(list(oneOf('tcp', 'udp', 'mark', 'conntrack', 'comment', 'addrtype', 'statistic', 'multiport'), 8)), target,
  }),
  conntrack: object({ original: ends }),
  sockets: object({ proto: oneOf('tcp', 'udp'), port, addr: opt(ipv4) }),
  sysctls: object({ key: sysctl, value: whole(-0x80000000, 0xffffffff) }),
  daemons: object({ name: anything, tun: device, port, local: ipv4 }),
  leases: object({ daemon: anything, subnet: cidr, publicIp: ipv4 }),
  enis: object({ id: anything, subnet: anything, mac, ips: list(ipv4), publicIp: opt(ipv4), attached }),
  subnets: object({ id: anything, cidr, routeTable: anything, router: object({ ip: ipv4, mac }) }),
  vpcRoutes: object({ routeTable: anything, dst: cidr, target: anything }),
  outside: object({ gateway: anything, ip: ipv4, mac, attached }),
}

const tablesOf = (names: readonly (keyof typeof TABLES)[]): Readonly<Record<string, Grammar>> => Object.fromEntries(names.map((t) => [t, list(TABLES[t])]))
const SPACE = variant('kind', {
  netns: { name: space, node: space, role: oneOf('pod', 'container', 'node', 'host'), ...tablesOf(LINUX_TABLES) },
  vpc: { name: anything, cidrs: list(cidr), ...tablesOf(['enis', 'subnets', 'vpcRoutes', 'outside']) },
})

/** The spaces, each row of them such that it can be printed. RangeError names the first place where something else stands, and what may. */
export function printable(t: Topology): Space[] {
  const all = spaces(t)
  const seen = new Set<string>()
  for (const s of all) {
    const wrong = SPACE(s)
    if (wrong !== null) throw new RangeError(`${/^[\w.-]{1,60}$/.test(s.name) ? s.name : short(s.name)}${wrong.at}: ${short(wrong.was)} cannot stand in a lab script; ${wrong.right}`)
    if (seen.has(s.name)) throw new RangeError(`${short(s.name)}: two spaces have this name; give each its own`)
    seen.add(s.name)
  }
  return all
}

/** Where a sysctl is below /proc/sys; null if it is no key of net. */
export function sysctlPath(key: string): string | null {
  const [, of, dev, name] = /^net\.(ipv4\.conf|ipv4\.neigh|ipv6\.conf|ipv6\.neigh)\.(.+)\.([a-z0-9_]+)$/.exec(key) ?? []
  if (dev !== undefined) return DEVICE.test(dev) ? `net/${of!.replace('.', '/')}/${dev}/${name}` : null
  return /^net(?:\.[a-z0-9_-]+)+$/.test(key) ? key.replaceAll('.', '/') : null
}
