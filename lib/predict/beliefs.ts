import { addressOf, BROADCAST, inCidr, networkOf, type Address, type Mac } from '#lib/wire/addr.ts'
import { headerLength, ipLength, ipOf, isIp, rewriteIp, type Packet } from '#lib/wire/packet.ts'
import { netns, spaces, withSpace, type Netns, type Topology } from '#lib/topology/topology.ts'
import { wireOf } from '#lib/topology/devs.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Step, Walk } from '#lib/trace/walk.ts'
import { isLoss } from '#lib/trace/drop.ts'
import { portsOf } from '#lib/lookup/link.ts'
import { lookupRoute, type RouteAnswer } from '#lib/lookup/route.ts'
import { QUESTIONS } from '#lib/ip/path.ts'
import { isDevice } from '#lib/run/live.ts'
import { open, unchecked, vpcs, type Belief } from './belief.ts'
import { WHO_DOES_IT } from './who-does-it.ts'

/* What people believe of networks, each as what the engine would do if it were so. */

/** An answer with another row of the table that answered. */
function by(answer: RouteAnswer, n: Netns, row: number): RouteAnswer {
  const r = n.routes[row]
  return r === undefined || r.dev === undefined || row === answer.matched
    ? answer
    : { ...answer, matched: row, dev: r.dev, via: r.via ?? null, rejected: [] }
}

/** Rows of the table that the answer is of, in their order. */
const beside = (answer: RouteAnswer, n: Netns): readonly number[] =>
  n.routes.flatMap((r, i) =>
    r.table === n.routes[answer.matched ?? -1]?.table && r.dev !== undefined ? [i] : [],
  )

/** RFC 1918's and RFC 6598's ranges: what nobody would look for on the internet. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'] as const

const noDefault: typeof lookupRoute = (n, dst, asked) => {
  const answer = lookupRoute(n, dst, asked)
  const r = n.role === 'node' ? n.routes[answer.matched ?? -1] : undefined
  return r !== undefined && r.dst === '0.0.0.0/0' && PRIVATE.some((p) => inCidr(dst, p))
    ? { ...answer, type: 'none', matched: null, dev: null, via: null, src: null, mtu: null }
    : answer
}

const firstRow: typeof lookupRoute = (n, dst, asked) => {
  const answer = lookupRoute(n, dst, asked)
  return by(answer, n, beside(answer, n).find((i) => inCidr(dst, n.routes[i]!.dst)) ?? -1)
}

/** The row that reads most like the address, whatever its prefix says. */
const looksAlike: typeof lookupRoute = (n, dst, asked) => {
  const answer = lookupRoute(n, dst, asked)
  const others = beside(answer, n).filter((i) => !inCidr(dst, n.routes[i]!.dst))
  const alike = (i: number): number => {
    const text = n.routes[i]!.dst
    let at = 0
    while (at < text.length && text[at] === dst[at]) at += 1
    return at
  }
  return by(answer, n, others.toSorted((a, b) => alike(b) - alike(a))[0] ?? -1)
}

const mainOnly: typeof lookupRoute = (n, dst, asked) => {
  const answer = lookupRoute(n, dst, asked)
  if (answer.type !== 'unicast') return answer
  const rules = n.rules.filter((r) => r.table === 'main')
  return by(answer, n, lookupRoute({ ...n, rules }, dst, asked).matched ?? -1)
}

const countedBy = (p: Packet): Packet => {
  const ip = ipOf(p)
  return ip === undefined ? p : rewriteIp(p, { ttl: ip.ttl - 1 })
}

/** The neighbours of the sender all have one MAC. */
function nextHopIs(t: Topology, { from }: Flow, mac: Mac | undefined): Topology {
  const n = netns(t, from)
  if (n === undefined || mac === undefined) return t
  const hops = n.routes.flatMap(({ via, dev }) =>
    via === undefined || dev === undefined
      ? []
      : [{ ip: via, dev, lladdr: mac, state: 'PERMANENT' as const }],
  )
  return withSpace(t, { ...n, neigh: hops })
}

function macOf(t: Topology, address: Address): Mac | undefined {
  const all = spaces(t).flatMap((s) => (s.kind === 'netns' ? s.devs : []))
  return all.find((d) => d.addrs.some((a) => addressOf(a) === address))?.mac
}

const isPrivate = (address: Address): boolean => PRIVATE.some((range) => inCidr(address, range))

/** The steps of a walk with their packets changed. */
const packetsAs =
  (change: (s: Step, walk: Walk) => Packet): ((walk: Walk) => Walk) =>
  (walk) => ({
    ...walk,
    steps: walk.steps.map((s) => ({ ...s, packet: change(s, walk) })),
  })

/** The innermost IP header with another TTL. */
function innerTtl(p: Packet, ttl: (now: number) => number): Packet {
  const at = p.headers.findLastIndex((h) => isIp(h))
  const ip = p.headers[at]
  if (ip === undefined || !isIp(ip)) return p
  return { ...p, headers: p.headers.with(at, { ...ip, ttl: ttl(ip.ttl) }) }
}

/** TTLs as they were if none of these steps had counted, or if they had counted as well. */
const recounted = (here: (s: Step) => boolean, by: 1 | -1): ((walk: Walk) => Walk) =>
  packetsAs((s, { steps }) => {
    const before = steps.filter((x) => x.n <= s.n && x.message === s.message && here(x)).length
    return innerTtl(s.packet, (ttl) => ttl + by * before)
  })

/** A packet without what was put around it. */
function bare(p: Packet): Packet {
  const at = p.headers.findLastIndex((h) => isIp(h))
  return at < 0 ? p : { ...p, headers: p.headers.slice(at) }
}

/** A node without what a program keeps on other nodes. */
function bereft(n: Netns, t: Topology): boolean {
  const elsewhere = (of: 'leases' | 'daemons'): boolean =>
    spaces(t).some((s) => s.kind === 'netns' && s.role === 'node' && s[of].length > 0)
  return (
    n.role === 'node' &&
    ((n.leases.length === 0 && elsewhere('leases')) ||
      (n.daemons.length === 0 && elsewhere('daemons')))
  )
}

/** A log that has, for an interface's own side, whatever address the packet has there (AWS writes the interface's first: flow-log-records). */
function namesItsOwn(walk: Walk): Walk {
  const own = new Map<string, Address>()
  for (const { decision: d, packet } of walk.steps) {
    const ip = ipOf(packet)
    if (d.kind !== 'security-group' || ip === undefined || own.has(d.eni)) continue
    own.set(d.eni, d.direction === 'egress' ? ip.src : ip.dst)
  }
  const before = vpcs(walk.before, (v) => ({
    ...v,
    enis: v.enis.map((e) => {
      const first = own.get(e.id)
      return first === undefined ? e : { ...e, ips: [first, ...e.ips.filter((ip) => ip !== first)] }
    }),
  }))
  return { ...walk, before }
}

/** Misconceptions by their names. A prediction's wrong answers are their outcomes. */
export const BELIEFS = {
  /** No route of its own means an error: the default route is for the internet. */
  'no-default': { asks: ['ends', 'told'], walk: { variant: { route: noDefault } } },
  /** AWS carries whatever a machine sends. */
  'no-source-check': {
    asks: ['ends', 'told'],
    rows: unchecked,
  },
  /** AWS knows the machines, and nothing of pods. */
  'pods-unknown': {
    asks: ['ends'],
    rows: (t) =>
      vpcs(t, (v) => ({ ...v, enis: v.enis.map((e) => ({ ...e, ips: e.ips.slice(0, 1) })) })),
  },
  /** Policy rules are not asked: the main table decides. */
  'main-only': { asks: ['ends', 'row'], walk: { variant: { route: mainOnly } } },
  /** What is lost is always reported. */
  'loss-is-told': {
    asks: ['told'],
    walk: {
      questions: {
        neighbour(at, s, nexthop) {
          const { steps } = at.run
          const [before, { packet }] = [steps.length, s]
          QUESTIONS.neighbour(at, s, nexthop)
          const lost = steps.slice(before).some((x) => x.drop !== null && isLoss(x.drop))
          if (!lost || s.iif === null) return
          s.packet = packet
          at.run.ports.error(at, s, { type: 3, code: 1 })
        },
      },
    },
  },
  /** What is lost is refused. */
  'loss-is-refused': {
    asks: ['told'],
    unchanged: true,
    walk: { variant: { socket: () => -1 } },
  },
  'first-row': { asks: ['row'], walk: { variant: { route: firstRow } } },
  'looks-alike': { asks: ['row'], walk: { variant: { route: looksAlike } } },
  /** Every box on the way lowers the TTL, bridges too: what they take from a port, and what their own host sends by them. */
  'all-count': {
    asks: ['ttl'],
    walk: {
      questions: {
        bridge(port, s) {
          s.packet = countedBy(s.packet)
          QUESTIONS.bridge(port, s)
        },
        xmit(at, s) {
          if (portsOf(at.l.n, at.dev.name).length > 0) s.packet = countedBy(s.packet)
          QUESTIONS.xmit(at, s)
        },
      },
    },
  },
  /** Machines of the same network are no hops. */
  'nobody-counts': { asks: ['ttl'], walk: { questions: { countDown: () => {} } } },
  /** Whatever leaves a machine has its address. */
  'always-translated': {
    asks: ['source'],
    walk: {
      questions: {
        postrouting(out, s, bridged) {
          if (!QUESTIONS.postrouting(out, s, bridged)) return false
          const [first] = isDevice(out) ? out.dev.addrs : []
          if (out.l.n.role === 'node' && first !== undefined)
            s.packet = rewriteIp(s.packet, { src: addressOf(first) })
          return true
        },
      },
    },
  },
  /** A translated source is the first address of the machine. */
  'main-address': {
    asks: ['source'],
    walk: {
      questions: {
        postrouting(out, s, bridged) {
          const was = ipOf(s.packet)?.src
          if (!QUESTIONS.postrouting(out, s, bridged)) return false
          const all = out.l.n.devs.flatMap((d) => d.addrs)
          const first = all.find((a) => !inCidr(addressOf(a), '127.0.0.0/8'))
          if (ipOf(s.packet)?.src !== was && first !== undefined)
            s.packet = rewriteIp(s.packet, { src: addressOf(first) })
          return true
        },
      },
    },
  },
  /** Translation is for the internet only, and so is what leads to it. */
  'internet-only': {
    asks: ['source'],
    walk: {
      variant: {
        route: (n, dst, asked) =>
          lookupRoute(n, dst, isPrivate(dst as Address) ? { ...asked, mark: 0 } : asked),
      },
      questions: {
        postrouting: (out, s, bridged) =>
          isPrivate(ipOf(s.packet)?.dst ?? '0.0.0.0') || QUESTIONS.postrouting(out, s, bridged),
      },
    },
  },
  /** A packet leaves by the interface that has its address: marks are nobody's business. */
  'marks-ignored': {
    asks: ['ends', 'row', 'next', 'source'],
    walk: { variant: { route: (n, dst, asked) => lookupRoute(n, dst, { ...asked, mark: 0 }) } },
  },
  /** The MAC on the frame is that of whom the packet is for. */
  'mac-to-the-end': {
    asks: ['mac'],
    rows: (t, flow) => nextHopIs(t, flow, macOf(t, flow.to)),
  },
  /** Every frame is for everybody. */
  'mac-of-all': { asks: ['mac'], rows: (t, flow) => nextHopIs(t, flow, BROADCAST) },
  /** The header around copies the TTL of the one inside. */
  'ttl-copied': {
    asks: ['outer-ttl'],
    walk: {
      variant: { outer: (chosen, inner) => ({ ...chosen, ttl: ipOf(inner)?.ttl ?? chosen.ttl }) },
    },
  },
  /** Only kernels count; a program hands a packet on as it is. */
  'programs-free': { asks: ['ttl'], as: recounted((s) => s.stage === 'daemon', 1) },
  /** What travels inside a tunnel is touched by nobody. */
  'tunnel-hides': {
    asks: ['ttl'],
    as: packetsAs((s, { flow }) => innerTtl(s.packet, () => flow.ttl)),
  },
  /** The VPC's router is a hop. */
  'vpc-counts': { asks: ['ttl'], as: recounted((s) => s.stage === 'vpc-encap', -1) },
  /** What is put around a packet weighs nothing. */
  'wrapping-not-counted': { asks: ['bytes'], counts: (p) => ipLength(bare(p)) },
  /** A tunnel carries the IP packet alone. */
  'no-inner-frame': {
    asks: ['bytes'],
    counts: (p) =>
      ipLength(p) -
      p.headers
        .slice(p.headers.findIndex((h) => isIp(h)))
        .filter((h) => h.kind === 'ethernet')
        .reduce((sum, h) => sum + headerLength(h), 0),
  },
  /** The frame on the wire is part of the packet. */
  'frame-counted': {
    asks: ['bytes'],
    counts: (p) => ipLength(p) + headerLength({ kind: 'ethernet' } as never),
  },
  /** What is lost is lost in silence. */
  'loss-is-silent': {
    asks: ['told'],
    as: (walk) => ({
      ...walk,
      steps: walk.steps.filter((s) => walk.messages[s.message]?.leg !== 'back'),
      loss: walk.loss && { ...walk.loss, icmp: null },
    }),
  },
  /** Under an overlay AWS writes nothing down. */
  'nothing-logged': {
    asks: ['log'],
    as: (walk) => ({ ...walk, steps: walk.steps.filter((s) => !s.stage.startsWith('sg-')) }),
  },
  /** AWS looks into what is wrapped. */
  'log-sees-inside': {
    asks: ['log'],
    as: (walk) => namesItsOwn(packetsAs((s) => bare(s.packet))(walk)),
  },
  /** The log names whoever sent it, whatever interface it left by. */
  'log-names-pods': { asks: ['log'], as: namesItsOwn },
  /** When the program that wrote the rows is gone, so is the traffic. */
  'dies-with-its-program': {
    asks: ['ends'],
    rows: (t) =>
      spaces(t).reduce(
        (now, s) =>
          s.kind === 'netns' && bereft(s, t)
            ? withSpace(now, { ...s, routes: s.routes.filter((r) => r.via === undefined) })
            : now,
        t,
      ),
  },
  /** A node lends its address to whatever leaves it. */
  'node-hides': {
    asks: ['source'],
    walk: {
      questions: {
        postrouting(out, s, bridged) {
          if (!QUESTIONS.postrouting(out, s, bridged)) return false
          const main = out.l.n.devs.find((d) => wireOf(d) !== null)?.addrs[0]
          const src = ipOf(s.packet)?.src
          if (main !== undefined && src !== undefined && !inCidr(src, networkOf(main)))
            s.packet = rewriteIp(s.packet, { src: addressOf(main) })
          return true
        },
      },
    },
  },
  /** Nobody translates between machines of one's own, and it arrives all the same. */
  'never-translated': {
    asks: ['source'],
    rows: open,
    walk: { questions: { postrouting: () => true } },
  },
  ...WHO_DOES_IT,
} as const satisfies Readonly<Record<string, Belief>>

/** The name of a misconception. */
export type BeliefId = keyof typeof BELIEFS
