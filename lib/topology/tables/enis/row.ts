import type { Address, Cidr, Mac } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'
import { spaced } from '../../text.ts'

/** An elastic network interface. `ips[0]` is the primary private address. */
export interface Eni {
  readonly id: string
  readonly subnet: string
  readonly mac: Mac
  readonly ips: readonly Address[]
  /** Ranges whose addresses are its own without being listed: delegated prefixes (EC2 API, Ipv4Prefixes), alias IP ranges at Google (Compute API, networkInterfaces[].aliasIpRanges). */
  readonly prefixes?: readonly Cidr[]
  /** Public address mapped 1:1 to the primary private one by the internet gateway. */
  readonly publicIp?: Address
  readonly groups: readonly string[]
  readonly sourceDestCheck: boolean
  /** It is a branch of another interface, the trunk: on that one's netdev its frames have the tag of this VLAN, and nowhere else (EC2 API, TrunkInterfaceAssociation). */
  readonly branch?: { readonly trunk: string; readonly vlan: number }
  /** Which netdev it appears as; a branch as its trunk's. */
  readonly attached: { readonly netns: string; readonly dev: string }
}

/** The fields that decide (EC2 API, NetworkInterface). */
export function eniText(e: Eni): string {
  return spaced({
    NetworkInterfaceId: e.id,
    ...(e.branch === undefined ? {} : { TrunkInterfaceId: e.branch.trunk, VlanId: e.branch.vlan }),
    SourceDestCheck: e.sourceDestCheck,
    Groups: e.groups.map((g) => ({ GroupId: g })),
    PrivateIpAddresses: e.ips.map((ip) => ({ PrivateIpAddress: ip })),
    ...(e.prefixes === undefined
      ? {}
      : { Ipv4Prefixes: e.prefixes.map((p) => ({ Ipv4Prefix: p })) }),
    ...(e.publicIp === undefined ? {} : { Association: { PublicIp: e.publicIp } }),
  })
}

export const enis: Table<Eni, 'vpc'> = { in: 'vpc', born: [], key: 'id', text: eniText }
