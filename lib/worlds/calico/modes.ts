/** How Calico carries a packet to another node: what the IP pool says of ipipMode (Always, CrossSubnet), vxlanMode (Always) or neither. */
export type Mode = 'ipip' | 'cross-subnet' | 'vxlan' | 'bgp'

/** What it takes from the NIC's MTU, bytes; Felix gives pods and the tunnel what is left (determineMTU of felix/dataplane/linux/int_dataplane.go). */
export const OVERHEAD: { readonly [M in Mode]: number } = {
  ipip: 20,
  'cross-subnet': 20,
  vxlan: 50,
  bgp: 0,
}
/** The device that wraps. */
export const TUNNEL = {
  ipip: 'tunl0',
  'cross-subnet': 'tunl0',
  vxlan: 'vxlan.calico',
  bgp: null,
} as const satisfies { readonly [M in Mode]: string | null }
