/*
 * kube-proxy in IPVS mode: two nodes on a switch, c and e1 on the first, e2 on the second. A Service has its endpoint far away, one has two, one none.
 */

const service = (name: string, ip: string, more: string): string =>
  `{ name: ${name}, ip: ${ip}, port: 80, targetPort: 8080, ${more} }`
const SERVICES = [
  service('far', '10.96.0.10', 'pods: [e2], nodePort: 30080'),
  service('both', '10.96.0.11', 'pods: [e1, e2]'),
  service('nobody', '10.96.0.12', 'pods: [], nodePort: 30081'),
  service('near', '10.96.0.13', 'pods: [e1], nodePort: 30082, externalTrafficPolicy: Local'),
].join(', ')

/** `edits`: behind those that let a pod reach itself by its bridge, and its ARP be. */
export const virtualFile = (edits: readonly string[] = [], proxy = ''): string =>
  `{ packet-walk: 1, network: lan, kube-proxy: { mode: ipvs${proxy} }, nodes: [{ name: n1 }, { name: n2 }], pods: [{ name: c, node: n1 }, { name: e1, node: n1 }, { name: e2, node: n2 }], hosts: [{ name: ext, ip: 203.0.113.10 }], services: [${SERVICES}], edits: [${['{ op: set, in: n1, table: devs, where: { name: veth1 }, to: { hairpin: true } }', ...edits].join(', ')}] }`
/** net.ipv4.vs.conntrack of the first node. */
export const tracked = (value: number): string =>
  `{ op: set, in: n1, table: sysctls, where: { key: net.ipv4.vs.conntrack }, to: { value: ${value} } }`
