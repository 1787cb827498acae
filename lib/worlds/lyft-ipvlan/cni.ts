import { cidr, macOf, parseCidr, type Cidr } from '#lib/wire/addr.ts'
import { nth } from '#lib/wire/range.ts'
import type { Route } from '#lib/topology/rows.ts'
import { connectedRoutes } from '#lib/topology/connected.ts'
import { by } from '#lib/worlds/by.ts'
import { iptables, type Patch } from '#lib/worlds/cluster/patch.ts'
import { eth1Mac, type Cni, type Node, type Pod } from '#lib/worlds/cluster/spec.ts'
import { sha1 } from '#lib/worlds/hash/sha1.ts'
import { sha512 } from '#lib/worlds/hash/sha512.ts'

/* Lyft's cni-ipvlan-vpc-k8s: three plugins in a chain, and no daemon (plugin/ipam, plugin/ipvlan, plugin/unnumbered-ptp). */

const IPVLAN = by('cni-ipvlan-vpc-k8s-ipvlan', 'pod-created')
const PTP = by('cni-ipvlan-vpc-k8s-unnumbered-ptp', 'pod-created')

/** Node ports, and the mark of what came for one (setupNodePortRule()). */
const [NODE_PORTS, MARK] = ['30000:32767', '0x2000'] as const
/** A pod's own table is the first free one of a thousand behind 256, from a random one on (addPolicyRules()); here they are counted. */
const FIRST_TABLE = 256
const tableOf = (p: Pod): string => String(FIRST_TABLE + p.index)

/** Host end of the second interface: ip.SetupVeth() draws it. */
export function vethName(pod: string): string {
  return `veth${sha1(pod).slice(0, 8)}`
}

/** utils.FormatChainName(): the network's name and the container's id, for which the pod's name stands here. */
export function chainName(pod: string): string {
  return `CNI-${sha512(`cni-ipvlan-vpc-k8s${pod}`).slice(0, 24)}`
}

/** Without the quotes that utils.FormatComment() has around both. */
const comment = (p: Pod): string => `-m comment --comment "name: cni-ipvlan-vpc-k8s id: ${p.name}"`

/** The pod: a slave of the ENI that has its address, with the subnet's mask; and an end of a pair without address, by which all goes that is not the VPC's. */
function pod(p: Pod, n: Node): readonly Patch[] {
  const address = cidr(p.ip, parseCidr(n.podPrefix).bits)
  const [connected] = connectedRoutes('eth0', [address])
  const veth = vethName(p.name)
  return [
    {
      in: p.name,
      by: IPVLAN,
      rows: {
        devs: [
          {
            kind: 'ipvlan',
            name: 'eth0',
            link: { netns: n.name, dev: 'eth1' },
            mode: 'l2',
            mac: eth1Mac(n),
            mtu: n.mtu,
            up: true,
            addrs: [address],
          },
        ],
        routes: [
          connected!,
          ...n.ranges.map((dst): Route => ({
            table: 'main',
            dst,
            via: nth(n.podPrefix, 1),
            dev: 'eth0',
          })),
        ],
      },
    },
    {
      in: p.name,
      by: PTP,
      rows: {
        devs: [
          {
            kind: 'veth',
            name: 'eth1',
            mac: p.mac ?? macOf(p.ip, '56:00'),
            mtu: n.mtu,
            up: true,
            addrs: [],
            peer: { netns: n.name, dev: veth },
          },
        ],
        routes: [
          { table: 'main', dst: cidr(n.ip, 32), dev: 'eth1', scope: 'link' },
          { table: 'main', dst: '0.0.0.0/0', via: n.ip, dev: 'eth1' },
        ],
        sysctls: [{ key: 'net.ipv4.ip_forward', value: 1 }],
      },
    },
    // "kube-proxy SNAT": what comes back in by the pair leaves by the ENI as the pod's own (setupSNAT() runs in the pod).
    iptables(p.name, PTP, '*nat\n-A POSTROUTING -o eth0 -j MASQUERADE --random-fully'),
  ]
}

/** The host's end: the way to the pod, the way of the VPC's addresses back into it, and who the rest of the world sees. */
function host(p: Pod, n: Node): readonly Patch[] {
  const [veth, table] = [vethName(p.name), tableOf(p)]
  const own: Cidr = cidr(p.ip, 32)
  return [
    {
      in: n.name,
      by: PTP,
      rows: {
        devs: [
          {
            kind: 'veth',
            name: veth,
            mac: p.hostMac ?? macOf(p.ip, '2a:00'),
            mtu: n.mtu,
            up: true,
            addrs: [],
            peer: { netns: p.name, dev: 'eth1' },
          },
        ],
        routes: [
          { table: 'main', dst: own, dev: veth, scope: 'link' },
          ...n.ranges.map((dst): Route => ({ table, dst, via: p.ip, dev: veth })),
        ],
        rules: [{ priority: 1024, iif: veth, table }],
      },
    },
    iptables(
      n.name,
      PTP,
      `*nat
:${chainName(p.name)} - [0:0]
-A POSTROUTING -s ${own} ${comment(p)} -j ${chainName(p.name)}
-A ${chainName(p.name)} -d ${own} ${comment(p)} -j ACCEPT
-A ${chainName(p.name)} ! -d 224.0.0.0/4 ${comment(p)} -j MASQUERADE`,
    ),
  ]
}

/** What the first pod's plugin writes for node ports: what came for one on eth0 is answered by it. */
function nodePorts(n: Node): readonly Patch[] {
  return [
    {
      in: n.name,
      by: PTP,
      rows: {
        sysctls: [{ key: 'net.ipv4.conf.eth0.rp_filter', value: 2 }],
        rules: [{ priority: 512, fwmark: { value: 0x2000, mask: 0xffffffff }, table: 'main' }],
      },
    },
    iptables(
      n.name,
      PTP,
      `*mangle
${['tcp', 'udp'].map((proto) => `-A PREROUTING -i eth0 -p ${proto} -m ${proto} --dport ${NODE_PORTS} -j CONNMARK --set-xmark ${MARK}/0xffffffff`).join('\n')}
-A PREROUTING -i veth+ -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff`,
    ),
  ]
}

/** Pods on ipvlan slaves of an ENI of their own, which has no address on the node. */
export const lyft: Cni = {
  unnumbered: true,
  stands: true,
  setup: nodePorts,
  attach: (p, n) => [...pod(p, n), ...host(p, n)],
  join: () => [],
  connected: () => [],
  addresses: (n, dev) => (dev === 'eth1' ? n.pods().map((p) => p.ip) : []),
}
