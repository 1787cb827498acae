import { devs } from './tables/devs/row.ts'
import { rules } from './tables/rules/row.ts'
import { routes } from './tables/routes/row.ts'
import { neigh } from './tables/neigh/row.ts'
import { fdb } from './tables/fdb/row.ts'
import { chains } from './tables/chains/row.ts'
import { netfilter } from './tables/netfilter/row.ts'
import { conntrack } from './tables/conntrack/row.ts'
import { sockets } from './tables/sockets/row.ts'
import { sysctls } from './tables/sysctls/row.ts'
import { daemons } from './tables/daemons/row.ts'
import { leases } from './tables/leases/row.ts'
import { ipvsServices } from './tables/ipvsServices/row.ts'
import { ipvsServers } from './tables/ipvsServers/row.ts'
import { ipsets } from './tables/ipsets/row.ts'
import { ipsetEntries } from './tables/ipsetEntries/row.ts'
import { recent } from './tables/recent/row.ts'
import { enis } from './tables/enis/row.ts'
import { subnets } from './tables/subnets/row.ts'
import { vpcRoutes } from './tables/vpcRoutes/row.ts'
import { sgRules } from './tables/sgRules/row.ts'
import { aclRules } from './tables/aclRules/row.ts'
import { sgFlows } from './tables/sgFlows/row.ts'
import { gateways } from './tables/gateways/row.ts'
import { outside } from './tables/outside/row.ts'
import { peerings } from './tables/peerings/row.ts'

export type { Rule } from './tables/rules/row.ts'
export type { RouteProto, Route } from './tables/routes/row.ts'
export type { Neigh } from './tables/neigh/row.ts'
export type { FdbEntry } from './tables/fdb/row.ts'
export type { Hook, NfTable, NfChain } from './tables/chains/row.ts'
export type {
  AddressRange,
  AddrType,
  Ctstate,
  IcmpType,
  Limit,
  Negatable,
  NfMatch,
  PhysDev,
  PktType,
  Ports,
  Rate,
  RecentMatch,
  RpFilter,
  SetMatch,
  NfTarget,
  NfRule,
  Printed,
} from './tables/netfilter/row.ts'
export type { Tuple, Conntrack } from './tables/conntrack/row.ts'
export type { Socket } from './tables/sockets/row.ts'
export type { Sysctl } from './tables/sysctls/row.ts'
export type { Daemon } from './tables/daemons/row.ts'
export type { Lease } from './tables/leases/row.ts'
export type { Virtual, IpvsService } from './tables/ipvsServices/row.ts'
export type { IpvsServer } from './tables/ipvsServers/row.ts'
export type { IpSetType, IpSet } from './tables/ipsets/row.ts'
export type { IpSetEntry } from './tables/ipsetEntries/row.ts'
export type { Recent } from './tables/recent/row.ts'
export type { Eni } from './tables/enis/row.ts'
export type { Subnet } from './tables/subnets/row.ts'
export type { VpcRoute } from './tables/vpcRoutes/row.ts'
export type { SgRule } from './tables/sgRules/row.ts'
export type { AclRule } from './tables/aclRules/row.ts'
export type { SgFlow } from './tables/sgFlows/row.ts'
export type { Gateway } from './tables/gateways/row.ts'
export type { OutsideHost } from './tables/outside/row.ts'
export type { Peering } from './tables/peerings/row.ts'

/* Written by `npm run lists`, of the folders in lib/topology/tables/. */

/** What each table is, in the order in which they are listed. */
export const TABLES = {
  devs,
  rules,
  routes,
  neigh,
  fdb,
  chains,
  netfilter,
  conntrack,
  sockets,
  sysctls,
  daemons,
  leases,
  ipvsServices,
  ipvsServers,
  ipsets,
  ipsetEntries,
  recent,
  enis,
  subnets,
  vpcRoutes,
  sgRules,
  aclRules,
  sgFlows,
  gateways,
  outside,
  peerings,
}
