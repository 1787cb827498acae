import { devs } from './tables/devs/tool.ts'
import { rules } from './tables/rules/tool.ts'
import { routes } from './tables/routes/tool.ts'
import { neigh } from './tables/neigh/tool.ts'
import { fdb } from './tables/fdb/tool.ts'
import { chains } from './tables/chains/tool.ts'
import { netfilter } from './tables/netfilter/tool.ts'
import { conntrack } from './tables/conntrack/tool.ts'
import { sockets } from './tables/sockets/tool.ts'
import { sysctls } from './tables/sysctls/tool.ts'
import { daemons } from './tables/daemons/tool.ts'
import { leases } from './tables/leases/tool.ts'
import { ipvsServices } from './tables/ipvsServices/tool.ts'
import { ipvsServers } from './tables/ipvsServers/tool.ts'
import { ipsets } from './tables/ipsets/tool.ts'
import { ipsetEntries } from './tables/ipsetEntries/tool.ts'
import { recent } from './tables/recent/tool.ts'
import { enis } from './tables/enis/tool.ts'
import { subnets } from './tables/subnets/tool.ts'
import { vpcRoutes } from './tables/vpcRoutes/tool.ts'
import { sgRules } from './tables/sgRules/tool.ts'
import { aclRules } from './tables/aclRules/tool.ts'
import { sgFlows } from './tables/sgFlows/tool.ts'
import { gateways } from './tables/gateways/tool.ts'
import { outside } from './tables/outside/tool.ts'
import { peerings } from './tables/peerings/tool.ts'

/* Written by `npm run lists`, of the folders in lib/topology/tables/. */

/** What one types to change a row, and what tools print. */
export const TOOLS = {
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
