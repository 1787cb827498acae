/* How a packet may be carried from node to node, by the names that the cluster file has for them. */

export const ENCAPSULATIONS = ['plain', 'udp', 'ipip', 'gre', 'nvgre', 'vxlan', 'geneve'] as const
export type Encapsulation = (typeof ENCAPSULATIONS)[number]

/**
 * Bytes that each puts around a packet, from IP header to IP header, and so takes from the MTU: an IPv4 header (20, RFC 791), UDP (8), GRE (4, with a key 8; RFC 2784, 2890),
 * VXLAN and Geneve (8 each; RFC 7348, 8926), and, where a whole frame is inside, its Ethernet header (14).
 */
export const OVERHEAD: { readonly [E in Encapsulation]: number } = {
  plain: 0,
  udp: 28,
  ipip: 20,
  gre: 24,
  nvgre: 42,
  vxlan: 50,
  geneve: 50,
}
