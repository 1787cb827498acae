import { cidr, inCidr, networkOf, parseCidr, type Address, type Cidr } from '#lib/wire/addr.ts'
import {
  addressAfter,
  firstOf,
  freeAddresses,
  freePrefixes,
  nth,
  offsetIn,
  within,
} from '#lib/wire/range.ts'
import type { Say } from '#lib/topology/problem.ts'
import { INSTANCES } from './instances.ts'
import {
  FIRST_NODE,
  hostRange,
  NOWHERE,
  podSubnet,
  rangeBits,
  RESERVED,
  type Filling,
} from './filling.ts'
import { disjoint, once, specialRange, type Placed } from './ranges.ts'
import type { EniDev, NodeSpec, PodSpec, SubnetSpec } from './spec.ts'

/* The nodes of a cluster file: subnets, addresses, ranges for their pods, second ENIs. */

/** The subnets of a file; one where it names none. */
export function subnetsOf(
  { file, say }: Filling,
  ranges: readonly [Cidr, ...Cidr[]],
): readonly SubnetSpec[] {
  const [vpc] = ranges
  const given = file.vpc?.subnets
  if (given === undefined || given.length === 0)
    return [
      {
        name: 'a',
        cidr: cidr(firstOf(vpc), Math.max(24, parseCidr(vpc).bits)),
      },
    ]
  once(
    given.map((s, i) => ({ path: `vpc.subnets[${i}].name`, value: s.name })),
    'name',
    say,
  )
  given.forEach((s, i) => {
    if (parseCidr(s.cidr).bits > 28) say(`vpc.subnets[${i}].cidr`, 'small-subnet', s.cidr)
    if (!ranges.some((r) => within(s.cidr, r)))
      say(`vpc.subnets[${i}].cidr`, 'range-outside-vpc', s.cidr, ranges.join(' and '))
  })
  disjoint(
    given.map((s, i) => ({ path: `vpc.subnets[${i}].cidr`, value: s.cidr })),
    say,
  )
  return given.map((s) => ({ name: s.name, cidr: networkOf(s.cidr) }))
}

/** The nodes of a file with an address and a subnet for each. */
export function nodesOf(
  { file, say }: Filling,
  subnets: readonly SubnetSpec[],
): readonly NodeSpec[] {
  const given = file.nodes ?? []
  const taken = once(
    given.flatMap((n, i): Placed<Address>[] =>
      n.ip === undefined ? [] : [{ path: `nodes[${i}].ip`, value: n.ip }],
    ),
    'address',
    say,
  )
  const pools = new Map(subnets.map((s) => [s.name, freeAddresses(s.cidr, FIRST_NODE, taken)]))
  return given.map((n, i): NodeSpec => {
    const subnet = subnets.find((s) =>
      n.subnet === undefined ? n.ip === undefined || inCidr(n.ip, s.cidr) : s.name === n.subnet,
    )
    if (subnet === undefined && n.subnet !== undefined)
      say(
        `nodes[${i}].subnet`,
        'unknown-subnet',
        n.subnet,
        subnets.map((s) => s.name),
      )
    else if (subnet === undefined)
      say(
        `nodes[${i}].ip`,
        'in-no-subnet',
        n.ip ?? '',
        subnets.map((s) => `${s.name} (${s.cidr})`),
      )
    if (subnet !== undefined && n.ip !== undefined)
      inSubnet({ path: `nodes[${i}].ip`, value: n.ip }, subnet, say)
    const ip = n.ip ?? (subnet === undefined ? null : (pools.get(subnet.name)?.() ?? null))
    if (ip === null && subnet !== undefined)
      say(`nodes[${i}].ip`, 'subnet-full', subnet.name, subnet.cidr)
    return {
      name: n.name,
      ip: ip ?? NOWHERE,
      subnet: subnet?.name ?? '',
      sourceDestCheck: n.sourceDestCheck ?? true,
      publicIp: publicOf(ip ?? NOWHERE, i),
      ...(n.podCidr === undefined ? {} : { podCidr: networkOf(n.podCidr) }),
    }
  })
}

/** An address that a machine can have in a subnet of AWS. */
export function inSubnet({ path, value: ip }: Placed<Address>, s: SubnetSpec, say: Say): void {
  const { n, inside, last } = offsetIn(ip, s.cidr)
  if (!inside) say(path, 'outside-subnet', ip, s.name, s.cidr)
  else if (n < RESERVED || last)
    say(path, 'subnet-reserved', ip, s.cidr, addressAfter(firstOf(s.cidr), RESERVED))
}

/** The public address of a node: the seed's for the seed's nodes, and one for every other. */
function publicOf(ip: Address, index: number): Address {
  return ip.startsWith('192.168.0.')
    ? nth('198.51.100.0/24', offsetIn(ip, '192.168.0.0/24').n)
    : addressAfter('198.18.0.0', index)
}

/** The range of each node: what it says, the next free /24 of the pod network, or the one that every host has. */
export function rangesOf(
  { file, world, say }: Filling,
  podCidr: Cidr,
  nodes: readonly NodeSpec[],
): readonly NodeSpec[] {
  const given = (file.nodes ?? []).flatMap((n, i): Placed<Cidr>[] =>
    n.podCidr === undefined ? [] : [{ path: `nodes[${i}].podCidr`, value: networkOf(n.podCidr) }],
  )
  if (world.traits.addresses !== 'overlay') {
    for (const g of given) say(g.path, 'no-ranges', world.id)
    const range = hostRange(world.traits, file)
    return range === null ? nodes : nodes.map((n) => ({ ...n, podCidr: range }))
  }
  disjoint(given, say)
  for (const g of given) {
    if (specialRange(g.value)) say(g.path, 'special-range', g.value)
    else if (!within(g.value, podCidr)) say(g.path, 'range-outside-pods', g.value, podCidr)
    else if (parseCidr(g.value).bits > 30) say(g.path, 'small-range', g.value)
  }
  const [own, { bits }] = [rangeBits(world.traits), parseCidr(podCidr)]
  // flannel's SubnetMin is the second range.
  const next = freePrefixes(
    podCidr,
    { bits: Math.max(own, bits), from: own === 24 && bits < 24 ? 1 : 0 },
    given.map((g) => g.value),
  )
  return nodes.map((n, i) => {
    const podRange = n.podCidr ?? next()
    if (podRange === null) say(`nodes[${i}].podCidr`, 'no-range-left', podCidr)
    return { ...n, podCidr: podRange ?? podCidr }
  })
}

/** Machines that each have one pod: without a public address, and with its groups. */
export function ofPods(
  { file, world, say }: Filling,
  nodes: readonly NodeSpec[],
  pods: readonly PodSpec[],
): readonly NodeSpec[] {
  const of = new Map<string, PodSpec>()
  pods.forEach((p, i) => {
    const before = of.get(p.node)
    const ip = nodes.find((n) => n.name === p.node)?.ip
    if (before !== undefined) say(`pods[${i}].node`, 'one-pod', p.node, before.name, world.id)
    else of.set(p.node, p)
    const own = file.pods?.[i]?.ip
    if (own !== undefined && ip !== undefined && own !== ip)
      say(`pods[${i}].ip`, 'pod-is-node', own, p.node, ip)
  })
  return nodes.map(({ publicIp: _none, ...n }, i) => {
    const pod = of.get(n.name)
    if (pod === undefined) say(`nodes[${i}].name`, 'no-pod', n.name, world.id)
    return pod?.groups === undefined ? n : { ...n, groups: pod.groups }
  })
}

const indexOf = (dev: EniDev): number => Number(dev.slice(3))

/** The ENIs behind the first, on nodes with pods on them. */
export function secondEnis(
  { file, world, say }: Filling,
  subnets: readonly SubnetSpec[],
  { nodes, pods }: { readonly nodes: readonly NodeSpec[]; readonly pods: readonly PodSpec[] },
): readonly NodeSpec[] {
  const given = (file.nodes ?? []).flatMap((n, i): Placed<Address>[] =>
    n.eth1 === undefined ? [] : [{ path: `nodes[${i}].eth1`, value: n.eth1 }],
  )
  if (world.traits.enis === 1) {
    for (const g of given) say(g.path, 'one-eni', world.id)
    return nodes
  }
  const taken = once(
    [
      ...nodes.map((n, i) => ({ path: `nodes[${i}].ip`, value: n.ip })),
      ...pods.map((p, i) => ({ path: `pods[${i}].ip`, value: p.ip })),
      ...given,
    ].filter((x) => x.value !== NOWHERE),
    'address',
    () => undefined,
  )
  for (const g of given)
    if (taken.get(g.value) !== g.path)
      say(g.path, 'twice', g.value, taken.get(g.value) ?? '', 'address')
  /** The last NIC that pods of a node are on. */
  const wanting = new Map<string, number>()
  for (const { node, eni = 'eth0' } of pods)
    wanting.set(node, Math.max(wanting.get(node) ?? 0, indexOf(eni)))
  const pools = new Map(subnets.map((s) => [s.name, freeAddresses(s.cidr, FIRST_NODE, taken)]))
  const byName = new Map(subnets.map((s) => [s.name, s]))
  return nodes.map((n, i) => {
    const name = podSubnet({ file }, n)
    const subnet = byName.get(name)
    const own = file.nodes?.[i]?.eth1
    if (own !== undefined && subnet !== undefined)
      inSubnet({ path: `nodes[${i}].eth1`, value: own }, subnet, say)
    const last = wanting.get(n.name) ?? 0
    if (own === undefined && last === 0) return n
    const ip = own ?? pools.get(name)?.() ?? null
    const more = Array.from({ length: Math.max(0, last - 1) }, () => pools.get(name)?.() ?? null)
    if ((ip === null || more.includes(null)) && subnet !== undefined)
      say(`nodes[${i}].eth1`, 'subnet-full-eni', subnet.name, subnet.cidr)
    if (ip === null) return n
    const { securityGroups: groups } = file['vpc-cni']?.eniConfig ?? {}
    return {
      ...n,
      eth1: {
        ip,
        ...(name === n.subnet ? {} : { subnet: name }),
        ...(groups === undefined ? {} : { groups }),
      },
      ...(more.length === 0 ? {} : { more: more.map((x) => ({ ip: x ?? NOWHERE })) }),
    }
  })
}

/** What the instance types of nodes bear. One address of each interface is its own. */
export function instances({ file, say }: Filling, pods: readonly PodSpec[]): void {
  file.nodes?.forEach((n, i) => {
    if (n.instanceType === undefined) return
    const path = `nodes[${i}].instanceType`
    const type = INSTANCES.get(n.instanceType)
    if (type === undefined) return say(path, 'unknown-instance', n.instanceType)
    const here = pods.filter((p) => p.node === n.name)
    const branches = here.filter((p) => p.groups !== undefined).length
    if (branches > 0 && type.branches === 0) return say(path, 'no-trunk', n.instanceType)
    if (branches > type.branches) say(path, 'branches', n.instanceType, branches, type.branches)
    const plain = here.filter((p) => p.groups === undefined)
    const last = Math.max(0, ...plain.map((p) => indexOf(p.eni ?? 'eth0')))
    if (last >= type.enis) return say(path, 'enis', n.instanceType, last + 1, type.enis)
    for (let i = 0; i <= last; i += 1) {
      const on = plain.filter((p) => indexOf(p.eni ?? 'eth0') === i).length
      if (on > type.addresses - 1)
        say(path, 'eni-addresses', n.instanceType, on, `eth${i}`, type.addresses - 1)
    }
  })
}
