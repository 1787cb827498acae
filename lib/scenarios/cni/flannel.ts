import { cidr, type Cidr, type Mac } from '#lib/wire/addr.ts'
import type { Lease } from '#lib/topology/linux.ts'
import { nth, type Cni, type Node } from '../cluster.ts'
import { iptables, type Patch, type Rows } from '../patch.ts'
import { attach, bridgeConnected, rangeOf, setup, type BridgeOptions } from './bridge.ts'
import { portmap, portmapFirst } from './portmap.ts'

export type Backend = Lease['backendType']
/** What each backend takes from the NIC's MTU, bytes. */
export const OVERHEAD: { readonly [B in Backend]: number } = { udp: 28, vxlan: 50, 'host-gw': 0 }

/** VTEP MACs are random on a real node; these can be read: the lease's octets. */
export function vtepMac(n: Node): Mac {
  const [, b = 0, d = 0, e = 0] = rangeOf(n).slice(0, rangeOf(n).indexOf('/')).split('.').map(Number)
  const h = (x: number): string => x.toString(16).padStart(2, '0')
  return `5a:00:00:${h(b ^ 1)}:${h(d)}:${h(e)}`
}

const tunnelAddress = (n: Node) => nth(rangeOf(n), 0)

/** The backend's device on a node (pkg/backend/udp and vxlan; host-gw has none). */
const DEVICE: { readonly [B in Backend]: (n: Node, network: Cidr) => Rows } = {
  udp: (n, network) => ({
    devs: [{ kind: 'tun', name: 'flannel0', mac: '00:00:00:00:00:00', mtu: n.mtu - OVERHEAD.udp, up: true, addrs: [cidr(tunnelAddress(n), 32)], program: 'flanneld' }],
    routes: [{ table: 'main', dst: network, dev: 'flannel0' }],
    daemons: [{ name: 'flanneld', tun: 'flannel0', port: 8285, local: n.ip }],
  }),
  vxlan: (n) => ({
    devs: [{ kind: 'vxlan', name: 'flannel.1', mac: vtepMac(n), mtu: n.mtu - OVERHEAD.vxlan, up: true, addrs: [cidr(tunnelAddress(n), 32)], vni: 1, port: 8472, local: n.ip, learning: false, udpcsum: true }],
  }),
  'host-gw': () => ({}),
}

/** What a node is told of another: in this order ARP, FDB, route (vxlan_network.go), or one route. */
const JOIN: { readonly [B in Backend]: (to: Node) => Rows } = {
  udp: () => ({}),
  vxlan: (to) => ({
    neigh: [{ ip: tunnelAddress(to), dev: 'flannel.1', lladdr: vtepMac(to), state: 'PERMANENT' }],
    fdb: [{ mac: vtepMac(to), dev: 'flannel.1', dst: to.ip, state: 'permanent' }],
    routes: [{ table: 'main', dst: rangeOf(to), via: tunnelAddress(to), dev: 'flannel.1', onlink: true }],
  }),
  'host-gw': (to) => ({ routes: [{ table: 'main', dst: rangeOf(to), via: to.ip, dev: 'eth0' }] }),
}

/** The rules flanneld writes today with --ip-masq (pkg/trafficmngr/iptables). The FORWARD row is there so that its policy can be changed. */
function rules(n: Node, network: Cidr): Patch {
  const own = rangeOf(n)
  const masq = '-m comment --comment "flanneld masq"'
  const forward = '-m comment --comment "flanneld forward"'
  const p = iptables(n.name, `*nat
:FLANNEL-POSTRTG - [0:0]
-A POSTROUTING ${masq} -j FLANNEL-POSTRTG
-A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 ${masq} -j RETURN
-A FLANNEL-POSTRTG -s ${own} -d ${network} ${masq} -j RETURN
-A FLANNEL-POSTRTG -s ${network} -d ${own} ${masq} -j RETURN
-A FLANNEL-POSTRTG ! -s ${network} -d ${own} ${masq} -j RETURN
-A FLANNEL-POSTRTG -s ${network} ! -d 224.0.0.0/4 ${masq} -j MASQUERADE --random-fully
-A FLANNEL-POSTRTG ! -s ${network} -d ${network} ${masq} -j MASQUERADE --random-fully
*filter
:FLANNEL-FWD - [0:0]
-A FORWARD ${forward} -j FLANNEL-FWD
-A FLANNEL-FWD -s ${network} ${forward} -j ACCEPT
-A FLANNEL-FWD -d ${network} ${forward} -j ACCEPT`)
  return { in: n.name, rows: { ...p.rows, chains: [{ table: 'filter', chain: 'FORWARD', policy: 'ACCEPT' }, ...(p.rows.chains ?? [])] } }
}

/** flannel is a bridge per node and a backend between them, in the project as here. */
export function flannel(o: { readonly backend: Backend; readonly network: Cidr; readonly bridge: 'docker0' | 'cni0'; readonly hairpin: boolean }): Cni {
  const onBridge = (n: Node): BridgeOptions => ({ bridge: o.bridge, hairpin: o.hairpin, network: o.network, mtu: n.mtu - OVERHEAD[o.backend] })
  const lease = (n: Node): Lease => ({ daemon: 'flanneld', subnet: rangeOf(n), publicIp: n.ip, backendType: o.backend, ...(o.backend === 'vxlan' ? { vtepMac: vtepMac(n) } : {}) })
  return {
    // Docker publishes by itself, and not where its bridge is flannel's.
    ...(o.bridge === 'cni0' ? { first: portmapFirst } : {}),
    setup: (n) => [...setup(n, onBridge(n)), { in: n.name, rows: DEVICE[o.backend](n, o.network) }, { in: n.name, rows: { leases: [lease(n)] } }, rules(n, o.network), ...(o.bridge === 'cni0' ? portmap(n, o.bridge) : [])],
    attach: (p, n) => attach(p, n, onBridge(n)),
    join: (from, to) => [{ in: from.name, rows: { ...JOIN[o.backend](to), leases: [lease(to)] } }],
    connected: (n) => bridgeConnected(n, onBridge(n)),
    addresses: () => [],
  }
}
