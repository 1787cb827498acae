import { addressOf, isLoopback, type Address, type Cidr } from '#lib/wire/addr.ts'
import { addressAfter, firstOf, freeAddresses, offsetIn } from '#lib/wire/range.ts'
import type { Say } from '#lib/topology/problem.ts'
import { bipOf, bridgesOf } from './docker.ts'
import { inSubnet } from './fill-nodes.ts'
import type { Traits } from '#lib/worlds/entry.ts'
import { INSTANCES } from './instances.ts'
import { FIRST_NODE, NOWHERE, podSubnet, TCP_8080, type Filling } from './filling.ts'
import { bindsOnce, publishes } from './publish.ts'
import { once, type Placed } from './ranges.ts'
import type { EniDev, NodeSpec, PodSpec, Publish, SubnetSpec } from './spec.ts'

/* The pods of a cluster file: addresses, and the ports that their nodes answer for. */

/** The pods of a file with an address for each. */
export function podsOf(
  r: Filling,
  nodes: readonly NodeSpec[],
  subnets: readonly SubnetSpec[],
): readonly PodSpec[] {
  const { file, world, say } = r
  const { traits } = world
  const given = file.pods ?? []
  const byName = new Map(nodes.map((n) => [n.name, n]))
  const prefixes = new Map(subnets.map((s) => [s.name, s.cidr]))
  const inVpc = traits.addresses === 'vpc'
  const alone = traits.alone === true
  // Addresses of a host alone may be there again on another; elsewhere one address is one pod.
  const scope = (node: string): string => (traits.addresses === 'host' ? node : '')
  const taken = new Map<string, Map<Address, string>>()
  const takenIn = (node: string): Map<Address, string> => {
    let m = taken.get(scope(node))
    if (m === undefined)
      taken.set(
        scope(node),
        (m = new Map(inVpc ? nodes.map((n, i) => [n.ip, `nodes[${i}].ip`]) : [])),
      )
    return m
  }
  given.forEach((p, i) => {
    // Where else it is, its networks say; a machine that is a pod's has its address.
    if (p.ip === undefined || p.networks !== undefined || alone) return
    const before = takenIn(p.node).get(p.ip)
    if (before === undefined) takenIn(p.node).set(p.ip, `pods[${i}].ip`)
    else say(`pods[${i}].ip`, 'twice', p.ip, before, 'address')
  })
  const published = given.map((p) => publishes(p.publish ?? [], p.listen ?? TCP_8080))
  bindsOnce(
    given.flatMap((p, i) =>
      published[i]!.map((x, k) => ({
        path: `pods[${i}].publish[${k}]`,
        node: p.node,
        published: x,
      })),
    ),
    say,
  )
  given.forEach((p, i) =>
    once(
      (p.listen ?? []).map((l, k) => ({
        path: `pods[${i}].listen[${k}]`,
        value: `${l.proto}/${l.port}`,
      })),
      'port',
      say,
    ),
  )
  const eniOf = enisFilled(r)
  const pools = new Map<string, () => Address | null>()
  const names = nodes.map((n) => n.name)
  bridgePorts(r)
  return given.map((p, i): PodSpec => {
    const node = byName.get(p.node)
    if (node === undefined) say(`pods[${i}].node`, 'unknown-node', p.node, names)
    const where = node === undefined ? '' : podSubnet(r, node)
    const elsewhere = p.networks !== undefined
    const range =
      node === undefined || elsewhere ? undefined : inVpc ? prefixes.get(where) : node.podCidr
    let ip = alone ? node?.ip : p.ip
    if (!alone && node !== undefined && range !== undefined && p.ip !== undefined) {
      const at = { path: `pods[${i}].ip`, value: p.ip }
      if (inVpc) inSubnet(at, { name: where, cidr: range }, say)
      else
        inRange(
          at,
          { ...node, podCidr: range, bridge: gatewayAt(r, range), whose: whoseFirst(traits) },
          say,
        )
    }
    if (range !== undefined && ip === undefined) {
      let pool = pools.get(inVpc ? where : node!.name)
      if (pool === undefined)
        pools.set(
          inVpc ? where : node!.name,
          (pool = freeAddresses(
            range,
            inVpc ? FIRST_NODE : 1,
            besideBridge(takenIn(p.node), r, range),
          )),
        )
      ip = pool() ?? undefined
      if (ip === undefined) say(`pods[${i}].ip`, 'range-full', range, p.node)
    }
    if (p.eni !== undefined && traits.enis === 1) say(`pods[${i}].eni`, 'no-pod-eni', world.id)
    if (traits.enis === 2 && traits.ipamd !== true && Number(p.eni?.slice(3)) > 1)
      say(`pods[${i}].eni`, 'two-enis', p.eni!, world.id)
    if (p.eni === 'eth0' && file['vpc-cni']?.eniConfig !== undefined)
      say(`pods[${i}].eni`, 'pod-on-primary')
    if (traits.podGroups === true && p.eni === 'eth1') say(`pods[${i}].eni`, 'pod-on-trunk')
    const byDocker = traits.runtime === 'docker'
    if (byDocker && node !== undefined)
      addressesOf({ path: `pods[${i}].publish`, value: published[i]! }, { r, node })
    // Without Docker it is the portmap plugin, which stands in the conflist of cni0.
    if (p.publish !== undefined && !byDocker && file.bridge !== 'cni0')
      say(`pods[${i}].publish`, 'no-publish', world.id)
    return {
      name: p.name,
      node: p.node,
      ip: ip ?? NOWHERE,
      listen: p.listen ?? TCP_8080,
      ...(traits.enis === 1 ? {} : { eni: eniOf(p) }),
      ...(p.securityGroups === undefined ? {} : { groups: p.securityGroups }),
      ...(p.publish === undefined ? {} : { publish: published[i]! }),
    }
  })
}

type Written = NonNullable<Filling['file']['pods']>[number]
/**
 * Which NIC of its node a pod has its address from: the one that it names; with ipamd, on a node whose instance type is known, the first
 * that has one left (ipamd attaches another when all are given away; that it then takes any that is free is left out); else the second,
 * and where that is a trunk the first.
 */
function enisFilled({ file, world }: Filling): (p: Written) => EniDev {
  const { ipamd, podGroups } = world.traits
  const types = new Map(file.nodes?.map((n) => [n.name, INSTANCES.get(n.instanceType ?? '')]))
  const first = file['vpc-cni']?.eniConfig === undefined ? 0 : 1
  const used = new Map<string, number>()
  return (p) => {
    if (p.eni !== undefined) return p.eni
    if (podGroups === true && p.securityGroups === undefined) return 'eth0'
    const type = types.get(p.node)
    if (ipamd !== true || type === undefined) return 'eth1'
    const n = used.get(p.node) ?? 0
    used.set(p.node, n + 1)
    return `eth${first + Math.floor(n / (type.addresses - 1))}`
  }
}

/** The address of a node's bridge in its range; null: it has none. */
function bridgeAt(r: Filling, range: Cidr): Address | null {
  if (r.world.traits.bridges.length === 0) return null
  const bip = r.world.traits.runtime === 'docker' ? bipOf(r) : null
  return bip === null ? addressAfter(firstOf(range), 1) : addressOf(bip)
}
/** What is taken, the bridge's own address too. Without a bridge the first is left out all the same. */
function besideBridge(
  taken: { has(ip: Address): boolean },
  r: Filling,
  range: Cidr,
): { has(ip: Address): boolean } {
  const own = bridgeAt(r, range) ?? addressAfter(firstOf(range), 1)
  return { has: (ip) => ip === own || taken.has(ip) }
}

/** docker-proxy binds where it is told: only an address of its machine can be. */
function addressesOf(
  { path, value }: { readonly path: string; readonly value: readonly Publish[] },
  { r, node }: { readonly r: Filling; readonly node: NodeSpec },
): void {
  const there = [node.ip, ...bridgesOf(r, bridgeAt(r, node.podCidr!)!)]
  value.forEach(({ ip }, k) => {
    if (ip !== undefined && !isLoopback(ip) && !there.includes(ip))
      r.say(`${path}[${k}]`, 'published-address', ip, node.name, ['127.0.0.1', ...there])
  })
}

/** Whose the address of a node's range is that no pod has: a bridge's, or that which all its pods have as their gateway. */
function whoseFirst(t: Traits): string {
  return t.bridges.length > 0 ? 'the bridge’s' : 'the gateway’s'
}
function gatewayAt(r: Filling, range: Cidr): Address | null {
  const t = r.world.traits
  return t.addresses === 'overlay' && t.alias === true
    ? addressAfter(firstOf(range), 1)
    : bridgeAt(r, range)
}

/** An address that a pod can have in the range of its node. */
function inRange(
  { path, value: ip }: Placed<Address>,
  node: NodeSpec & {
    readonly podCidr: Cidr
    readonly bridge: Address | null
    readonly whose: string
  },
  say: Say,
): void {
  const range = node.podCidr
  const { n, inside, last } = offsetIn(ip, range)
  if (!inside) say(path, 'outside-range', ip, node.name, range)
  else if (n === 0 || (node.bridge !== null && (ip === node.bridge || last)))
    say(
      path,
      'range-reserved',
      ip,
      n === 0 ? 'the network’s' : last ? 'the broadcast’s' : node.whose,
      range,
      addressAfter(firstOf(range), node.bridge === addressAfter(firstOf(range), 1) ? 2 : 1),
    )
}

/** A pod is a port of its node's bridge. */
function bridgePorts({ file, world, say }: Filling): void {
  const most = world.limits.bridgePorts
  if (most === null) return
  const { bridges } = world.traits
  const bridge = bridges.find((b) => b === file.bridge) ?? bridges[0] ?? ''
  const ports = new Map<string, { n: number; path: string }>()
  for (const [i, p] of (file.pods ?? []).entries()) {
    const there = ports.get(p.node) ?? { n: 0, path: '' }
    there.n += 1
    if (there.n === most + 1) there.path = `pods[${i}].node`
    ports.set(p.node, there)
  }
  for (const [node, { n, path }] of ports)
    if (path !== '') say(path, 'bridge-ports', `${bridge} of ${node}`, n, most)
}
