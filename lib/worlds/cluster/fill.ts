import { inCidr, networkOf, overlaps, type Cidr } from '#lib/wire/addr.ts'
import type { Say } from '#lib/topology/problem.ts'
import type { Peering, SgRule } from '#lib/topology/rows.ts'
import { listedWorld } from '#lib/worlds/index.ts'
import { counted, type Common } from './counted.ts'
import { dockerProblems, joined } from './docker.ts'
import { hostProblems } from './fill-hosts.ts'
import { instances, nodesOf, ofPods, rangesOf, secondEnis, subnetsOf } from './fill-nodes.ts'
import { podsOf } from './fill-pods.ts'
import { hostRange, namesBetween, type Filling } from './filling.ts'
import { disjoint, once, specialRange } from './ranges.ts'
import type { ClusterFile } from './schema.ts'
import { HOSTS, POD_NETWORK } from './seed.ts'
import { besides, servicesOf, type PodNames } from './services.ts'
import { GROUP, NODE_GROUP, type ClusterSpec, type HostSpec, type PodSpec } from './spec.ts'

/** A cluster file with every default filled in; what is wrong is said, and then the result is of no use. `world` is that of its network. */
export function fill(
  file: ClusterFile,
  say: Say,
  world: Filling['world'] = listedWorld(file.network),
): { readonly spec: ClusterSpec; readonly podCidr: Cidr } {
  const r: Filling = { file, world, say }
  asked(r)
  const common: Common = {
    mtu: file.mtu ?? 1500,
    ...groupsOf(r),
    hosts:
      file.hosts?.map((h): HostSpec => ({
        name: h.name,
        ip: h.ip,
        listen: h.listen ?? [{ proto: 'tcp', port: 443 }],
      })) ?? HOSTS,
    ...(r.world.traits.between === 'switch' ? { between: 'switch' as const } : {}),
    ...(r.world.traits.runtime === 'docker' ? { role: 'container' as const } : {}),
  }
  return file.count === undefined ? written(r, common) : counted(r, common)
}

/** What only some networks have. */
function asked({ file, world, say }: Filling): void {
  const { traits } = world
  if (traits.addresses !== 'overlay' && file.podCidr !== undefined)
    say('podCidr', 'no-ranges', world.id)
  // Files for networks in which pods have addresses of the VPC could always say it.
  const routed = traits.addresses === 'overlay' && traits.bridges.length === 0
  if (routed)
    for (const key of ['bridge', 'hairpin'] as const)
      if (file[key] !== undefined) say(key, 'no-bridge', world.id)
  if (file.bridge === 'cni0' && !routed && !traits.bridges.includes('cni0'))
    say('bridge', 'no-cni0', world.id)
  if (file['userland-proxy'] !== undefined && traits.runtime !== 'docker')
    say('userland-proxy', 'no-docker-proxy', world.id)
  dockerProblems({ file, world, say })
  if (file['vpc-cni'] !== undefined && traits.addresses !== 'vpc')
    say('vpc-cni', 'no-vpc-cni', world.id)
  const config = file['vpc-cni']?.eniConfig
  if (config !== undefined && traits.ipamd !== true)
    say('vpc-cni.eniConfig', 'no-eni-config', world.id)
  else if (config !== undefined && ['v1.0', 'v1.2'].includes(file['vpc-cni']?.version ?? ''))
    say('vpc-cni.eniConfig', 'eni-config-era', file['vpc-cni']!.version!)
  if (traits.podGroups !== true) {
    if (file['vpc-cni']?.securityGroupsForPods !== undefined)
      say('vpc-cni.securityGroupsForPods', 'no-pod-groups', world.id)
    file.pods?.forEach((p, i) => {
      if (p.securityGroups !== undefined)
        say(`pods[${i}].securityGroups`, 'no-pod-groups', world.id)
    })
  }
  if (file.encapsulation !== undefined && traits.encapsulates !== true)
    say('encapsulation', 'no-encapsulation', world.id)
  if (traits.alone === true) runByOthers({ file, world, say })
  if (traits.between === 'vpc') return
  for (const key of ['vpc', 'securityGroups'] as const)
    if (file[key] !== undefined) say(key, 'no-vpc-between', world.id)
  file.nodes?.forEach((n, i) => {
    for (const key of ['subnet', 'sourceDestCheck', 'instanceType'] as const)
      if (n[key] !== undefined) say(`nodes[${i}].${key}`, 'no-vpc-between', world.id)
  })
}

/** What nobody sets of machines that somebody else runs. */
function runByOthers({ file, world, say }: Filling): void {
  for (const key of ['vpc-cni', 'kube-proxy'] as const)
    if (file[key] !== undefined) say(key, 'run-by-others', world.id)
  file.nodes?.forEach((n, i) => {
    for (const key of ['sourceDestCheck', 'instanceType'] as const)
      if (n[key] !== undefined) say(`nodes[${i}].${key}`, 'run-by-others', world.id)
  })
}

/** A file that lists its nodes and pods. */
function written(
  r: Filling,
  common: Common,
): { readonly spec: ClusterSpec; readonly podCidr: Cidr } {
  const { file, world, say } = r
  const overlay = world.traits.addresses === 'overlay'
  for (const key of ['namePattern', 'podsPerNode'] as const)
    if (file[key] !== undefined) say(key, 'only-count')
  for (const key of ['nodes', 'pods'] as const) {
    const n = file[key]?.length ?? 0
    if (n > world.limits[key]) say(key, 'too-many', key, n, world.limits[key])
  }
  const podCidr = file.podCidr ?? POD_NETWORK
  const vpc = file.vpc?.cidr ?? '192.168.0.0/16'
  const secondaryCidrs = (file.vpc?.secondaryCidrs ?? []).map(networkOf)
  const ranges = [vpc, ...secondaryCidrs] as const
  disjoint(
    ranges.map((value, i) => ({
      path: i === 0 ? 'vpc.cidr' : `vpc.secondaryCidrs[${i - 1}]`,
      value,
    })),
    say,
  )
  const subnets = subnetsOf(r, ranges)
  if (file.nodes === undefined || file.nodes.length === 0) say('nodes', 'no-nodes')
  const config = file['vpc-cni']?.eniConfig
  if (config !== undefined && !subnets.some((s) => s.name === config.subnet))
    say(
      'vpc-cni.eniConfig.subnet',
      'unknown-subnet',
      config.subnet,
      subnets.map((s) => s.name),
    )
  const machines = rangesOf(r, podCidr, nodesOf(r, subnets))
  const pods = joined(r, podsOf(r, machines, subnets))
  const nodes = world.traits.alone === true ? ofPods(r, machines, pods) : machines
  namesOf(r)
  instances(r, pods)
  for (const [path, range] of [
    ['vpc.cidr', vpc],
    ...secondaryCidrs.map((c, i) => [`vpc.secondaryCidrs[${i}]`, c] as const),
    ['podCidr', podCidr],
  ] as const)
    if (specialRange(range)) say(path, 'special-range', range)
  const ownRange = hostRange(world.traits, file)
  if (ownRange !== null && overlaps(vpc, ownRange)) say('vpc.cidr', 'docker-range', ownRange, vpc)
  const peerings = peeringsOf(r, ranges)
  hostProblems(r, { hosts: common.hosts, nodes }, (h, path) => {
    const own = ranges.find((range) => inCidr(h.ip, range))
    if (own !== undefined) say(path, 'host-in-vpc', h.ip, own)
    else if (overlay && inCidr(h.ip, podCidr)) say(path, 'host-in-pods', h.ip, podCidr)
  })
  once(
    common.hosts.map((h, i) => ({ path: `hosts[${i}].ip`, value: h.ip })),
    'address',
    say,
  )
  const under = ranges.find((range) => overlaps(podCidr, range))
  if (overlay && under === vpc)
    say('podCidr', 'overlap', podCidr, file.vpc?.cidr === undefined ? `the VPC ${vpc}` : 'vpc.cidr')
  else if (overlay && under !== undefined) say('podCidr', 'overlap', podCidr, under)
  const services = servicesOf(r, {
    ranges,
    pods: listed(pods),
    podRange: overlay ? podCidr : null,
    ...besides(overlay ? { path: 'podCidr', value: podCidr } : null),
  })
  return {
    spec: {
      ...common,
      vpc,
      ...secondary([...secondaryCidrs, ...(aliased(world.traits) ? [podCidr] : [])]),
      subnets,
      ...(peerings.length === 0 ? {} : { peerings }),
      nodes: secondEnis(r, subnets, { nodes, pods }),
      pods,
      ...services,
    },
    podCidr,
  }
}

/** Does the VPC have the pods' network as a range of its own? */
function aliased(t: Filling['world']['traits']): boolean {
  return t.addresses === 'overlay' && t.alias === true
}
function secondary(secondaryCidrs: readonly Cidr[]): Pick<ClusterSpec, 'secondaryCidrs'> {
  return secondaryCidrs.length === 0 ? {} : { secondaryCidrs }
}

/** The VPCs that are peered with this one: hosts in their ranges are there. */
function peeringsOf({ file, say }: Filling, ranges: readonly Cidr[]): readonly Peering[] {
  const given = (file.vpc?.peerings ?? []).map((p) => ({ ...p, cidr: networkOf(p.cidr) }))
  const at = (i: number): string => `vpc.peerings[${i}]`
  once(
    given.map((p, i) => ({ path: `${at(i)}.id`, value: p.id })),
    'id',
    say,
  )
  disjoint(
    given.map((p, i) => ({ path: `${at(i)}.cidr`, value: p.cidr })),
    say,
  )
  given.forEach(({ cidr }, i) => {
    if (specialRange(cidr)) say(`${at(i)}.cidr`, 'special-range', cidr)
    const own = ranges.find((range) => overlaps(cidr, range))
    if (own !== undefined) say(`${at(i)}.cidr`, 'peering-overlap', cidr, own)
  })
  return given
}

function groupsOf({ file: f, say }: Filling): {
  readonly groups: readonly SgRule[]
  readonly groupIds: readonly string[]
} {
  const ids = (f.securityGroups ?? NODE_GROUPS).map((g) => g.id)
  const own = [
    { path: 'vpc-cni.eniConfig', groups: f['vpc-cni']?.eniConfig?.securityGroups },
    ...(f.pods ?? []).map((p, i) => ({ path: `pods[${i}]`, groups: p.securityGroups })),
  ]
  const ofPods = new Set(own.flatMap((x) => x.groups ?? []))
  for (const { path, groups } of own) {
    if (groups?.length === 0) say(`${path}.securityGroups`, 'no-groups')
    groups?.forEach((id, k) => {
      if (!ids.includes(id)) say(`${path}.securityGroups[${k}]`, 'unknown-group', id, ids)
    })
  }
  if (ids.length > 0 && ids.every((id) => ofPods.has(id))) say('securityGroups', 'no-node-groups')
  if (f.securityGroups === undefined) return { groups: NODE_GROUP, groupIds: [GROUP] }
  if (ids.length === 0) say('securityGroups', 'no-groups')
  once(
    ids.map((value, i) => ({ path: `securityGroups[${i}].id`, value })),
    'id',
    say,
  )
  const groups = f.securityGroups.flatMap((g, i) =>
    (['ingress', 'egress'] as const).flatMap((direction) =>
      (g[direction] ?? []).map((r, k): SgRule => {
        if (r.peer.startsWith('sg-') && !ids.includes(r.peer as `sg-${string}`))
          say(`securityGroups[${i}].${direction}[${k}].peer`, 'unknown-group', r.peer, ids)
        return { group: g.id, direction, ...r }
      }),
    ),
  )
  return { groups, groupIds: ids.filter((id) => !ofPods.has(id)) }
}
const NODE_GROUPS = [{ id: GROUP }] as const

/** A name is nobody else's. */
function namesOf({ file: f, world, say }: Filling): void {
  // A Service with several ports is listed once for each.
  const seen = new Set<string>()
  const services = (f.services ?? []).flatMap((s, i) =>
    seen.has(s.name) ? [] : [{ path: `services[${i}].name`, value: (seen.add(s.name), s.name) }],
  )
  const all = [
    ...namesBetween(world.traits).map((value) => ({ path: 'network', value })),
    ...(['nodes', 'pods', 'hosts'] as const).flatMap((k) =>
      (f[k] ?? []).map((x, i) => ({ path: `${k}[${i}].name`, value: x.name })),
    ),
    ...services,
  ]
  once(
    f.hosts === undefined ? [...all, ...HOSTS.map((h) => ({ path: 'hosts', value: h.name }))] : all,
    'name',
    say,
  )
}

function listed(pods: readonly PodSpec[]): PodNames {
  const names = pods.map((p) => p.name)
  const there = new Set(names)
  return { has: (name) => there.has(name), all: () => names }
}
