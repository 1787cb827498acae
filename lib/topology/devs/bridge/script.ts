import type { KindScript } from '../script.ts'

export const bridge: KindScript<'bridge'> = {
  needs: { module: 'bridge', tried: 'ip link add b0 type bridge' },
  fields: {},
  // Without VLAN 1 and IGMP of its own: the model has neither. A forwarding entry is kept, however long the lab stays.
  make: (d) => [
    `link add name ${d.name} address ${d.mac} type bridge vlan_default_pvid 0 mcast_snooping 0 ageing_time 360000`,
  ],
}
