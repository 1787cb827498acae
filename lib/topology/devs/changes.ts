import { loopback } from './loopback/change.ts'
import { nic } from './nic/change.ts'
import { veth } from './veth/change.ts'
import { bridge } from './bridge/change.ts'
import { vxlan } from './vxlan/change.ts'
import { tun } from './tun/change.ts'
import { vlan } from './vlan/change.ts'
import { ipip } from './ipip/change.ts'
import { ipvlan } from './ipvlan/change.ts'
import { gre } from './gre/change.ts'
import { gretap } from './gretap/change.ts'
import { geneve } from './geneve/change.ts'

/* Written by `npm run lists`, of the folders in lib/topology/devs/. */

/** What Linux refuses of it, and what follows. */
export const KIND_CHANGES = {
  loopback,
  nic,
  veth,
  bridge,
  vxlan,
  tun,
  vlan,
  ipip,
  ipvlan,
  gre,
  gretap,
  geneve,
}
