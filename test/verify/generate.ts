/** Arbitrary cluster files, what breaks in them, and a flow through what is left. */
import fc from 'fast-check'
import { stringify } from 'yaml'
import { check, type Checked } from '#lib/cli/check.ts'
import type { Ability } from '#lib/cli/kernel-lab.ts'
import { addressOf, fromNumber, toNumber, type Ipv4 } from '#lib/wire/addr.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { same } from '#lib/topology/apply.ts'
import { spaces, type Netns, type Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { walk } from '#lib/engine/walk.ts'
import { flowText } from '#lib/analysis/verify.ts'
import { ClusterError, clusterOf } from '#lib/scenarios/cluster-file.ts'
import { NETWORKS, type Network } from '#lib/scenarios/cluster-schema.ts'
import { primaryAddress } from '#lib/scenarios/resolve.ts'

/** `cluster` is the plain value of a cluster file, `edits` the faults in it; `cluster` with `edits` is a file too. */
export interface Generated { readonly cluster: Readonly<Record<string, unknown>>; readonly edits: readonly Edit[]; readonly flow: Flow }

/** Which row of how many: taken modulo what is there, so that it means something in a cluster that has shrunk. */
const pick = fc.nat({ max: 999 })
const often = <T>(usual: T, ...others: readonly fc.Arbitrary<T>[]): fc.Arbitrary<T> => fc.oneof({ arbitrary: fc.constant(usual), weight: 2 * others.length }, ...others)
const at = <T>(xs: readonly T[], n: number): T | undefined => xs[n % xs.length]

const node = fc.record({
  subnet: pick, pods: fc.array(fc.record({ udp: fc.boolean(), eth1: fc.boolean(), publish: fc.boolean() }), { minLength: 1, maxLength: 5 }),
  /** Prefix length of the node's pods, 0 for the next free /24; without the check AWS lets what is routed pass. */
  bits: often(0, fc.integer({ min: 25, max: 28 })), check: fc.boolean(),
})
const SHAPE = fc.record({
  network: fc.constantFrom(...NETWORKS), mtu: often(1500, fc.constantFrom(1280, 9001), fc.integer({ min: 576, max: 9001 })), bridge: fc.constantFrom('docker0', 'cni0'), hairpin: fc.boolean(),
  subnets: fc.array(fc.integer({ min: 20, max: 26 }), { minLength: 1, maxLength: 3 }), nodes: fc.array(node, { minLength: 2, maxLength: 6 }), service: fc.option(fc.record({ pods: fc.uniqueArray(fc.nat({ max: 29 }), { maxLength: 4 }), nodePort: fc.boolean() }), { nil: null }),
})
type Shape = typeof SHAPE extends fc.Arbitrary<infer S> ? S : never

/** The shape as a person would write it: what has a default in the file and is at it stays out. */
function written(s: Shape): Record<string, unknown> {
  const flannel = s.network.startsWith('flannel-')
  const names = s.nodes.map((_, i) => `node-${i + 1}`)
  const pods = s.nodes.flatMap((n, i) => n.pods.map((p, k) => ({
    name: `pod-${i + 1}-${k + 1}`, node: names[i]!, listen: ['tcp/8080', ...(p.udp ? ['udp/53'] : [])],
    ...(s.network === 'vpc-cni' ? { eni: p.eth1 ? 'eth1' : 'eth0' } : {}), ...((s.network === 'docker-bridge' || (flannel && s.bridge === 'cni0')) && p.publish ? { publish: [`${8080 + k}:8080`] } : {}),
  })))
  return {
    'packet-walk': 1, network: s.network, ...(s.mtu === 1500 ? {} : { mtu: s.mtu }), ...(flannel ? { bridge: s.bridge, hairpin: s.hairpin } : {}),
    vpc: { subnets: s.subnets.map((bits, i) => ({ name: `s${i + 1}`, cidr: `192.168.${16 * i}.0/${bits}` })) },
    nodes: s.nodes.map((n, i) => ({ name: names[i]!, subnet: `s${1 + (n.subnet % s.subnets.length)}`, ...(flannel && n.bits > 0 ? { podCidr: `10.1.${100 + i}.${i % 2 === 0 ? 0 : 128}/${n.bits}` } : {}), ...(n.check ? {} : { sourceDestCheck: false }) })),
    pods,
    ...(s.service === null || s.network === 'docker-bridge' ? {} : { services: [{ name: 'svc', port: 80, targetPort: 8080, pods: [...new Set(s.service.pods.map((n) => at(pods, n)!.name))], ...(s.service.nodePort ? { nodePort: 30_080 } : {}) }] }),
  }
}

/** The fewest fields that name one row. */
function whereOf(rows: readonly object[], row: object): Readonly<Record<string, unknown>> {
  const all = Object.entries(row).filter(([, v]) => v !== undefined)
  const where: Record<string, unknown> = {}
  for (const [k, v] of all) {
    where[k] = v
    if (rows.filter((r) => Object.entries(where).every(([x, y]) => same((r as Readonly<Record<string, unknown>>)[x], y))).length === 1) break
  }
  return where
}

const sysctl = (n: Netns, key: `net.${string}`, value: number): Edit => (n.sysctls.some((x) => x.key === key)
  ? { op: 'set', in: n.name, table: 'sysctls', where: { key }, to: { value } } : { op: 'add', in: n.name, table: 'sysctls', row: { key, value } })
const less = (table: 'routes' | 'neigh' | 'fdb' | 'daemons' | 'leases' | 'sockets' | 'netfilter' | 'rules') => (n: Netns, which: number): Edit | null => {
  const rows: readonly object[] = n[table]
  const row = at(rows, which)
  return row === undefined ? null : { op: 'del', in: n.name, table, where: whereOf(rows, row) }
}
const device = (to: (was: { readonly mtu: number }, more: number) => { readonly mtu?: number; readonly up?: boolean }) => (n: Netns, which: number, more: number): Edit | null => {
  const d = at(n.devs.filter((x) => x.kind !== 'loopback'), which)
  return d === undefined ? null : { op: 'set', in: n.name, table: 'devs', where: { name: d.name }, to: to(d, more) }
}

/** What breaks, in one namespace. Null: there is nothing of the kind in it. */
const FAULTS = {
  route: less('routes'), neighbour: less('neigh'), fdb: less('fdb'), flanneld: less('daemons'), lease: less('leases'), listener: less('sockets'), rule: less('rules'), firewall: less('netfilter'),
  mtu: device((was, more) => ({ mtu: Math.max(576, was.mtu - 1 - (more % 900)) })), down: device(() => ({ up: false })),
  forwarding: (n) => sysctl(n, 'net.ipv4.ip_forward', 0),
  'bridge-nf': (n) => (n.sysctls.some((x) => x.key.startsWith('net.bridge.')) ? sysctl(n, 'net.bridge.bridge-nf-call-iptables', 0) : null),
  'rp-filter': (n, which) => sysctl(n, 'net.ipv4.conf.all.rp_filter', 1 + (which % 2)),
  policy: (n, which) => {
    const chain = (['FORWARD', 'INPUT', 'OUTPUT'] as const)[which % 3]!
    return n.chains.some((c) => c.table === 'filter' && c.chain === chain)
      ? { op: 'set', in: n.name, table: 'chains', where: { table: 'filter', chain }, to: { policy: 'DROP' } } : { op: 'add', in: n.name, table: 'chains', row: { table: 'filter', chain, policy: 'DROP' } }
  },
  refusal: (n, which) => {
    const r = at(n.routes, which)
    return r === undefined ? null : { op: 'add', in: n.name, table: 'routes', row: { table: 'main', dst: r.dst === '0.0.0.0/0' ? '203.0.113.0/24' : `${addressOf(r.dst)}/32`, type: at(['blackhole', 'unreachable', 'prohibit'] as const, which)! } }
  },
} as const satisfies Readonly<Record<string, (n: Netns, which: number, more: number) => Edit | null>>
const FAULT = fc.record({ what: fc.constantFrom(...(Object.keys(FAULTS) as (keyof typeof FAULTS)[])), space: pick, which: pick, more: pick })

/** The faults as edits, each where the packets were and there is something to break; one that the file would refuse is left out. */
function broken(file: Readonly<Record<string, unknown>>, start: Topology, flow: Flow, faults: readonly (typeof FAULT extends fc.Arbitrary<infer F> ? F : never)[]): readonly Edit[] {
  const on = faults.length === 0 ? new Set() : new Set(walk(start, flow).steps.map((s) => s.in))
  let topology = start
  let edits: readonly Edit[] = []
  for (const f of faults) {
    const there = spaces(topology).flatMap((s) => (s.kind === 'netns' && s.role !== 'host' && on.has(s.name) ? (FAULTS[f.what](s, f.which, f.more) ?? []) : []))
    const edit = at(there, f.space)
    if (edit === undefined) continue
    try {
      topology = clusterOf({ ...file, edits: [...edits, edit] }).topology
      edits = [...edits, edit]
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
    }
  }
  return edits
}

const QUESTION = fc.record({
  from: pick, to: fc.oneof({ arbitrary: fc.constant('pod' as const), weight: 5 }, ...(['node', 'outside', 'service', 'nobody', 'any'] as const).map((x) => fc.constant(x))), which: pick,
  proto: fc.constantFrom('icmp' as const, 'tcp' as const, 'udp' as const), closed: fc.integer({ min: 0, max: 4 }).map((n) => n === 4), published: fc.boolean(),
  size: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 500, max: 1600 }), fc.integer({ min: 0, max: 6000 })), ttl: often(64, fc.integer({ min: 1, max: 6 })), df: fc.boolean(),
})

/** From a pod, sometimes a node or from outside, to an address that somebody has, or nobody. */
function asked(t: Topology, file: { readonly services?: unknown }, q: typeof QUESTION extends fc.Arbitrary<infer Q> ? Q : never): Flow {
  const nets = spaces(t).flatMap((s) => (s.kind === 'netns' ? [s] : []))
  const by = (...roles: readonly string[]): readonly Netns[] => nets.filter((n) => roles.includes(n.role))
  const pods = by('pod', 'container')
  const from = at([...pods, ...pods, ...by('node'), ...by('host')], q.from)!
  const ips = (ns: readonly Netns[]): readonly Ipv4[] => ns.flatMap((n) => primaryAddress(n) ?? [])
  const publics = spaces(t).flatMap((s) => (s.kind === 'vpc' ? s.enis.flatMap((e) => e.publicIp ?? []) : []))
  const every = nets.flatMap((n) => n.devs.filter((d) => d.kind !== 'loopback').flatMap((d) => d.addrs.map(addressOf)))
  const podIps = ips(pods)
  const service = [...(t.source.services?.values() ?? [])]
  const choices: Readonly<Record<typeof q.to, readonly Ipv4[]>> = {
    pod: podIps, node: from.role === 'host' ? publics : ips(by('node')), outside: ips(by('host')), service: service.length > 0 ? service : podIps, any: every,
    nobody: podIps.map((ip) => fromNumber(toNumber(ip) + 7)),
  }
  const to = at(choices[from.role === 'host' ? 'node' : q.to], q.which) ?? at(every, q.which)!
  const toNode = q.to === 'node' || from.role === 'host'
  const tcpPort = q.closed ? 8081 : service.includes(to) ? 80 : toNode && q.published && file.services !== undefined ? 30_080 : to === '203.0.113.10' ? 443 : 8080
  const common = { from: from.name, to, size: q.size, ttl: q.ttl }
  // At the smallest MTU ten segments, which the first window holds.
  if (q.proto === 'tcp') return { ...common, size: Math.max(1, Math.min(q.size, 4000)), proto: 'tcp', dport: tcpPort }
  if (q.proto === 'udp') return { ...common, proto: 'udp', dport: q.closed ? 54 : 53, ...(q.df ? { df: true } : {}) }
  return { ...common, proto: 'icmp', dport: 0, ...(q.df ? { df: true } : {}) }
}

export const GENERATED: fc.Arbitrary<Generated> = fc.record({ shape: SHAPE, faults: fc.array(FAULT, { maxLength: 3 }), question: QUESTION }).map(({ shape, faults, question }) => {
  const cluster = written(shape)
  const { topology } = clusterOf(cluster)
  const flow = asked(topology, cluster, question)
  return { cluster, edits: broken(cluster, topology, flow, faults), flow }
})

/** The same for the same seed. */
export function generated(seed: number): Generated {
  return fc.sample(GENERATED, { seed, numRuns: 1 })[0]!
}

export const fileOf = (g: Generated): Readonly<Record<string, unknown>> => ({ ...g.cluster, ...(g.edits.length > 0 ? { edits: g.edits } : {}) })
/** One line: which network, how large, what is broken, what is sent. */
export const brieflyOf = (g: Generated): string => `${g.cluster.network as Network}, ${(g.cluster.nodes as readonly unknown[]).length} nodes, ${(g.cluster.pods as readonly unknown[]).length} pods${g.edits.map((e) => `, ${e.op} ${e.in} ${e.table}`).join('')}; ${flowText(g.flow)}`

const line = (x: unknown): string => stringify(x, { collectionStyle: 'flow', lineWidth: 0 }).trim()

/** The file and the command that ask the kernel the same again. */
export function reproduction(g: Generated): string {
  const f = g.flow
  const command = ['packet-walk verify FILE', `--from ${f.from}`, `--to ${f.to}${f.proto === 'icmp' ? '' : `:${f.dport}`}`, ...(f.proto === 'udp' ? ['--proto udp'] : []), `--size ${f.size}`, `--ttl ${f.ttl}`, ...(f.df === true ? ['--df'] : [])].join(' ')
  return `# ${command}\n${Object.entries(fileOf(g)).map(([k, v]) => (Array.isArray(v) ? `${k}:\n${v.map((x) => `  - ${line(x)}\n`).join('')}` : `${k}: ${line(v)}\n`)).join('')}`
}

/** How long the smallest case that still differs is looked for. */
const SHRINK_MS = 60_000

/** Asks the kernel; of what differs, the smallest that fast-check finds. */
export async function checkGenerated(seed: number, a: Ability): Promise<{ readonly seed: number; readonly text: string; readonly first: Checked; readonly smallest: { readonly case: Generated; readonly checked: Checked } | null }> {
  const once = async (g: Generated): Promise<Checked> => (await check({ world: `seed ${seed}`, whatIf: [] }, clusterOf(fileOf(g)).topology, [{ name: flowText(g.flow), flow: g.flow }], a))[0]!
  const failed: { case: Generated; checked: Checked }[] = []
  let first: Checked | null = null
  let text = ''
  await fc.check(fc.asyncProperty(GENERATED, async (g) => {
    const checked = await once(g)
    if (first === null) { first = checked; text = brieflyOf(g) }
    if (checked.verdict === 'differs') failed.push({ case: g, checked })
    return checked.verdict !== 'differs'
  }), { seed, numRuns: 1, interruptAfterTimeLimit: SHRINK_MS })
  return { seed, text, first: first!, smallest: failed.at(-1) ?? null }
}
