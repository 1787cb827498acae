import { loopback } from './loopback/tool.ts'
import { nic } from './nic/tool.ts'
import { veth } from './veth/tool.ts'
import { bridge } from './bridge/tool.ts'
import { vxlan } from './vxlan/tool.ts'
import { tun } from './tun/tool.ts'
import { vlan } from './vlan/tool.ts'
import { ipip } from './ipip/tool.ts'
import { ipvlan } from './ipvlan/tool.ts'
import { gre } from './gre/tool.ts'
import { gretap } from './gretap/tool.ts'
import { dummy } from './dummy/tool.ts'
import { geneve } from './geneve/tool.ts'

/* Written by `npm run lists`, of the folders in lib/topology/devs/. */

/** What one types to make it, and what `ip` prints. */
export const KIND_TOOLS = {
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
