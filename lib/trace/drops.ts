import type { DropReason } from './drop.ts'

/** What others call a drop, and how one sees it. */
export interface DropInfo {
  /** The kernel's own reason in skb:kfree_skb, where it has one (names of Linux 6.18; they get renamed between versions). Null: no skb is freed for it, or as NOT_SPECIFIED. */
  readonly kernel: string | null
  /** Reachability Analyzer's explanation code, where the cause is AWS's. */
  readonly aws: string | null
  /** A command that shows it on a real machine. */
  readonly seeItWith: string
}

const kernel = (reason: string | null, seeItWith: string): DropInfo => ({
  kernel: reason,
  aws: null,
  seeItWith,
})
const aws = (code: string | null, seeItWith: string): DropInfo => ({
  kernel: null,
  aws: code,
  seeItWith,
})

/** Every way a walk can end, with the field's own name for it. What it is called in a sentence is in `lib/words`, where it is decided in `drop-sources.ts`: a page needs neither. The list is closed. */
export const DROPS: { readonly [R in DropReason]: DropInfo } = {
  'no-route': kernel('IP_INNOROUTES', 'ip route get ADDRESS'),
  blackhole: kernel(null, 'ip route show type blackhole'),
  'unreachable-route': kernel(null, 'ip route show type unreachable'),
  'prohibit-route': kernel(null, 'ip route show type prohibit'),
  'broadcast-refused': kernel(null, 'EACCES from sendto(2)'),
  'loopback-source': kernel(null, 'sysctl net.ipv4.conf.DEV.route_localnet'),
  'rp-filter': kernel('IP_RPFILTER', 'nstat -az TcpExtIPReversePathFilter'),
  'martian-source': kernel('IP_INVALID_SOURCE', 'sysctl net.ipv4.conf.all.log_martians=1'),
  'martian-destination': kernel('IP_INVALID_DEST', 'sysctl net.ipv4.conf.all.log_martians=1'),
  'local-source': kernel('IP_LOCAL_SOURCE', 'sysctl net.ipv4.conf.all.log_martians=1'),
  netfilter: kernel('NETFILTER_DROP', 'iptables -L -v -n'),
  'netfilter-reject': kernel('NETFILTER_DROP', 'iptables -L -v -n'),
  'neigh-failed': kernel('NEIGH_FAILED', 'ip neigh show nud failed'),
  'other-host': kernel('OTHERHOST', 'ip -s -s link show'),
  'bridge-no-target': kernel('NO_TX_TARGET', 'bridge fdb show'),
  'too-big': kernel('PKT_TOO_BIG', 'nstat -az IpFragFails'),
  'message-size': kernel(null, 'EMSGSIZE from sendto(2)'),
  'over-mtu-link': kernel(null, 'ip -s link show'),
  'link-down': kernel('DEV_READY', 'ip link show'),
  'no-socket': kernel('NO_SOCKET', 'ss -ltnu'),
  'vxlan-no-remote': kernel('NO_TX_TARGET', 'bridge fdb show dev flannel.1'),
  'tunnel-loop': kernel('IP_OUTNOROUTES', 'ip -s link show (collisions)'),
  'too-nested': kernel('RECURSION_LIMIT', 'dmesg (“Dead loop on virtual device”)'),
  'nat-no-port': kernel('NETFILTER_DROP', 'conntrack -S (insert_failed)'),
  'ipvs-no-server': kernel('NETFILTER_DROP', 'ipvsadm -Ln'),
  'vxlan-unknown-vni': kernel('VXLAN_VNI_NOT_FOUND', 'ip -d link show type vxlan'),
  'vlan-unknown': kernel('OTHERHOST', 'ip -d link show type vlan'),
  'no-tunnel': kernel(null, 'ip -d link show'),
  dummy: kernel(null, 'ip -s link show'),
  'daemon-ttl': kernel(null, 'strace -p $(pidof flanneld)'),
  'no-lease': kernel(null, 'etcdctl get --prefix /coreos.com/network/subnets'),
  'security-group': aws('ENI_SG_RULES_MISMATCH', 'aws ec2 describe-security-groups'),
  'network-acl': aws('SUBNET_ACL_RESTRICTION', 'aws ec2 describe-network-acls'),
  'source-dest-check': aws(
    'ENI_SOURCE_DEST_CHECK_RESTRICTION',
    'aws ec2 describe-network-interfaces',
  ),
  'vpc-no-route': aws('CANNOT_ROUTE', 'aws ec2 describe-route-tables'),
  'vpc-unknown-address': aws(
    null,
    'aws ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=ADDRESS',
  ),
  'vpc-no-public-address': aws(
    'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
    'aws ec2 describe-addresses',
  ),
  'vpc-too-big': aws(null, 'tracepath ADDRESS'),
  'forwarding-off': kernel('IP_INADDRERRORS', 'sysctl net.ipv4.ip_forward'),
  'own-socket': kernel(null, 'sysctl net.ipv4.tcp_early_demux'),
  'ttl-exceeded': kernel('IP_INHDR', 'nstat -az IpInHdrErrors'),
  'step-budget': kernel(null, 'tcpdump -i any'),
  'rule-budget': kernel(null, 'iptables -L -v -n'),
  'broadcast-ignored': kernel('INVALID_PROTO', 'sysctl net.ipv4.icmp_echo_ignore_broadcasts'),
  'foreign-source': kernel(null, 'EINVAL from sendto(2), connect(2)'),
  'not-arp-owner': kernel(null, 'tcpdump -n arp'),
  'bad-packet': kernel('IP_INHDR', 'nstat -az IpInTruncatedPkts'),
  'icmp-ignored': kernel(null, 'nstat -az IcmpInMsgs IcmpInErrors'),
}
