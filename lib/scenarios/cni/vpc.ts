import { cidr, macOf, type Ipv4, type Mac } from '#lib/wire/addr.ts'
import type { NicDev } from '#lib/topology/devs.ts'
import { routerOf, subnetOf, vethPair } from '../parts.ts'
import { iptables } from '../patch.ts'
import { sha1 } from '../sha1.ts'
import { VPC_NAME, type NodeSpec } from '../spec.ts'
import type { Cni } from './cni.ts'

/** Host veth of a pod: eni and 11 digits of SHA-1 of namespace.name (pkg/networkutils/names.go). */
export function vethName(pod: string): string {
  return `eni${sha1(`default.${pod}`).slice(0, 11)}`
}

export function eth1Mac(n: NodeSpec): Mac {
  const h = (x: number): string => x.toString(16).padStart(2, '0')
  return `0a:00:00:${h(n.index >> 8)}:${h((n.index & 255) + 1)}:01`
}

const GATEWAY: Ipv4 = '169.254.1.1'
const TABLE = '2'

/** The AWS VPC CNI, v1.23 with default settings, connmark rules in iptables: routed veth pairs, no bridge, no overlay (facts: routed-eni, network.go). */
export const vpcCni: Cni = {
  node: (c, n, pods) => {
    const router = routerOf(subnetOf(c, n.subnet))
    const bits = Number(subnetOf(c, n.subnet).split('/')[1])
    const secondary = pods.some((p) => p.eni === 'eth1')
    const main = '-m comment --comment "AWS, primary ENI"'
    return {
      devs: secondary ? [{ kind: 'nic', name: 'eth1', mac: eth1Mac(n), mtu: c.mtu, up: true, addrs: [cidr(n.eth1, bits)], wire: { vpc: VPC_NAME, eni: `eni-${n.name}-eth1` } } satisfies NicDev] : [],
      routes: secondary ? [{ table: TABLE, dst: '0.0.0.0/0', via: router, dev: 'eth1' }, { table: TABLE, dst: cidr(router, 32), dev: 'eth1', scope: 'link' }] : [],
      rules: [
        ...pods.map((p) => ({ priority: 512, to: cidr(p.ip, 32), table: 'main' })),
        { priority: 1024, fwmark: { value: 0x80, mask: 0x80 }, table: 'main' },
        ...pods.filter((p) => p.eni === 'eth1').map((p) => ({ priority: 1536, from: cidr(p.ip, 32), table: TABLE })),
        ...(secondary ? [{ priority: 32765, from: cidr(n.eth1, 32), table: TABLE }] : []),
      ],
      // The init container makes eth0 loose, so that answers to NodePorts of pods on other ENIs are not lost.
      sysctls: [{ key: 'net.ipv4.conf.eth0.rp_filter', value: 2 }],
      ...iptables(`*mangle
-A PREROUTING -i eth0 ${main} -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80
-A PREROUTING -i eni+ ${main} -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80
-A PREROUTING -i vlan+ ${main} -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80
*nat
:AWS-CONNMARK-CHAIN-0 - [0:0]
:AWS-SNAT-CHAIN-0 - [0:0]
-A PREROUTING -i eni+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0
-A PREROUTING -m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80
-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0
-A AWS-CONNMARK-CHAIN-0 -d ${c.vpc.cidr} -m comment --comment "AWS CONNMARK CHAIN" -j RETURN
-A AWS-CONNMARK-CHAIN-0 -m comment --comment "AWS, CONNMARK" -j CONNMARK --set-xmark 0x80/0x80
-A AWS-SNAT-CHAIN-0 -d ${c.vpc.cidr} -m comment --comment "AWS SNAT CHAIN" -j RETURN
-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source ${n.ip} --random-fully`),
    }
  },
  attach: (c, n, p) => {
    const pair = vethPair(p.name, n.name, vethName(p.name), { address: cidr(p.ip, 32), mac: macOf(p.ip, '56:00'), hostMac: macOf(p.ip, '2a:00'), mtu: c.mtu })
    return {
      pod: {
        devs: [pair.pod],
        routes: [{ table: 'main', dst: '0.0.0.0/0', via: GATEWAY, dev: 'eth0' }, { table: 'main', dst: cidr(GATEWAY, 32), dev: 'eth0', scope: 'link' }],
        // 169.254.1.1 is on no interface; this entry replaces ARP.
        neigh: [{ ip: GATEWAY, dev: 'eth0', lladdr: macOf(p.ip, '2a:00'), state: 'PERMANENT' }],
      },
      host: { devs: [pair.host], routes: [{ table: 'main', dst: cidr(p.ip, 32), dev: vethName(p.name), scope: 'link' }] },
    }
  },
  join: () => ({}),
}

