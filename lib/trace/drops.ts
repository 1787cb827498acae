import type { DropReason } from './drop.ts'

export interface DropInfo {
  /** What happened, in a few words. */
  readonly title: string
  /** The kernel's own reason in skb:kfree_skb, where it has one (names of Linux 6.18; they get renamed between versions). Null: no skb is freed for it, or as NOT_SPECIFIED. */
  readonly kernel: string | null
  /** Reachability Analyzer's explanation code, where the cause is AWS's. */
  readonly aws: string | null
  /** A command that shows it on a real machine. */
  readonly seeItWith: string
  readonly source: string
}

const kernel = (title: string, reason: string | null, seeItWith: string, source: string): DropInfo => ({ title, kernel: reason, aws: null, seeItWith, source })
const aws = (title: string, code: string | null, seeItWith: string, source: string): DropInfo => ({ title, kernel: null, aws: code, seeItWith, source })

/** Every way a walk can end, with the field's own name for it. The list is closed. */
export const DROPS: { readonly [R in DropReason]: DropInfo } = {
  'no-route': kernel('no route to the destination', 'IP_INNOROUTES', 'ip route get ADDRESS', 'net/ipv4/route.c ip_error'),
  blackhole: kernel('a blackhole route', null, 'ip route show type blackhole', 'net/ipv4/route.c ip_error: NOT_SPECIFIED, as measured'),
  'unreachable-route': kernel('an unreachable route', null, 'ip route show type unreachable', 'net/ipv4/route.c ip_error: NOT_SPECIFIED, as measured'),
  'prohibit-route': kernel('a prohibit route', null, 'ip route show type prohibit', 'net/ipv4/route.c ip_error: NOT_SPECIFIED, as measured'),
  'broadcast-refused': kernel('a program must ask for SO_BROADCAST before it sends to a broadcast address', null, 'EACCES from sendto(2)', 'net/ipv4/udp.c, raw.c, tcp_ipv4.c (ENETUNREACH)'),
  'loopback-source': kernel('127.0.0.0/8 leaves by the loopback only', null, 'sysctl net.ipv4.conf.DEV.route_localnet', 'net/ipv4/route.c __mkroute_output: EINVAL'),
  'rp-filter': kernel('the reverse path is another device', 'IP_RPFILTER', 'nstat -az TcpExtIPReversePathFilter', 'net/ipv4/fib_frontend.c'),
  'martian-source': kernel('a source no packet may have', 'IP_INVALID_SOURCE', 'sysctl net.ipv4.conf.all.log_martians=1', 'net/ipv4/route.c'),
  'local-source': kernel('the source is our own address', 'IP_LOCAL_SOURCE', 'sysctl net.ipv4.conf.all.log_martians=1', 'net/ipv4/fib_frontend.c'),
  netfilter: kernel('a firewall rule or policy drops it', 'NETFILTER_DROP', 'iptables -L -v -n', 'net/netfilter'),
  'netfilter-reject': kernel('a firewall rule rejects it', 'NETFILTER_DROP', 'iptables -L -v -n', 'net/ipv4/netfilter/nf_reject_ipv4.c'),
  'neigh-failed': kernel('nobody answers ARP', 'NEIGH_FAILED', 'ip neigh show nud failed', 'net/core/neighbour.c'),
  'other-host': kernel('the frame is addressed to another MAC', 'OTHERHOST', 'ip -s -s link show', 'net/ipv4/ip_input.c'),
  'bridge-no-target': kernel('the bridge has no port for it', 'NO_TX_TARGET', 'bridge fdb show', 'net/bridge/br_input.c'),
  'too-big': kernel('larger than the next link, and not to be fragmented', 'PKT_TOO_BIG', 'nstat -az IpFragFails', 'net/ipv4/ip_forward.c'),
  'message-size': kernel('larger than the path, refused before it is sent', null, 'EMSGSIZE from sendto(2)', 'net/ipv4/ip_output.c'),
  'over-mtu-link': kernel('larger than the link takes, lost without a word', null, 'ip -s link show', 'net/core/dev.c is_skb_forwardable'),
  'link-down': kernel('the device is down or gone', 'DEV_READY', 'ip link show', 'net/core/dev.c'),
  'no-socket': kernel('nobody listens on the port', 'NO_SOCKET', 'ss -ltnu', 'net/ipv4/udp.c, tcp_ipv4.c'),
  'vxlan-no-remote': kernel('the tunnel’s FDB does not know the MAC', 'NO_TX_TARGET', 'bridge fdb show dev flannel.1', 'drivers/net/vxlan/vxlan_core.c'),
  'tunnel-loop': kernel('the way to the tunnel’s other end leads through the tunnel', 'IP_OUTNOROUTES', 'ip -s link show (collisions)', 'include/net/udp_tunnel.h udp_tunnel_dst_lookup: ELOOP'),
  'too-nested': kernel('devices hand it to each other too often in a row', 'RECURSION_LIMIT', 'dmesg (“Dead loop on virtual device”)', 'net/core/dev.c XMIT_RECURSION_LIMIT, net/ipv4/ip_tunnel_core.c IP_TUNNEL_RECURSION_LIMIT'),
  'nat-no-port': kernel('no port is free for its translation', 'NETFILTER_DROP', 'conntrack -S (insert_failed)', 'net/netfilter/nf_conntrack_core.c __nf_conntrack_confirm'),
  'vxlan-unknown-vni': kernel('no tunnel device with this VNI', 'VXLAN_VNI_NOT_FOUND', 'ip -d link show type vxlan', 'drivers/net/vxlan/vxlan_core.c'),
  'daemon-ttl': kernel('flanneld counts the TTL down to 0 and says nothing', null, 'strace -p $(pidof flanneld)', 'flannel pkg/backend/udp/proxy_amd64.c'),
  'no-lease': kernel('flanneld has no lease for the destination', null, 'etcdctl get --prefix /coreos.com/network/subnets', 'flannel pkg/backend/udp/proxy_amd64.c'),
  'security-group': aws('no security group rule allows it', 'ENI_SG_RULES_MISMATCH', 'aws ec2 describe-security-groups', 'VPC guide, security-group-rules'),
  'network-acl': aws('a network ACL denies it', 'SUBNET_ACL_RESTRICTION', 'aws ec2 describe-network-acls', 'VPC guide, vpc-network-acls'),
  'source-dest-check': aws('the ENI may only use its own addresses', 'ENI_SOURCE_DEST_CHECK_RESTRICTION', 'aws ec2 describe-network-interfaces', 'EC2 guide, using-eni'),
  'vpc-no-route': aws('the subnet’s route table has no route', 'CANNOT_ROUTE', 'aws ec2 describe-route-tables', 'VPC guide, VPC_Route_Tables'),
  'vpc-unknown-address': aws('no interface in the VPC has this address', null, 'aws ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=ADDRESS', 'VPC guide'),
  'vpc-no-public-address': aws('no public address for the way out', 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS', 'aws ec2 describe-addresses', 'Reachability Analyzer guide, explanation codes'),
  'vpc-too-big': aws('larger than 1500 bytes at the internet gateway', null, 'tracepath ADDRESS', 'EC2 guide, network_mtu'),
  'fragment-timeout': kernel('a fragment never came', 'FRAG_REASM_TIMEOUT', 'nstat -az IpReasmFails', 'net/ipv4/ip_fragment.c'),
  'forwarding-off': kernel('this machine does not forward', 'IP_INADDRERRORS', 'sysctl net.ipv4.ip_forward', 'net/ipv4/route.c ip_error'),
  'ttl-exceeded': kernel('the TTL ran out', 'IP_INHDR', 'nstat -az IpInHdrErrors', 'net/ipv4/ip_forward.c'),
  'step-budget': kernel('it goes round in circles; the walk stops here', null, 'tcpdump -i any', 'a limit of this model'),
  'rule-budget': kernel('more firewall rules are asked than this walk follows', null, 'iptables -L -v -n', 'a limit of this model'),
  'broadcast-ignored': kernel('sent to a broadcast address, which nobody here answers', 'INVALID_PROTO', 'sysctl net.ipv4.icmp_echo_ignore_broadcasts', 'net/ipv4/icmp.c icmp_rcv, udp.c __udp4_lib_mcast_deliver, tcp_ipv4.c'),
  'not-arp-owner': kernel('asked for an address that is not here', null, 'tcpdump -n arp', 'net/ipv4/arp.c'),
  'bad-packet': kernel('not a packet this receiver understands', 'IP_INHDR', 'nstat -az IpInTruncatedPkts', 'net/ipv4/ip_input.c'),
  'icmp-ignored': kernel('an error nobody acts on', null, 'nstat -az IcmpInErrors', 'net/ipv4/icmp.c'),
}
