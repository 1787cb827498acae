import { cidr, macOf, type Ipv4 } from '#lib/wire/addr.ts'
import { nth, type Cni, type Node, type Pod } from '../cluster.ts'
import { iptables, type Patch } from '../patch.ts'
import { sha1 } from '../sha1.ts'

/** Host veth of a pod: eni and 11 digits of SHA-1 of namespace.name (pkg/networkutils/names.go). */
export function vethName(pod: string): string {
  return `eni${sha1(`default.${pod}`).slice(0, 11)}`
}

const GATEWAY: Ipv4 = '169.254.1.1'
/** Table of the ENI at device index 1: index + 1 (CalculateRouteTableId). */
const TABLE = '2'
const eniOfPod = (n: Node, p: Pod): 'eth0' | 'eth1' => p.eni ?? (n.eth1 === undefined ? 'eth0' : 'eth1')

/** Rows of the secondary ENI's own table: the router, and the default through it. No connected route, so even a neighbour is reached by the router. */
function secondary(n: Node): Patch {
  if (n.eth1 === undefined) return { in: n.name, rows: {} }
  const router = nth(n.prefix, 1)
  return {
    in: n.name,
    rows: {
      routes: [{ table: TABLE, dst: '0.0.0.0/0', via: router, dev: 'eth1' }, { table: TABLE, dst: cidr(router, 32), dev: 'eth1', scope: 'link' }],
      rules: [{ priority: 32765, from: cidr(n.eth1.ip, 32), table: TABLE }],
    },
  }
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
    secondary(n),
    { in: n.name, rows: {
      rules: [{ priority: 1024, fwmark: { value: 0x80, mask: 0x80 }, table: 'main' }],
      // The init container makes eth0 loose, so that answers to NodePorts of pods on other ENIs are not lost.
      sysctls: [{ key: 'net.ipv4.conf.eth0.rp_filter', value: 2 }],
    } },
    iptables(n.name, firewall(n)),
  ],
  attach: (p, n) => {
    const name = vethName(p.name)
    const hostMac = p.hostMac ?? macOf(p.ip, '2a:00')
    return [
      { in: p.name, rows: {
        devs: [{ kind: 'veth', name: 'eth0', mac: p.mac ?? macOf(p.ip, '56:00'), mtu: n.mtu, up: true, addrs: [cidr(p.ip, 32)], peer: { netns: n.name, dev: name } }],
        routes: [{ table: 'main', dst: '0.0.0.0/0', via: GATEWAY, dev: 'eth0' }, { table: 'main', dst: cidr(GATEWAY, 32), dev: 'eth0', scope: 'link' }],
        // 169.254.1.1 is on no interface; this entry replaces ARP.
        neigh: [{ ip: GATEWAY, dev: 'eth0', lladdr: hostMac, state: 'PERMANENT' }],
      } },
      { in: n.name, rows: {
        devs: [{ kind: 'veth', name, mac: hostMac, mtu: n.mtu, up: true, addrs: [], peer: { netns: p.name, dev: 'eth0' } }],
        routes: [{ table: 'main', dst: cidr(p.ip, 32), dev: name, scope: 'link' }],
        rules: [{ priority: 512, to: cidr(p.ip, 32), table: 'main' }, ...(eniOfPod(n, p) === 'eth1' ? [{ priority: 1536, from: cidr(p.ip, 32), table: TABLE }] : [])],
      } },
    ]
  },
  join: () => [],
  connected: () => [],
  addresses: (n, dev) => n.pods.filter((p) => eniOfPod(n, p) === dev).map((p) => p.ip),
}
