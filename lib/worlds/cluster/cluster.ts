import { cidr, parseCidr } from '#lib/wire/addr.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import type { Socket } from '#lib/topology/rows.ts'
import {
  emptyNetns,
  emptyVpc,
  type Source,
  type Space,
  type Topology,
} from '#lib/topology/topology.ts'
import type { Eni } from '#lib/topology/rows.ts'
import { by } from '#lib/worlds/by.ts'
import { kubeProxy, type Service } from '#lib/worlds/cni/kube-proxy.ts'
import { connected, defaultRoute, forwarding, loopback, nic, outside, vpcRows } from './parts.ts'
import { lanDefault, lanNames, lanPatches, plugged, upstream } from './lan.ts'
import { build, type Patch, type Rows } from './patch.ts'
import { nth, relativeMac } from '#lib/wire/range.ts'
import {
  eniId,
  eth1Mac,
  GROUP,
  nodeMac,
  rangesOfVpc,
  VPC_NAME,
  type ClusterSpec,
  type Cni,
  type Listen,
  type Nic,
  type Node,
  type Pod,
  type PodSpec,
} from './spec.ts'

const SERVICE = by('kube-proxy', 'service-changed')
const GROUPED = by('person', 'vpc-created')
const STARTED = by('program', 'container-started')

/** Sockets of the program that answers in a namespace; it has the namespace's name, which is what `ss -p` would print. */
function sockets(space: string, listen: readonly Listen[]): Patch {
  const rows = listen.map((l): Socket => ({ proto: l.proto, port: l.port, program: space }))
  return { in: space, by: STARTED, rows: { sockets: rows } }
}

/**
 * A topology whose rows are derived when a walk first enters a space, and kept: constructing it costs one pass over nodes and pods,
 * whatever the number of routes, neighbours and forwarding entries they would have.
 */
export function cluster(spec: ClusterSpec, cni: Cni): Topology {
  const { counted } = spec
  const subnets = new Map(spec.subnets.map((x) => [x.name, x.cidr]))
  const nodes = new Map<string, Node>()
  for (const n of spec.nodes) {
    const prefix = subnets.get(n.subnet)
    if (prefix === undefined)
      throw new RangeError(`node ${n.name}: no subnet is called ${n.subnet}`)
    const { mtu, vpc } = spec
    const ranges = rangesOfVpc(spec)
    const podPrefix = subnets.get(n.eth1?.subnet ?? n.subnet) ?? prefix
    nodes.set(n.name, {
      ...n,
      index: nodes.size,
      prefix,
      podPrefix,
      mtu,
      vpc,
      ranges,
      pods: podsHere,
    })
  }
  const listed = new Map<string, PodSpec[]>()
  const pods = new Map<string, PodSpec>()
  const podNamed = (name: string): PodSpec | undefined => pods.get(name) ?? counted?.named(name)
  for (const p of spec.pods) {
    if (!nodes.has(p.node)) throw new RangeError(`pod ${p.name}: no node is called ${p.node}`)
    const there = listed.get(p.node)
    if (there === undefined) listed.set(p.node, [p])
    else there.push(p)
    pods.set(p.name, p)
  }
  const numbered = new Map<string, readonly Pod[]>()
  // One function for all nodes.
  function podsHere(this: { readonly name: string }): readonly Pod[] {
    return podsOf(this.name)
  }
  function podsOf(node: string): readonly Pod[] {
    let there = numbered.get(node)
    if (there === undefined) {
      const specs = [...(listed.get(node) ?? []), ...(counted?.on(node) ?? [])]
      numbered.set(node, (there = specs.map((p, index) => ({ ...p, index }))))
    }
    return there
  }
  const hosts = new Map(spec.hosts.map((h) => [h.name, h]))
  const lan = spec.between === 'switch'
  const between = lan ? lanNames : [VPC_NAME]
  const alone = cni.alone === true
  const names = [...between, ...(alone ? [] : nodes.keys()), ...pods.keys()].concat(
    counted?.names() ?? [],
    [...hosts.keys()],
  )
  /** A machine by the name of its namespace. */
  const inside = (n: Node): Node => (alone ? { ...n, name: podsOf(n.name)[0]?.name ?? n.name } : n)

  function derive(name: string): Space | undefined {
    const found = podNamed(name)
    const pod = found === undefined ? undefined : podsOf(found.node).find((p) => p.name === name)
    if (pod !== undefined)
      return build(emptyNetns(name, pod.node, spec.role ?? 'pod'), [
        ...(alone
          ? nodePatches(inside(nodes.get(pod.node)!))
          : [loopback(name), ...cni.attach(pod, nodes.get(pod.node)!)]),
        sockets(name, pod.listen),
      ])
    const node = nodes.get(name)
    if (node !== undefined && !alone) {
      const empty = emptyNetns(name, name, 'node')
      const { displaces } = cni
      const rules = empty.rules.filter((r) => displaces?.(r) !== true)
      return build({ ...empty, rules }, nodePatches(node))
    }
    const host = hosts.get(name)
    if (host !== undefined)
      return build(emptyNetns(name, name, 'host'), [
        loopback(name),
        ...(lan ? upstream(host, spec.hosts.indexOf(host)) : outside(host, spec.peerings)),
        sockets(name, host.listen),
      ])
    if (lan)
      return lanNames.includes(name)
        ? build(emptyNetns(name, name, 'host'), [
            loopback(name),
            ...lanPatches(name, lanOf()),
            ...toldOf(),
          ])
        : undefined
    return name === VPC_NAME
      ? build(
          { ...emptyVpc(VPC_NAME, rangesOfVpc(spec)), ...(cni.cloud && { cloud: cni.cloud }) },
          vpcPatches(),
        )
      : undefined
  }

  const toldOf = (): readonly Patch[] => cni.fabric?.([...nodes.values()]) ?? []
  /** Who is plugged into the switch, in the order of its ports. */
  const lanOf = () => ({
    prefixes: spec.subnets.map((x) => x.cidr),
    mtu: spec.mtu,
    machines: [...nodes.values()],
    hosts: spec.hosts,
  })

  function nodePatches(node: Node): readonly Patch[] {
    const { bits } = parseCidr(node.prefix)
    const { bits: podBits } = parseCidr(node.podPrefix)
    const uplink = cni.uplink?.(node, nicsOf(node)[0]!)
    const [eth0, ...more] = lan
      ? [plugged(node, bits)]
      : nicsOf(node).map((n) =>
          nic(node.name, n, {
            mtu: spec.mtu,
            bits: n.dev === 'eth0' ? bits : cni.unnumbered === true ? null : podBits,
          }),
        )
    const router = nth(node.prefix, 1)
    return [
      loopback(node.name),
      ...(cni.older?.(node) ?? []),
      ...(uplink ?? [
        eth0!,
        forwarding(node.name),
        lan ? lanDefault(node.name, router) : defaultRoute(node.name, router),
      ]),
      ...more,
      ...(cni.first?.(node) ?? []),
      // kube-proxy's jumps stand before all others, whoever came first.
      ...(spec.services === undefined ? [] : [{ in: node.name, by: SERVICE, rows: proxyOf(node) }]),
      ...cni.setup(node),
      ...cni.join(
        node,
        [...nodes.values()].filter((other) => other !== node),
      ),
      ...cni.connected(node),
      ...(uplink === undefined ? [connected(node.name, 'eth0', cidr(node.ip, bits))] : []),
      ...node.pods().flatMap((pod) => cni.attach(pod, node)),
    ]
  }

  const ofNodes = spec.groupIds ?? [GROUP]
  function eni(node: Node, { eni: id, mac, dev, ip, subnet: name }: Nic): Eni {
    const subnet = `subnet-${name}`
    const ips = [ip, ...cni.addresses(node, dev)]
    const { publicIp, sourceDestCheck = true } = node
    const attached = { netns: node.name, dev }
    const groups = (dev === 'eth0' ? node.groups : node.eth1?.groups) ?? ofNodes
    return {
      id,
      subnet,
      mac,
      ips,
      ...(cni.prefixes === undefined ? {} : { prefixes: cni.prefixes(node) }),
      ...(dev === 'eth0' && publicIp !== undefined ? { publicIp } : {}),
      groups,
      sourceDestCheck,
      attached,
    }
  }

  function vpcPatches(): readonly Patch[] {
    const enis: Eni[] = []
    for (const node of nodes.values())
      for (const n of nicsOf(inside(node))) enis.push(eni(inside(node), n))
    return [
      { in: VPC_NAME, by: by(cni.cloud ?? 'aws', 'instance-launched'), rows: { enis } },
      { in: VPC_NAME, by: GROUPED, rows: { sgRules: spec.groups } },
      ...vpcRows(spec, cni.cloud),
      ...toldOf(),
    ]
  }

  /** The same on every node, but where it matters which pods are near. */
  let proxied: Rows | undefined
  const same =
    spec.proxy === undefined &&
    spec.services?.every((s) => s.externalTrafficPolicy !== 'Local') === true
  const proxyOf = (node: Node): Rows =>
    same ? (proxied ??= proxyRows(spec, podNamed, node)) : proxyRows(spec, podNamed, node)
  const derived = new Map<string, Space>()
  const source: Source = {
    names,
    ...(spec.services === undefined
      ? {}
      : { services: new Map(spec.services.map((s) => [s.name, s.ip])) }),
    // A node's own, which have none of this kind, cost nothing to ask.
    ...(cni.stands === true
      ? {
          standing: (name: string) =>
            nodes.has(name) ? [name, ...podsOf(name).map((p) => p.name)] : [],
        }
      : {}),
    derive(name) {
      const known = derived.get(name)
      if (known !== undefined) return known
      const made = derive(name)
      if (made !== undefined) derived.set(name, made)
      return made
    },
  }
  return { source, edited: new Map() }
}

/** kube-proxy's rules for the Services there are. Throws RangeError for a pod there is not. */
function proxyRows(
  spec: ClusterSpec,
  podNamed: (name: string) => PodSpec | undefined,
  node: Node,
): Rows {
  const services = (spec.services ?? []).map((s): Service => ({
    ...s,
    endpoints: s.pods.map((name) => {
      const pod = podNamed(name)
      if (pod === undefined) throw new RangeError(`service ${s.name}: no pod is called ${name}`)
      return { ip: pod.ip, port: s.targetPort, node: pod.node }
    }),
  }))
  const { clusterCidr = null } = spec
  return (
    spec.proxy?.({ services, clusterCidr, node }) ??
    parseIptables(kubeProxy(services, { clusterCidr, node: node.name }))
  )
}

/** The NICs of a node, eth0 first. */
function nicsOf(node: Node): readonly Nic[] {
  const { eth1 } = node
  const eth0 = {
    dev: 'eth0',
    ip: node.ip,
    mac: nodeMac(node),
    eni: eniId(node, 'eth0'),
    subnet: node.subnet,
  } as const
  return eth1 === undefined
    ? [eth0]
    : [
        eth0,
        {
          dev: 'eth1',
          ip: eth1.ip,
          mac: eth1Mac(node),
          eni: eniId(node, 'eth1'),
          subnet: eth1.subnet ?? node.subnet,
        },
        ...(node.more ?? []).map(({ ip }, i): Nic => ({
          dev: `eth${i + 2}`,
          ip,
          mac: relativeMac('0a:01', ip, node.vpc),
          eni: eniId(node, `eth${i + 2}`),
          subnet: eth1.subnet ?? node.subnet,
        })),
      ]
}
