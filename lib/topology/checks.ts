import { devs } from './tables/devs/check.ts'
import { rules } from './tables/rules/check.ts'
import { routes } from './tables/routes/check.ts'
import { neigh } from './tables/neigh/check.ts'
import { fdb } from './tables/fdb/check.ts'
import { chains } from './tables/chains/check.ts'
import { netfilter } from './tables/netfilter/check.ts'
import { conntrack } from './tables/conntrack/check.ts'
import { sockets } from './tables/sockets/check.ts'
import { sysctls } from './tables/sysctls/check.ts'
import { daemons } from './tables/daemons/check.ts'
import { leases } from './tables/leases/check.ts'
import { ipvsServices } from './tables/ipvsServices/check.ts'
import { ipvsServers } from './tables/ipvsServers/check.ts'
import { ipsets } from './tables/ipsets/check.ts'
import { ipsetEntries } from './tables/ipsetEntries/check.ts'
import { recent } from './tables/recent/check.ts'
import { enis } from './tables/enis/check.ts'
import { subnets } from './tables/subnets/check.ts'
import { vpcRoutes } from './tables/vpcRoutes/check.ts'
import { sgRules } from './tables/sgRules/check.ts'
import { aclRules } from './tables/aclRules/check.ts'
import { sgFlows } from './tables/sgFlows/check.ts'
import { gateways } from './tables/gateways/check.ts'
import { outside } from './tables/outside/check.ts'
import { peerings } from './tables/peerings/check.ts'

/* Written by `npm run lists`, of the folders in lib/topology/tables/. */

/** What rows of a file may hold. */
export const CHECKS = {
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
