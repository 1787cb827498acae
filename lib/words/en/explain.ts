import { labels } from './labels.ts'
import { find, ipOf } from '#lib/wire/packet.ts'
import { drops } from './drops.ts'
import { ruleSelector } from '#lib/topology/tables/rules/row.ts'
import { ruleText } from '#lib/topology/tables/netfilter/row.ts'
import { portOf } from '#lib/topology/devs.ts'
import { deviceAt, netns, rowAt, vpc, type Ref, type Topology } from '#lib/topology/topology.ts'
import type { Address } from '#lib/wire/addr.ts'
import type {
  AclRule,
  Eni,
  NfRule,
  OutsideHost,
  Route,
  Rule,
  SgRule,
  Socket,
} from '#lib/topology/rows.ts'
import type { Broken } from '#lib/analysis/read/promises.ts'
import type { Decision } from '#lib/trace/decision.ts'
import type { Drop } from '#lib/trace/drop.ts'
import type { Step } from '#lib/trace/walk.ts'
import { marksOf } from '#lib/analysis/read/refs.ts'

/* What a step decided, in a sentence. A second language is a second file like this one. */

type Say = {
  readonly [K in Decision['kind']]: (
    d: Extract<Decision, { kind: K }>,
    step: Step,
    t: Topology,
  ) => string
}

function row<T>(t: Topology, ref: Ref | null): T | null {
  return ref === null ? null : ((rowAt(t, ref) as T | undefined) ?? null)
}

const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`

/** Which policy rule chose the table, where that is worth saying: not for the rule everyone has. */
function asking(rule: Rule | null, table: string, byMark: boolean): string {
  if (rule !== null && byMark)
    return `the packet is marked, so rule ${rule.priority} asks table ${table}, where `
  if (rule === null) return table === 'main' ? '' : `in table ${table}, `
  return table === 'main' && rule.priority === 32766
    ? ''
    : `rule ${rule.priority} (${ruleSelector(rule).replace(/ lookup .*$/, '')}) asks table ${table}, where `
}

/** `:8472`, the port of the tunnel device a step is on. */
function port(t: Topology, s: Step): string {
  const d = deviceAt(t, s.in, s.dev)
  const heard = d === undefined ? null : portOf(d)
  return heard === null ? '' : `:${heard}`
}

/** RFC 792 and 1812 in words. */
const ICMP: Readonly<Record<string, string>> = {
  '3/0': 'network unreachable',
  '3/1': 'host unreachable',
  '3/2': 'protocol unreachable',
  '3/3': 'port unreachable',
  '3/4': 'fragmentation needed',
  '3/9': 'network prohibited',
  '3/10': 'host prohibited',
  '3/13': 'prohibited by a filter',
  '11/0': 'the TTL ran out',
  '11/1': 'a fragment never came',
}
function icmp(d: { readonly type: number; readonly code: number }): string {
  const name = ICMP[`${d.type}/${d.code}`]
  return `ICMP ${d.type}/${d.code}${name === undefined ? '' : ` (${name})`}`
}

/** What random rules drew, and which of the endpoints that came to: kube-proxy writes one such rule for each endpoint but the last. */
function draws(d: Extract<Decision, { kind: 'hook' }>, t: Topology): string {
  const last = d.draws?.at(-1)
  const chain = last === undefined ? undefined : row<NfRule>(t, last.rule)?.chain
  if (d.draws === undefined || last === undefined || chain === undefined) return ''
  const here = d.draws.filter((x) => row<NfRule>(t, x.rule)?.chain === chain)
  const said = here.map((x, i) => {
    const [value, probability] = apart(x)
    return `${i === 0 ? 'The draw' : 'the next,'} ${value}${i === 0 ? '' : ','} is ${x.value < x.probability ? '' : 'not '}below ${probability}`
  })
  const of =
    (netns(t, last.rule.in)?.netfilter ?? []).filter(
      (r) => r.table === d.table && r.chain === chain && r.statistic !== undefined,
    ).length + 1
  return ` ${said.join('; ')}${d.verdict === 'DNAT' ? `: endpoint ${last.value < last.probability ? here.length : here.length + 1} of ${of}` : ''}.`
}

/** Which rules set and copied the mark that an answer depended on; '' where it depended on none. */
function sayMarks({ decision: d }: Step, t: Topology): string {
  const rules = marksOf(d).flatMap((ref) => row<NfRule>(t, ref) ?? [])
  if (rules.length === 0) return ''
  const said = rules.map(
    (r) =>
      `${r.target.type !== 'CONNMARK' || r.target.op === 'set' ? 'set' : r.target.op === 'save' ? 'kept with the connection' : 'copied from the connection'} by ${r.table} “${ruleText(r)}”`,
  )
  return `The mark was ${said.join(', ')}.`
}

/** A ping has no ports: where others have one it has its number, and that may become another too. */
const numbered = (s: Step): string =>
  find(s.packet, 'icmp') === undefined ? '' : ' (behind the colon a ping has its own number)'

/** Both numbers cut to as few digits, from two on, as still show which is smaller. */
function apart(x: {
  readonly value: number
  readonly probability: number
}): readonly [number, number] {
  for (let digits = 2; ; digits += 1) {
    const cut = (n: number): number => Math.floor(n * 10 ** digits) / 10 ** digits
    if (x.value >= x.probability || cut(x.value) < cut(x.probability) || digits > 9)
      return [cut(x.value), cut(x.probability)]
  }
}

const SAY: Say = {
  app: (d, s) =>
    d.did === 'send'
      ? `${d.program ?? 'A program'} in ${s.in} sends: ${labels.call(d)}.`
      : d.what === 'reset'
        ? `${s.in} answers: ${labels.call(d)}.`
        : `${d.program ?? 'The program'} in ${s.in} is told: ${labels.call(d)}.`,
  route: (d, s, t) => {
    if (d.local) return `${d.dst} is an address of ${s.in} itself, so the packet stays here.`
    const r = row<Route>(t, d.matched)
    const by = row<Rule>(t, d.rule)
    if (r === null && by?.action !== undefined)
      return `Rule ${by.priority} (${ruleSelector(by)}) asks no table: the packet ${by.action === 'blackhole' ? 'ends here, and nobody is told' : 'is refused'}.`
    if (r === null)
      return d.dev === null
        ? `No route of ${s.in} holds ${d.dst}.`
        : `${d.dst} is the broadcast address on ${d.dev}.`
    if (d.dev === null)
      return `The longest prefix that holds ${d.dst} is ${r.dst}, and its route is of type ${r.type ?? 'unicast'}: ${r.type === 'blackhole' ? 'the packet ends here, and nobody is told' : 'the packet is refused'}.`
    const via = d.via === null ? `straight to it on ${d.dev}` : `via ${d.via} on ${d.dev}`
    const hit =
      r.dst === '0.0.0.0/0'
        ? `nothing more specific holds ${d.dst}, so the default route is taken`
        : `the longest prefix that holds ${d.dst} is ${r.dst}`
    return capital(
      `${asking(row<Rule>(t, d.rule), r.table, marksOf(d).length > 0)}${hit}: ${via}${r.weight === undefined ? '' : ', the next hop that the flow’s hash falls to'}.`,
    )
  },
  hook: (d, s, t) => {
    const r = row<NfRule>(t, d.matched)
    const where = `${d.table} ${d.hook}`
    const drew = draws(d, t)
    if (d.verdict === 'DROP')
      return r === null
        ? `No rule of ${where} accepts it, and the policy is DROP.`
        : `A rule of ${where} in chain ${r.chain} drops it.`
    if (d.verdict === 'REJECT')
      return `A rule of ${where} rejects it and tells the sender${r?.comment === undefined ? '' : ` (${r.comment})`}.`
    if (d.from !== undefined && d.to !== undefined)
      return d.verdict === 'ACCEPT'
        ? `The connection is known, so it is translated without asking the rules again: ${d.from} becomes ${d.to}${numbered(s)}.`
        : `${d.verdict}: ${d.from} becomes ${d.to}${numbered(s)}.${drew}${d.mark === undefined ? '' : ` And the packet is marked 0x${d.mark.toString(16)}.`}`
    if (d.untracked === true)
      return `${where} says that connection tracking is to leave it alone: it is UNTRACKED.`
    if (d.mss !== undefined)
      return `${where} sees to it that segments of no more than ${d.mss} bytes are asked for.`
    if (d.mark !== undefined) return `${where} marks the packet 0x${d.mark.toString(16)}.`
    return r === null
      ? `No rule of ${where} on ${s.in} objects.`
      : `${where} lets it pass${r.comment === undefined ? '' : ` (${r.comment})`}.`
  },
  ipvs: (d, s) =>
    d.to === null
      ? `${d.from} is a virtual service of IPVS on ${s.in}, and it has no real server: the sender is told that nobody is there.`
      : d.did === 'request'
        ? `IPVS takes it out of ${d.hook}: for the virtual service ${d.from} it is the turn of ${d.to}, and from here on it goes as a packet of ${s.in}’s own would.`
        : `IPVS knows the connection: what comes from ${d.from} leaves as ${d.to}.`,
  conntrack: (d, s) =>
    s.drop?.reason === 'nat-no-port'
      ? `No port of ${s.drop.src} is free for the answers of this connection, so it cannot be written down and the packet is dropped.`
      : {
          new:
            s.writes.length > 0
              ? 'Connection tracking writes the new connection down.'
              : 'Connection tracking has not seen this connection: it is NEW.',
          established: 'Connection tracking knows this connection.',
          related: 'This ICMP error is about a connection that is known: RELATED.',
          invalid: 'Connection tracking cannot place this packet.',
        }[d.state],
  neigh: (d, s) =>
    d.lladdr === null
      ? s.drop === null
        ? `The MAC of ${d.ip} is not known on ${s.dev ?? ''}: ${s.in} has to ask, and the packet waits.`
        : `Three questions for ${d.ip} brought no answer.`
      : `The neighbour ${d.ip} on ${s.dev ?? ''} has MAC ${d.lladdr}.`,
  arp: (d, s) => {
    if (d.op === 'reply') return `The answer tells ${s.in} where ${d.ip} is.`
    if (d.by === 'vpc')
      return d.ours
        ? `The VPC answers for ${d.ip} itself: the question never reaches another machine.`
        : `No interface of the VPC has ${d.ip}: nobody answers.`
    return d.ours
      ? `${d.ip} is an address of ${s.in}: it answers.`
      : s.drop === null
        ? `${s.in} asks everyone on ${s.dev ?? ''}: who has ${d.ip}?`
        : `${d.ip} is not an address of ${s.in}: it stays silent.`
  },
  fdb: (d, s, t) => {
    if (s.stage === 'tunnel')
      return d.ports.length === 0
        ? `The FDB of ${s.dev ?? ''} has no entry for ${d.mac}.`
        : `The FDB of ${s.dev ?? ''} says ${d.mac} is behind ${d.ports[0]}, so the frame becomes the payload of a UDP datagram to ${d.ports[0]}${port(t, s)}.`
    if (d.up && d.matched === null && d.ports.length <= 1 && d.ports[0] === s.dev)
      return `The frame is addressed to the MAC of ${s.dev ?? 'the bridge'} itself, so it goes up to ${s.in}.`
    if (d.ports.length === 0) return `${s.dev ?? 'The bridge'} has no port for ${d.mac}.`
    if (d.matched === null)
      return d.mac === 'ff:ff:ff:ff:ff:ff'
        ? `A broadcast is for all: it goes out of every other port of ${s.dev ?? 'the bridge'} (${d.ports.join(', ')}).`
        : `${s.dev ?? 'The bridge'} has not learned where ${d.mac} is, so the frame goes out of every other port (${d.ports.join(', ')}).`
    // Where it was then: the row may have moved since.
    return `The bridge has learned that ${d.mac} is behind port ${d.ports[0]}.`
  },
  socket: (d, s, t) => {
    const r = row<Socket>(t, d.matched)
    if (d.did === 'no-connection') {
      const ip = ipOf(s.packet)
      const tcp = find(s.packet, 'tcp')
      return `${s.in} has no connection with ${ip?.src}:${tcp?.sport}, so it answers with a reset.`
    }
    return s.drop !== null
      ? `Nobody listens on ${d.proto} port ${d.port} in ${s.in}.`
      : r === null
        ? `It belongs to a connection ${s.in} opened itself: ${labels.socket(d)}.`
        : `${r.program} listens on ${d.proto} port ${d.port}: ${labels.socket(d)}.`
  },
  sysctl: (d, s) =>
    d.key === 'net.ipv4.icmp_ratelimit' || d.key === 'net.ipv4.route.error_cost'
      ? `${s.in} has told this sender often enough: ${d.key} is ${d.value}, so no error goes out.`
      : `${d.key} is ${d.value} on ${s.in}.`,
  'source-check': (d, s) =>
    s.drop === null
      ? `The way back to ${d.src} fits where it came from.`
      : s.drop.reason === 'rp-filter'
        ? `The way back to ${d.src} is not ${s.dev ?? ''}: strict reverse path filtering refuses it.`
        : `${d.src} is no source that may come in on ${s.dev ?? ''}.`,
  ttl: (d, s) =>
    s.drop === null
      ? `${s.in} forwards it: TTL ${d.before} becomes ${d.left}.`
      : `TTL ${d.before} does not survive another forward.`,
  mtu: (d, s) =>
    s.stage === 'tunnel' && s.drop === null
      ? `The path to the other end of ${d.dev} leaves ${d.mtu} bytes for what is inside, and ${s.in} remembers that.`
      : d.df
        ? `${d.size} bytes do not fit the ${d.mtu} of ${d.dev}, and the packet forbids fragmenting.`
        : `${d.size} bytes are more than the ${d.mtu} that ${d.dev} takes.`,
  fragments: (d) =>
    d.did === 'fragment'
      ? `Too long for the link: cut into ${d.sizes.join(' + ')} bytes.`
      : d.did === 'stop'
        ? d.sizes.length === 0
          ? 'The device refused the last fragment.'
          : `The device refused a fragment: those behind it, ${d.sizes.join(' + ')} bytes, are not sent.`
        : d.did === 'hold'
          ? `A fragment: held until the rest is here.`
          : `All fragments are here: put together again.`,
  icmp: (d, s) =>
    d.did === 'make'
      ? d.type === 0
        ? `${s.in} answers the echo.`
        : `${s.in} tells the sender: ${icmp(d)}.`
      : d.did === 'receive'
        ? d.type === 8
          ? `An echo request for ${s.in}.`
          : d.type === 0
            ? `The echo reply is back.`
            : `The sender learns of it: ${icmp(d)}.`
        : `${icmp(d)}: nobody here acts on it.`,
  device: (d, s, t) => {
    const drop = s.drop
    if (drop?.reason === 'link-down')
      return `${drop.dev || 'The device'} is down or gone, so the frame ends here.`
    if (drop?.reason === 'other-host')
      return `The frame is addressed to ${drop.dst}, which is not the MAC of ${drop.dev}: ${s.in} ignores it.`
    if (drop?.reason === 'vxlan-unknown-vni')
      return `The datagram is for VNI ${drop.vni}, and ${s.in} has no tunnel device with it.`
    if (drop?.reason === 'no-tunnel')
      return `${s.in} has no tunnel device that is up and takes what ${drop.src} sends to ${drop.dst}.`
    if (drop?.reason === 'dummy')
      return `${drop.dev} is a dummy: what goes out there is gone, and nobody is told.`
    if (drop?.reason === 'foreign-source')
      return `${drop.src}, from which ${s.dev ?? 'the tunnel'} sends, is no address of ${s.in}.`
    if (drop?.reason === 'daemon-ttl')
      return `${drop.daemon} counts the TTL down, and nothing is left of it.`
    if (drop?.reason === 'bad-packet') return `${s.dev ?? 'The device'} cannot read what is inside.`
    return {
      transmit: `Out on ${s.dev ?? ''}.`,
      receive: `In on ${s.dev ?? ''}.`,
      encapsulate: `${s.dev ?? 'The tunnel'} wraps it: the packet travels inside one from ${ipOf(s.packet)?.src ?? ''} to ${ipOf(s.packet)?.dst ?? ''}.`,
      decapsulate: `The wrapping comes off: ${(s.stage === 'daemon' ? netns(t, s.in)?.daemons.find((x) => x.tun === s.dev)?.name : undefined) ?? s.dev ?? ''} takes out ${ipOf(s.packet)?.src ?? ''} → ${ipOf(s.packet)?.dst ?? ''}.`,
    }[d.did]
  },
  lease: (d, s) =>
    s.drop?.reason === 'daemon-ttl'
      ? `${d.daemon} counts the TTL down, and nothing is left of it.`
      : d.remote === null
        ? `${d.daemon} knows no lease that holds ${d.dst}.`
        : `${d.daemon} reads the packet in user space. The lease that holds ${d.dst} belongs to ${d.remote}, so it sends the whole packet there in a UDP datagram.`,
  'security-group': (d, s, t) => {
    if (d.tracked) return `The security group of ${d.eni} let this flow begin, so it lets it go on.`
    const r = row<SgRule>(t, d.matched)
    return r === null
      ? `No ${d.direction} rule of the security groups of ${d.eni} allows it.`
      : `Security group ${r.group} allows it: ${d.direction} ${r.proto} ${d.direction === 'egress' ? 'to' : 'from'} ${r.peer}.`
  },
  'network-acl': (d, s, t) => {
    const r = row<AclRule>(t, d.matched)
    const which =
      r === null
        ? s.drop === null
          ? `The network ACL of ${d.subnet}`
          : `No numbered rule of the network ACL of ${d.subnet} matches, and the last one, *,`
        : `Rule ${r.number} of the network ACL of ${d.subnet}`
    return s.drop === null
      ? `${which} lets it ${d.direction === 'egress' ? 'out' : 'in'}.`
      : `${which} denies it.`
  },
  'source-dest-check': (d, s, t) => {
    const e = row<Eni>(t, d.eni)
    // What passes though it is checked is its own: listed, or of a range of its own.
    const own = e?.ips.includes(d.ip) === true || d.enabled
    return s.drop === null
      ? own
        ? `${d.ip} is an address of ${e?.id ?? 'the ENI'}: the source/destination check passes.`
        : `${d.ip} is no address of ${e?.id ?? 'the ENI'}, but its check is off.`
      : `${d.ip} is no address of ${e?.id ?? 'the ENI'}: the source/destination check drops it.`
  },
  'vpc-route': (d) =>
    d.target === null
      ? `The subnet’s route table has no route to ${d.dst}.`
      : d.target === 'local'
        ? `${d.dst} is inside the VPC: the local route.`
        : `The route table sends ${d.dst} to ${d.target}.`,
  'vpc-mapping': (d, s, t) => {
    const e = row<Eni>(t, d.eni)
    const h = row<OutsideHost>(t, d.peer ?? null)
    if (h !== null)
      return `${h.gateway} leads to the peered VPC, which knows ${d.dst}. Nothing is translated on the way.`
    if (e === null) return `The VPC knows no interface with ${d.dst}.`
    return `${carriedTo(e, d.dst, s)} How it wraps it ${vpc(t, s.in)?.cloud === undefined ? 'AWS does not publish' : 'is not published'}.`
  },
  igw: (d, s) => {
    const drop = s.drop
    if (drop === null) return `The internet gateway swaps ${d.from} for ${d.to}.`
    if (drop.reason === 'vpc-no-public-address')
      return `${d.from} has no public address that the internet gateway could put in its place.`
    if (drop.reason === 'vpc-too-big')
      return `${drop.size} bytes are more than the ${drop.mtu} that the internet gateway takes.`
    return `Nobody the internet gateway knows has the address.`
  },
}

/** Why the VPC takes a packet to an interface: by its address; or, for an address of nobody's, by a route or by the MAC that the frame is for. */
function carriedTo(e: Eni, dst: Address, s: Step): string {
  const [frame] = s.packet.headers
  const near = frame?.kind === 'ethernet' && frame.dst === e.mac
  // Of an interface with ranges of its own a route or the router leads to them.
  if (e.ips.includes(dst) || (e.prefixes !== undefined && !near))
    return `The VPC knows that ${dst} is for ${e.id} and carries the packet there.`
  return near
    ? `${dst} is nobody’s to the VPC. The frame is for the MAC of ${e.id}, and is carried there.`
    : `${dst} is nobody’s to the VPC. Its route names ${e.id}, and the packet is carried there.`
}

function sayStep(step: Step, t: Topology): string {
  const say = SAY[step.decision.kind] as (d: Decision, s: Step, t: Topology) => string
  return say(step.decision, step, t)
}

function sayBroken(b: Broken): string {
  switch (b.promise) {
    case 'kubernetes-1':
      return `${b.to} sees ${b.seen} as the sender, while ${b.from} has ${b.expected}`
    case 'kubernetes-2':
      return `the source is translated from pod to pod, ${b.expected} becomes ${b.seen}`
    case 'kubernetes-3':
      return `the source is translated from ${b.from} to its own pod, ${b.expected} becomes ${b.seen}`
    case 'answer':
      return `the answer comes from ${b.seen}, an address that ${b.to} did not ask: it asked ${b.expected}`
  }
}

export const explained = {
  step: sayStep,
  marks: sayMarks,
  broken: sayBroken,
  drop: (drop: Drop): string => `${capital(drops[drop.reason])}.`,
}
