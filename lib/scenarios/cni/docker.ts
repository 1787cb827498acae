import { bridge } from '../parts.ts'
import { iptables } from '../patch.ts'
import { attach, bridgeAddress, bridgeMac } from './bridge.ts'
import type { Cni } from './cni.ts'

/** Docker 29's own rules for docker0 and its published ports (daemon/libnetwork/drivers/bridge, iptables backend). Docker turned forwarding on itself, so FORWARD drops. */
export const docker: Cni = {
  node: (c, n, pods) => {
    const b = c.bridge
    const published = pods.filter((p) => p.publish !== undefined)
    const own = bridge(b, bridgeMac(n), bridgeAddress(n), 1500)
    const firewall = iptables(`*raw
${pods.map((p) => `-A PREROUTING -d ${p.ip}/32 ! -i ${b} -j DROP`).join('\n')}
*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s ${n.podCidr} ! -o ${b} -j MASQUERADE
${published.map((p) => `-A DOCKER ! -i ${b} -p tcp -m tcp --dport ${p.publish!.port} -j DNAT --to-destination ${p.ip}:${p.publish!.to}`).join('\n')}
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
${published.map((p) => `-A DOCKER -d ${p.ip}/32 ! -i ${b} -o ${b} -p tcp -m tcp --dport ${p.publish!.to} -j ACCEPT`).join('\n')}
-A DOCKER ! -i ${b} -o ${b} -j DROP`)
    return { ...own, ...firewall }
  },
  attach: (c, n, p, index) => attach(c, n, p, index, 1500, null),
  join: () => ({}),
}
