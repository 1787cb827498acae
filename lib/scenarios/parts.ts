import type { Cidr, Ipv4, Mac } from '#lib/wire/addr.ts'
import { cidr, fromNumber, macOf, networkOf, parseCidr, toNumber } from '#lib/wire/addr.ts'
import type { BridgeDev, NicDev, VethDev } from '#lib/topology/devs.ts'
import type { Patch } from './patch.ts'
import { IGW, VPC_NAME, type ClusterSpec, type HostSpec, type Listen, type NodeSpec } from './spec.ts'

const hex = (n: number): string => n.toString(16).padStart(2, '0')
const octets = (ip: Ipv4): readonly number[] => ip.split('.').map(Number)

/** What every namespace starts with: lo, and the three rules the kernel writes. */
export const BASE: Patch = {
  devs: [{ kind: 'loopback', name: 'lo', mac: '00:00:00:00:00:00', mtu: 65536, up: true, addrs: ['127.0.0.1/8'] }],
  rules: [{ priority: 0, table: 'local' }],
}
/** The rules behind those a CNI adds. */
export const LAST_RULES: Patch = { rules: [{ priority: 32766, table: 'main' }, { priority: 32767, table: 'default' }] }

/** A node's NIC MAC, readable: its last octets. */
export function nicMac(ip: Ipv4): Mac {
  const [a = 0, b = 0, c = 0, d = 0] = octets(ip)
  return `0a:00:00:${hex(a === 192 && b === 168 ? 0 : b)}:${hex(c)}:${hex(d)}`
}

/** The VPC's router in a subnet: base + 1. */
export function routerOf(subnet: Cidr): Ipv4 {
  return fromNumber(parseCidr(subnet).base + 1)
}

export function subnetOf(c: ClusterSpec, name: string): Cidr {
  return c.vpc.subnets.find((s) => s.name === name)?.cidr ?? c.vpc.cidr
}

/** eth0 with its address, and the route to the VPC's router. */
export function nodeNic(c: ClusterSpec, n: NodeSpec): Patch {
  const subnet = subnetOf(c, n.subnet)
  const { bits } = parseCidr(subnet)
  return {
    devs: [{ kind: 'nic', name: 'eth0', mac: nicMac(n.ip), mtu: c.mtu, up: true, addrs: [cidr(n.ip, bits)], wire: { vpc: VPC_NAME, eni: `eni-${n.name}-eth0` } } satisfies NicDev],
    routes: [{ table: 'main', dst: '0.0.0.0/0', via: routerOf(subnet), dev: 'eth0' }, { table: 'main', dst: networkOf(subnet), dev: 'eth0', proto: 'kernel', scope: 'link', src: n.ip }],
    sysctls: [{ key: 'net.ipv4.ip_forward', value: 1 }, { key: 'net.ipv4.conf.all.rp_filter', value: 0 }],
  }
}

export function sockets(listen: readonly Listen[], program: string): Patch {
  return { sockets: listen.map((l) => ({ proto: l.proto, port: l.port, program })) }
}

/** A bridge with an address, and the sysctls that make iptables see bridged frames (br_netfilter). */
export function bridge(name: string, mac: Mac, address: Cidr, mtu: number): Patch {
  return {
    devs: [{ kind: 'bridge', name, mac, mtu, up: true, addrs: [address] } satisfies BridgeDev],
    routes: [{ table: 'main', dst: networkOf(address), dev: name, proto: 'kernel', scope: 'link', src: address.slice(0, address.indexOf('/')) as Ipv4 }],
    sysctls: [{ key: 'net.bridge.bridge-nf-call-iptables', value: 1 }],
  }
}

/** Both ends of a veth pair: the pod's eth0 and the host's end. */
export function vethPair(pod: string, node: string, name: string, o: { readonly address: Cidr; readonly mac: Mac; readonly hostMac: Mac; readonly mtu: number; readonly master?: string; readonly hairpin?: boolean }): { readonly pod: VethDev; readonly host: VethDev } {
  return {
    pod: { kind: 'veth', name: 'eth0', mac: o.mac, mtu: o.mtu, up: true, addrs: [o.address], peer: { netns: node, dev: name } },
    host: { kind: 'veth', name, mac: o.hostMac, mtu: o.mtu, up: true, addrs: [], peer: { netns: pod, dev: 'eth0' }, ...(o.master === undefined ? {} : { master: o.master }), ...(o.hairpin === true ? { hairpin: true } : {}) },
  }
}

/** A host beyond the internet gateway, on a link of its own. */
export function outsideHost(h: HostSpec): Patch {
  const gateway = fromNumber(parseCidr(cidr(h.ip, 24)).base + 1)
  return {
    devs: [{ kind: 'nic', name: 'eth0', mac: macOf(h.ip, '06:00'), mtu: 1500, up: true, addrs: [cidr(h.ip, 24)], wire: { vpc: VPC_NAME, gateway: IGW } } satisfies NicDev],
    routes: [{ table: 'main', dst: '0.0.0.0/0', via: gateway, dev: 'eth0' }, { table: 'main', dst: networkOf(cidr(h.ip, 24)), dev: 'eth0', proto: 'kernel', scope: 'link', src: h.ip }],
    neigh: [{ ip: gateway, dev: 'eth0', lladdr: macOf(gateway, '06:00'), state: 'PERMANENT' }],
    ...sockets(h.listen, 'server'),
  }
}

/** The n-th address of a prefix. */
export function nth(prefix: Cidr, n: number): Ipv4 {
  return fromNumber(parseCidr(prefix).base + n)
}

export function plus(ip: Ipv4, n: number): Ipv4 {
  return fromNumber(toNumber(ip) + n)
}
