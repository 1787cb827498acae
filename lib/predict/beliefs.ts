import { addressOf, inCidr } from '#lib/wire/addr.ts'
import { ipOf, rewriteIp, type Packet } from '#lib/wire/packet.ts'
import { spaces, withSpace, type Netns, type Topology, type Vpc } from '#lib/topology/topology.ts'
import { isLoss } from '#lib/trace/drop.ts'
import { lookupRoute, type RouteAnswer } from '#lib/lookup/route.ts'
import { QUESTIONS } from '#lib/ip/path.ts'
import { isDevice } from '#lib/run/live.ts'
import type { WalkOptions } from '#lib/walk/walk.ts'
import type { Asks } from './outcome.ts'

/* What people believe of networks, each as what the engine would do if it were so. */

/** A misconception: which predictions it has an answer to, and the walk as it believes it. */
export interface Belief {
  readonly asks: readonly Asks[]
  /** It has lookups or questions answered its own way. */
  readonly walk?: WalkOptions
  /** It takes other rows to be there. */
  readonly rows?: (t: Topology) => Topology
  /** It is about the network as it was: what is changed makes no difference to it. */
  readonly unchanged?: true
}

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

const vpcs = (t: Topology, change: (v: Vpc) => Vpc): Topology =>
  spaces(t).reduce((now, s) => (s.kind === 'vpc' ? withSpace(now, change(s)) : now), t)

/** Misconceptions by their names. A prediction's wrong answers are their outcomes. */
export const BELIEFS = {
  /** No route of its own means an error: the default route is for the internet. */
  'no-default': { asks: ['ends', 'told'], walk: { variant: { route: noDefault } } },
  /** AWS carries whatever a machine sends. */
  'no-source-check': {
    asks: ['ends', 'told'],
    rows: (t) =>
      vpcs(t, (v) => ({ ...v, enis: v.enis.map((e) => ({ ...e, sourceDestCheck: false })) })),
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
  /** Every box on the way lowers the TTL, bridges too. */
  'all-count': {
    asks: ['ttl'],
    walk: {
      questions: {
        bridge(port, s) {
          s.packet = countedBy(s.packet)
          QUESTIONS.bridge(port, s)
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
  /** Nobody translates between machines of one's own. */
  'never-translated': { asks: ['source'], walk: { questions: { postrouting: () => true } } },
} as const satisfies Readonly<Record<string, Belief>>

/** The name of a misconception. */
export type BeliefId = keyof typeof BELIEFS
