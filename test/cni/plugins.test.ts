import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { tableAsTool } from '#lib/analysis/print/tools.ts'
import { broadcastDevice } from '#lib/lookup/local.ts'
import { lookupRoute } from '#lib/lookup/route.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { emptyNetns, netns, type Netns, type TableName } from '#lib/topology/topology.ts'
import { parseCluster } from '#lib/worlds/all.ts'
import {
  DATA,
  leased,
  LIMIT,
  noPlugins,
  runPlugins,
  type Call,
  type Link,
  type Seen,
} from './plugins.ts'

/*
 * Debian's CNI plugins are run as flannel has them run, on a node with everything that flanneld writes; what the tools print then must be what
 * they print of the rows in our cluster with the bridge cni0.
 *
 * Left out, since the plugins draw them: the MACs, and the names of host veths (ours are counted). Left out, since the model has neither: multicast
 * groups, and the MACs that a bridge lists of itself and its ports. br_netfilter is no plugin's: kubeadm asks for it, so only our rows have it.
 */

const reason = noPlugins()
if (reason !== null) {
  // In CI a suite that asks nobody must not look like one that was answered.
  if (process.env['CI'] !== undefined)
    throw new Error(`the CNI plugins must be asked here, but: ${reason}`)
  process.stderr.write(`\nSKIPPED: the rows that Debian's CNI plugins leave: ${reason}\n\n`)
}

/** Kubernetes' own words for a host port; a text is tcp. */
interface Mapped {
  readonly hostPort: number
  readonly containerPort: number
  readonly hostIP?: string
  readonly protocol?: string
}
interface World {
  readonly network: string
  readonly mtu: number
  readonly podMtu: number
  readonly hairpin?: boolean
  readonly publish?: Readonly<Record<string, readonly (string | Mapped)[]>>
  readonly services?: readonly object[]
}
const NODE = 'node-1'
const PODS = ['web', 'api'] as const
const RANGE = '10.1.15.0/24'
const NETWORK = '10.1.0.0/16'
const SYSCTLS = ['net.ipv4.ip_forward', 'net.ipv4.conf.cni0.route_localnet']

/** The cluster with the first of the pods, or both. */
function ours(w: World, pods: readonly string[]): ReadonlyMap<string, Netns> {
  const { topology } = parseCluster(
    stringify({
      'packet-walk': 1,
      network: w.network,
      bridge: 'cni0',
      mtu: w.mtu,
      podCidr: NETWORK,
      ...(w.hairpin === undefined ? {} : { hairpin: w.hairpin }),
      ...(w.services === undefined ? {} : { services: w.services }),
      nodes: [
        { name: NODE, podCidr: RANGE },
        { name: 'node-2', podCidr: '10.1.20.0/24' },
      ],
      pods: pods.map((name) => ({
        name,
        node: NODE,
        ...(w.publish?.[name] === undefined ? {} : { publish: w.publish[name] }),
      })),
    }),
  )
  return new Map([NODE, ...pods].map((name) => [name, netns(topology, name)!]))
}

/** Before the first pod: what flanneld wrote, no bridge. Forwarding is for the plugin to turn on. */
function bare(n: Netns): Netns {
  return {
    ...n,
    devs: n.devs.filter((d) => d.name !== 'cni0' && d.master !== 'cni0'),
    routes: n.routes.filter((r) => r.dev !== 'cni0'),
  }
}
const FORWARDING_OFF = ['echo 0 > /proc/sys/net/ipv4/ip_forward']

/** What flannel's plugin makes of kube-flannel's conflist and of subnet.env, where flanneld masquerades (flannel.go, doCmdAdd). */
function delegate(w: World): Call['config'] {
  return {
    name: 'cbr0',
    type: 'bridge',
    hairpinMode: w.hairpin ?? true,
    isDefaultGateway: true,
    isGateway: true,
    ipMasq: false,
    mtu: w.podMtu,
    ipam: {
      type: 'host-local',
      ranges: [[{ subnet: RANGE }]],
      routes: [{ dst: NETWORK }],
      dataDir: DATA,
    },
  }
}
const loopback = (pod: string): Call => ({
  plugin: 'loopback',
  verb: 'ADD',
  pod,
  dev: 'lo',
  config: { name: 'cni-loopback', type: 'loopback' },
})
const bridge = (w: World, verb: Call['verb'], pod: string): Call => ({
  plugin: 'bridge',
  verb,
  pod,
  config: delegate(w),
})

/** What the runtime hands the plugin behind the bridge: the result so far, and the pod's host ports. */
const portmap = (w: World, verb: Call['verb'], pod: string): Call => ({
  plugin: 'portmap',
  verb,
  pod,
  after: `bridge-${pod}`,
  as: `portmap-${pod}`,
  config: {
    name: 'cbr0',
    type: 'portmap',
    capabilities: { portMappings: true },
    runtimeConfig: {
      portMappings: (w.publish?.[pod] ?? []).map((p) => {
        if (typeof p === 'object') return { ...p, protocol: (p.protocol ?? 'TCP').toLowerCase() }
        const [hostPort, containerPort] = p.split(':').map(Number)
        return { hostPort, containerPort, protocol: 'tcp' }
      }),
    },
  },
})

interface Facts {
  readonly links: readonly object[]
  readonly tables: Readonly<Record<string, readonly string[]>>
  readonly sysctls: Readonly<Record<string, string>>
  readonly local: readonly string[]
}
type Words = Readonly<Record<string, string>>

/** Host veths by our names: those of the pods' other ends, in the order of the pods. */
function veths(seen: ReadonlyMap<string, Seen>): Words {
  const node = seen.get(NODE)!.links
  return Object.fromEntries(
    PODS.flatMap((pod, i) => {
      const end = seen.get(pod)!.links.find((l) => l.ifname === 'eth0')?.link_index
      return end === undefined ? [] : [[node.find((l) => l.ifindex === end)!.ifname, `veth${i}`]]
    }),
  )
}

function theirFacts(seen: Seen, names: Words): Facts {
  const made = (l: Link): boolean =>
    l.linkinfo?.info_kind === 'bridge' ||
    l.master !== undefined ||
    l.link_index !== undefined ||
    l.ifname === 'lo'
  const own = /^\S+ dev (\S+) (master \S+|self) permanent$/
  return {
    links: seen.links
      .filter(made)
      .filter((l) => l.flags.includes('UP'))
      .map((l) => ({
        name: names[l.ifname] ?? l.ifname,
        mtu: l.mtu,
        carrier: l.flags.includes('LOWER_UP'),
        master: l.master ?? null,
        hairpin: l.linkinfo?.info_slave_data?.hairpin ?? false,
        addrs: l.addr_info.map((a) => `${a.local}/${a.prefixlen}`),
      })),
    tables: {
      routes: seen.routes.map((r) => r.replace(/ linkdown$/, '')),
      rules: seen.rules,
      neigh: seen.neigh.toSorted(),
      fdb: seen.fdb.filter((l) => !own.test(l)).toSorted(),
      netfilter: seen.netfilter,
    },
    sysctls: seen.sysctls,
    local: seen.local.map((l) => l.split(' ').slice(0, 4).join(' ')),
  }
}

const TABLES = [
  'routes',
  'rules',
  'neigh',
  'fdb',
  'netfilter',
] as const satisfies readonly TableName[]
function ourFacts(n: Netns, asked: readonly string[]): Facts {
  // What a device lists of itself is left out on both sides.
  const lines = (t: TableName): string[] =>
    tableAsTool(n, t)
      .lines.filter((l) => t !== 'fdb' || l.row !== null)
      .map((l) => l.text)
  return {
    links: n.devs
      .filter((d) => d.kind !== 'vxlan' && d.kind !== 'tun')
      .map((d) => ({
        name: d.name,
        mtu: d.mtu,
        carrier: d.up,
        master: d.master ?? null,
        hairpin: d.hairpin ?? false,
        addrs: d.addrs,
      })),
    tables: Object.fromEntries(
      TABLES.map((t) => [t, t === 'neigh' || t === 'fdb' ? lines(t).toSorted() : lines(t)]),
    ),
    sysctls: Object.fromEntries(
      SYSCTLS.filter((key) => n.role === 'node' || !key.includes('cni0')).map((key) => [
        key,
        String(n.sysctls.find((x) => x.key === key)?.value ?? 0),
      ]),
    ),
    // The engine keeps no local table: each address the kernel has one for is asked for.
    local: asked.map((ip) => {
      const { type, localDev } = lookupRoute(n, ip.replace(/\/.*/, ''), {})
      return `${type} ${ip} dev ${localDev === null ? broadcastDevice(n, ip)?.dev.name : n.devs[localDev]!.name}`
    }),
  }
}

/** Every namespace of ours is what a look saw of it. */
function same(seen: ReadonlyMap<string, Seen>, world: ReadonlyMap<string, Netns>): void {
  const names = veths(seen)
  const theirs = new Map(
    [...world.keys()].map((name) => [name, theirFacts(seen.get(name)!, names)]),
  )
  expect(theirs).toEqual(
    new Map(
      [...world].map(([name, n]) => [
        name,
        ourFacts(
          n,
          theirs.get(name)!.local.map((l) => l.split(' ')[1]!),
        ),
      ]),
    ),
  )
}

const WORLDS: readonly World[] = [
  { network: 'flannel-vxlan', mtu: 1500, podMtu: 1450 },
  { network: 'flannel-udp', mtu: 9001, podMtu: 8973, hairpin: false },
  { network: 'flannel-host-gw', mtu: 1500, podMtu: 1500 },
]

describe.runIf(reason === null)('the bridge plugin, with host-local', () => {
  it.each(WORLDS)(
    '$network, MTU $mtu: leaves our rows, pod by pod',
    (w) => {
      const [one, two] = [ours(w, PODS.slice(0, 1)), ours(w, PODS)]
      const spaces = [bare(ours(w, []).get(NODE)!), ...PODS.map((p) => emptyNetns(p, NODE, 'pod'))]
      const [first, second, without] = runPlugins(
        spaces,
        [
          loopback('web'),
          bridge(w, 'ADD', 'web'),
          'look',
          loopback('api'),
          bridge(w, 'ADD', 'api'),
          'look',
          bridge(w, 'DEL', 'api'),
          'look',
        ],
        SYSCTLS,
        FORWARDING_OFF,
      )
      same(first!, one)
      same(second!, two)
      // A pod that is gone leaves the node as it was before it.
      same(without!, one)
    },
    LIMIT,
  )
})

const SIXTEEN = Array.from({ length: 16 }, (_, i) => `${9000 + i}:${9100 + i}`)
const PUBLISHED: readonly (readonly [string, World])[] = [
  ['one port, then sixteen', { ...WORLDS[0]!, publish: { web: ['8080:80'], api: SIXTEEN } }],
  [
    'both protocols, on one address',
    {
      ...WORLDS[1]!,
      publish: {
        web: [
          { hostPort: 5353, containerPort: 53, protocol: 'UDP' },
          { hostPort: 5353, containerPort: 53 },
          { hostPort: 5354, containerPort: 54, hostIP: '192.168.0.10', protocol: 'UDP' },
          { hostPort: 5355, containerPort: 55, hostIP: '127.0.0.1' },
        ],
        api: [
          { hostPort: 5354, containerPort: 54, hostIP: '192.168.0.77', protocol: 'UDP' },
          { hostPort: 9, containerPort: 9, hostIP: '0.0.0.0' },
        ],
      },
    },
  ],
  [
    'behind kube-proxy, a pod without any',
    {
      ...WORLDS[2]!,
      publish: { api: ['8443:443', '8081:8080'] },
      services: [{ name: 'backend', port: 80, nodePort: 30_080, pods: [] }],
    },
  ],
]

describe.runIf(reason === null)('the portmap plugin behind it', () => {
  it.each(PUBLISHED)(
    '%s: leaves our rows, pod by pod',
    (_, w) => {
      const spaces = [
        bare(ours({ ...w, publish: {} }, []).get(NODE)!),
        ...PODS.map((p) => emptyNetns(p, NODE, 'pod')),
      ]
      const added = (pod: string): (Call | 'look')[] => [
        loopback(pod),
        bridge(w, 'ADD', pod),
        portmap(w, 'ADD', pod),
        'look',
      ]
      const [first, second, without] = runPlugins(
        spaces,
        [
          ...added('web'),
          ...added('api'),
          portmap(w, 'DEL', 'api'),
          bridge(w, 'DEL', 'api'),
          'look',
        ],
        SYSCTLS,
        FORWARDING_OFF,
      )
      const one = ours(w, PODS.slice(0, 1))
      same(first!, one)
      same(second!, ours(w, PODS))
      expect(
        second!.get(NODE)!.netfilter.filter((l) => l.includes('--to-destination')),
      ).toHaveLength(Object.values(w.publish!).flat().length)
      // What all pods share stays, though nobody is left who needs it.
      if (w.publish!['web'] !== undefined) same(without!, one)
    },
    LIMIT,
  )
})

describe.runIf(reason === null)('host-local', () => {
  /** The addresses given to so many pods, one after another; null for who got none. */
  const given = (subnet: string, pods: number): (string | null)[] => {
    const data = mkdtempSync(join(tmpdir(), 'host-local-'))
    try {
      return Array.from({ length: pods }, (_, i) =>
        leased(
          { name: 'cbr0', ipam: { type: 'host-local', ranges: [[{ subnet }]], dataDir: data } },
          `pod-${i}`,
        ),
      )
    } finally {
      rmSync(data, { recursive: true })
    }
  }
  const filled = (subnet: string, pods: number): (string | null)[] => {
    const names = Array.from({ length: pods }, (_, i) => `pod-${i}`)
    try {
      const { topology } = parseCluster(
        stringify({
          'packet-walk': 1,
          network: 'flannel-vxlan',
          bridge: 'cni0',
          nodes: [{ name: NODE, podCidr: subnet }],
          pods: names.map((name) => ({ name, node: NODE })),
        }),
      )
      return names.map(
        (name) => netns(topology, name)!.devs.find((d) => d.name === 'eth0')!.addrs[0]!,
      )
    } catch (e) {
      if (!(e instanceof ClusterError)) throw e
      // The file's problems name the pods without an address; one about the range means that nobody has one.
      const without = e.problems.map((p) => p.path)
      const had = without.some((p) => !p.startsWith('pods'))
        ? []
        : filled(subnet, pods - without.length)
      return [...had, ...Array.from({ length: pods - had.length }, () => null)]
    }
  }
  it.each([
    ['10.1.15.0/24', 4, 4],
    ['10.1.15.0/29', 7, 5],
    ['10.1.15.8/30', 3, 1],
    ['10.1.15.0/31', 1, 0],
  ])('%s for %i pods: %i have an address, the same as in a cluster file', (subnet, pods, have) => {
    const theirs = given(subnet, pods)
    expect(theirs.filter((x) => x !== null)).toHaveLength(have)
    expect(filled(subnet, pods)).toEqual(theirs)
  })
})
