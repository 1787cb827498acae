/** What the stub of the VPC takes for granted; AWS documents the first five, the rest is a choice (lib/engine/vpc.ts makes the same). */
export const VPC_ASSUMES: readonly string[] = [
  'TTL and IP header pass unchanged; nothing is broadcast',
  'it answers ARP itself: the router (subnet + 1) and the private addresses of the same subnet’s ENIs, with their MACs; nobody else',
  'the subnet’s route table decides by longest prefix: local to the ENI that has the address, an ENI, or an internet gateway',
  'the gateway translates 1:1 between an ENI’s primary address and its public one; without a public address it drops',
  'security groups, network ACLs, the source/destination check and the gateway’s MTU are NOT applied: what they decide is not verified here',
  'a frame to the MAC of another ENI of the subnet is delivered to it, with the sender’s MAC as source; every other frame is routed, and arrives with the router’s MAC as source',
  'a NIC takes frames of any size',
]
