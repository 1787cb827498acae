/* Numbers of the chapters that no walk counts: what a kernel, a program or AWS has set, and who says so. `<Fact of="NAME" />` prints one. */

/** A number as it is printed, in words where prose has words, and where it stands. */
export interface Figure {
  readonly says: string
  readonly source: string
}

export const FIGURES: Readonly<Record<string, Figure>> = {
  // Linux
  'neighbour-trusted': {
    says: 'half a minute',
    source:
      'net.ipv4.neigh.*.base_reachable_time_ms, 30000; each time a random half to one and a half of it is taken (neigh_rand_reach_time)',
  },
  'neighbour-asks': {
    says: 'three times',
    source: 'net.ipv4.neigh.*.mcast_solicit, 3; a second apart: retrans_time_ms, 1000',
  },
  'neighbour-fails': {
    says: 'three seconds',
    source: 'three questions, a second apart; 3.07 s were measured on Linux 6.18',
  },
  'fdb-forgets': {
    says: 'five minutes',
    source: 'a bridge’s ageing_time, 300 s (net/bridge/br_device.c)',
  },
  'connection-kept': {
    says: 'five days',
    source: 'net.netfilter.nf_conntrack_tcp_timeout_established, 432000 s',
  },
  'mtu-kept': {
    says: 'ten minutes',
    source: 'net.ipv4.route.mtu_expires, 600 s (net/ipv4/route.c)',
  },
  // flannel
  'lease-lasts': { says: '24 hours', source: 'flannel, pkg/subnet/etcd: the TTL of a lease' },
  'lease-renewed': {
    says: 'an hour',
    source: 'flannel, pkg/subnet: a lease is renewed 60 minutes before it ends',
  },
  'flannel-udp-port': { says: '8285', source: 'flannel, pkg/backend/udp: its default Port' },
  'vxlan-port-linux': { says: '8472', source: 'drivers/net/vxlan: Linux’s default of udp_port' },
  'vxlan-port': { says: '4789', source: 'RFC 7348, 8.: the port that IANA assigned' },
  'geneve-port': { says: '6081', source: 'RFC 8926, 3.3: the port that IANA assigned' },
  // AWS
  'vpc-mtu': { says: '9001', source: 'Amazon EC2 user guide, network_mtu' },
  'mtu-then': {
    says: '1500',
    source: 'amazon-vpc-cni-k8s v1.0.0, plugins/routed-eni/driver/driver.go',
  },
  'routes-then': {
    says: '50',
    source: 'Amazon VPC user guide of February 2018, amazon-vpc-limits',
  },
  'routes-now': {
    says: '500',
    source: 'Amazon VPC user guide, amazon-vpc-limits: routes per route table, since June 2025',
  },
  'routes-most': {
    says: '1,000',
    source: 'Amazon VPC user guide, amazon-vpc-limits: routes per route table',
  },
  'log-minute': {
    says: 'each minute, or each ten',
    source: 'Amazon VPC user guide, flow-logs: the maximum aggregation interval',
  },
  'subnet-reserved': { says: 'five', source: 'Amazon VPC user guide, subnet-sizing' },
  'eni-takes': {
    says: 'ten seconds',
    source: 'amazon-vpc-cni-k8s, docs: the time that another interface takes',
  },
  'nodes-told': { says: '1,000', source: 'Amazon EKS best practices, scalability' },
  'node-port-failed': {
    says: 'about half of all connections',
    source: 'amazon-vpc-cni-k8s, pull request 130',
  },
}
