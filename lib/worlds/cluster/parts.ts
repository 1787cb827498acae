import {
  addressOf,
  cidr,
  inCidr,
  macOf,
  networkOf,
  type Cidr,
  type Address,
} from '#lib/wire/addr.ts'
import { addressAfter, firstOf } from '#lib/wire/range.ts'
import type { Peering } from '#lib/topology/rows.ts'
import { by, NEW_NETNS } from '#lib/worlds/by.ts'
import type { Patch } from './patch.ts'
import {
  GATEWAY,
  rangesOfVpc,
  ROUTE_TABLE,
  VPC_NAME,
  type ClusterSpec,
  type HostSpec,
  type Nic,
} from './spec.ts'

const ADDRESS = by('kernel', 'address-added')
const LEASED = by('dhclient', 'instance-launched')
const PREPARED = by('person', 'node-prepared')
const PLANNED = by('person', 'vpc-created')

/** What every namespace starts with: lo. */
export function loopback(space: string): Patch {
  return {
    in: space,
    by: NEW_NETNS,
    rows: {
      devs: [
        {
          kind: 'loopback',
          name: 'lo',
          mac: '00:00:00:00:00:00',
          mtu: 65536,
          up: true,
          addrs: ['127.0.0.1/8'],
        },
      ],
    },
  }
}

/** A NIC on an ENI of the VPC, with its first address, or without (`bits` null). */
export function nic(
  space: string,
  n: Nic,
  { mtu, bits, cloud = 'aws' }: { mtu: number; bits: number | null; cloud?: 'aws' | 'google' },
): Patch {
  return {
    in: space,
    by: by(cloud, 'instance-launched'),
    rows: {
      devs: [
        {
          kind: 'nic',
          name: n.dev,
          mac: n.mac,
          mtu,
          up: true,
          addrs: bits === null ? [] : [cidr(n.ip, bits)],
          wire: { vpc: VPC_NAME, eni: n.eni },
        },
      ],
    },
  }
}

/** Nodes forward. */
export function forwarding(space: string): Patch {
  return {
    in: space,
    by: PREPARED,
    rows: {
      sysctls: [
        { key: 'net.ipv4.ip_forward', value: 1 },
        { key: 'net.ipv4.conf.all.rp_filter', value: 0 },
      ],
    },
  }
}

/** The default route that comes with the lease of eth0's address. */
export function defaultRoute(space: string, via: Address): Patch {
  return {
    in: space,
    by: LEASED,
    rows: { routes: [{ table: 'main', dst: '0.0.0.0/0', via, dev: 'eth0' }] },
  }
}

/** The route the kernel adds with an address. */
export function connected(space: string, dev: string, address: Cidr): Patch {
  return {
    in: space,
    by: ADDRESS,
    rows: {
      routes: [
        {
          table: 'main',
          dst: networkOf(address),
          dev,
          proto: 'kernel',
          scope: 'link',
          src: addressOf(address),
        },
      ],
    },
  }
}

/** Where a host outside hangs: on the connection to the peered VPC whose range it is in, else on the internet gateway. */
function gatewayOf(h: HostSpec, peerings: readonly Peering[]): string {
  return peerings.find((p) => inCidr(h.ip, p.cidr))?.id ?? GATEWAY
}

/** The parts of a VPC that are not its interfaces: subnets with their router, route table, gateway, peered VPCs, and who is outside. */
export function vpcRows(
  spec: Pick<ClusterSpec, 'vpc' | 'secondaryCidrs' | 'subnets' | 'hosts' | 'peerings'>,
  cloud: 'aws' | 'google' = 'aws',
): readonly Patch[] {
  const table = ROUTE_TABLE
  const { peerings = [] } = spec
  return [
    {
      in: VPC_NAME,
      by: PLANNED,
      rows: {
        subnets: spec.subnets.map((s) => {
          const ip = addressAfter(firstOf(s.cidr), 1)
          return {
            id: `subnet-${s.name}`,
            cidr: s.cidr,
            routeTable: table,
            router: { ip, mac: macOf(ip, '0e:00') },
          }
        }),
        gateways: [{ id: GATEWAY, kind: 'igw', mtu: 1500 }],
        outside: spec.hosts.map((h) => ({
          gateway: gatewayOf(h, peerings),
          ip: h.ip,
          mac: macOf(h.ip, '06:00'),
          attached: { netns: h.name, dev: 'eth0' },
        })),
        peerings,
      },
    },
    {
      in: VPC_NAME,
      by: by(cloud, 'vpc-created'),
      rows: {
        vpcRoutes: rangesOfVpc(spec).map((dst) => ({
          routeTable: table,
          dst,
          target: 'local' as const,
        })),
        // The default network ACL, written out, so that a rule added to it does not stand alone before the implicit deny.
        aclRules: spec.subnets.flatMap((x) =>
          (['ingress', 'egress'] as const).map((direction) => ({
            subnet: `subnet-${x.name}`,
            direction,
            number: 100,
            proto: 'all' as const,
            cidr: '0.0.0.0/0' as const,
            action: 'allow' as const,
          })),
        ),
      },
    },
    {
      in: VPC_NAME,
      by: PLANNED,
      rows: {
        vpcRoutes: [
          { routeTable: table, dst: '0.0.0.0/0', target: GATEWAY },
          ...peerings.map((p) => ({ routeTable: table, dst: p.cidr, target: p.id })),
        ],
      },
    },
  ]
}

/** A host beyond the internet gateway or in a peered VPC, on a link of its own; its router's MAC is known. */
export function outside(h: HostSpec, peerings: readonly Peering[] = []): readonly Patch[] {
  const address = cidr(h.ip, 24)
  const router = addressAfter(firstOf(address), 1)
  return [
    {
      in: h.name,
      by: PREPARED,
      rows: {
        devs: [
          {
            kind: 'nic',
            name: 'eth0',
            mac: macOf(h.ip, '06:00'),
            mtu: 1500,
            up: true,
            addrs: [address],
            wire: { vpc: VPC_NAME, gateway: gatewayOf(h, peerings) },
          },
        ],
        neigh: [{ ip: router, dev: 'eth0', lladdr: macOf(router, '06:00'), state: 'PERMANENT' }],
        routes: [{ table: 'main', dst: '0.0.0.0/0', via: router, dev: 'eth0' }],
      },
    },
    connected(h.name, 'eth0', address),
  ]
}
