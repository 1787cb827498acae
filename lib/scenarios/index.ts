import { flannelHostGw } from './flannel-host-gw.ts'
import { flannelUdp } from './flannel-udp.ts'
import { flannelVxlan } from './flannel-vxlan.ts'
import type { Scenario } from './scenario.ts'

/** Every world by its id, in the order a reader meets them. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = Object.fromEntries([flannelUdp, flannelVxlan, flannelHostGw].map((s) => [s.id, s]))
