import { addressOf, cidr, fromNumber, macOf, networkOf, parseCidr, toNumber, type Cidr, type Ipv4, type Mac } from '#lib/wire/addr.ts'
import type { Eni } from '#lib/topology/vpc.ts'
import type { HostSpec, SubnetSpec } from './cluster.ts'
import type { Patch } from './patch.ts'

const hex = (n: number): string => n.toString(16).padStart(2, '0')

/** What every namespace starts with: lo. */
export function loopback(space: string): Patch {
  return {
    in: space,
    rows: {
      devs: [{ kind: 'loopback', name: 'lo', mac: '00:00:00:00:00:00', mtu: 65536, up: true, addrs: ['127.0.0.1/8'] }],
    },
  }
}

/** A MAC that can be read: a prefix, then how far into the VPC the address is (the fixed values of the facts). */
export function relativeMac(prefix: string, ip: Ipv4, vpc: Cidr): Mac {
  const n = toNumber(ip) - parseCidr(vpc).base
  return `${prefix}:${hex((n >>> 24) & 255)}:${hex((n >>> 16) & 255)}:${hex((n >>> 8) & 255)}:${hex(n & 255)}` as Mac
}

/** A NIC on an ENI of the VPC. Nodes forward. */
export function nic(space: string, name: string, mac: Mac, mtu: number, address: Cidr, vpc: string, eniId: string): Patch {
  const sysctls = name === 'eth0' ? [{ key: 'net.ipv4.ip_forward', value: 1 } as const, { key: 'net.ipv4.conf.all.rp_filter', value: 0 } as const] : []
  return { in: space, rows: { devs: [{ kind: 'nic', name, mac, mtu, up: true, addrs: [address], wire: { vpc, eni: eniId } }], sysctls } }
}

export function defaultRoute(space: string, via: Ipv4, dev = 'eth0'): Patch {
  return { in: space, rows: { routes: [{ table: 'main', dst: '0.0.0.0/0', via, dev }] } }
}

/** The route the kernel adds with an address. */
export function connected(space: string, dev: string, address: Cidr): Patch {
  return { in: space, rows: { routes: [{ table: 'main', dst: networkOf(address), dev, proto: 'kernel', scope: 'link', src: addressOf(address) }] } }
}

export function eni(node: { readonly name: string; readonly subnet: string; readonly publicIp?: Ipv4 }, dev: 'eth0' | 'eth1', id: string, mac: Mac, ips: readonly Ipv4[], sourceDestCheck: boolean, groups: readonly string[]): Eni {
  return { id, subnet: `subnet-${node.subnet}`, mac, ips, ...(dev === 'eth0' && node.publicIp !== undefined ? { publicIp: node.publicIp } : {}), groups, sourceDestCheck, attached: { netns: node.name, dev } }
}

/** The parts of a VPC that are not its interfaces: subnets with their router, route table, gateway, and who is outside. */
export function vpcRows(space: string, vpc: Cidr, subnets: readonly SubnetSpec[], gateway: string, hosts: readonly HostSpec[]): readonly Patch[] {
  const table = 'rtb-main'
  return [{
    in: space,
    rows: {
      subnets: subnets.map((s) => {
        const ip = fromNumber(parseCidr(s.cidr).base + 1)
        return { id: `subnet-${s.name}`, cidr: s.cidr, routeTable: table, router: { ip, mac: macOf(ip, '0e:00') } }
      }),
      vpcRoutes: [{ routeTable: table, dst: vpc, target: 'local' }, { routeTable: table, dst: '0.0.0.0/0', target: gateway }],
      // The default network ACL, written out, so that a rule added to it does not stand alone before the implicit deny.
      aclRules: subnets.flatMap((x) => (['ingress', 'egress'] as const).map((direction) => ({ subnet: `subnet-${x.name}`, direction, number: 100, proto: 'all' as const, cidr: '0.0.0.0/0' as const, action: 'allow' as const }))),
      gateways: [{ id: gateway, kind: 'igw', mtu: 1500 }],
      outside: hosts.map((h) => ({ gateway, ip: h.ip, mac: macOf(h.ip, '06:00'), attached: { netns: h.name, dev: 'eth0' } })),
    },
  }]
}

/** A host beyond the internet gateway, on a link of its own; its router's MAC is known. */
export function outside(h: HostSpec, vpc: string, gateway: string): readonly Patch[] {
  const address = cidr(h.ip, 24)
  const router = fromNumber(parseCidr(address).base + 1)
  return [
    { in: h.name, rows: { devs: [{ kind: 'nic', name: 'eth0', mac: macOf(h.ip, '06:00'), mtu: 1500, up: true, addrs: [address], wire: { vpc, gateway } }], neigh: [{ ip: router, dev: 'eth0', lladdr: macOf(router, '06:00'), state: 'PERMANENT' }] } },
    defaultRoute(h.name, router), connected(h.name, 'eth0', address),
  ]
}
