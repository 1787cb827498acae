import type { Cidr } from '#lib/wire/addr.ts'
import type { Conntrack, Ctstate, FdbEntry, Neigh, NfMatch, NfRule, NfTarget, Route, Rule, Tuple } from './linux.ts'

/* Rows in the words of the tools that print them (test/analysis/tools.test.ts asks the tools). iproute2 leaves a blank at the end of some lines; here is none. */

const hex = (n: number): string => `0x${(n >>> 0).toString(16)}`
const marked = (m: { readonly value: number; readonly mask: number }): string => (m.mask >>> 0 === 0xffffffff ? hex(m.value) : `${hex(m.value)}/${hex(m.mask)}`)
const words = (...parts: readonly (string | false | undefined)[]): string => parts.filter((x) => x !== false && x !== undefined && x !== '').join(' ')

/** `default`, a bare address for a /32, else the prefix: as iproute2 prints destinations. */
export function prefixText(dst: Cidr): string {
  return dst === '0.0.0.0/0' ? 'default' : dst.replace(/\/32$/, '')
}

/** A rule as `iptables-save` prints it: `-A FLANNEL-FWD -s 10.1.0.0/16 -m comment --comment "flanneld forward" -j ACCEPT`. The table is not part of it. */
export function ruleText(r: NfRule): string {
  return `-A ${r.chain} ${matchText(r)}`
}

/** Everything of a rule behind its chain: what -A, -D and -C take. */
export function matchText(r: NfRule): string {
  const not = (field: NonNullable<NfRule['not']>[number]): string => (r.not?.includes(field) === true ? '! ' : '')
  const one = (field: 'src' | 'dst' | 'iif' | 'oif' | 'proto' | 'sport' | 'dport', flag: string): string | undefined => (r[field] === undefined ? undefined : `${not(field)}${flag} ${r[field]}`)
  const addr = (field: 'src' | 'dst', flag: string): string | undefined => (selects(r[field]) || r.not?.includes(field) === true ? one(field, flag) : undefined)
  const ports = words(one('sport', '--sport'), one('dport', '--dport'))
  const addrtype = words(r.srcType !== undefined && `${not('srcType')}--src-type ${r.srcType}`, r.dstType !== undefined && `${not('dstType')}--dst-type ${r.dstType}`, r.limitIfaceIn === true && '--limit-iface-in')
  const said: { readonly [M in NfMatch]: string } = {
    tcp: ports, udp: ports, addrtype,
    mark: r.mark === undefined ? '' : `${not('mark')}--mark ${marked(r.mark)}`,
    conntrack: r.ctstate === undefined ? '' : `--ctstate ${CTSTATES.filter((x) => r.ctstate!.includes(x)).join(',')}`,
    comment: r.comment === undefined ? '' : `--comment ${quoted(r.comment)}`,
    multiport: r.dports === undefined ? '' : `--dports ${r.dports.join(',')}`,
    statistic: r.statistic === undefined ? '' : `--mode random --probability ${(threshold(r.statistic.probability) / 2 ** 31).toFixed(11)}`,
  }
  return words(
    addr('src', '-s'), addr('dst', '-d'), one('iif', '-i'), one('oif', '-o'), one('proto', '-p'),
    ...inOrder(r).map((m) => words('-m', m, said[m])), targetText(r.target),
  )
}

/** As they were written; a match that came or went since then stands at the end or is gone. */
function inOrder(r: NfRule): readonly NfMatch[] {
  const usual = usualMatches(r)
  if (r.matches === undefined) return usual
  return [...r.matches.filter((m) => m === 'tcp' || m === 'udp' || usual.includes(m)), ...usual.filter((m) => r.matches?.includes(m) === false)]
}

/** The matches of a rule in the order of most of them. */
export function usualMatches(r: NfRule): NfMatch[] {
  const there: NfMatch[] = []
  if (r.sport !== undefined || r.dport !== undefined) there.push(r.proto === 'udp' ? 'udp' : 'tcp')
  if (r.mark !== undefined) there.push('mark')
  if (r.ctstate !== undefined) there.push('conntrack')
  if (r.comment !== undefined) there.push('comment')
  if (r.srcType !== undefined || r.dstType !== undefined || r.limitIfaceIn === true) there.push('addrtype')
  if (r.statistic !== undefined) there.push('statistic')
  if (r.dports !== undefined) there.push('multiport')
  return there
}

/** A probability as xt_statistic keeps it: so many of 2^31 draws are below it. */
export function threshold(probability: number): number {
  return Math.round(probability * 2 ** 31)
}

/** The states are bits of one number: they are printed in this order, however they were typed. */
const CTSTATES: readonly Ctstate[] = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED']

/** xtables_save_string(): quotes unless all characters are plain. */
function quoted(text: string): string {
  return /^[\w-]+$/.test(text) ? text : `"${text.replace(/(["\\'])/g, '\\$1')}"`
}

function targetText(t: NfTarget): string {
  switch (t.type) {
    case 'ACCEPT': case 'DROP': case 'RETURN': return `-j ${t.type}`
    case 'JUMP': return `-j ${t.chain}`
    case 'MASQUERADE': return words('-j MASQUERADE', t.randomFully === true && '--random-fully')
    case 'SNAT': return words(`-j SNAT --to-source ${t.to}`, t.randomFully === true && '--random-fully')
    case 'DNAT': return `-j DNAT --to-destination ${t.to}${t.port === undefined ? '' : `:${t.port}`}`
    case 'REJECT': return `-j REJECT --reject-with ${t.with}`
    case 'CONNMARK': return t.op === 'set' ? `-j CONNMARK --set-xmark ${hex(t.value)}/${hex(t.mask)}` : `-j CONNMARK --${t.op}-mark --nfmask ${hex(t.nfmask)} --ctmask ${hex(t.ctmask)}`
    // The kernel knows one operation, (mark & ~mask) ^ value; iptables-save prints that.
    case 'MARK': return `-j MARK --set-xmark ${{ set: `${hex(t.value)}/${hex(t.mask)}`, or: `${hex(t.value)}/${hex(t.value)}`, xor: `${hex(t.value)}/0x0`, and: `0x0/${hex(~t.value)}` }[t.op]}`
  }
}

/** A route as `ip route show table all` prints it: main is not named. */
export function routeText(r: Route): string {
  return words(
    r.type !== undefined && r.type !== 'unicast' && r.type, prefixText(r.dst), r.via !== undefined && `via ${r.via}`, r.dev !== undefined && `dev ${r.dev}`,
    r.table !== 'main' && `table ${r.table}`, r.proto !== undefined && `proto ${r.proto}`, r.scope !== undefined && `scope ${r.scope}`,
    r.src !== undefined && `src ${r.src}`, r.metric !== undefined && r.metric !== 0 && `metric ${r.metric}`, r.onlink === true && 'onlink', r.mtu !== undefined && `mtu ${r.mtu}`,
  )
}

/** A policy rule as `ip rule` prints it, with its tab: `512:\tfrom all to 192.168.0.111 lookup main`. */
export function ruleRowText(r: Rule): string {
  return `${r.priority}:\t${ruleSelector(r)}`
}

/** A policy rule behind its priority. */
export function ruleSelector(r: Rule): string {
  return words(
    `from ${selects(r.from) ? prefixText(r.from) : 'all'}`, selects(r.to) && `to ${prefixText(r.to)}`,
    // iproute2 prints it with %#x, which is 0 for 0.
    r.fwmark !== undefined && `fwmark ${marked(r.fwmark).replace(/^0x0(?=\/|$)/, '0')}`, r.iif !== undefined && `iif ${r.iif}`, r.table !== undefined && `lookup ${r.table}`,
  )
}

/** A prefix of no bits is the same as none, to the kernel too. */
function selects(prefix: Cidr | undefined): prefix is Cidr {
  return prefix !== undefined && !prefix.endsWith('/0')
}

/** A neighbour as `ip neigh` prints it. */
export function neighText(n: Neigh): string {
  return words(n.ip, `dev ${n.dev}`, n.lladdr !== null && `lladdr ${n.lladdr}`, n.state)
}

/** A neighbour as `ip neigh add` takes it. Typed as DELAY it would be asked for at once (neigh_update() starts its timer with no time left): what one can type is what it was before somebody was sent to. */
export function neighTyped(n: Neigh): string {
  return neighText(n).replace(/ (\w+)$/, (_, state: string) => ` nud ${state === 'DELAY' ? 'stale' : state.toLowerCase()}`)
}

/** A forwarding entry as `bridge fdb` prints it. */
export function fdbText(f: FdbEntry): string {
  return words(f.mac, `dev ${f.dev}`, f.dst !== undefined && `dst ${f.dst}`, f.master !== undefined ? `master ${f.master}` : 'self', f.state === 'permanent' && 'permanent')
}

/** How long the kernel keeps an entry after a packet, in seconds (nf_conntrack_*_timeout): the model has no clock. */
const TIMEOUT = { udp: 30, icmp: 30, SYN_SENT: 120, SYN_RECV: 60, ESTABLISHED: 432_000, FIN_WAIT: 120, CLOSE_WAIT: 60, LAST_ACK: 30, TIME_WAIT: 120, CLOSE: 10 } as const
const PROTOCOL = { tcp: 6, udp: 17, icmp: 1 } as const

export function timeoutOf(c: Conntrack): number {
  return TIMEOUT[c.proto === 'tcp' ? c.state ?? 'ESTABLISHED' : c.proto]
}

/** nf_conntrack_tcp_packet(): set when the handshake is complete. UDP gets it only from traffic after two seconds. */
export function assured(c: Conntrack): boolean {
  return c.proto === 'tcp' && c.replied && c.state !== 'SYN_SENT' && c.state !== 'SYN_RECV'
}

/** A connection as `conntrack -L` prints it. */
export function conntrackText(c: Conntrack): string {
  const tuple = (t: Tuple, type: number): string => `src=${t.src} dst=${t.dst} ${c.proto === 'icmp' ? `type=${type} code=0 id=${t.sport}` : `sport=${t.sport} dport=${t.dport}`}`
  return words(
    `${c.proto.padEnd(8)} ${PROTOCOL[c.proto]} ${timeoutOf(c)}`, c.state, tuple(c.original, 8), !c.replied && '[UNREPLIED]', tuple(c.reply, 0), assured(c) && '[ASSURED]', `mark=${c.mark} use=1`,
  )
}

/** What steers a terminal or reorders what it prints: C0, DEL, C1, line separators and the marks of the Unicode bidirectional algorithm. */
export const STEERING = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u
