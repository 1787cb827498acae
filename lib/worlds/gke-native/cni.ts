import { cidr, macOf, parseCidr, type Cidr } from '#lib/wire/addr.ts'
import { nth } from '#lib/wire/range.ts'
import type { Route } from '#lib/topology/rows.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import { by } from '#lib/worlds/by.ts'
import { defaultRoute, forwarding, nic } from '#lib/worlds/cluster/parts.ts'
import { iptables, type Patch, type Rows } from '#lib/worlds/cluster/patch.ts'
import type { Cni, Node, Pod } from '#lib/worlds/cluster/spec.ts'
import { rangeOf } from '#lib/worlds/cni/bridge.ts'
import { sha1 } from '#lib/worlds/hash/sha1.ts'

/*
 * A VPC-native GKE cluster with Dataplane V1: each node's pods have addresses of an alias range of its interface, which the VPC routes
 * without a route of the cluster's (cloud.google.com/kubernetes-engine/docs/concepts/alias-ips). On the node: the CNI plugin ptp, as netd's
 * conflist has it (GoogleCloudPlatform/netd, install-cni.sh, 10-gke-ptp.conflist), kube-proxy, ip-masq-agent, and the firewall of the
 * start script (kubernetes, cluster/gce/gci/configure-helper.sh, config-ip-firewall()).
 */

const PTP = by('ptp', 'pod-created')
const PREPARED = by('person', 'node-prepared')
const AGENT = by('ip-masq-agent', 'daemon-started')

/** Host end of a pod: ip.SetupVeth() draws it. */
export function vethName(pod: string): string {
  return `veth${sha1(pod).slice(0, 8)}`
}

/** The node drops what it is not told to take: Container-Optimized OS has these policies, the script the rules. */
const HOST_FIREWALL = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
${['INPUT', 'FORWARD'].flatMap((chain) => ['tcp', 'udp', 'icmp'].map((p) => `-A ${chain} -p ${p} -j ACCEPT`)).join('\n')}`

const says = (text: string): string => `-m comment --comment "ip-masq-agent: ${text}"`
const MUST_BE_LAST = 'outbound traffic is subject to MASQUERADE (must be last in chain)'
/** What the agent leaves alone without a ConfigMap, with --nomasq-all-reserved-ranges as GKE runs it (NewMasqConfig()). */
export const RESERVED: readonly Cidr[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
]

/** The agent's chain, with what its ConfigMap calls nonMasqueradeCIDRs (syncMasqRules(); --masq-chain=IP-MASQ). */
export function masquerade(ranges: readonly Cidr[]): string {
  return [
    '*nat',
    ':IP-MASQ - [0:0]',
    `-A POSTROUTING ${says('ensure nat POSTROUTING directs all non-LOCAL destination traffic to our custom IP-MASQ chain')} -m addrtype ! --dst-type LOCAL -j IP-MASQ`,
    ...['169.254.0.0/16', ...ranges].map(
      (x) => `-A IP-MASQ -d ${x} ${says('local traffic is not subject to MASQUERADE')} -j RETURN`,
    ),
    `-A IP-MASQ ${says(MUST_BE_LAST)} -j MASQUERADE --random-fully`,
  ].join('\n')
}
export const MASQUERADES = {
  table: 'nat',
  chain: 'IP-MASQ',
  comment: `ip-masq-agent: ${MUST_BE_LAST}`,
} as const

/** A pod: an address with its range's mask whose connected route is deleted, so that its neighbours too are behind the node (setupContainerVeth()). */
function pod(p: Pod, n: Node): Patch {
  const range = rangeOf(n)
  const via = nth(range, 1)
  const [table, dev, src] = ['main', 'eth0', p.ip]
  const routes: readonly Route[] = [
    { table, dst: '0.0.0.0/0', via, dev },
    { table, dst: range, via, dev, src },
    { table, dst: cidr(via, 32), dev, scope: 'link', src },
  ]
  return {
    in: p.name,
    by: PTP,
    rows: {
      devs: [
        {
          kind: 'veth',
          name: 'eth0',
          mac: p.mac ?? macOf(p.ip, '56:00'),
          mtu: n.mtu,
          up: true,
          addrs: [cidr(p.ip, parseCidr(range).bits)],
          peer: { netns: n.name, dev: vethName(p.name) },
        },
      ],
      routes,
    },
  }
}

/** The node's end has the gateway's address, as each of them (setupHostVeth()). */
function host(p: Pod, n: Node): Patch {
  const gateway = cidr(nth(rangeOf(n), 1), 32)
  const name = vethName(p.name)
  return {
    in: n.name,
    by: PTP,
    rows: {
      devs: [
        {
          kind: 'veth',
          name,
          mac: p.hostMac ?? macOf(p.ip, '2a:00'),
          mtu: n.mtu,
          up: true,
          addrs: [gateway],
          peer: { netns: p.name, dev: 'eth0' },
        },
      ],
      routes: [{ table: 'main', dst: cidr(p.ip, 32), dev: name, scope: 'host' }],
    },
  }
}

/** Rows of such a cluster, whose pods are in this network. */
export function gke(podNetwork: Cidr): Cni {
  return {
    cloud: 'google',
    // A /32, with the way to the router in the lease (RFC 3442): even a neighbour is behind it.
    uplink: (n, eth0) => {
      const via = nth(n.prefix, 1)
      const toRouter: Route = { table: 'main', dst: cidr(via, 32), dev: 'eth0', scope: 'link' }
      return [
        nic(n.name, eth0, { mtu: n.mtu, bits: 32, cloud: 'google' }),
        forwarding(n.name),
        defaultRoute(n.name, via),
        { in: n.name, by: by('dhclient', 'instance-launched'), rows: { routes: [toRouter] } },
      ]
    },
    prefixes: (n) => [rangeOf(n)],
    setup: (n) => [
      {
        in: n.name,
        by: PREPARED,
        // What netd finds there, and makes 2 with its rules (config_policy_routing.go).
        rows: { sysctls: [{ key: 'net.ipv4.conf.eth0.rp_filter', value: 1 }] },
      },
      iptables(n.name, PREPARED, HOST_FIREWALL),
      iptables(n.name, AGENT, masquerade([podNetwork, ...n.ranges.slice(0, 1)])),
    ],
    attach: (p, n) => [pod(p, n), host(p, n)],
    join: () => [],
    connected: () => [],
    addresses: () => [],
  }
}

/**
 * netd's policy routing, for intranode visibility: what comes in by a pod's device leaves by eth0, whoever it is for. What a node port has
 * marked (kube-proxy's 0x4000) goes by the main table, and so do its answers, by the connection's mark (PolicyRoutingConfigSet).
 */
export const INTRANODE: Rows = {
  rules: [
    { priority: 30001, fwmark: { value: 0x4000, mask: 0x4000 }, table: 'main' },
    { priority: 30002, iif: 'lo', table: 'main' },
    { priority: 30003, iif: 'eth0', not: true, table: '1' },
  ],
  routes: [{ table: '1', dst: '0.0.0.0/0', via: '192.168.0.1', dev: 'eth0' }],
  ...parseIptables(`*mangle
:GCP-PREROUTING - [0:0]
:GCP-POSTROUTING - [0:0]
-A PREROUTING -m comment --comment "redirect all traffic to GCP-PREROUTING chain" -j GCP-PREROUTING
-A POSTROUTING -m comment --comment "redirect all traffic to GCP-POSTROUTING chain" -j GCP-POSTROUTING
-A GCP-PREROUTING -m comment --comment "restore the conn mark if applicable" -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff
-A GCP-POSTROUTING -m mark --mark 0x4000/0x4000 -m comment --comment "save the conn mark only if hairpin bit (0x4000/0x4000) is set" -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff`),
}
