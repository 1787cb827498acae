import { usesIpvs } from '#lib/lookup/ipvs.ts'
import { usesConntrack } from '#lib/lookup/netfilter.ts'
import type { At, Here } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import { confirmed, track } from './conntrack.ts'
import { gather } from './defrag.ts'
import { nat, withheld } from './nat.ts'
import { seldom } from './seldom.ts'
import { ask, type Asked } from './tables.ts'

/* The five hooks, each in the order of its priorities (enum nf_ip_hook_priorities). False: the packet ended there. */

/** NF_INET_PRE_ROUTING: defragmentation (with conntrack), raw, conntrack, mangle, nat. */
export function prerouting(at: At, s: Skb): boolean {
  if (usesConntrack(at.l.n) && !gather(at, s, 'prerouting')) return false
  if (!ask(at, s, PREROUTING_RAW).pass) return false
  track(at, s)
  if (!ask(at, s, PREROUTING_MANGLE).pass) return false
  return nat(at, s, PREROUTING_NAT)
}
const PREROUTING_RAW: Asked = { table: 'raw', hook: 'PREROUTING' }
const PREROUTING_MANGLE: Asked = { table: 'mangle', hook: 'PREROUTING' }
const PREROUTING_NAT = { hook: 'PREROUTING' } as const

/** NF_INET_LOCAL_IN: mangle, filter, IPVS, nat, confirmation. */
export function input(at: At, s: Skb): boolean {
  if (!passes(at, s, INPUT_MANGLE) || !passes(at, s, INPUT_FILTER)) return false
  if (usesIpvs(at.l.n)) {
    seldom().ipvs.answers(at, s, 'INPUT')
    if (!seldom().ipvs.requests(at, s, 'INPUT')) return false
  }
  return nat(at, s, INPUT_NAT) && confirmed(at, s)
}
const INPUT_MANGLE: Asked = { table: 'mangle', hook: 'INPUT' }
const INPUT_FILTER: Asked = { table: 'filter', hook: 'INPUT' }
const INPUT_NAT = { hook: 'INPUT' } as const

/** NF_INET_FORWARD: mangle, filter, IPVS's answers. `out` is where the packet will leave. */
export function forward(at: At, s: Skb, out: string): boolean {
  if (
    !passes(at, s, { table: 'mangle', hook: 'FORWARD', out }) ||
    !passes(at, s, { table: 'filter', hook: 'FORWARD', out })
  )
    return false
  if (usesIpvs(at.l.n)) seldom().ipvs.answers(at, s, 'FORWARD')
  return true
}

/** NF_INET_LOCAL_OUT: raw, conntrack, mangle, nat, IPVS. False too for what IPVS sends its own way. */
export function output(out: Here, s: Skb): boolean {
  if (!ask(out, s, OUTPUT_RAW).pass) return false
  track(out, s)
  if (!ask(out, s, OUTPUT_MANGLE).pass) return false
  if (withheld(out, s)) return false
  if (!nat(out, s, OUTPUT_NAT)) return false
  if (!usesIpvs(out.l.n)) return true
  seldom().ipvs.answers(out, s, 'OUTPUT')
  return seldom().ipvs.requests(out, s, 'OUTPUT')
}
const OUTPUT_RAW: Asked = { table: 'raw', hook: 'OUTPUT' }
const OUTPUT_MANGLE: Asked = { table: 'mangle', hook: 'OUTPUT' }
const OUTPUT_NAT = { hook: 'OUTPUT' } as const

/** NF_INET_LOCAL_OUT's last table, filter: asked when it is known where the translated packet goes. */
export function outputFilter(out: Here, s: Skb): boolean {
  return passes(out, s, OUTPUT_FILTER)
}
const OUTPUT_FILTER: Asked = { table: 'filter', hook: 'OUTPUT' }

/** NF_INET_POST_ROUTING: mangle, nat, confirmation. `bridged`: asked by br_netfilter. */
export function postrouting(out: Here, s: Skb, bridged = false): boolean {
  if (!ask(out, s, POSTROUTING_MANGLE).pass) return false
  return nat(out, s, bridged ? BRIDGED_NAT : POSTROUTING_NAT) && confirmed(out, s)
}
const POSTROUTING_MANGLE: Asked = { table: 'mangle', hook: 'POSTROUTING' }
const POSTROUTING_NAT = { hook: 'POSTROUTING' } as const
const BRIDGED_NAT = { hook: 'POSTROUTING', bridged: true } as const

/** A table that may also reject: then the sender is told. */
function passes(here: Here, s: Skb, asked: Asked): boolean {
  const a = ask(here, s, asked)
  if (!a.pass && a.reject !== null) here.run.ports.reject(here, s, a.reject)
  return a.pass
}
