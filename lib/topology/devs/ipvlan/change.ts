import { addressOf } from '#lib/wire/addr.ts'
import { linkOf, traits } from '../../devs.ts'
import { texts, type KindChange } from '../change.ts'

export const ipvlan: KindChange<'ipvlan'> = {
  unreadable: (d) =>
    texts(d.link, 'netns', 'dev')
      ? null
      : `${d.name} stands on no device; write link: { netns, dev }`,
  stands: (d, { below, beside }) => {
    // ipvlan_port_create(): -EINVAL; ipvlan_link_new() takes the master of a slave.
    if (traits(below).layer !== undefined)
      return `Invalid argument: ${below.name} has no Ethernet header; take another link`
    if (below.kind === 'ipvlan')
      return `Linux stands it on the master of ${below.name} instead; write link ${linkOf(below)!.dev}`
    if (below.master !== undefined)
      return `Device or resource busy: ${below.name} is a port of ${below.master}; take another link`
    // ipvlan_init() copies it, whatever `ip link add` is told; there is no ndo_set_mac_address().
    if (d.mac !== below.mac)
      return `Operation not supported: ${d.name} has the MAC of ${below.name}; write ${below.mac}`
    const had = new Map(
      beside.flatMap((x) =>
        x.kind === 'ipvlan' ? x.addrs.map((a) => [addressOf(a), x.name] as const) : [],
      ),
    )
    const taken = d.addrs.map(addressOf).find((a) => had.has(a))
    return taken === undefined
      ? null
      : `Address already assigned to an ipvlan device: ${had.get(taken)!} has ${taken}; take another address`
  },
  bears: (d, below) =>
    below.master === undefined
      ? null
      : `Device or resource busy: ${below.name} is the master of ${d.name}; delete that first`,
  // ipvlan_device_event(): NETDEV_CHANGEMTU, NETDEV_CHANGEADDR.
  follows: (d, was, below) => {
    const mtu = was.mtu === below.mtu ? d.mtu : below.mtu
    return mtu === d.mtu && d.mac === below.mac ? d : { ...d, mtu, mac: below.mac }
  },
  // ipvlan_set_port_mode(): for all slaves of the port.
  joined: (d, other) => (other.mode === d.mode ? d : { ...d, mode: other.mode }),
  remade: (before, after) =>
    before.link.netns !== after.link.netns || before.link.dev !== after.link.dev,
}
