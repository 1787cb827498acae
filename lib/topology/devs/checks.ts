import { loopback } from './loopback/check.ts'
import { nic } from './nic/check.ts'
import { veth } from './veth/check.ts'
import { bridge } from './bridge/check.ts'
import { vxlan } from './vxlan/check.ts'
import { tun } from './tun/check.ts'
import { vlan } from './vlan/check.ts'
import { ipip } from './ipip/check.ts'
import { ipvlan } from './ipvlan/check.ts'
import { gre } from './gre/check.ts'
import { gretap } from './gretap/check.ts'
import { dummy } from './dummy/check.ts'
import { geneve } from './geneve/check.ts'

/* Written by `npm run lists`, of the folders in lib/topology/devs/. */

/** What a row of each kind may hold. */
export const KIND_CHECKS = {
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
