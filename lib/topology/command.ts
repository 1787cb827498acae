import type { Edit } from './edit.ts'
import type { FdbEntry, Neigh, NfRule, NfTarget, Route, Rule } from './linux.ts'

const hex = (n: number): string => `0x${n.toString(16)}`
const plain = (cidr: string): string => (cidr === '0.0.0.0/0' ? 'default' : cidr.endsWith('/32') ? cidr.slice(0, -3) : cidr)

/** A route as `ip route show` prints it. */
export function routeText(r: Route): string {
  return [r.type !== undefined && r.type !== 'unicast' ? r.type : '', plain(r.dst), r.via === undefined ? '' : `via ${r.via}`, r.dev === undefined ? '' : `dev ${r.dev}`, r.proto === undefined ? '' : `proto ${r.proto}`,
    r.scope === undefined ? '' : `scope ${r.scope}`, r.src === undefined ? '' : `src ${r.src}`, r.metric === undefined ? '' : `metric ${r.metric}`, r.mtu === undefined ? '' : `mtu ${r.mtu}`, r.onlink === true ? 'onlink' : ''].filter((x) => x !== '').join(' ')
}

/** A policy rule as `ip rule` prints it. */
export function ruleRowText(r: Rule): string {
  const mark = r.fwmark === undefined ? '' : ` fwmark ${hex(r.fwmark.value)}/${hex(r.fwmark.mask)}`
  return `${r.priority}:\tfrom ${r.from === undefined ? 'all' : plain(r.from)}${r.to === undefined ? '' : ` to ${plain(r.to)}`}${mark}${r.iif === undefined ? '' : ` iif ${r.iif}`} lookup ${r.table}`
}

/** A neighbour as `ip neigh` prints it. */
export function neighText(n: Neigh): string {
  return `${n.ip} dev ${n.dev}${n.lladdr === null ? '' : ` lladdr ${n.lladdr}`} ${n.state}`
}

/** A forwarding entry as `bridge fdb` prints it. */
export function fdbText(f: FdbEntry): string {
  return f.dst === undefined ? `${f.mac} dev ${f.dev}${f.master === undefined ? '' : ` master ${f.master}`}${f.state === 'permanent' ? ' permanent' : ''}` : `${f.mac} dev ${f.dev} dst ${f.dst} self${f.state === 'permanent' ? ' permanent' : ''}`
}

function targetText(t: NfTarget): string {
  switch (t.type) {
    case 'ACCEPT': case 'DROP': case 'RETURN': return t.type
    case 'JUMP': return t.chain
    case 'MASQUERADE': return `MASQUERADE${t.randomFully === true ? ' --random-fully' : ''}`
    case 'SNAT': return `SNAT --to-source ${t.to}${t.randomFully === true ? ' --random-fully' : ''}`
    case 'DNAT': return `DNAT --to-destination ${t.to}${t.port === undefined ? '' : `:${t.port}`}`
    case 'REJECT': return `REJECT --reject-with ${t.with}`
    case 'MARK': return t.op === 'set' ? `MARK --set-xmark ${hex(t.value)}/${hex(t.mask)}` : `MARK --${t.op}-mark ${hex(t.value)}`
    case 'CONNMARK': return t.op === 'set' ? `CONNMARK --set-xmark ${hex(t.value)}/${hex(t.mask)}` : `CONNMARK --${t.op}-mark --nfmask ${hex(t.nfmask)} --ctmask ${hex(t.ctmask)}`
  }
}

/** A rule as `iptables-save` prints it. */
export function ruleText(r: NfRule): string {
  const no = (key: NonNullable<NfRule['not']>[number]): string => (r.not?.includes(key) === true ? '! ' : '')
  const parts = [`-A ${r.chain}`]
  if (r.src !== undefined) parts.push(`${no('src')}-s ${r.src}`)
  if (r.dst !== undefined) parts.push(`${no('dst')}-d ${r.dst}`)
  if (r.iif !== undefined) parts.push(`${no('iif')}-i ${r.iif}`)
  if (r.oif !== undefined) parts.push(`${no('oif')}-o ${r.oif}`)
  if (r.proto !== undefined) parts.push(`${no('proto')}-p ${r.proto}`)
  if (r.sport !== undefined || r.dport !== undefined) parts.push(`-m ${r.proto ?? 'tcp'}${r.sport === undefined ? '' : ` ${no('sport')}--sport ${r.sport}`}${r.dport === undefined ? '' : ` ${no('dport')}--dport ${r.dport}`}`)
  if (r.mark !== undefined) parts.push(`-m mark ${no('mark')}--mark ${hex(r.mark.value)}/${hex(r.mark.mask)}`)
  const type = r.srcType === undefined && r.dstType === undefined ? '' : `-m addrtype${r.srcType === undefined ? '' : ` ${no('srcType')}--src-type LOCAL`}${r.dstType === undefined ? '' : ` ${no('dstType')}--dst-type LOCAL`}${r.limitIfaceIn === true ? ' --limit-iface-in' : ''}`
  // The order of matches is the order they were given in; comment first is what the VPC CNI writes with addrtype.
  if (r.comment !== undefined) parts.push(`-m comment --comment "${r.comment}"`)
  if (type !== '') parts.push(type)
  if (r.ctstate !== undefined) parts.push(`-m conntrack --ctstate ${r.ctstate.join(',')}`)
  return `${parts.join(' ')} -j ${targetText(r.target)}`
}

const show = (o: object): string => Object.entries(o).map(([k, v]) => `${k} ${typeof v === 'object' ? JSON.stringify(v) : String(v)}`).join(' ')

/** What a person would type for an edit. One line. */
export function command(e: Edit): string {
  const verb = e.op === 'add' ? 'add' : e.op === 'del' ? 'del' : 'change'
  const what = e.op === 'add' ? e.row : e.where
  const to = e.op === 'set' ? e.to as Readonly<Record<string, unknown>> : {}
  switch (e.table) {
    case 'routes': return `ip route ${verb} ${e.op === 'add' ? routeText(e.row) : plain(String(e.where['dst'] ?? 'default'))}${Object.keys(to).length > 0 ? ` ${show(to)}` : ''}`
    case 'rules': return e.op === 'add' ? `ip rule add ${ruleRowText(e.row).split('\t')[1]} priority ${e.row.priority}` : `ip rule ${verb} ${show(e.where)}`
    case 'neigh': return `ip neigh ${e.op === 'add' ? `add ${neighText(e.row)}` : `${verb} ${String(e.where['ip'] ?? '')} dev ${String(e.where['dev'] ?? '')}${Object.keys(to).length > 0 ? ` ${show(to)}` : ''}`}`
    case 'fdb': return `bridge fdb ${e.op === 'add' ? `append ${fdbText(e.row)}` : `${e.op === 'del' ? 'del' : 'replace'} ${String(e.where['mac'] ?? '')} ${show(Object.fromEntries(Object.entries(e.where).filter(([k]) => k !== 'mac')))}${Object.keys(to).length > 0 ? ` ${show(to)}` : ''}`}`
    case 'netfilter': return e.op === 'add' ? `iptables -t ${e.row.table} ${ruleText(e.row)}` : `iptables -t ${String(e.where['table'] ?? 'filter')} ${e.op === 'del' ? '-D' : '-R'} ${show(e.where)}`
    case 'chains': return `iptables -t ${String((what as { table?: string }).table ?? 'filter')} -P ${String((what as { chain?: string }).chain ?? '')} ${String((e.op === 'add' ? e.row.policy : to['policy']) ?? 'ACCEPT')}`
    case 'sysctls': return `sysctl -w ${String((what as { key?: string }).key ?? '')}=${String(e.op === 'add' ? e.row.value : to['value'] ?? '')}`
    case 'devs': {
      const name = String((what as { name?: string }).name ?? '')
      if (e.op === 'del') return `ip link del ${name}`
      if (typeof to['mtu'] === 'number') return `ip link set ${name} mtu ${to['mtu']}`
      if (typeof to['up'] === 'boolean') return `ip link set ${name} ${to['up'] ? 'up' : 'down'}`
      return `ip link ${verb} ${name} ${show(to)}`
    }
    case 'daemons': return `${e.op === 'del' ? 'systemctl stop' : 'systemctl start'} ${String((what as { name?: string }).name ?? 'flanneld')}`
    case 'leases': return `etcdctl ${e.op === 'del' ? 'del' : 'put'} /coreos.com/network/subnets/${String((what as { subnet?: string }).subnet ?? '').replace('/', '-')}`
    case 'sockets': return `${e.op === 'del' ? 'stop' : 'start'} the listener on ${show(what)}`
    case 'enis': return typeof to['sourceDestCheck'] === 'boolean' ? `aws ec2 modify-network-interface-attribute --network-interface-id ${String(e.op === 'set' ? e.where['id'] : '')} --${to['sourceDestCheck'] ? '' : 'no-'}source-dest-check` : `aws ec2 ${verb}-network-interface ${show(what)} ${show(to)}`
    case 'sgRules': {
      const r = what as { group?: string; direction?: string; peer?: string; proto?: string }
      return `aws ec2 ${e.op === 'del' ? 'revoke' : 'authorize'}-security-group-${r.direction ?? 'ingress'} --group-id ${r.group ?? ''} --protocol ${r.proto ?? 'all'} ${r.peer?.startsWith('sg-') === true ? '--source-group' : '--cidr'} ${r.peer ?? ''}`
    }
    case 'aclRules': return `aws ec2 ${e.op === 'del' ? 'delete' : 'create'}-network-acl-entry ${show(what)}`
    case 'vpcRoutes': return `aws ec2 ${e.op === 'del' ? 'delete' : 'create'}-route ${show(what)}`
    default: return `${e.op} ${e.table} ${show(what)} ${show(to)}`.trim()
  }
}
