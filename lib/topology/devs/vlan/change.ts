import { traits } from '../../devs.ts'
import { texts, type KindChange } from '../change.ts'

export const vlan: KindChange<'vlan'> = {
  unreadable: (d) =>
    texts(d.link, 'netns', 'dev')
      ? null
      : `${d.name} stands on no device; write link: { netns, dev }`,
  // vlan_check_real_dev(), vlan_dev_change_mtu(), vlan_dev_open().
  stands: (d, { below, beside, before }) => {
    if (traits(below).layer !== undefined || traits(below).bearsNone === true)
      return `VLANs not supported on device: ${below.name} takes no tags; take another link`
    const twin = beside.find((x) => x.kind === 'vlan' && x.id === d.id)
    if (twin !== undefined)
      return `VLAN device already exists: ${twin.name} has VLAN ${d.id} of ${below.name}; take another id`
    if (d.mtu > below.mtu)
      return `${before === null ? 'Invalid argument' : 'Numerical result out of range'}: mtu ${d.mtu} is above the ${below.mtu} of ${below.name}; write ${below.mtu} or less`
    return d.up && !below.up ? `Network is down: ${below.name} is down; set that up first` : null
  },
  // vlan_changelink() takes another id without a word and leaves the old one.
  remade: (before, after) =>
    before.id !== after.id ||
    before.link.netns !== after.link.netns ||
    before.link.dev !== after.link.dev,
  // vlan_device_event(): NETDEV_UP, NETDEV_DOWN, NETDEV_CHANGEMTU.
  follows: (d, was, below) => {
    const up = was.up === below.up ? d.up : below.up
    const mtu = Math.min(d.mtu, below.mtu)
    return up === d.up && mtu === d.mtu ? d : { ...d, up, mtu }
  },
}
