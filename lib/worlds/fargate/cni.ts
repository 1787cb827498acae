import { by } from '#lib/worlds/by.ts'
import { cidr, parseCidr } from '#lib/wire/addr.ts'
import { nth } from '#lib/wire/range.ts'
import { connected, defaultRoute, nic } from '#lib/worlds/cluster/parts.ts'
import type { Cni } from '#lib/worlds/cluster/spec.ts'

/*
 * EKS on Fargate: "Fargate runs only one pod per node" (EKS user guide, fargate-pod-configuration), each in a machine with a kernel and an ENI
 * of its own, in which kubelet, kube-proxy and containerd run as well (the 256 MB that are added to each pod). The pod's address is the ENI's
 * primary one and the node's; what else is in the machine is not published, so here the pod has its only network namespace.
 */

/** Where kubelet listens. */
export const KUBELET_PORT = 10250

/** Pods whose machine has one interface of the VPC, and nothing between it and them. */
export const fargate: Cni = {
  alone: true,
  // It forwards for nobody.
  uplink: (n, eth0) => {
    const { bits } = parseCidr(n.prefix)
    return [
      nic(n.name, eth0, { mtu: n.mtu, bits }),
      defaultRoute(n.name, nth(n.prefix, 1)),
      connected(n.name, 'eth0', cidr(n.ip, bits)),
    ]
  },
  setup: (n) => [
    {
      in: n.name,
      by: by('kubelet', 'node-joined'),
      rows: { sockets: [{ proto: 'tcp', port: KUBELET_PORT, program: 'kubelet' }] },
    },
  ],
  attach: () => [],
  join: () => [],
  connected: () => [],
  addresses: () => [],
}
