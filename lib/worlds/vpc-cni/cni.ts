import { cidr, macOf, type Address } from '#lib/wire/addr.ts'
import { nth } from '#lib/wire/range.ts'
import type { Route, Rule, Sysctl } from '#lib/topology/rows.ts'
import type { Cni, EniDev, Node, Pod } from '#lib/worlds/cluster/spec.ts'
import { by } from '#lib/worlds/by.ts'
import { iptables, type Patch } from '#lib/worlds/cluster/patch.ts'
import { sha1 } from '#lib/worlds/hash/sha1.ts'
import { settings, type Settings, type VpcCniOptions } from './eras.ts'
import { firewall } from './firewall.ts'

/** Host veth of a pod: eni and 11 digits of SHA-1 of namespace.name (pkg/networkutils/names.go). */
export function vethName(pod: string): string {
  return `eni${sha1(`default.${pod}`).slice(0, 11)}`
}

/** The daemon in the pod aws-node, its init container, and the plugin that the runtime calls. */
const JOINED = by('ipamd', 'node-joined')
const ATTACHED = by('ipamd', 'eni-attached')
const PREPARED = by('aws-vpc-cni-init', 'node-joined')
const PLUGIN = by('aws-cni', 'pod-created')

/** eth0 is loose, so that answers to NodePorts of pods on other ENIs are not lost. */
const LOOSE: Sysctl = { key: 'net.ipv4.conf.eth0.rp_filter', value: 2 }

const GATEWAY: Address = '169.254.1.1'
/** Table of an ENI: its device index + 1 (CalculateRouteTableId). */
const tableOfEni = (dev: EniDev): string => String(Number(dev.slice(3)) + 1)
const eniOfPod = (n: Node, p: Pod): EniDev => p.eni ?? (n.eth1 === undefined ? 'eth0' : 'eth1')

/** Rows of a table that a device of another subnet or another ENI has of its own: the router, and the default through it. No connected route, so even a neighbour is reached by the router. */
export function tableOf(n: Node, table: string, dev: string): readonly Route[] {
  const router = nth(n.podPrefix, 1)
  return [
    { table, dst: '0.0.0.0/0', via: router, dev },
    { table, dst: cidr(router, 32), dev, scope: 'link' },
  ]
}

/** What the daemon writes for each ENI but the first. A trunk has no rule for its own address (setupENINetwork(): isTrunkENI). */
export function secondary(n: Node, trunk = false): readonly Patch[] {
  const further = n.eth1 === undefined ? [] : [n.eth1, ...(n.more ?? [])]
  return further.map(({ ip }, i): Patch => {
    const dev: EniDev = `eth${i + 1}`
    const table = tableOfEni(dev)
    const rule = { priority: 32765, from: cidr(ip, 32), table }
    return {
      in: n.name,
      by: ATTACHED,
      rows: { routes: tableOf(n, table, dev), rules: trunk ? [] : [rule] },
    }
  })
}

/** What rule 1024 is for: all that is not for the VPC, in the first versions, and what has the mark. */
function offVpc(n: Node, { era, external }: Settings): readonly Rule[] {
  const rule = { priority: 1024, table: 'main' }
  return [
    ...(era.notVpc && !external ? [{ ...rule, to: n.vpc, not: true }] : []),
    ...(era.nodePort === null
      ? []
      : [{ ...rule, fwmark: { value: 0x80, mask: era.nodePort.mask } }]),
  ]
}

/** Rules 1536 of a pod whose address is another ENI's than the first: one, or one for each range of the VPC. */
function fromPod(p: Pod, n: Node, { era, external }: Settings): readonly Rule[] {
  const rule = { priority: 1536, from: cidr(p.ip, 32), table: tableOfEni(eniOfPod(n, p)) }
  return era.from === 'pod' || external ? [rule] : n.ranges.map((to) => ({ ...rule, to }))
}

/** A pod on a pair of veth devices, and how its node finds it: the name of the node's end, the table that has the way to it, the rules. */
export function pair(
  p: Pod,
  n: Node,
  {
    name,
    mtu,
    table,
    rules,
  }: {
    readonly name: string
    readonly mtu: number
    readonly table: string
    readonly rules: readonly Rule[]
  },
): readonly Patch[] {
  const hostMac = p.hostMac ?? macOf(p.ip, '2a:00')
  return [
    {
      in: p.name,
      by: PLUGIN,
      rows: {
        devs: [
          {
            kind: 'veth',
            name: 'eth0',
            mac: p.mac ?? macOf(p.ip, '56:00'),
            mtu,
            up: true,
            addrs: [cidr(p.ip, 32)],
            peer: { netns: n.name, dev: name },
          },
        ],
        routes: [
          { table: 'main', dst: '0.0.0.0/0', via: GATEWAY, dev: 'eth0' },
          { table: 'main', dst: cidr(GATEWAY, 32), dev: 'eth0', scope: 'link' },
        ],
        // 169.254.1.1 is on no interface; this entry replaces ARP.
        neigh: [{ ip: GATEWAY, dev: 'eth0', lladdr: hostMac, state: 'PERMANENT' }],
      },
    },
    {
      in: n.name,
      by: PLUGIN,
      rows: {
        devs: [
          {
            kind: 'veth',
            name,
            mac: hostMac,
            mtu,
            up: true,
            addrs: [],
            peer: { netns: p.name, dev: 'eth0' },
          },
        ],
        routes: [{ table, dst: cidr(p.ip, 32), dev: name, scope: 'link' }],
        rules,
      },
    },
  ]
}

/** The AWS VPC CNI with default settings, connmark rules in iptables: routed veth pairs, no bridge, no overlay (pkg/networkutils/network.go, cmd/routed-eni-cni-plugin). */
export function vpcCni(options: VpcCniOptions = {}): Cni {
  const o = settings(options)
  return {
    setup: (n) => [
      ...secondary(n),
      { in: n.name, by: JOINED, rows: { rules: offVpc(n, o) } },
      ...(o.era.nodePort === null
        ? []
        : [
            {
              in: n.name,
              // The init container does since v1.7.0, before it the daemon.
              by: o.era.nodePort.vlan ? PREPARED : JOINED,
              rows: { sysctls: [LOOSE] },
            },
          ]),
      iptables(n.name, JOINED, firewall(n, o)),
    ],
    attach: (p, n) =>
      pair(p, n, {
        name: vethName(p.name),
        mtu: o.era.mtu ?? n.mtu,
        table: 'main',
        rules: [
          { priority: 512, to: cidr(p.ip, 32), table: 'main' },
          ...(eniOfPod(n, p) === 'eth0' ? [] : fromPod(p, n, o)),
        ],
      }),
    join: () => [],
    connected: () => [],
    addresses: (n, dev) =>
      n
        .pods()
        .filter((p) => eniOfPod(n, p) === dev)
        .map((p) => p.ip),
  }
}
