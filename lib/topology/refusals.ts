import { rules } from './tables/rules/refuse.ts'
import { routes } from './tables/routes/refuse.ts'
import { neigh } from './tables/neigh/refuse.ts'
import { fdb } from './tables/fdb/refuse.ts'
import { netfilter } from './tables/netfilter/refuse.ts'
import { sockets } from './tables/sockets/refuse.ts'
import { sysctls } from './tables/sysctls/refuse.ts'
import { ipvsServices } from './tables/ipvsServices/refuse.ts'
import { ipvsServers } from './tables/ipvsServers/refuse.ts'
import { ipsets } from './tables/ipsets/refuse.ts'
import { ipsetEntries } from './tables/ipsetEntries/refuse.ts'
import { recent } from './tables/recent/refuse.ts'

/* Written by `npm run lists`, of the folders in lib/topology/tables/. */

/** What the kernel refuses, in its words. */
export const REFUSALS = {
  rules,
  routes,
  neigh,
  fdb,
  netfilter,
  sockets,
  sysctls,
  ipvsServices,
  ipvsServers,
  ipsets,
  ipsetEntries,
  recent,
}
