import { devs } from './tables/devs/script.ts'
import { rules } from './tables/rules/script.ts'
import { routes } from './tables/routes/script.ts'
import { neigh } from './tables/neigh/script.ts'
import { fdb } from './tables/fdb/script.ts'
import { chains } from './tables/chains/script.ts'
import { netfilter } from './tables/netfilter/script.ts'
import { conntrack } from './tables/conntrack/script.ts'
import { sockets } from './tables/sockets/script.ts'
import { sysctls } from './tables/sysctls/script.ts'
import { daemons } from './tables/daemons/script.ts'
import { leases } from './tables/leases/script.ts'
import { ipvsServices } from './tables/ipvsServices/script.ts'
import { ipvsServers } from './tables/ipvsServers/script.ts'
import { ipsets } from './tables/ipsets/script.ts'
import { ipsetEntries } from './tables/ipsetEntries/script.ts'
import { recent } from './tables/recent/script.ts'
import { enis } from './tables/enis/script.ts'
import { subnets } from './tables/subnets/script.ts'
import { vpcRoutes } from './tables/vpcRoutes/script.ts'
import { outside } from './tables/outside/script.ts'

/* Written by `npm run lists`, of the folders in lib/topology/tables/. */

/** What of a row may stand in a script of a lab. */
export const SCRIPTED = {
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
  outside,
}
