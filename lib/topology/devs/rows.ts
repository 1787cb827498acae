import { loopback } from './loopback/row.ts'
import { nic } from './nic/row.ts'
import { veth } from './veth/row.ts'
import { bridge } from './bridge/row.ts'
import { vxlan } from './vxlan/row.ts'
import { tun } from './tun/row.ts'
import { vlan } from './vlan/row.ts'
import { ipip } from './ipip/row.ts'
import { ipvlan } from './ipvlan/row.ts'
import { gre } from './gre/row.ts'
import { gretap } from './gretap/row.ts'
import { dummy } from './dummy/row.ts'
import { geneve } from './geneve/row.ts'

export type { LoopbackDev } from './loopback/row.ts'
export type { NicDev } from './nic/row.ts'
export type { VethDev } from './veth/row.ts'
export type { BridgeDev } from './bridge/row.ts'
export type { VxlanDev } from './vxlan/row.ts'
export type { TunDev } from './tun/row.ts'
export type { VlanDev } from './vlan/row.ts'
export type { IpTunnel, IpipDev } from './ipip/row.ts'
export type { IpvlanDev } from './ipvlan/row.ts'
export type { GreTunnel, GreDev } from './gre/row.ts'
export type { GretapDev } from './gretap/row.ts'
export type { DummyDev } from './dummy/row.ts'
export type { GeneveDev } from './geneve/row.ts'

/* Written by `npm run lists`, of the folders in lib/topology/devs/. */

/** What distinguishes each kind of device. */
export const KINDS = {
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
