import { addMatches } from '#lib/lookup/chain.ts'
import { extrasOf } from '#lib/lookup/extras.ts'
import { hopOf, usesDevice } from '#lib/lookup/multipath.ts'
import { addHops } from '#lib/lookup/route.ts'
import * as ipvs from '#lib/nf/ipvs.ts'
import * as recent from '#lib/nf/recent.ts'
import * as mss from '#lib/nf/mss.ts'
import { addSeldom } from '#lib/nf/seldom.ts'
import { addWords } from '#lib/topology/tables/netfilter/read-match.ts'
import { addPrinted } from '#lib/topology/tables/netfilter/row.ts'
import { SELDOM_PRINTED } from '#lib/topology/tables/netfilter/print-seldom.ts'
import { SELDOM_WORDS } from '#lib/topology/tables/netfilter/read-seldom.ts'
import { KIND_CHANGES } from '#lib/topology/devs/changes.ts'
import { addChanges } from '#lib/topology/devs/follows.ts'
import { addKept } from '#lib/topology/consequences.ts'
import { KEPT } from '#lib/topology/tables/routes/hops.ts'
import { addDevices } from './index.ts'
import { dummy } from './dummy.ts'
import { geneve } from './geneve.ts'
import { gre, gretap } from './gre.ts'
import { ipip } from './ipip.ts'
import { fromMaster, ipvlanIn, l3mdev } from './ipvlan.ts'
import { addStacked } from './stack.ts'
import { vlan, vlanRcv } from './vlan.ts'

/** What few networks have is known to walks from now on: kinds of devices, IPVS, and what few rules ask. A page that shows worlds of ours without them does without their code. */
export function kinds(): void {
  addDevices(
    {
      vlan: () => vlan,
      ipip: () => ipip,
      ipvlan: ({ mode }) => ipvlanIn(mode),
      gre: () => gre,
      gretap: () => gretap,
      geneve: () => geneve,
      dummy: () => dummy,
    },
    [vlan, ipip, ipvlanIn('l2'), gre, gretap, geneve, dummy],
  )
  addStacked({ vlanRcv, fromMaster, l3mdev })
  addSeldom({ ipvs, mss, recent })
  addMatches(extrasOf)
  addHops({ of: hopOf, uses: usesDevice })
  addKept(KEPT)
  addWords(SELDOM_WORDS)
  addPrinted(SELDOM_PRINTED)
  addChanges(KIND_CHANGES)
}
