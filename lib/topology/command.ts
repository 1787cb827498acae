import { addressing } from './addresses.ts'
import { SAY_AWS } from './command-aws.ts'
import type { Dev } from './devs.ts'
import type { Edit } from './edit.ts'
import type { Conntrack, FdbEntry, Neigh, NfChain, NfRule, Route, Rule } from './linux.ts'
import { same } from './apply.ts'
import { quoted, quotedRow, typed } from './shell.ts'
import { assured, fdbText, matchText, neighTyped, prefixText, routeText, ruleSelector, timeoutOf } from './text.ts'
import { space, type TableName, type Tables, type Topology } from './topology.ts'

export { conntrackText, fdbText, neighText, routeText, ruleRowText, ruleText } from './text.ts'

/** An edit of one table with its row filled in as far as it is known: before (null for add) and after (null for del), texts as a shell takes them. `nth` is a firewall rule's number in its chain, 0 if it is not known; `raw` is the row as it is. */
export interface Change<T extends TableName> { readonly op: Edit['op']; readonly in: string; readonly before: Tables[T] | null; readonly after: Tables[T] | null; readonly to: Readonly<Partial<Tables[T]>>; readonly nth: number; readonly raw: Tables[T] }
export type Say = { readonly [T in TableName]: (c: Change<T>) => string }

/**
 * One line that a person would type for the edit, on the machine that `e.in` names (a comment says which): one command for each
 * field that changes, joined by &&. What cannot be changed is deleted and added; what no command says stands behind it as a comment.
 * With the topology it applies to, del and set show the whole row instead of the fields that find it.
 */
export function command(e: Edit, t?: Topology): string {
  try {
    return lineOf(e, t)
  } catch {
    // A link may hold anything, and who is told that an edit does not fit reads this.
    return `# ${quoted(String(JSON.stringify(e)).slice(0, 200))}`
  }
}

function lineOf(e: Edit, t?: Topology): string {
  const s = t === undefined ? undefined : (space(t, e.in) as unknown as { readonly [K in TableName]?: readonly object[] } | undefined)
  const rows = s?.[e.table] ?? []
  const where = e.op === 'add' ? {} : e.where
  const at = e.op === 'add' ? -1 : rows.findIndex((row) => Object.entries(where).every(([k, v]) => same((row as Readonly<Record<string, unknown>>)[k], v)))
  const beside = (row: object): boolean => (['table', 'chain'] as const).every((k) => (row as Partial<NfRule>)[k] === (rows[at] as Partial<NfRule>)[k])
  const nth = e.table === 'netfilter' && at >= 0 ? rows.slice(0, at + 1).filter(beside).length : 0
  const before = e.op === 'add' ? null : { ...rows[at], ...where }
  const after = e.op === 'add' ? e.row : e.op === 'set' ? { ...before, ...e.to } : null
  // Only what is another afterwards is changed.
  const to = e.op === 'set' ? Object.fromEntries(Object.entries(e.to).filter(([k, v]) => at < 0 || !same((before as Readonly<Record<string, unknown>>)[k], v))) : {}
  const line = (SAY[e.table] as (c: unknown) => string)({ op: e.op, in: quoted(e.in), before: quotedRow(before), after: quotedRow(after), to: quotedRow(Object.keys(to).length > 0 || e.op !== 'set' ? to : e.to), nth, raw: after ?? before })
  return Object.hasOwn(SAY_AWS, e.table) ? line : `${line}  # ${quoted(e.in)}`
}

const VERB = { add: 'add', del: 'del', set: 'replace' } as const
const row = <T>(c: { readonly before: T | null; readonly after: T | null }): T => (c.after ?? c.before)!
/** Do any of these keys change? */
const sets = (c: { readonly to: object }, ...keys: readonly string[]): boolean => keys.some((k) => k in c.to)
/** A changed row: replaced in place, or taken out and put in where what finds it changes. */
const replaced = <T>(c: { readonly before: T | null; readonly after: T | null; readonly to: object }, keys: readonly string[], del: (r: T) => string, add: (r: T) => string, replace: (r: T) => string): string =>
  (sets(c, ...keys) ? typed({ commands: [del(c.before!), add(c.after!)] }) : replace(c.after!))

/** What a device is made of: all that cannot be changed afterwards. */
const FIXED: readonly string[] = ['kind', 'peer', 'vni', 'port', 'udpcsum', 'wire', 'program']

/** Commands that make a device as the row says. */
function made(d: Dev, at: string): { readonly commands: string[]; readonly notes: string[] } {
  const { name } = d
  const words = [d.mac !== undefined && `address ${d.mac}`, d.mtu !== undefined && `mtu ${d.mtu}`].filter((x) => x !== false).join(' ')
  const set = words === '' ? [] : [`ip link set dev ${name} ${words}`]
  const first = ((): string[] => {
    switch (d.kind) {
      case 'veth': return [`ip link add name ${name} ${words} type veth${d.peer === undefined ? '' : ` peer name ${d.peer.dev} netns ${d.peer.netns}`}`]
      case 'vxlan': return [`ip link add name ${name} ${words} type vxlan id ${d.vni} local ${d.local} dstport ${d.port} ${d.learning ? 'learning' : 'nolearning'} ${d.udpcsum ? 'udpcsum' : 'noudpcsum'}`]
      case 'tun': return [`ip tuntap add dev ${name} mode tun`, ...(d.mtu === undefined ? [] : [`ip link set dev ${name} mtu ${d.mtu}`])]
      case 'bridge': return [`ip link add name ${name} ${words} type bridge`]
      case 'nic': return [...(d.wire !== undefined && 'eni' in d.wire ? [`aws ec2 attach-network-interface --network-interface-id ${d.wire.eni} --instance-id ${at} --device-index ${/\d+$/.exec(name)?.[0] ?? 0}`] : []), ...set]
      case 'loopback': return set
    }
    return set
  })()
  const w = d.kind === 'nic' ? d.wire : undefined
  return {
    commands: [
      ...first, ...(d.master === undefined ? [] : [`ip link set dev ${name} master ${d.master}`]), ...(d.hairpin === undefined ? [] : [`bridge link set dev ${name} hairpin ${d.hairpin ? 'on' : 'off'}`]),
      ...(d.addrs ?? []).map((a) => `ip addr add ${a} dev ${name}`), ...(d.up === undefined ? [] : [`ip link set dev ${name} ${d.up ? 'up' : 'down'}`]),
    ],
    notes: [...(w === undefined ? [] : [`wired to ${'eni' in w ? w.eni : w.gateway} of ${w.vpc}`]), ...(d.kind === 'tun' && d.program !== undefined ? [`held by ${d.program}, of kind ${d.kind}`] : []), ...(d.kind === 'tun' && d.mac !== undefined ? [`a TUN has no MAC, here ${d.mac}`] : []), ...(d.kind === 'nic' || d.kind === 'loopback' ? [`of kind ${d.kind}`] : [])],
  }
}

function device(c: Change<'devs'>): string {
  const d = row(c)
  if (c.op === 'del') return `ip link del dev ${d.name}`
  if (c.op === 'add') return typed(made(d, c.in))
  if (sets(c, ...FIXED)) {
    if (d.kind === undefined) return typed({ commands: [`ip link del dev ${c.before!.name}`], notes: [`and made again with ${Object.entries(c.to).map(([k, x]) => `${k} ${JSON.stringify(x)}`).join(', ')}`] })
    const again = made(d, c.in)
    return typed({ ...again, commands: [d.kind === 'nic' ? `ip link set dev ${c.before!.name} down` : `ip link del dev ${c.before!.name}`, ...again.commands] })
  }
  const { name, mac, mtu, up, addrs, hairpin, master } = c.to as Partial<Dev>
  const v = c.to as Partial<Dev & { readonly kind: 'vxlan' }>
  const dev = (d.name ?? c.before!.name)
  const steps = addrs === undefined ? null : addressing(c.before?.addrs ?? [], addrs)
  return typed({
    commands: [
      ...(name === undefined ? [] : [`ip link set dev ${c.before!.name} name ${name}`]), ...(mac === undefined ? [] : [`ip link set dev ${dev} address ${mac}`]), ...(mtu === undefined ? [] : [`ip link set dev ${dev} mtu ${mtu}`]),
      ...(!sets(c, 'master') ? [] : [`ip link set dev ${dev} ${master === undefined ? 'nomaster' : `master ${master}`}`]), ...(hairpin === undefined ? [] : [`bridge link set dev ${dev} hairpin ${hairpin ? 'on' : 'off'}`]),
      ...(v.learning === undefined ? [] : [`ip link set dev ${dev} type vxlan ${v.learning ? 'learning' : 'nolearning'}`]), ...(v.local === undefined ? [] : [`ip link set dev ${dev} type vxlan local ${v.local}`]),
      ...(steps === null ? [] : [...(c.before?.addrs === undefined ? [`ip addr flush dev ${dev}`] : steps.del.map((a) => `ip addr del ${a} dev ${dev}`)), ...steps.add.map((a) => `ip addr add ${a} dev ${dev}`)]),
      ...(up === undefined ? [] : [`ip link set dev ${dev} ${up ? 'up' : 'down'}`]),
    ],
  })
}

const BUILT_IN = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/

function chain(c: Change<'chains'>): string {
  const gone = (n: NfChain): string => `iptables ${tableFlag(n.table)}${BUILT_IN.test(n.chain) ? `-P ${n.chain} ACCEPT` : `-X ${n.chain}`}`
  const there = (n: NfChain): string => `iptables ${tableFlag(n.table)}${BUILT_IN.test(n.chain) ? `-P ${n.chain} ${n.policy ?? 'ACCEPT'}` : `-N ${n.chain}`}`
  if (c.op === 'del') return gone(c.before!)
  if (c.op === 'add' || !sets(c, 'table', 'chain')) return there(c.after!)
  const [was, now] = [c.before!, c.after!]
  return !sets(c, 'table') && !BUILT_IN.test(was.chain) && !BUILT_IN.test(now.chain) ? `iptables ${tableFlag(was.table)}-E ${was.chain} ${now.chain}` : typed({ commands: [gone(was), there(now)] })
}

function rule(c: Change<'netfilter'>): string {
  const r = row(c)
  const verb = (how: string, x: NfRule, raw: NfRule): string => `iptables ${tableFlag(x.table)}${how} ${x.target === undefined ? 'RULE' : matched(x, raw)}`
  if (c.op === 'set' && sets(c, 'table', 'chain')) return typed({ commands: [`iptables ${tableFlag(c.before!.table)}-D ${c.before!.chain} ${c.nth === 0 ? 'N' : c.nth}`, verb(`-A ${r.chain}`, r, c.raw)] })
  return verb(`${{ add: '-A', del: '-D', set: '-R' }[c.op]} ${r.chain}${c.op === 'set' ? ` ${c.nth === 0 ? 'N' : c.nth}` : ''}`, r, c.raw)
}

/** The comment as a shell takes it: between double quotes while nothing in it means something there. */
function matched(r: NfRule, raw: NfRule): string {
  if (raw.comment === undefined) return matchText(r)
  const said = /^[\w-]+$/.test(raw.comment) ? raw.comment : /^[\w .:,;/()[\]<>=@'-]*$/.test(raw.comment) ? `"${raw.comment}"` : quoted(raw.comment)
  return matchText({ ...r, comment: 'COMMENT' }).replace(/--comment COMMENT/, () => `--comment ${said}`)
}

function connection(c: Change<'conntrack'>): string {
  const ends = ({ proto, original: o }: Conntrack): string => ` -p ${proto}${o === undefined ? '' : ` -s ${o.src} -d ${o.dst}${proto === 'icmp' ? ` --icmp-type 8 --icmp-code 0 --icmp-id ${o.sport}` : ` --sport ${o.sport} --dport ${o.dport}`}`}`
  const del = (x: Conntrack): string => `conntrack -D${ends(x)}`
  const add = (x: Conntrack): string => `conntrack -I${ends(x)}${x.reply === undefined ? '' : fresh(x)}`
  if (c.op === 'del' || (c.op === 'set' && c.to.gone === true)) return del(c.before!)
  if (c.op === 'add') return add(c.after!)
  return Object.keys(c.to).every((k) => k === 'mark') ? `conntrack -U${ends(c.after!)} --mark ${c.after!.mark}` : c.before!.gone === true ? add(c.after!) : typed({ commands: [del(c.before!), add(c.after!)] })
}

/** A program is started, and what it then has. */
const service = (c: { readonly op: Edit['op'] }, unit: string, has: string): string => typed({ commands: [`systemctl ${{ del: 'stop', add: 'start', set: 'restart' }[c.op]} ${unit}`], notes: c.op === 'del' ? [] : [has] })

const without = (f: FdbEntry): string => `bridge fdb del ${entry({ ...f, state: 'learned' }).replaceAll('undefined', 'MAC')}`
const within = (verb: string, f: FdbEntry): string => `bridge fdb ${verb} ${entry(f)}${f.state === 'learned' ? ' dynamic' : ''}`

const SAY: Say = {
  ...SAY_AWS,
  devs: device, chains: chain, netfilter: rule, conntrack: connection,
  rules: (c) => {
    const one = (verb: string, r: Rule): string => `ip rule ${verb} ${ruleSelector(r)} priority ${r.priority}`
    return c.op === 'set' ? typed({ commands: [one('del', c.before!), one('add', c.after!)] }) : one(VERB[c.op], row(c))
  },
  // `ip route del` is understood without scope and the like; `ip route show` text is accepted as it is.
  routes: (c) => {
    const [del, to] = [(r: Route): string => `ip route del ${shortRoute(r)}`, (verb: string) => (r: Route): string => `ip route ${verb} ${routeText(r)}${scope(r)}`]
    return c.op === 'del' ? del(c.before!) : c.op === 'add' ? to('add')(c.after!) : replaced(c, ['table', 'dst', 'metric'], del, to('add'), to('replace'))
  },
  neigh: (c) => {
    const [del, to] = [(n: Neigh): string => `ip neigh del ${n.ip}${n.dev === undefined ? '' : ` dev ${n.dev}`}`, (verb: string) => (n: Neigh): string => `ip neigh ${verb} ${neighTyped(n)}`]
    return c.op === 'del' ? del(c.before!) : c.op === 'add' ? to('add')(c.after!) : replaced(c, ['ip', 'dev'], del, to('add'), to('replace'))
  },
  // An entry of a bridge is one of its port's: for another bridge the port goes there.
  fdb: (c) => (c.op === 'del' ? without(c.before!) : c.op === 'add' ? within('add', c.after!) : replaced(c, ['mac', 'dev', 'master'], without, (f) => typed({ commands: [...(sets(c, 'master') && f.master !== undefined ? [`ip link set dev ${f.dev} master ${f.master}`] : []), within('add', f)] }), (f) => within('replace', f))),
  sockets: (c) => { const s = row(c); return service(c, s.program ?? `${s.proto}-${s.port}`, `it listens on ${s.proto ?? ''} ${s.addr ?? '0.0.0.0'}:${s.port ?? ''}`) },
  sysctls: (c) => {
    const gone = (key: string): string => `sysctl -w ${key}=0`
    return c.op === 'del' ? gone(c.before!.key) : typed({ commands: [...(c.op === 'set' && sets(c, 'key') ? [gone(c.before!.key)] : []), `sysctl -w ${c.after!.key}=${c.after!.value}`] })
  },
  daemons: (c) => { const d = row(c); return service(c, d.name, `it holds ${d.tun ?? 'its TUN'} and udp ${d.local ?? '0.0.0.0'}:${d.port ?? ''}`) },
  leases: (c) => {
    const key = (l: Tables['leases']): string => quoted(`/coreos.com/network/subnets/${l.subnet.replace('/', '-')}`)
    if (c.op === 'del') return `etcdctl del ${key(c.raw)}`
    const l = c.raw
    const put = `etcdctl put ${key(l)} ${quoted(JSON.stringify({ PublicIP: l.publicIp, BackendType: l.backendType, ...(l.vtepMac === undefined ? {} : { BackendData: { VtepMAC: l.vtepMac } }) }))}`
    return typed({ commands: [...(c.op === 'set' && sets(c, 'subnet') ? [`etcdctl del ${quoted(`/coreos.com/network/subnets/${c.before!.subnet.replace('/', '-')}`)}`] : []), put], notes: sets(c, 'daemon') ? [`${l.daemon} reads it`] : [] })
  },
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
