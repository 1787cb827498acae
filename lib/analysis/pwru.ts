import type { Stage } from '#lib/trace/decision.ts'

/** The kernel function that a stage stands for, as pwru names it (Linux 6.18). None: it happens in user space or in the VPC, where pwru sees nothing. */
const FUNCTION: { readonly [S in Stage]: string | null } = {
  app: null, daemon: null, 'route-out': 'ip_route_output_key_hash', reroute: 'ip_route_me_harder', output: 'nf_hook_slow', rx: '__netif_receive_skb_core', bridge: 'br_handle_frame', arp: 'arp_process',
  raw: 'iptable_raw_hook', conntrack: 'nf_conntrack_in', mangle: 'iptable_mangle_hook', nat: 'nf_nat_inet_fn', route: 'ip_route_input_noref', 'ip-forward': 'ip_error', 'source-check': 'fib_validate_source',
  input: 'ip_local_deliver', reassemble: 'ip_defrag', socket: '__inet_lookup_established', icmp: 'icmp_rcv', ttl: 'ip_forward', mtu: 'ip_forward', forward: 'nf_hook_slow', postrouting: 'ip_output',
  fragment: 'ip_do_fragment', neigh: 'neigh_resolve_output', xmit: '__dev_queue_xmit', tunnel: 'vxlan_xmit',
  'vpc-arp': null, 'sg-egress': null, 'src-check': null, 'acl-egress': null, 'vpc-route': null, 'vpc-encap': null, 'acl-ingress': null, 'sg-ingress': null, 'dst-check': null, igw: null,
}

/** What pwru would name here; a datagram that a tunnel takes off is vxlan_rcv, not vxlan_xmit. */
export function pwru(stage: Stage, did: string | null = null): string | null {
  return stage === 'tunnel' && did === 'decapsulate' ? 'vxlan_rcv' : FUNCTION[stage]
}
