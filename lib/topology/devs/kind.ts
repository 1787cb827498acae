import type { Cidr, Mac } from '#lib/wire/addr.ts'

/** What every netdev has. `addrs` are written with their prefix length, the first one is the primary. */
export interface Link {
  readonly name: string
  readonly mac: Mac
  readonly mtu: number
  readonly up: boolean
  readonly addrs: readonly Cidr[]
  /** The bridge this device is a port of. */
  readonly master?: string
  /** Bridge port flag: a frame may leave by the port it came in. */
  readonly hairpin?: boolean
}

/** A device by its place. */
export interface End {
  readonly netns: string
  readonly dev: string
}

/**
 * What distinguishes a kind of device from an Ethernet device that nothing is special about. Who needs to know asks for the trait, never for
 * the kind's name. Its folder has it in `row.ts`, with what a row may hold (`check.ts`), what Linux refuses of it and what follows from a
 * change (`change.ts`), what one types and what `ip` prints (`tool.ts`), and how a lab makes it (`script.ts`).
 */
export interface Kind<D extends Link> {
  /** What `ip link` says behind `link/`; left out: `ether`, and the device has a MAC address. All but these two put no header of their own around a packet. */
  readonly layer?: 'loopback' | 'none' | 'ipip' | 'gre'
  /** Other devices can be ports of it, by their `master`. */
  readonly hasPorts?: boolean
  /** It can be no port itself (br_add_if(): -EINVAL, -ELOOP). */
  readonly noPort?: boolean
  /** Its own forwarding entries say to which remote a frame goes (`dst`). */
  readonly remotes?: boolean
  /** It is a way through another network: its address is no one that others ask for. */
  readonly tunnel?: boolean
  /** Of a tunnel: the kernel functions that wrap and unwrap, as pwru names them. */
  readonly functions?: { readonly send: string; readonly receive: string }
  /** It is there as long as a program holds it, a row of the daemons (tun.c, __tun_detach()). */
  readonly held?: boolean
  /** The UDP port on which the kernel listens for it while it is up. */
  readonly listens?: (d: D) => number
  /** The device that it stands on, perhaps in another namespace: it is made on that one, sends by it, and goes with it. */
  readonly link?: (d: D) => End
  /** Nothing that tags can stand on it (NETIF_F_VLAN_CHALLENGED). */
  readonly bearsNone?: boolean
  /** What `ip -d link` says of it behind its kind. */
  readonly says?: (d: D) => string
  /** Where its other end is. */
  readonly peer?: (d: D) => End
  /** What it is wired to in a VPC: an interface, or what is beyond a gateway. */
  readonly wire?: (d: D) => Wire
}
/** What a NIC's wire leads to: an interface of a VPC, or what is beyond a gateway of it. */
export type Wire =
  | { readonly vpc: string; readonly eni: string }
  | { readonly vpc: string; readonly gateway: string }
