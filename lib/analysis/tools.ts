import type { NfTable, Route } from '#lib/topology/linux.ts'
import { conntrackText, neighText, routeText, ruleRowText, ruleText } from '#lib/topology/command.ts'
import type { Netns, Space, TableName, Vpc } from '#lib/topology/topology.ts'
import { parseCidr } from '#lib/wire/addr.ts'
import { groupLines, interfaceLines, leaseLines, type ToolLine } from './documented.ts'
import { addrLine, fdbLines, socketLines } from './implied.ts'

/** `note`: how the lines differ from what the tool prints; none, and they are what it prints. */
export interface ToolOutput { readonly command: string; readonly lines: readonly ToolLine[]; readonly note?: string }

type Printer = (s: Space) => ToolOutput
const numbered = <T>(rows: readonly T[], text: (row: T) => string): ToolLine[] => rows.map((r, row) => ({ text: text(r), row }))
const sorted = <T>(rows: readonly T[], order: (a: T, b: T) => number, text: (row: T) => string): ToolLine[] => rows.map((r, row) => ({ r, row })).toSorted((a, b) => order(a.r, b.r)).map(({ r, row }) => ({ text: text(r), row }))
const ns = (s: Space): Netns => s as Netns
const vpc = (s: Space): Vpc => s as Vpc

/** The rows of a table as the tool prints them, each line with the row it came from. */
export function tableAsTool(space: Space, table: TableName): ToolOutput {
  return PRINT[table](space)
}

/** The kernel keeps 256 buckets of tables and goes through them in order (fib_table_hash); main is 254. */
const NUMBERED: Readonly<Record<string, number>> = { default: 253, main: 254, local: 255 }
const bucket = (table: string): number => (NUMBERED[table] ?? Number(table)) & 255

/** Table by table, each as its trie is walked: by address, longer prefixes first, then by metric. `ip route` alone shows main; with more tables it takes all. The local table has no rows: it follows from the addresses. */
function routes(s: Space): ToolOutput {
  const order = (a: Route, b: Route): number => bucket(a.table) - bucket(b.table) || parseCidr(a.dst).base - parseCidr(b.dst).base || parseCidr(b.dst).bits - parseCidr(a.dst).bits || (a.metric ?? 0) - (b.metric ?? 0)
  return { command: ns(s).routes.every((r) => r.table === 'main') ? 'ip route' : "ip -4 route show table all | grep -v 'table local'", lines: sorted(ns(s).routes, order, routeText) }
}

/** The tables in the order of iptables-nft, and the chains that each has of itself. */
const BUILT_IN: { readonly [T in NfTable]: readonly string[] } = {
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'], raw: ['PREROUTING', 'OUTPUT'], filter: ['INPUT', 'FORWARD', 'OUTPUT'], nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
}

/** Chains, the built-in ones first and the others by name, then their rules in the same order. Lines carry the row of the table that was asked: a chain's or a rule's. */
const firewall = (asked: 'chains' | 'netfilter'): Printer => (s) => {
  const lines: ToolLine[] = []
  for (const t of Object.keys(BUILT_IN) as NfTable[]) {
    const chains = new Map(ns(s).chains.flatMap((c, row) => (c.table === t ? [[c.chain, { ...c, row }]] : [])))
    const rules = ns(s).netfilter.flatMap((r, row) => (r.table === t ? [{ r, row }] : []))
    if (rules.length === 0 && chains.size === 0) continue
    const names = [...new Set([...BUILT_IN[t], ...[...chains.keys(), ...rules.map((x) => x.r.chain)].toSorted()])]
    const place = new Map(names.map((name, i) => [name, i]))
    lines.push({ text: `*${t}`, row: null })
    for (const name of names) lines.push({ text: `:${name} ${chains.get(name)?.policy ?? (BUILT_IN[t].includes(name) ? 'ACCEPT' : '-')} [0:0]`, row: asked === 'chains' ? chains.get(name)?.row ?? null : null })
    for (const { r, row } of rules.toSorted((a, b) => place.get(a.r.chain)! - place.get(b.r.chain)!)) lines.push({ text: ruleText(r), row: asked === 'netfilter' ? row : null })
    lines.push({ text: 'COMMIT', row: null })
  }
  return { command: 'iptables-save', note: 'tables as iptables-nft orders them (legacy: newest first), without the comments', lines }
}

const PRINT: { readonly [T in TableName]: Printer } = {
  devs: (s) => ({ command: 'ip addr', note: 'shortened; a veth’s state is said as if its far end were up', lines: numbered(ns(s).devs, (d) => addrLine(ns(s), d)) }),
  rules: (s) => ({ command: 'ip rule', lines: sorted(ns(s).rules, (a, b) => a.priority - b.priority, ruleRowText) }),
  routes,
  neigh: (s) => ({ command: 'ip neigh', lines: numbered(ns(s).neigh, neighText) }),
  fdb: (s) => ({ command: 'bridge fdb', note: 'a usual node lists more: groups 33:33:ff:… of IPv6, and own MACs of a bridge once more with vlan 1', lines: fdbLines(ns(s)) }),
  chains: firewall('chains'),
  netfilter: firewall('netfilter'),
  conntrack: (s) => ({ command: 'conntrack -L', lines: ns(s).conntrack.flatMap((c, row) => (c.gone === true ? [] : [{ text: conntrackText(c), row }])) }),
  sockets: (s) => ({ command: 'ss -ltnup', note: 'shortened: no header, queues and process ids', lines: socketLines(ns(s)) }),
  sysctls: (s) => ({ command: 'sysctl', note: 'shortened', lines: numbered(ns(s).sysctls, (x) => `${x.key} = ${x.value}`) }),
  daemons: (s) => ({ command: 'ps', note: 'shortened', lines: numbered(ns(s).daemons, (x) => `${x.name}  ${x.tun}  udp ${x.local}:${x.port}`) }),
  leases: (s) => ({ command: 'etcdctl get --prefix /coreos.com/network/subnets', note: 'as documented; the daemon asks its copy', lines: leaseLines(ns(s)) }),
  enis: (s) => ({ command: 'aws ec2 describe-network-interfaces', note: 'as documented, shortened', lines: interfaceLines(vpc(s)) }),
  subnets: (s) => ({ command: 'aws ec2 describe-subnets', note: 'shortened', lines: numbered(vpc(s).subnets, (x) => `${x.id}  ${x.cidr}  router ${x.router.ip}`) }),
  vpcRoutes: (s) => ({ command: 'aws ec2 describe-route-tables', note: 'shortened', lines: numbered(vpc(s).vpcRoutes, (x) => `${x.routeTable}  ${x.dst}  ${x.target}`) }),
  sgRules: (s) => ({ command: 'aws ec2 describe-security-groups', note: 'as documented, shortened', lines: groupLines(vpc(s)) }),
  aclRules: (s) => ({ command: 'aws ec2 describe-network-acls', note: 'shortened', lines: numbered(vpc(s).aclRules, (x) => `${x.subnet}  ${x.direction}  ${x.number}  ${x.action}  ${x.proto}${x.ports === undefined ? '' : ` ${x.ports[0]}-${x.ports[1]}`}  ${x.cidr}`) }),
  sgFlows: (s) => ({ command: 'tracked by the security groups (not to be listed in AWS)', lines: numbered(vpc(s).sgFlows, (x) => `${x.eni}  ${x.proto}  ${x.src}:${x.sport} → ${x.dst}:${x.dport}`) }),
  gateways: (s) => ({ command: 'aws ec2 describe-internet-gateways', note: 'shortened', lines: numbered(vpc(s).gateways, (x) => `${x.id}  mtu ${x.mtu}`) }),
  outside: (s) => ({ command: 'hosts beyond the gateway', lines: numbered(vpc(s).outside, (x) => `${x.ip}  ${x.attached.netns}`) }),
}
