/** What is the same of all steps of one stage. */
export interface StageInfo {
  /** Who asks: a program; a device; the hooks before routing, which a bridge asks too (br_netfilter); routing; the rest of the IP layer; the VPC. */
  readonly layer: 'program' | 'device' | 'prerouting' | 'routing' | 'ip' | 'vpc'
  /** From which level of detail on it is told: a story says what a person would, a network has each device's frames and each table's answer too, a kernel everything. */
  readonly tells: 'story' | 'network' | 'kernel'
  /** The kernel function that it stands for, as pwru names it (Linux 6.18). Null: it happens in user space or in the VPC. */
  readonly kernel: string | null
}

const story = <const L extends StageInfo['layer']>(layer: L, kernel: string | null = null) =>
  ({ layer, tells: 'story', kernel }) as const
const network = <const L extends StageInfo['layer']>(layer: L, kernel: string | null = null) =>
  ({ layer, tells: 'network', kernel }) as const
const kernel = <const L extends StageInfo['layer']>(layer: L, name: string | null = null) =>
  ({ layer, tells: 'kernel', kernel: name }) as const

/** Every stage, in the order in which Linux asks (lib/ip/path.ts), then those of the VPC in its order (VPC user guide). What lists stages derives from here. The list is closed. */
export const STAGES = {
  app: story('program'),
  'route-out': network('routing', 'ip_route_output_key_hash'),
  reroute: network('routing', 'ip_route_me_harder'),
  output: kernel('ip', 'nf_hook_slow'),
  rx: kernel('device', '__netif_receive_skb_core'),
  bridge: network('device', 'br_handle_frame'),
  arp: kernel('device', 'arp_process'),
  raw: kernel('prerouting', 'iptable_raw_hook'),
  conntrack: kernel('prerouting', 'nf_conntrack_in'),
  mangle: kernel('prerouting', 'iptable_mangle_hook'),
  nat: kernel('prerouting', 'nf_nat_inet_fn'),
  route: network('routing', 'ip_route_input_noref'),
  'ip-forward': kernel('ip', 'ip_error'),
  'source-check': kernel('ip', 'fib_validate_source'),
  input: kernel('ip', 'ip_local_deliver'),
  reassemble: story('ip', 'ip_defrag'),
  socket: story('ip', '__inet_lookup_established'),
  icmp: story('ip', 'icmp_rcv'),
  ttl: network('ip', 'ip_forward'),
  mtu: network('ip', 'ip_forward'),
  forward: kernel('ip', 'nf_hook_slow'),
  postrouting: kernel('ip', 'ip_output'),
  fragment: story('ip', 'ip_do_fragment'),
  neigh: kernel('device', 'neigh_resolve_output'),
  xmit: kernel('device', '__dev_queue_xmit'),
  tunnel: story('device', 'vxlan_xmit'),
  daemon: story('program'),
  'vpc-arp': kernel('vpc'),
  'sg-egress': story('vpc'),
  'src-check': network('vpc'),
  'acl-egress': network('vpc'),
  'vpc-route': network('vpc'),
  'vpc-encap': story('vpc'),
  'acl-ingress': network('vpc'),
  'sg-ingress': story('vpc'),
  'dst-check': network('vpc'),
  igw: story('vpc'),
} as const satisfies { readonly [stage: string]: StageInfo }

/** Which question a step was. */
export type Stage = keyof typeof STAGES
/** The questions that AWS asks between two ENIs. */
export type VpcStage = {
  [S in Stage]: (typeof STAGES)[S]['layer'] extends 'vpc' ? S : never
}[Stage]
/** The questions Linux asks (facts: net/ipv4, net/bridge, net/netfilter). */
export type LinuxStage = Exclude<Stage, VpcStage>

/** What is the same of all steps of a stage. */
export function stageInfo(stage: Stage): StageInfo {
  return STAGES[stage]
}
