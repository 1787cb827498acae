import { loopback } from './loopback/script.ts'
import { nic } from './nic/script.ts'
import { veth } from './veth/script.ts'
import { bridge } from './bridge/script.ts'
import { vxlan } from './vxlan/script.ts'
import { tun } from './tun/script.ts'
import { vlan } from './vlan/script.ts'
import { ipip } from './ipip/script.ts'
import { ipvlan } from './ipvlan/script.ts'
import { gre } from './gre/script.ts'
import { gretap } from './gretap/script.ts'
import { dummy } from './dummy/script.ts'
import { geneve } from './geneve/script.ts'

/* Written by `npm run lists`, of the folders in lib/topology/devs/. */

/** How a lab makes it. */
export const KIND_SCRIPTS = {
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
  dummy,
  geneve,
}
