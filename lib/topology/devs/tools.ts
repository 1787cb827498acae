import { loopback } from './loopback/tool.ts'
import { nic } from './nic/tool.ts'
import { veth } from './veth/tool.ts'
import { bridge } from './bridge/tool.ts'
import { vxlan } from './vxlan/tool.ts'
import { tun } from './tun/tool.ts'
import { vlan } from './vlan/tool.ts'
import { ipip } from './ipip/tool.ts'
import { ipvlan } from './ipvlan/tool.ts'

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
}
