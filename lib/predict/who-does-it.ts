import { addressOf, inCidr, type Address, type Cidr } from '#lib/wire/addr.ts'
import { DATAGRAM_HEADERS, headerLength, ipOf, isIp, type Packet } from '#lib/wire/packet.ts'
import { netns, spaces, withSpace, type Netns, type Topology } from '#lib/topology/topology.ts'
import type { Route } from '#lib/topology/rows.ts'
import { peerOf, traits, wireOf } from '#lib/topology/devs.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { portsOf } from '#lib/lookup/link.ts'
import { lookupRoute } from '#lib/lookup/route.ts'
import { sgAllows } from '#lib/lookup/security-group.ts'
import { track } from '#lib/nf/conntrack.ts'
import { QUESTIONS } from '#lib/ip/path.ts'
import { record } from '#lib/run/record.ts'
import type { At } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import { asFiltered } from '#lib/analysis/read/group.ts'
import { open, type Belief } from './belief.ts'

/* What people believe of who does something: the bridge, a program, a group, AWS. Each as what the engine would do if it were so. */

const each = (t: Topology, change: (n: Netns) => Netns): Topology =>
  spaces(t).reduce((now, s) => (s.kind === 'netns' ? withSpace(now, change(s)) : now), t)

const nodes = (t: Topology, change: (n: Netns) => Netns): Topology =>
  each(t, (n) => (n.role === 'node' ? change(n) : n))

const host = (a: Address): Cidr => `${a}/32`

const addresses = (n: Netns): readonly string[] => n.devs.flatMap((d) => d.addrs.map(addressOf))

/** What is on the sender's own link is reached by way of the first gateway that it has. */
function byTheBridge(t: Topology, { from }: Flow): Topology {
  const n = netns(t, from)
  const via = n?.routes.find((r) => r.via !== undefined)?.via
  if (n === undefined || via === undefined) return t
  const linked = (r: Netns['routes'][number]): boolean =>
    r.via === undefined && r.dev !== undefined && inCidr(via, r.dst)
  const routes = n.routes.flatMap((r) =>
    linked(r)
      ? [
          { ...r, dst: host(via) },
          { ...r, via },
        ]
      : [r],
  )
  return withSpace(t, { ...n, routes })
}

/** Of several that have the address only the farthest keeps it, and every machine knows the way there. */
function unique(t: Topology, { from, to }: Flow): Topology {
  const home = netns(t, from)?.node
  const owners = spaces(t).filter((s) => s.kind === 'netns' && addresses(s).includes(to)) as Netns[]
  const far = owners.find((n) => n.node !== home)
  const there = netns(t, far?.node ?? '')
  const wire = there?.devs.find((d) => wireOf(d) !== null)?.addrs[0]
  if (far === undefined || wire === undefined) return t
  return each(open(t), (n) => {
    if (n.role === 'node') {
      const out = n.devs.find((d) => wireOf(d) !== null)!.name
      const way: Route = { table: 'main', dst: host(to), via: addressOf(wire), dev: out }
      return {
        ...n,
        netfilter: [],
        chains: [],
        routes: n.name === far.node ? n.routes : [way, ...n.routes],
      }
    }
    if (n.name === far.name || n.node !== home) return n
    const gateway = n.routes.find((r) => r.via !== undefined)
    const devs = n.devs.map((d) => ({ ...d, addrs: d.addrs.filter((a) => addressOf(a) !== to) }))
    const way: readonly Route[] = gateway === undefined ? [] : [{ ...gateway, dst: host(to) }]
    return { ...n, devs, routes: [...way, ...n.routes] }
  })
}

/** Does the group of the machine's own interface let this packet in? */
function grouped(at: At, s: Skb): boolean {
  if (ipOf(s.packet) === undefined) return true
  const own = addresses(at.l.n)
  for (const v of spaces(at.run.before)) {
    if (v.kind !== 'vpc') continue
    const eni = v.enis.find((e) => e.ips.some((a) => own.includes(a)))
    if (eni === undefined) continue
    const { matched } = sgAllows(v, { eni, direction: 'ingress' }, asFiltered(s.packet))
    if (matched !== null) continue
    const { id, groups } = eni
    record(at, s, {
      stage: 'bridge',
      decision: at.received,
      drop: { reason: 'security-group', direction: 'ingress', eni: id, groups },
    })
    return false
  }
  return true
}

/** The packet as if it might not be cut. */
function unsplit(p: Packet): Packet {
  return { ...p, headers: p.headers.map((h) => (isIp(h) ? { ...h, df: true } : h)) }
}

/** What VXLAN puts around a packet: a datagram's headers, its own and a frame's. */
const VXLAN_BYTES = (['vxlan', 'ethernet'] as const).reduce(
  (sum, kind) => sum + headerLength({ kind } as never),
  DATAGRAM_HEADERS,
)

/** Nobody answers for what others have: the tables that are asked are a program's, and it is away. */
const unanswered: typeof lookupRoute = (n, dst, asked) => {
  const answer = lookupRoute(n, dst, asked)
  return n.role === 'node' && answer.type === 'unicast'
    ? { ...answer, type: 'none', matched: null, dev: null, via: null, src: null, mtu: null }
    : answer
}

/** The next hops of the sender are addresses of the device at the other end of its wire, which answers for them. */
function nextHopsAreThere(t: Topology, { from }: Flow): Topology {
  const n = netns(t, from)
  const { dev, via } = n?.routes.find((r) => r.via !== undefined && r.dev !== undefined) ?? {}
  const own = n?.devs.find((d) => d.name === dev)
  const end = own === undefined ? null : peerOf(own)
  const there = end === null ? undefined : netns(t, end.netns)
  if (there === undefined || via === undefined) return t
  const devs = there.devs.map((d) =>
    d.name === end!.dev ? { ...d, addrs: [...d.addrs, host(via)] } : d,
  )
  return withSpace(t, { ...there, devs })
}

/** Beliefs of who does what, by their names. */
export const WHO_DOES_IT = {
  /** The next hop is a machine, and answers. */
  'next-hop-is-a-machine': { asks: ['ends', 'told'], rows: nextHopsAreThere },
  /** A bridge is a router: frames are sent to it, and it counts. */
  'bridge-routes': { asks: ['mac'], rows: byTheBridge },
  /** A container's address is its own, wherever one is. */
  'unique-address': { asks: ['receiver'], rows: unique },
  /** docker-proxy carries whatever is published. */
  'proxy-carries': {
    asks: ['source'],
    rows: (t) =>
      nodes(t, (n) =>
        n.sockets.some((x) => x.relay !== undefined)
          ? { ...n, netfilter: n.netfilter.filter((r) => r.target.type !== 'DNAT') }
          : n,
      ),
  },
  /** The route is asked first, and what translates, the bridge, comes behind it. */
  'bridge-translates': {
    asks: ['row'],
    walk: { questions: { prerouting: (at, s) => (track(at, s), true) } },
  },
  /** Answers need a rule of their own. */
  'answers-need-a-rule': {
    asks: ['ends', 'told'],
    walk: {
      questions: {
        prerouting(at, s) {
          track(at, s)
          if (s.ctDir !== 'reply') return QUESTIONS.prerouting(at, s)
          s.ct = null
          return true
        },
      },
    },
  },
  /** What comes under a wrong name is refused. */
  'wrong-is-lost': {
    asks: ['source', 'ends'],
    walk: {
      questions: {
        source(at, s, sending) {
          const { n, run } = at.l
          const made = run.steps.find((x) => x.message === s.message)
          const src = made === undefined ? undefined : ipOf(made.packet)?.src
          if (n.role !== 'pod' || src === undefined || src === sending.src)
            return QUESTIONS.source(at, s, sending)
          record(at, s, {
            stage: 'source-check',
            decision: at.received,
            drop: { reason: 'martian-source', src: sending.src, arrivedOn: at.dev.name },
          })
          return false
        },
      },
    },
  },
  /** The plugin hands packets from the pod to the node; it is not running. */
  'plugin-carries': {
    asks: ['ends'],
    rows: (t) =>
      nodes(t, (n) => ({
        ...n,
        devs: n.devs.map((d) => (peerOf(d) !== null ? { ...d, up: false } : d)),
      })),
  },
  /** Kubernetes is asked for each packet; it is away. */
  'kubernetes-carries': { asks: ['ends'], walk: { variant: { route: unanswered } } },
  /** etcd is asked for each packet; it is away. */
  'etcd-is-asked': {
    asks: ['ends'],
    walk: { variant: { lease: () => -1, remote: () => -1 } },
  },
  /** What wraps is a program, and more of it is more work for one. */
  'programs-wrap': {
    asks: ['crossings'],
    walk: {
      questions: {
        xmit(at, s) {
          if (traits(at.dev).remotes === true)
            record(at, s, { stage: 'daemon', decision: at.transmitted })
          QUESTIONS.xmit(at, s)
        },
        rx(at, s, to) {
          if (traits(at.dev).remotes === true)
            record(at, s, { stage: 'daemon', decision: at.received })
          return QUESTIONS.rx(at, s, to)
        },
      },
    },
  },
  /** What is too large is always reported. */
  'size-is-told': {
    asks: ['told'],
    walk: {
      questions: {
        fits(at, s, way) {
          const { packet } = s
          const ip = ipOf(packet)
          if (ip === undefined || ip.df) return QUESTIONS.fits(at, s, way)
          s.packet = unsplit(packet)
          const ok = QUESTIONS.fits(at, s, way)
          if (ok) s.packet = packet
          return ok
        },
      },
    },
  },
  /** AWS wraps as VXLAN does, and what that takes is missing to the machines. */
  'wrapping-is-yours': {
    asks: ['told', 'ends'],
    rows: (t) =>
      nodes(t, (n) => ({
        ...n,
        devs: n.devs.map((d) => (wireOf(d) === null ? d : { ...d, mtu: d.mtu - VXLAN_BYTES })),
      })),
  },
  /** A group stands between all that it is of, on one machine too. */
  'group-guards-all': {
    asks: ['ends', 'told'],
    walk: {
      questions: {
        bridge(port, s) {
          const frame = s.packet.headers[0]
          const beside =
            frame?.kind === 'ethernet' &&
            portsOf(port.l.n, port.dev.master ?? '').length > 1 &&
            port.l.n.devs.every((d) => d.mac !== frame.dst)
          if (!beside || grouped(port, s)) QUESTIONS.bridge(port, s)
        },
      },
    },
  },
} as const satisfies Readonly<Record<string, Belief>>
