import type { Conntrack, Tuple } from '#lib/topology/linux.ts'
import { fdbText, neighText, routeText, ruleRowText, ruleText } from '#lib/topology/command.ts'
import type { Netns, Space, TableName, Vpc } from '#lib/topology/topology.ts'

export interface ToolLine { readonly text: string; readonly row: number | null }
export interface ToolOutput { readonly command: string; readonly lines: readonly ToolLine[] }

type Printer = (s: Space) => ToolOutput
const numbered = <T>(rows: readonly T[], text: (row: T) => string): ToolLine[] => rows.map((r, row) => ({ text: text(r), row }))
const ns = (s: Space): Netns => s as Netns
const vpc = (s: Space): Vpc => s as Vpc

/** The rows of a table as the tool prints them, each line with the row it came from. */
export function tableAsTool(space: Space, table: TableName): ToolOutput {
  return PRINT[table](space)
}

/** Main first, as a person reads them. `ip route` alone shows main; with more tables it takes `table all` (the local table is left out, it follows from the addresses). */
function routes(s: Space): ToolOutput {
  const rows = ns(s).routes.map((r, row) => ({ r, row }))
  const order = rows.toSorted((a, b) => Number(b.r.table === 'main') - Number(a.r.table === 'main') || a.r.table.localeCompare(b.r.table))
  return { command: rows.every((x) => x.r.table === 'main') ? 'ip route' : 'ip route show table all', lines: order.map(({ r, row }) => ({ text: routeText(r), row })) }
}

function firewall(s: Space): ToolOutput {
  const lines: ToolLine[] = []
  for (const t of ['raw', 'mangle', 'nat', 'filter'] as const) {
    const rules = ns(s).netfilter.map((r, row) => ({ r, row })).filter((x) => x.r.table === t)
    const chains = ns(s).chains.filter((c) => c.table === t)
    if (rules.length === 0 && chains.length === 0) continue
    lines.push({ text: `*${t}`, row: null })
    for (const c of chains) lines.push({ text: `:${c.chain} ${c.policy ?? '-'} [0:0]`, row: null })
    for (const { r, row } of rules) lines.push({ text: ruleText(r), row })
    lines.push({ text: 'COMMIT', row: null })
  }
  return { command: 'iptables-save', lines }
}

function tuple(c: Conntrack, t: Tuple, echo: boolean): string {
  return c.proto === 'icmp' ? `src=${t.src} dst=${t.dst} type=${echo ? 8 : 0} code=0 id=${t.sport}` : `src=${t.src} dst=${t.dst} sport=${t.sport} dport=${t.dport}`
}

/** Timeouts are the kernel's defaults: the model has no clock. */
const TIMEOUT = { tcp: 432000, udp: 30, icmp: 30 } as const
const NUMBER = { tcp: 6, udp: 17, icmp: 1 } as const
function conntrack(c: Conntrack): string {
  return `${c.proto.padEnd(8)} ${NUMBER[c.proto]} ${TIMEOUT[c.proto]} ${c.state === undefined ? '' : `${c.state} `}${tuple(c, c.original, true)} ${c.replied ? '' : '[UNREPLIED] '}${tuple(c, c.reply, false)}${c.replied && c.proto === 'tcp' ? ' [ASSURED]' : ''} mark=${c.mark} use=1`
}

const PRINT: { readonly [T in TableName]: Printer } = {
  devs: (s) => ({ command: 'ip addr', lines: numbered(ns(s).devs, (d) => `${d.name}: mtu ${d.mtu} ${d.kind}${d.master === undefined ? '' : ` master ${d.master}`} state ${d.up ? 'UP' : 'DOWN'} link ${d.mac}${d.addrs.map((a) => ` inet ${a}`).join('')}`) }),
  rules: (s) => ({ command: 'ip rule', lines: numbered(ns(s).rules, ruleRowText) }),
  routes,
  neigh: (s) => ({ command: 'ip neigh', lines: numbered(ns(s).neigh, neighText) }),
  fdb: (s) => ({ command: 'bridge fdb', lines: numbered(ns(s).fdb, fdbText) }),
  chains: firewall,
  netfilter: firewall,
  conntrack: (s) => ({ command: 'conntrack -L', lines: ns(s).conntrack.flatMap((c, row) => (c.gone === true ? [] : [{ text: conntrack(c), row }])) }),
  sockets: (s) => ({ command: 'ss -ltnup', lines: numbered(ns(s).sockets, (x) => `${x.proto}  ${x.proto === 'udp' ? 'UNCONN' : 'LISTEN'}  ${x.addr ?? '0.0.0.0'}:${x.port}  0.0.0.0:*  users:(("${x.program}"))`) }),
  sysctls: (s) => ({ command: 'sysctl', lines: numbered(ns(s).sysctls, (x) => `${x.key} = ${x.value}`) }),
  daemons: (s) => ({ command: 'ps', lines: numbered(ns(s).daemons, (x) => `${x.name}  ${x.tun}  udp ${x.local}:${x.port}`) }),
  leases: (s) => ({ command: 'etcdctl get --prefix /coreos.com/network/subnets', lines: numbered(ns(s).leases, (x) => `${x.subnet}  ${x.publicIp}  ${x.backendType}${x.vtepMac === undefined ? '' : `  ${x.vtepMac}`}`) }),
  enis: (s) => ({ command: 'aws ec2 describe-network-interfaces', lines: numbered(vpc(s).enis, (e) => `${e.id}  ${e.ips.join(', ')}  ${e.groups.join(', ')}  sourceDestCheck ${String(e.sourceDestCheck)}${e.publicIp === undefined ? '' : `  public ${e.publicIp}`}`) }),
  subnets: (s) => ({ command: 'aws ec2 describe-subnets', lines: numbered(vpc(s).subnets, (x) => `${x.id}  ${x.cidr}  router ${x.router.ip}`) }),
  vpcRoutes: (s) => ({ command: 'aws ec2 describe-route-tables', lines: numbered(vpc(s).vpcRoutes, (x) => `${x.routeTable}  ${x.dst}  ${x.target}`) }),
  sgRules: (s) => ({ command: 'aws ec2 describe-security-groups', lines: numbered(vpc(s).sgRules, (x) => `${x.group}  ${x.direction}  ${x.proto}${x.ports === undefined ? '' : ` ${x.ports[0]}-${x.ports[1]}`}  ${x.direction === 'ingress' ? 'from' : 'to'} ${x.peer}`) }),
  aclRules: (s) => ({ command: 'aws ec2 describe-network-acls', lines: numbered(vpc(s).aclRules, (x) => `${x.subnet}  ${x.direction}  ${x.number}  ${x.action}  ${x.proto}${x.ports === undefined ? '' : ` ${x.ports[0]}-${x.ports[1]}`}  ${x.cidr}`) }),
  sgFlows: (s) => ({ command: 'tracked by the security groups (not to be listed in AWS)', lines: numbered(vpc(s).sgFlows, (x) => `${x.eni}  ${x.proto}  ${x.src}:${x.sport} → ${x.dst}:${x.dport}`) }),
  gateways: (s) => ({ command: 'aws ec2 describe-internet-gateways', lines: numbered(vpc(s).gateways, (x) => `${x.id}  mtu ${x.mtu}`) }),
  outside: (s) => ({ command: 'hosts beyond the gateway', lines: numbered(vpc(s).outside, (x) => `${x.ip}  ${x.attached.netns}`) }),
}
