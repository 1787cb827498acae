/** Arbitrary cluster files, what breaks in them, and a flow through what is left. */
import fc from 'fast-check'
import { stringify } from 'yaml'
import { check, type Checked } from '#lib/cli/check.ts'
import type { Ability } from '#lib/cli/kernel-lab.ts'
import {
  addressOf,
  broadcastOf,
  fromNumber,
  networkOf,
  parseCidr,
  toNumber,
  type Address,
} from '#lib/wire/addr.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { spaces, type Netns, type Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { walk } from '#lib/walk/walk.ts'
import { flowText } from '#lib/analysis/kernel/verify.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { listedWorld, WORLD_IDS, type WorldId } from '#lib/worlds/index.ts'
import { primaryAddress } from '#lib/worlds/cluster/resolve.ts'
import { clusterOf } from '#lib/worlds/all.ts'
import { CHANGES, dice } from './changes.ts'

/** The networks of generated clusters: not those of devices that few kernels have, which test/verify/link-rows.ts is about. */
const FEW_KERNELS: readonly WorldId[] = [
  'lyft-ipvlan',
  'encapsulations',
  'sg-per-pod',
  'calico-ipip',
  'calico-cross-subnet',
]
export const NETWORKS: readonly WorldId[] = WORLD_IDS.filter((id) => !FEW_KERNELS.includes(id))

/** `cluster` is the plain value of a cluster file, `edits` what is changed in it; `cluster` with `edits` is a file too. `refused` changes were none that a file may have. */
export interface Generated {
  readonly cluster: Readonly<Record<string, unknown>>
  readonly edits: readonly Edit[]
  readonly flow: Flow
  readonly refused: number
}

/** Which row of how many: taken modulo what is there, so that it means something in a cluster that has shrunk. */
const pick = fc.nat({ max: 999 })
const often = <T>(usual: T, ...others: readonly fc.Arbitrary<T>[]): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: 2 * others.length }, ...others)
const at = <T>(xs: readonly T[], n: number): T | undefined => xs[n % xs.length]

const node = fc.record({
  subnet: pick,
  pods: fc.array(fc.record({ udp: fc.boolean(), eth1: fc.boolean(), publish: fc.boolean() }), {
    minLength: 1,
    maxLength: 5,
  }),
  /** Prefix length of the node's pods, 0 for the next free /24; without the check AWS lets what is routed pass. */
  bits: often(0, fc.integer({ min: 25, max: 28 })),
  check: fc.boolean(),
})
const SHAPE = fc.record({
  network: fc.constantFrom(...NETWORKS),
  mtu: often(1500, fc.constantFrom(1280, 9001), fc.integer({ min: 576, max: 9001 })),
  bridge: fc.constantFrom('docker0', 'cni0'),
  hairpin: fc.boolean(),
  subnets: fc.array(fc.integer({ min: 20, max: 26 }), { minLength: 1, maxLength: 3 }),
  nodes: fc.array(node, { minLength: 2, maxLength: 6 }),
  service: fc.option(
    fc.record({
      pods: fc.uniqueArray(fc.nat({ max: 29 }), { maxLength: 4 }),
      nodePort: fc.boolean(),
    }),
    { nil: null },
  ),
})
type Shape = typeof SHAPE extends fc.Arbitrary<infer S> ? S : never

/** The shape as a person would write it: what has a default in the file and is at it stays out. */
function written(s: Shape): Record<string, unknown> {
  const { traits } = listedWorld(s.network)
  const ranges = traits.addresses === 'overlay'
  const inVpc = traits.between === 'vpc'
  const cni0 = traits.bridges.includes('cni0')
  const names = s.nodes.map((_, i) => `node-${i + 1}`)
  const alone = traits.alone === true
  const pods = s.nodes.flatMap((n, i) =>
    n.pods.map((p, k) => ({
      name: `pod-${i + 1}-${k + 1}`,
      node: alone ? `vm-${i + 1}-${k + 1}` : names[i]!,
      listen: ['tcp/8080', ...(p.udp ? ['udp/53'] : [])],
      ...(traits.enis === 2 ? { eni: p.eth1 ? 'eth1' : 'eth0' } : {}),
      ...((traits.runtime === 'docker' || (cni0 && s.bridge === 'cni0')) && p.publish
        ? { publish: [`${8080 + k}:8080`] }
        : {}),
    })),
  )
  return {
    'packet-walk': 1,
    network: s.network,
    ...(s.mtu === 1500 ? {} : { mtu: s.mtu }),
    ...(cni0 ? { bridge: s.bridge, hairpin: s.hairpin } : {}),
    ...(inVpc
      ? {
          vpc: {
            subnets: s.subnets.map((bits, i) => ({
              name: `s${i + 1}`,
              cidr: `192.168.${16 * i}.0/${bits}`,
            })),
          },
        }
      : {}),
    nodes: (alone
      ? s.nodes.flatMap((n, i) => n.pods.map((_, k) => ({ n, i, name: `vm-${i + 1}-${k + 1}` })))
      : s.nodes.map((n, i) => ({ n, i, name: names[i]! }))
    ).map(({ n, i, name }) => ({
      name,
      ...(inVpc ? { subnet: `s${1 + (n.subnet % s.subnets.length)}` } : {}),
      ...(ranges && n.bits > 0
        ? { podCidr: `10.1.${100 + i}.${i % 2 === 0 ? 0 : 128}/${n.bits}` }
        : {}),
      ...(n.check || !inVpc || alone ? {} : { sourceDestCheck: false }),
    })),
    pods,
    ...(s.service === null || !traits.kubeProxy
      ? {}
      : {
          services: [
            {
              name: 'svc',
              port: 80,
              targetPort: 8080,
              pods: [...new Set(s.service.pods.map((n) => at(pods, n)!.name))],
              ...(s.service.nodePort ? { nodePort: 30_080 } : {}),
            },
          ],
        }),
  }
}

/** What there are most kinds of is drawn more often. */
const MORE: readonly (keyof typeof CHANGES)[] = [
  'new firewall',
  'new firewall',
  'new firewall',
  'new firewall',
  'new route',
  'new route',
  'sysctl',
  'other fdb',
  'detour',
  'detour',
  'narrow',
  'narrow',
  'lease',
  'vni',
  'policy',
  'into itself',
  'into itself',
]
const CHANGE = fc.record({
  what: fc.constantFrom(...(Object.keys(CHANGES) as (keyof typeof CHANGES)[]), ...MORE),
  space: pick,
  drawn: fc.array(fc.nat({ max: 9999 }), { minLength: 48, maxLength: 48 }),
})
type Changing = typeof CHANGE extends fc.Arbitrary<infer C> ? C : never
/** None in one of ten, one in two, most often two to six. */
const CHANGING = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Changing[]>([]) },
  { weight: 2, arbitrary: fc.array(CHANGE, { minLength: 1, maxLength: 1 }) },
  { weight: 7, arbitrary: fc.array(CHANGE, { minLength: 2, maxLength: 6 }) },
)

/** The changes as edits, each in a namespace where the packets were; one that the file would refuse is left out and counted. */
function changed(
  file: Readonly<Record<string, unknown>>,
  start: Topology,
  flow: Flow,
  changes: readonly Changing[],
): { readonly edits: readonly Edit[]; readonly refused: number } {
  let topology = start
  let edits: readonly Edit[] = []
  let refused = 0
  for (const { what, space, drawn } of changes) {
    const { steps } = walk(topology, flow)
    const on = new Set(steps.map((s) => s.in))
    const others = spaces(topology).flatMap((s) =>
      s.kind === 'netns'
        ? s.devs.filter((d) => d.kind !== 'loopback').flatMap((d) => d.addrs.map(addressOf))
        : [],
    )
    const there = spaces(topology).flatMap((n) => {
      if (n.kind !== 'netns' || n.role === 'host' || !on.has(n.name)) return []
      const here = [
        ...new Set(
          steps
            .filter((s) => s.in === n.name)
            .flatMap((s) =>
              s.packet.headers.flatMap((h) => (h.kind === 'ipv4' ? [h.dst, h.src] : [])),
            ),
        ),
      ]
      const more: readonly Edit[] | null = CHANGES[what]({
        t: topology,
        n,
        flow,
        ips: [...here, ...here, ...here, ...others.slice(0, 6), '8.8.8.8'],
        d: dice(drawn),
      })
      return more === null ? [] : [more]
    })
    const more = at(there, space)
    if (more === undefined) continue
    const all = [...edits, ...more]
    try {
      topology = clusterOf({ ...file, edits: all }).topology
      edits = all
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      refused += 1
    }
  }
  return { edits, refused }
}

const QUESTION = fc.record({
  from: pick,
  to: fc.oneof(
    { arbitrary: fc.constant('pod' as const), weight: 5 },
    ...(['node', 'outside', 'service', 'nobody', 'any', 'odd'] as const).map((x) => fc.constant(x)),
  ),
  which: pick,
  proto: fc.constantFrom('icmp' as const, 'tcp' as const, 'udp' as const),
  closed: fc.integer({ min: 0, max: 4 }).map((n) => n === 4),
  published: fc.boolean(),
  size: fc.oneof(
    fc.integer({ min: 1, max: 100 }),
    fc.integer({ min: 500, max: 1600 }),
    fc.integer({ min: 0, max: 6000 }),
    fc.integer({ min: 0, max: 20_000 }),
  ),
  ttl: often(64, fc.integer({ min: 1, max: 6 })),
  df: fc.boolean(),
})

/** From a pod, sometimes a node or from outside, to an address that somebody has, or nobody. */
function asked(
  t: Topology,
  file: { readonly services?: unknown },
  q: typeof QUESTION extends fc.Arbitrary<infer Q> ? Q : never,
): Flow {
  const nets = spaces(t).flatMap((s) => (s.kind === 'netns' ? [s] : []))
  const by = (...roles: readonly string[]): readonly Netns[] =>
    nets.filter((n) => roles.includes(n.role))
  const pods = by('pod', 'container')
  const from = at([...pods, ...pods, ...by('node'), ...by('host')], q.from)!
  const ips = (ns: readonly Netns[]): readonly Address[] =>
    ns.flatMap((n) => primaryAddress(n) ?? [])
  const publics = spaces(t).flatMap((s) =>
    s.kind === 'vpc' ? s.enis.flatMap((e) => e.publicIp ?? []) : [],
  )
  const every = nets.flatMap((n) =>
    n.devs.filter((d) => d.kind !== 'loopback').flatMap((d) => d.addrs.map(addressOf)),
  )
  const podIps = ips(pods)
  const own = from.devs.flatMap((d) =>
    d.kind === 'loopback' ? [] : d.addrs.filter((a) => parseCidr(a).bits < 31),
  )
  const service = [...(t.source.services?.values() ?? [])]
  const choices: Readonly<Record<typeof q.to, readonly Address[]>> = {
    pod: podIps,
    node: from.role === 'host' ? publics : ips(by('node')),
    outside: ips(by('host')),
    service: service.length > 0 ? service : podIps,
    any: every,
    nobody: podIps.map((ip) => fromNumber(toNumber(ip) + 7)),
    odd: [
      ...own.map(broadcastOf),
      '127.0.0.1',
      ...own.map(addressOf),
      ...own.map((a) => addressOf(networkOf(a))),
      '255.255.255.255',
    ],
  }
  const to = at(choices[from.role === 'host' ? 'node' : q.to], q.which) ?? at(every, q.which)!
  const toNode = q.to === 'node' || from.role === 'host'
  const tcpPort = q.closed
    ? 8081
    : service.includes(to)
      ? 80
      : toNode && q.published && file.services !== undefined
        ? 30_080
        : to === '203.0.113.10'
          ? 443
          : 8080
  const common = { from: from.name, to, size: q.size, ttl: q.ttl }
  if (q.proto === 'tcp')
    return { ...common, size: Math.max(1, q.size), proto: 'tcp', dport: tcpPort }
  if (q.proto === 'udp')
    return {
      ...common,
      proto: 'udp',
      dport: q.closed ? 54 : 53,
      ...(q.df && q.size < 3000 ? { df: true } : {}),
    }
  return { ...common, proto: 'icmp', dport: 0, ...(q.df && q.size < 3000 ? { df: true } : {}) }
}

export const GENERATED: fc.Arbitrary<Generated> = fc
  .record({ shape: SHAPE, changes: CHANGING, question: QUESTION })
  .map(({ shape, changes, question }) => {
    const cluster = written(shape)
    const { topology } = clusterOf(cluster)
    const flow = asked(topology, cluster, question)
    return { cluster, ...changed(cluster, topology, flow, changes), flow }
  })

/** The same for the same seed. */
export function generated(seed: number): Generated {
  return fc.sample(GENERATED, { seed, numRuns: 1 })[0]!
}

export const fileOf = (g: Generated): Readonly<Record<string, unknown>> => ({
  ...g.cluster,
  ...(g.edits.length > 0 ? { edits: g.edits } : {}),
})
/** One line: which network, how large, what is broken, what is sent. */
export const brieflyOf = (g: Generated): string =>
  `${g.cluster.network as WorldId}, ${(g.cluster.nodes as readonly unknown[]).length} nodes, ${(g.cluster.pods as readonly unknown[]).length} pods${g.edits.map((e) => `, ${e.op} ${e.in} ${e.table}`).join('')}; ${flowText(g.flow)}`

const line = (x: unknown): string => stringify(x, { collectionStyle: 'flow', lineWidth: 0 }).trim()

/** The file and the command that ask the kernel the same again. */
export function reproduction(g: Generated): string {
  const f = g.flow
  const command = [
    'packet-walk verify FILE',
    `--from ${f.from}`,
    `--to ${f.to}${f.proto === 'icmp' ? '' : `:${f.dport}`}`,
    ...(f.proto === 'udp' ? ['--proto udp'] : []),
    `--size ${f.size}`,
    `--ttl ${f.ttl}`,
    ...(f.df === true ? ['--df'] : []),
  ].join(' ')
  return `# ${command}\n${Object.entries(fileOf(g))
    .map(([k, v]) =>
      Array.isArray(v)
        ? `${k}:\n${v.map((x) => `  - ${line(x)}\n`).join('')}`
        : `${k}: ${line(v)}\n`,
    )
    .join('')}`
}

/** Asks the kernel; of what differs, the smallest that fast-check finds in so many milliseconds. */
export async function checkGenerated(
  seed: number,
  a: Ability,
  shrinkMs = 60_000,
): Promise<{
  readonly seed: number
  readonly text: string
  readonly first: Checked
  readonly smallest: { readonly case: Generated; readonly checked: Checked } | null
}> {
  /** What is asked just now: fast-check does not wait for it when its time is over, but the next lab must. */
  let asking: Promise<unknown> = Promise.resolve()
  const once = async (g: Generated): Promise<Checked> => {
    const asked = check(
      { world: `seed ${seed}`, whatIf: [], topology: clusterOf(fileOf(g)).topology },
      [{ name: flowText(g.flow), flow: g.flow }],
      { ability: a },
    )
    asking = asked
    return (await asked)[0]!
  }
  const g = generated(seed)
  const [first, text] = [await once(g), brieflyOf(g)]
  const failed = first.verdict === 'differs' ? [{ case: g, checked: first }] : []
  if (failed.length > 0) {
    await fc.check(
      fc.asyncProperty(GENERATED, async (smaller) => {
        const checked = await once(smaller)
        if (checked.verdict === 'differs') failed.push({ case: smaller, checked })
        return checked.verdict !== 'differs'
      }),
      { seed, numRuns: 1, plugins: [fc.interruptAfterTimeLimit(shrinkMs)] },
    )
    await asking
  }
  return { seed, text, first, smallest: failed.at(-1) ?? null }
}
