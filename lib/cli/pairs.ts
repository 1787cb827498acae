import { netns, spaces, type Netns, type Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { primaryAddress, resolveFlow } from '#lib/worlds/cluster/resolve.ts'
import type { Asked } from './check.ts'

/** What is sent of a cluster, and how many such flows there are in it. */
export interface Pairs {
  readonly sent: readonly Asked[]
  readonly of: number
}

/** A ping from every pod to every other pod and host, and a flow to each port of each Service: `most` of them, chosen so that each pod sends and is sent to as long as there is room. Where there are no pods, the nodes stand for them. */
export function pairsOf(t: Topology, most: number): Pairs {
  const all = spaces(t).flatMap((s) =>
    s.kind === 'netns' && primaryAddress(s) !== null ? [s] : [],
  )
  const pods = all.filter((n) => n.role === 'pod' || n.role === 'container')
  const ends = pods.length > 0 ? pods : all.filter((n) => n.role === 'node')
  const hosts = all.filter((n) => n.role === 'host')
  const services = servicesOf(t, all)
  const there = ends
    .flatMap((a) => ends.map((b) => [a, b] as const))
    .filter(([a, b]) => meets(a, b)).length
  const sent: Asked[] = []
  const add = (flow: Asked): void => {
    if (sent.length < most) sent.push(flow)
  }
  // Of very many Services most are alike: pods have their turn too.
  services.slice(0, Math.max(1, Math.floor(most / 4))).forEach((s, i) => {
    const from = ends[i % ends.length]
    if (from !== undefined) add(service(t, from, s))
  })
  for (let d = 1; sent.length < most && d < Math.max(ends.length, hosts.length + 1); d += 1) {
    const host = hosts[d - 1]
    if (d < ends.length)
      ends.forEach((from, i) => {
        const to = ends[(i + d) % ends.length]!
        if (meets(from, to)) add(ping(t, from, to))
      })
    if (host !== undefined) for (const from of ends) add(ping(t, from, host))
  }
  return {
    sent,
    of: services.length * Math.min(1, ends.length) + there + ends.length * hosts.length,
  }
}

/** Containers have the addresses of their host only: the same ones may be on another. */
function meets(a: Netns, b: Netns): boolean {
  return a !== b && (a.role !== 'container' || a.node === b.node)
}

function ping(t: Topology, from: Netns, to: Netns): Asked {
  return {
    name: `${from.name} → ${to.name}`,
    flow: resolveFlow(t, { from: from.name, to: to.name }),
  }
}

interface Service {
  readonly name: string
  readonly port: number
  readonly proto: 'tcp' | 'udp'
}

function service(t: Topology, from: Netns, s: Service): Asked {
  const flow: Flow = resolveFlow(t, { from: from.name, to: `${s.name}:${s.port}`, proto: s.proto })
  return { name: `${from.name} → ${s.name}:${s.port}${s.proto === 'udp' ? ' udp' : ''}`, flow }
}

/** The Services by name, with their ports as kube-proxy wrote them on a node. */
function servicesOf(t: Topology, all: readonly Netns[]): Service[] {
  const node = netns(
    t,
    (all.find((n) => n.role === 'node') ?? all.find((n) => n.role === 'pod'))?.name ?? '',
  )
  const rules = node?.netfilter.filter((r) => r.chain === 'KUBE-SERVICES') ?? []
  const virtual = node?.ipvsServices ?? []
  return [...(t.source.services ?? [])].flatMap(([name, ip]) => {
    const ports = rules.flatMap((r) =>
      r.dst === `${ip}/32` && r.dport !== undefined && r.proto !== 'icmp'
        ? [`${r.proto ?? 'tcp'} ${r.dport}`]
        : [],
    )
    const served = virtual.flatMap((v) => (v.ip === ip ? [`${v.proto} ${v.port}`] : []))
    return [...new Set([...ports, ...served])].map((x): Service => {
      const [proto, port] = x.split(' ')
      return { name, proto: proto === 'udp' ? 'udp' : 'tcp', port: Number(port) }
    })
  })
}
