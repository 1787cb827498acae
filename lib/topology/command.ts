import type { Dev } from './devs.ts'
import type { Edit } from './edit.ts'
import type { Conntrack, FdbEntry, Lease, NfChain, NfRule, Route, Rule } from './linux.ts'
import { same } from './apply.ts'
import { assured, fdbText, matchText, neighText, prefixText, routeText, ruleSelector, timeoutOf } from './text.ts'
import { space, type TableName, type Tables, type Topology } from './topology.ts'
import type { AclRule, Eni, SgRule, VpcRoute } from './vpc.ts'

export { conntrackText, fdbText, neighText, routeText, ruleRowText, ruleText } from './text.ts'

/** An edit of one table with its row filled in as far as it is known: before (null for add) and after (null for del). `nth` is a firewall rule's number in its chain, 0 if it is not known. */
interface Change<T extends TableName> { readonly op: Edit['op']; readonly before: Tables[T] | null; readonly after: Tables[T] | null; readonly to: Readonly<Partial<Tables[T]>>; readonly nth: number }
type Say = { readonly [T in TableName]: (c: Change<T>) => string }

/**
 * One line that a person would type for the edit, on the machine that `e.in` names (a comment says which).
 * With the topology it applies to, del and set show the whole row instead of the fields that find it.
 */
export function command(e: Edit, t?: Topology): string {
  const s = t === undefined ? undefined : (space(t, e.in) as unknown as { readonly [K in TableName]?: readonly object[] } | undefined)
  const rows = s?.[e.table] ?? []
  const where = e.op === 'add' ? {} : e.where
  const at = e.op === 'add' ? -1 : rows.findIndex((row) => Object.entries(where).every(([k, v]) => same((row as Readonly<Record<string, unknown>>)[k], v)))
  const beside = (row: object): boolean => (['table', 'chain'] as const).every((k) => (row as Partial<NfRule>)[k] === (rows[at] as Partial<NfRule>)[k])
  const nth = e.table === 'netfilter' && at >= 0 ? rows.slice(0, at + 1).filter(beside).length : 0
  const before = e.op === 'add' ? null : { ...rows[at], ...where }
  const to = e.op === 'set' ? e.to : {}
  const after = e.op === 'add' ? e.row : e.op === 'set' ? { ...before, ...to } : null
  const line = (SAY[e.table] as (c: unknown) => string)({ op: e.op, before, after, to, nth })
  return line.startsWith('aws ') ? line : `${line}  # ${e.in}`
}

const VERB = { add: 'add', del: 'del', set: 'replace' } as const
const row = <T>(c: { readonly before: T | null; readonly after: T | null }): T => (c.after ?? c.before)!

const SAY: Say = {
  devs: (c) => {
    const d = row(c)
    if (c.op === 'del') return `ip link del ${d.name}`
    if (c.op === 'add') return `ip link add ${d.name} ${kindText(d)}`
    const { up, mtu, mac, master, addrs } = c.to as Partial<Dev>
    const set = [mac !== undefined && `address ${mac}`, mtu !== undefined && `mtu ${mtu}`, master !== undefined && `master ${master}`, up !== undefined && (up ? 'up' : 'down')].filter((x) => x !== false)
    if (addrs !== undefined) return [`ip addr flush dev ${d.name}`, ...addrs.map((a) => `ip addr add ${a} dev ${d.name}`)].join(' && ')
    if (set.length === 0 && 'learning' in c.to) return `ip link set dev ${d.name} type vxlan ${c.to.learning === true ? 'learning' : 'nolearning'}`
    if (set.length === 0 && 'hairpin' in c.to) return `bridge link set dev ${d.name} hairpin ${c.to.hairpin === true ? 'on' : 'off'}`
    return `ip link set dev ${d.name} ${set.join(' ')}`
  },
  rules: (c) => {
    const one = (verb: string, r: Rule): string => `ip rule ${verb} ${ruleSelector(r)} priority ${r.priority}`
    return c.op === 'set' ? `${one('del', c.before!)} && ${one('add', c.after!)}` : one(VERB[c.op], row(c))
  },
  // `ip route del` is understood without scope and the like; `ip route show` text is accepted as it is.
  routes: (c) => (c.op === 'del' ? `ip route del ${shortRoute(c.before!)}` : `ip route ${VERB[c.op]} ${routeText(c.after!)}${scope(c.after!)}`),
  neigh: (c) => (c.op === 'del' ? `ip neigh del ${c.before!.ip}${c.before!.dev === undefined ? '' : ` dev ${c.before!.dev}`}` : `ip neigh ${VERB[c.op]} ${neighText(c.after!).replace(/ (\w+)$/, (_, state: string) => ` nud ${state.toLowerCase()}`)}`),
  fdb: (c) => (c.op === 'del' ? `bridge fdb del ${entry({ ...c.before!, state: 'learned' }).replaceAll('undefined', 'MAC')}` : `bridge fdb ${VERB[c.op]} ${entry(c.after!)}${c.after!.state === 'learned' ? ' dynamic' : ''}`),
  chains: (c) => {
    const n: NfChain = row(c)
    const table = tableFlag(n.table)
    const builtIn = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(n.chain)
    if (builtIn) return `iptables ${table}-P ${n.chain} ${c.op === 'del' ? 'ACCEPT' : n.policy ?? 'ACCEPT'}`
    return `iptables ${table}${c.op === 'del' ? '-X' : '-N'} ${n.chain}`
  },
  netfilter: (c) => {
    const r: NfRule = row(c)
    // A shell takes ' as it is between double quotes, but not $ and `.
    const rest = r.target === undefined ? 'RULE' : matchText(r).replaceAll("\\'", "'").replace(/[$`]/g, '\\$&')
    const verb = { add: '-A', del: '-D', set: '-R' }[c.op]
    return `iptables ${tableFlag(r.table)}${verb} ${r.chain} ${c.op === 'set' ? `${c.nth === 0 ? 'N' : c.nth} ` : ''}${rest}`
  },
  conntrack: (c) => {
    const { proto, original: o }: Conntrack = row(c)
    const ends = o === undefined ? '' : ` -s ${o.src} -d ${o.dst}${proto === 'icmp' ? ` --icmp-type 8 --icmp-code 0 --icmp-id ${o.sport}` : ` --sport ${o.sport} --dport ${o.dport}`}`
    return `conntrack ${{ add: '-I', del: '-D', set: '-U' }[c.op]} -p ${proto}${ends}${c.op === 'add' ? fresh(c.after!) : ''}`
  },
  sockets: (c) => `systemctl ${c.op === 'del' ? 'stop' : c.op === 'add' ? 'start' : 'restart'} ${row(c).program ?? `${row(c).proto}-${row(c).port}`}`,
  sysctls: (c) => (c.op === 'del' ? `sysctl -w ${c.before!.key}=0` : `sysctl -w ${c.after!.key}=${c.after!.value}`),
  daemons: (c) => `systemctl ${c.op === 'del' ? 'stop' : c.op === 'add' ? 'start' : 'restart'} ${row(c).name}`,
  leases: (c) => {
    const l: Lease = row(c)
    const key = `/coreos.com/network/subnets/${l.subnet.replace('/', '-')}`
    return c.op === 'del' ? `etcdctl del ${key}` : `etcdctl put ${key} '${JSON.stringify({ PublicIP: l.publicIp, BackendType: l.backendType, ...(l.vtepMac === undefined ? {} : { BackendData: { VtepMAC: l.vtepMac } }) })}'`
  },
  enis: (c) => {
    const e: Eni = row(c)
    const of = `--network-interface-id ${e.id}`
    if (c.op === 'add') return `aws ec2 create-network-interface --subnet-id ${e.subnet} --private-ip-address ${e.ips[0]} --groups ${e.groups.join(' ')}`
    if (c.op === 'del') return `aws ec2 delete-network-interface ${of}`
    if (c.to.sourceDestCheck !== undefined) return `aws ec2 modify-network-interface-attribute ${of} --${c.to.sourceDestCheck ? '' : 'no-'}source-dest-check`
    if (c.to.groups !== undefined) return `aws ec2 modify-network-interface-attribute ${of} --groups ${c.to.groups.join(' ')}`
    const had = c.before?.ips ?? []
    const gone = had.filter((ip) => !(c.to.ips ?? had).includes(ip))
    if (gone.length > 0) return `aws ec2 unassign-private-ip-addresses ${of} --private-ip-addresses ${gone.join(' ')}`
    if (c.to.ips !== undefined) return `aws ec2 assign-private-ip-addresses ${of} --private-ip-addresses ${c.to.ips.filter((ip) => !had.includes(ip)).join(' ')}`
    return `aws ec2 modify-network-interface-attribute ${of} ${Object.keys(c.to).join(' ')}`
  },
  subnets: (c) => (c.op === 'add' ? `aws ec2 create-subnet --cidr-block ${row(c).cidr}` : c.op === 'del' ? `aws ec2 delete-subnet --subnet-id ${row(c).id}` : `aws ec2 associate-route-table --subnet-id ${row(c).id} --route-table-id ${row(c).routeTable}`),
  vpcRoutes: (c) => {
    const r: VpcRoute = row(c)
    const of = `--route-table-id ${r.routeTable ?? 'rtb-main'} --destination-cidr-block ${r.dst}`
    if (c.op === 'del') return `aws ec2 delete-route ${of}`
    const target = r.target.startsWith('eni-') ? `--network-interface-id ${r.target}` : r.target === 'local' ? '--local-target' : `--gateway-id ${r.target}`
    return `aws ec2 ${c.op === 'add' ? 'create' : 'replace'}-route ${of} ${target}`
  },
  sgRules: (c) => {
    const one = (verb: string, r: SgRule): string => {
      const peer = r.peer.startsWith('sg-') ? `--source-group ${r.peer}` : `--cidr ${r.peer}`
      const port = r.ports === undefined ? '' : ` --port ${r.ports[0] === r.ports[1] ? r.ports[0] : r.ports.join('-')}`
      return `aws ec2 ${verb}-security-group-${r.direction ?? 'ingress'} --group-id ${r.group ?? 'sg-node'} --protocol ${r.proto ?? 'all'}${port} ${peer}`
    }
    return c.op === 'add' ? one('authorize', c.after!) : c.op === 'del' ? one('revoke', c.before!) : `${one('revoke', c.before!)} && ${one('authorize', c.after!)}`
  },
  aclRules: (c) => {
    const r: AclRule = row(c)
    const of = `--network-acl-id acl-of-${r.subnet} --${r.direction} --rule-number ${r.number}`
    if (c.op === 'del') return `aws ec2 delete-network-acl-entry ${of}`
    const port = r.ports === undefined ? '' : ` --port-range From=${r.ports[0]},To=${r.ports[1]}`
    return `aws ec2 ${c.op === 'add' ? 'create' : 'replace'}-network-acl-entry ${of} --protocol ${r.proto === 'all' ? '-1' : r.proto}${port} --cidr-block ${r.cidr} --rule-action ${r.action}`
  },
  sgFlows: (c) => `aws ec2 modify-network-interface-attribute --network-interface-id ${row(c).eni} --connection-tracking-specification …`,
  gateways: (c) => `aws ec2 ${c.op === 'del' ? 'delete' : 'create'}-internet-gateway${c.op === 'add' ? '' : ` --internet-gateway-id ${row(c).id}`}`,
  outside: (c) => `aws ec2 describe-internet-gateways --internet-gateway-ids ${row(c).gateway}`,
}

function tableFlag(table: string | undefined): string {
  return table === undefined || table === 'filter' ? '' : `-t ${table} `
}

/** What iproute2 would make `scope link` of, having no gateway, where the row's author said nothing: the netlink library that CNI plugins use says global. */
function scope(r: Route): string {
  return r.via === undefined && r.scope === undefined && (r.type ?? 'unicast') === 'unicast' ? ' scope global' : ''
}

/** A forwarding entry as `bridge fdb add` takes it: the port says which bridge. */
function entry(f: FdbEntry): string {
  return fdbText(f).replace(` master ${f.master}`, ' master')
}

/** What `conntrack -I` must be told of a connection besides where it comes from and goes to. The reply of an echo it does not take, only how it is translated; and --mark must be behind --status, which overwrites it (1.4.7). */
function fresh(c: Conntrack): string {
  const { original: o, reply: r } = c
  const nat = `${r.dst === o.src ? '' : ` --src-nat ${r.dst}`}${r.src === o.dst ? '' : ` --dst-nat ${r.src}`}`
  const ends = c.proto === 'icmp' ? nat : ` -r ${r.src} -q ${r.dst} --reply-port-src ${r.sport} --reply-port-dst ${r.dport}`
  const status = [c.replied && 'SEEN_REPLY', assured(c) && 'ASSURED'].filter((x) => x !== false).join(',')
  return `${ends} --timeout ${timeoutOf(c)}${c.state === undefined ? '' : ` --state ${c.state}`}${status === '' ? '' : ` --status ${status}`}${c.mark === 0 ? '' : ` --mark ${c.mark}`}`
}

/** What finds a route to delete. */
function shortRoute(r: Route): string {
  return [prefixText(r.dst), r.via === undefined ? '' : `via ${r.via}`, r.dev === undefined ? '' : `dev ${r.dev}`, r.table === undefined || r.table === 'main' ? '' : `table ${r.table}`].filter((x) => x !== '').join(' ')
}

function kindText(d: Dev): string {
  const mtu = `mtu ${d.mtu}`
  switch (d.kind) {
    case 'veth': return `${mtu} type veth peer name ${d.peer.dev} netns ${d.peer.netns}`
    case 'vxlan': return `${mtu} type vxlan id ${d.vni} local ${d.local} dstport ${d.port} ${d.learning ? 'learning' : 'nolearning'}`
    case 'tun': return `${mtu} type tun`
    case 'bridge': return `${mtu} type bridge`
    case 'nic': return mtu
    case 'loopback': return mtu
  }
}
