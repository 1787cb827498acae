import type { Address } from '#lib/wire/addr.ts'
import { netns, type Netns, type Topology } from '#lib/topology/topology.ts'
import type { Decision } from '#lib/trace/decision.ts'
import type { Step } from '#lib/trace/walk.ts'
import { evaluate } from '#lib/lookup/netfilter.ts'
import { asFiltered } from './group.ts'

type Hooked = Extract<Decision, { readonly kind: 'hook' }>

/** Both ends as a translation writes them, `10.1.15.2:41729 → 10.1.20.3:8080`. */
function endsOf(text: string) {
  const [, src, sport, dst, dport] = /^([\d.]+):(\d+) → ([\d.]+):(\d+)$/.exec(text) ?? []
  return dport === undefined
    ? null
    : { src: src as Address, sport: Number(sport), dst: dst as Address, dport: Number(dport) }
}

/** Was no rule asked: did the translation of a known connection stand for them? */
export const unasked = ({ verdict, to }: Hooked): boolean =>
  verdict === 'ACCEPT' && to !== undefined

/** Whatever a step has not kept of its question: where a packet that is passed on leaves, and whether its connection was known. Marks are taken as none. */
const unkept = (n: Netns, { hook }: Hooked, dev: string | null) =>
  (hook === 'FORWARD' ? n.devs.map((d) => d.name) : [isOut(hook) ? dev : null]).flatMap((oif) =>
    (['new', 'established'] as const).map((ctstate) => ({ oif, ctstate })),
  )

const isOut = (hook: Hooked['hook']): boolean => hook === 'OUTPUT' || hook === 'POSTROUTING'

/**
 * Did a row of netfilter fit the packet at a hook, and decide nothing: a jump that came back, a mark, a return? Null where that hangs on
 * what the step has not kept.
 */
export function fitted(t: Topology, step: Step): (row: number) => boolean | null {
  const { decision: d, packet } = step
  const n = netns(t, step.in)
  if (d.kind !== 'hook' || n === undefined || unasked(d)) return () => false
  const q = {
    ...asFiltered(packet),
    ...(d.from === undefined ? {} : endsOf(d.from)),
    iif: isOut(d.hook) ? null : step.dev,
    mark: 0,
    ctmark: 0,
  }
  const could = unkept(n, d, step.dev)
    .map((more) => evaluate(n, d, { ...q, ...more }))
    .filter((v) => (v.rule ?? v.touched.at(-1) ?? null) === (d.matched?.row ?? null))
  return (row) => {
    const fits = could.filter((v) => v.touched.includes(row)).length
    return fits === could.length && fits > 0 ? true : fits > 0 || could.length === 0 ? null : false
  }
}
