import type { By } from '#lib/topology/by.ts'

/* Who writes the rows of our worlds, and after which event. Codes: a language has the words for them. */

/** A program by the name that `ps` has for it, the kernel, AWS, or a person (whoever prepares machines, groups and VPCs). */
export type Who =
  | 'kernel'
  | 'dhclient'
  | 'aws'
  | 'google'
  | 'person'
  | 'program'
  | 'dockerd'
  | 'docker-proxy'
  | 'flanneld'
  | 'kube-proxy'
  | 'bridge'
  | 'portmap'
  | 'aws-cni'
  | 'aws-vpc-cni-init'
  | 'ipamd'
  | 'vpc-resource-controller'
  | 'kubelet'
  | 'cni-ipvlan-vpc-k8s-ipvlan'
  | 'cni-ipvlan-vpc-k8s-unnumbered-ptp'
  | 'calico'
  | 'calico-node'
  | 'bird'
  | 'ptp'
  | 'ip-masq-agent'

export type After =
  | 'namespace-created'
  | 'address-added'
  | 'vpc-created'
  | 'instance-launched'
  | 'node-prepared'
  | 'daemon-started'
  /** This node has its own range. */
  | 'node-joined'
  /** Another node has one. */
  | 'lease-added'
  | 'eni-attached'
  | 'pod-created'
  | 'container-started'
  /** Somebody created one. */
  | 'network-created'
  | 'service-changed'

export interface Author extends By {
  readonly who: Who
  readonly after: After
}

export function by(who: Who, after: After): Author {
  return { who, after }
}

/** What every namespace begins with: lo, the policy rules. */
export const NEW_NETNS = by('kernel', 'namespace-created')
