import { dockerBridge } from './docker-bridge.ts'
import { flannelHostGw } from './flannel-host-gw.ts'
import { flannelUdp } from './flannel-udp.ts'
import { flannelVxlan } from './flannel-vxlan.ts'
import type { Scenario } from './scenario.ts'
import { vpcCni } from './vpc-cni.ts'

/** Every world by its id, in the order a reader meets them. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = Object.fromEntries([dockerBridge, flannelUdp, flannelVxlan, flannelHostGw, vpcCni].map((s) => [s.id, s]))
