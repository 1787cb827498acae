import { cidr, type Mac } from '#lib/wire/addr.ts'
import type { Lease } from '#lib/topology/linux.ts'
import { bridge } from '../parts.ts'
import { nth } from '../parts.ts'
import { iptables, type Patch } from '../patch.ts'
import type { ClusterSpec, NodeSpec } from '../spec.ts'
import { attach, bridgeAddress, bridgeMac } from './bridge.ts'
import type { Cni } from './cni.ts'

/** One of flannel's backends: what it takes from the MTU, its device, and the rows for a peer (pkg/backend/udp, vxlan, hostgw). */
export interface Backend {
  readonly type: Lease['backendType']; readonly overhead: number
  device(c: ClusterSpec, n: NodeSpec): Patch
  join(c: ClusterSpec, from: NodeSpec, to: NodeSpec): Patch
}

/** VTEP MACs are random on a real node; these can be read: the lease's octets. */
export function vtepMac(n: NodeSpec): Mac {
  const [, b = 0, d = 0, e = 0] = n.podCidr.slice(0, n.podCidr.indexOf('/')).split('.').map(Number)
  const h = (x: number): string => x.toString(16).padStart(2, '0')
  return `5a:00:00:${h(b ^ 1)}:${h(d)}:${h(e)}`
}

const tunnelAddress = (n: NodeSpec) => nth(n.podCidr, 0)

export const udp: Backend = {
  type: 'udp', overhead: 28,
  device: (c, n) => ({
    devs: [{ kind: 'tun', name: 'flannel0', mac: '00:00:00:00:00:00', mtu: c.mtu - 28, up: true, addrs: [cidr(tunnelAddress(n), 32)], program: 'flanneld' }],
    routes: [{ table: 'main', dst: c.podCidr, dev: 'flannel0' }],
    daemons: [{ name: 'flanneld', tun: 'flannel0', port: 8285, local: n.ip }],
  }),
  join: () => ({}),
}

export const vxlan: Backend = {
  type: 'vxlan', overhead: 50,
  device: (c, n) => ({
    devs: [{ kind: 'vxlan', name: 'flannel.1', mac: vtepMac(n), mtu: c.mtu - 50, up: true, addrs: [cidr(tunnelAddress(n), 32)], vni: 1, port: 8472, local: n.ip, learning: false, udpcsum: true }],
  }),
  // In this order for each lease: ARP, FDB, route (vxlan_network.go).
  join: (_, __, to) => ({
    neigh: [{ ip: tunnelAddress(to), dev: 'flannel.1', lladdr: vtepMac(to), state: 'PERMANENT' }],
    fdb: [{ mac: vtepMac(to), dev: 'flannel.1', dst: to.ip, state: 'permanent' }],
    routes: [{ table: 'main', dst: to.podCidr, via: tunnelAddress(to), dev: 'flannel.1', onlink: true }],
  }),
}

export const hostGw: Backend = {
  type: 'host-gw', overhead: 0,
  device: () => ({}),
  join: (_, __, to) => ({ routes: [{ table: 'main', dst: to.podCidr, via: to.ip, dev: 'eth0' }] }),
}

/** The rules flanneld writes today with --ip-masq (pkg/trafficmngr/iptables). */
function rules(c: ClusterSpec, n: NodeSpec): Patch {
  const masq = '-m comment --comment "flanneld masq"'
  const forward = '-m comment --comment "flanneld forward"'
  return iptables(`*nat
:FLANNEL-POSTRTG - [0:0]
-A POSTROUTING ${masq} -j FLANNEL-POSTRTG
-A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 ${masq} -j RETURN
-A FLANNEL-POSTRTG -s ${n.podCidr} -d ${c.podCidr} ${masq} -j RETURN
-A FLANNEL-POSTRTG -s ${c.podCidr} -d ${n.podCidr} ${masq} -j RETURN
-A FLANNEL-POSTRTG ! -s ${c.podCidr} -d ${n.podCidr} ${masq} -j RETURN
-A FLANNEL-POSTRTG -s ${c.podCidr} ! -d 224.0.0.0/4 ${masq} -j MASQUERADE --random-fully
-A FLANNEL-POSTRTG ! -s ${c.podCidr} -d ${c.podCidr} ${masq} -j MASQUERADE --random-fully
*filter
:FLANNEL-FWD - [0:0]
-A FORWARD ${forward} -j FLANNEL-FWD
-A FLANNEL-FWD -s ${c.podCidr} ${forward} -j ACCEPT
-A FLANNEL-FWD -d ${c.podCidr} ${forward} -j ACCEPT`)
}

/** flannel is a bridge per node and a backend between them, in the project as here. */
export function flannel(backend: Backend): Cni {
  const lease = (n: NodeSpec): Lease => ({ daemon: 'flanneld', subnet: n.podCidr, publicIp: n.ip, backendType: backend.type, ...(backend.type === 'vxlan' ? { vtepMac: vtepMac(n) } : {}) })
  return {
    node: (c, n) => {
      const device = backend.device(c, n)
      const own = bridge(c.bridge, bridgeMac(n), bridgeAddress(n), c.mtu - backend.overhead)
      const firewall = rules(c, n)
      return { ...firewall, devs: [...(own.devs ?? []), ...(device.devs ?? [])], routes: [...(device.routes ?? []), ...(own.routes ?? [])], sysctls: own.sysctls ?? [], daemons: device.daemons ?? [], leases: [lease(n)] }
    },
    attach: (c, n, p, index) => attach(c, n, p, index, c.mtu - backend.overhead, c.podCidr),
    join: (c, from, to) => ({ ...backend.join(c, from, to), leases: [lease(to)] }),
  }
}
