import type { Cni, Node } from '../cluster.ts'
import { iptables } from '../patch.ts'
import { attach, bridgeConnected, rangeOf, setup, type BridgeOptions } from './bridge.ts'

const ON_BRIDGE: BridgeOptions = { bridge: 'docker0', mtu: 1500, hairpin: false, network: null }

/** Docker 29's own rules for docker0 and its published ports (daemon/libnetwork/drivers/bridge, iptables backend). Docker turned forwarding on itself, so FORWARD drops. */
function rules(n: Node): string {
  const b = ON_BRIDGE.bridge
  const published = n.pods.flatMap((p) => (p.publish ?? []).map((x) => ({ ip: p.ip, ...x })))
  return `*raw
${n.pods.map((p) => `-A PREROUTING -d ${p.ip}/32 ! -i ${b} -j DROP`).join('\n')}
*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s ${rangeOf(n)} ! -o ${b} -j MASQUERADE
${published.map((p) => `-A DOCKER ! -i ${b} -p tcp -m tcp --dport ${p.host} -j DNAT --to-destination ${p.ip}:${p.port}`).join('\n')}
*filter
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-BRIDGE - [0:0]
:DOCKER-CT - [0:0]
:DOCKER-FORWARD - [0:0]
:DOCKER-INTERNAL - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-INTERNAL
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i ${b} -j ACCEPT
-A DOCKER-CT -o ${b} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-BRIDGE -o ${b} -j DOCKER
${published.map((p) => `-A DOCKER -d ${p.ip}/32 ! -i ${b} -o ${b} -p tcp -m tcp --dport ${p.port} -j ACCEPT`).join('\n')}
-A DOCKER ! -i ${b} -o ${b} -j DROP`
}

/** Docker's default network: a bridge on each host, no network between hosts but published ports. */
export const docker: Cni = {
  setup: (n) => [...setup(n, ON_BRIDGE), iptables(n.name, rules(n))],
  attach: (p, n) => attach(p, n, ON_BRIDGE),
  join: () => [],
  connected: (n) => bridgeConnected(n, ON_BRIDGE),
  addresses: () => [],
}
