import { cidr, macOf, type Address } from '#lib/wire/addr.ts'
import { nth } from '#lib/wire/range.ts'
import type { Cni, Node, Pod } from '#lib/worlds/cluster/spec.ts'
import { by } from '#lib/worlds/by.ts'
import { iptables, type Patch } from '#lib/worlds/cluster/patch.ts'
import { sha1 } from '#lib/worlds/hash/sha1.ts'

/** Host veth of a pod: eni and 11 digits of SHA-1 of namespace.name (pkg/networkutils/names.go). */
export function vethName(pod: string): string {
  return `eni${sha1(`default.${pod}`).slice(0, 11)}`
}

/** The daemon in the pod aws-node, its init container, and the plugin that the runtime calls. */
const JOINED = by('ipamd', 'node-joined')
const ATTACHED = by('ipamd', 'eni-attached')
const PREPARED = by('aws-vpc-cni-init', 'node-joined')
const PLUGIN = by('aws-cni', 'pod-created')

const GATEWAY: Address = '169.254.1.1'
/** Table of the ENI at device index 1: index + 1 (CalculateRouteTableId). */
const TABLE = '2'
const eniOfPod = (n: Node, p: Pod): 'eth0' | 'eth1' =>
  p.eni ?? (n.eth1 === undefined ? 'eth0' : 'eth1')

/** Rows of the secondary ENI's own table: the router, and the default through it. No connected route, so even a neighbour is reached by the router. */
function secondary(n: Node): readonly Patch[] {
  if (n.eth1 === undefined) return []
  const router = nth(n.prefix, 1)
  return [
    {
      in: n.name,
      by: ATTACHED,
      rows: {
        routes: [
          { table: TABLE, dst: '0.0.0.0/0', via: router, dev: 'eth1' },
          { table: TABLE, dst: cidr(router, 32), dev: 'eth1', scope: 'link' },
        ],
        rules: [{ priority: 32765, from: cidr(n.eth1.ip, 32), table: TABLE }],
      },
    },
  ]
}

function firewall(n: Node): string {
  const main = '-m comment --comment "AWS, primary ENI"'
  return `*mangle
-A PREROUTING -i eth0 ${main} -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80
-A PREROUTING -i eni+ ${main} -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80
-A PREROUTING -i vlan+ ${main} -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80
*nat
:AWS-CONNMARK-CHAIN-0 - [0:0]
:AWS-SNAT-CHAIN-0 - [0:0]
-A PREROUTING -i eni+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0
-A PREROUTING -m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80
-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0
-A AWS-CONNMARK-CHAIN-0 -d ${n.vpc} -m comment --comment "AWS CONNMARK CHAIN" -j RETURN
-A AWS-CONNMARK-CHAIN-0 -m comment --comment "AWS, CONNMARK" -j CONNMARK --set-xmark 0x80/0x80
-A AWS-SNAT-CHAIN-0 -d ${n.vpc} -m comment --comment "AWS SNAT CHAIN" -j RETURN
-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source ${n.ip} --random-fully`
}

/** The AWS VPC CNI, v1.23 with default settings, connmark rules in iptables: routed veth pairs, no bridge, no overlay (pkg/networkutils/network.go, cmd/routed-eni-cni-plugin). */
export const vpcCni: Cni = {
  setup: (n) => [
    ...secondary(n),
    {
      in: n.name,
      by: JOINED,
      rows: { rules: [{ priority: 1024, fwmark: { value: 0x80, mask: 0x80 }, table: 'main' }] },
    },
    {
      in: n.name,
      by: PREPARED,
      // eth0 is loose, so that answers to NodePorts of pods on other ENIs are not lost.
      rows: { sysctls: [{ key: 'net.ipv4.conf.eth0.rp_filter', value: 2 }] },
    },
    iptables(n.name, JOINED, firewall(n)),
  ],
  attach: (p, n) => {
    const name = vethName(p.name)
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
              mtu: n.mtu,
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
              mtu: n.mtu,
              up: true,
              addrs: [],
              peer: { netns: p.name, dev: 'eth0' },
            },
          ],
          routes: [{ table: 'main', dst: cidr(p.ip, 32), dev: name, scope: 'link' }],
          rules: [
            { priority: 512, to: cidr(p.ip, 32), table: 'main' },
            ...(eniOfPod(n, p) === 'eth1'
              ? [{ priority: 1536, from: cidr(p.ip, 32), table: TABLE }]
              : []),
          ],
        },
      },
    ]
  },
  join: () => [],
  connected: () => [],
  addresses: (n, dev) =>
    n
      .pods()
      .filter((p) => eniOfPod(n, p) === dev)
      .map((p) => p.ip),
}
