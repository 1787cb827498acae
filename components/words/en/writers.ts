/** Who writes rows, and after which event: the codes are the world's (lib/worlds/by.ts), or the name of a table that a walk writes. */

const WHO: Readonly<Record<string, string>> = {
  kernel: 'the kernel',
  aws: 'AWS',
  google: 'Google',
  person: 'a person',
  program: 'a program',
  bridge: 'the bridge plugin',
  portmap: 'the portmap plugin',
}
const AFTER: Readonly<Record<string, string>> = {
  'namespace-created': 'when the namespace was made',
  'address-added': 'when the address was added',
  'vpc-created': 'when the VPC was made',
  'instance-launched': 'when the instance was launched',
  'node-prepared': 'preparing the node',
  'daemon-started': 'when it started',
  'node-joined': 'when this node got its range',
  'lease-added': 'when another node’s lease came',
  'eni-attached': 'when the interface was attached',
  'pod-created': 'at the pod’s ADD',
  'container-started': 'when the container started',
  'network-created': 'when the network was created',
  'service-changed': 'when a Service changed',
}
const WALK: Readonly<Record<string, string>> = {
  neigh: 'the kernel, by ARP',
  fdb: 'the bridge, from a frame that came in',
  conntrack: 'the kernel, from a packet of the connection',
  sgFlows: 'AWS, from the first packet of the flow',
  routes: 'the kernel, from an ICMP message',
}

export const writers = {
  /** A program stands by the name that ps has for it. */
  wrote: (who: string, after: string): string => `${WHO[who] ?? who}, ${AFTER[after] ?? after}`,
  walked: (table: string): string => WALK[table] ?? 'the kernel, from this packet',
  you: 'you',
  derived: 'follows from other rows',
  written: 'written now',
  gone: 'taken away',
  before: 'written by an earlier step',
  youAdded: 'added by you',
  youChanged: 'changed by you',
  youRemoved: 'taken away by you',
  changes: (plus: number, minus: number): string =>
    [plus > 0 ? `+${plus}` : '', minus > 0 ? `−${minus}` : ''].filter((x) => x !== '').join(' '),
  more: (count: number): string => `… ${count} more`,
}
