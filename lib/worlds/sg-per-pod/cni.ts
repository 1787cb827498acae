import { cidr } from '#lib/wire/addr.ts'
import { relativeMac } from '#lib/wire/range.ts'
import type { Rule } from '#lib/topology/rows.ts'
import { by } from '#lib/worlds/by.ts'
import type { Patch } from '#lib/worlds/cluster/patch.ts'
import { eniId, VPC_NAME, type Cni, type Node, type Pod } from '#lib/worlds/cluster/spec.ts'
import { sha1 } from '#lib/worlds/hash/sha1.ts'
import { pair, secondary, tableOf, vethName, vpcCni } from '#lib/worlds/vpc-cni/cni.ts'
import type { VpcCniOptions } from '#lib/worlds/vpc-cni/eras.ts'

/*
 * Security groups for pods (ENABLE_POD_ENI): a pod that a SecurityGroupPolicy selects has a branch ENI with its own groups, made by the VPC
 * resource controller and led to the node by the trunk's VLAN (amazon-vpc-cni-k8s, cmd/routed-eni-cni-plugin/driver/driver.go,
 * SetupBranchENIPodNetwork; amazon-vpc-resource-controller-k8s, pkg/provider/branch/trunk).
 */

const PLUGIN = by('aws-cni', 'pod-created')
const JOINED = by('ipamd', 'node-joined')
const PREPARED = by('aws-vpc-cni-init', 'node-joined')
const CONTROLLER = by('vpc-resource-controller', 'pod-created')
const KUBELET = by('kubelet', 'node-joined')

/** POD_SECURITY_GROUP_ENFORCING_MODE. */
export type Enforcing = 'strict' | 'standard'
export interface SgPerPodOptions extends VpcCniOptions {
  /** strict when left out, as the plugin's. */
  readonly enforcing?: Enforcing
}
/** Where kubelet listens. */
export const KUBELET_PORT = 10250

/** Host end of a pod that has groups of its own, in strict mode (networkutils.GeneratePodHostVethName). */
export function vlanVethName(pod: string): string {
  return `vlan${sha1(`default.${pod}`).slice(0, 11)}`
}

/** The node's pods that have groups of their own. */
const own = (n: Node): readonly Pod[] => n.pods().filter((p) => p.groups !== undefined)

/** The VLAN of such a pod: the controller takes the first of 1 to 120 that is free. */
function vlanOf(p: Pod, n: Node): number {
  return own(n).findIndex((x) => x.name === p.name) + 1
}

/** The MAC of its branch ENI, readable. */
const branchMac = (p: Pod, n: Node) => relativeMac('0a:02', p.ip, n.vpc)
export const branchEni = (pod: string): string => `eni-${pod}`

/** setupVlan(), setupIIFBasedContainerRouteRules(), setupIPBasedContainerRouteRules(). */
function branch(p: Pod, n: Node, mode: Enforcing): readonly Patch[] {
  const vlan = vlanOf(p, n)
  const [dev, table, address] = [`vlan.eth.${vlan}`, String(100 + vlan), cidr(p.ip, 32)]
  const strict = mode === 'strict'
  const name = strict ? vlanVethName(p.name) : vethName(p.name)
  const rules: readonly Rule[] = strict
    ? [
        { priority: 10, iif: dev, table },
        { priority: 10, iif: name, table },
      ]
    : [
        { priority: 512, to: address, table: 'main' },
        { priority: 1536, from: address, table },
      ]
  return [
    {
      in: n.name,
      by: PLUGIN,
      rows: {
        devs: [
          {
            kind: 'vlan',
            name: dev,
            link: { netns: n.name, dev: 'eth1' },
            id: vlan,
            mac: branchMac(p, n),
            mtu: n.mtu,
            up: true,
            addrs: [],
          },
        ],
        routes: tableOf(n, table, dev),
      },
    },
    ...pair(p, n, { name, mtu: n.mtu, table: strict ? table : 'main', rules }),
  ]
}

/** The VPC CNI on nodes with a trunk, which carries no pod's address itself. */
export function sgPerPod({ enforcing = 'strict', ...o }: SgPerPodOptions = {}): Cni {
  const usual = vpcCni(o)
  const strict = enforcing === 'strict'
  return {
    ...usual,
    stands: true,
    // SetupHostNetwork(): the rules of pods with groups come before the local table.
    ...(strict ? { displaces: (r: Rule) => r.table === 'local' } : {}),
    setup: ({ eth1, ...n }) => [
      ...(eth1 === undefined ? [] : secondary({ ...n, eth1 }, true)),
      ...(strict
        ? [{ in: n.name, by: JOINED, rows: { rules: [{ priority: 20, table: 'local' }] } }]
        : []),
      ...usual.setup(n),
      {
        in: n.name,
        by: PREPARED,
        // DISABLE_TCP_EARLY_DEMUX: false.
        rows: { sysctls: [{ key: 'net.ipv4.tcp_early_demux', value: 1 }] },
      },
      {
        in: n.name,
        by: KUBELET,
        rows: { sockets: [{ proto: 'tcp', port: KUBELET_PORT, program: 'kubelet' }] },
      },
    ],
    attach: (p, n) =>
      p.groups === undefined ? usual.attach({ ...p, eni: 'eth0' }, n) : branch(p, n, enforcing),
    fabric: (nodes) => [
      {
        in: VPC_NAME,
        by: CONTROLLER,
        rows: {
          enis: nodes.flatMap((n) =>
            own(n).map((p) => ({
              id: branchEni(p.name),
              subnet: `subnet-${n.subnet}`,
              mac: branchMac(p, n),
              ips: [p.ip],
              groups: p.groups!,
              sourceDestCheck: true,
              branch: { trunk: eniId(n, 'eth1'), vlan: vlanOf(p, n) },
              attached: { netns: n.name, dev: 'eth1' },
            })),
          ),
        },
      },
    ],
    addresses: (n, dev) =>
      dev === 'eth1'
        ? []
        : n
            .pods()
            .filter((p) => p.groups === undefined)
            .map((p) => p.ip),
  }
}
