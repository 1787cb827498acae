import { applyAll, keys, netns, SCENARIOS, walk, type Edit, type Flow, type Scenario, type Topology, type Walk } from '#lib/index.ts'
import { brief } from '#components/diagram/layout.ts'

/** How much of the walk is told: where it goes and why; every device and decision; every question the kernel asks. */
export const DETAILS = ['story', 'network', 'kernel'] as const
export type Detail = (typeof DETAILS)[number]

/** What a figure shows: everything else follows from it, and it is what a link carries. `draw` is what random rules draw from (Flow.draw); null leaves it to the flow. */
export interface LabState { readonly scenario: string; readonly flow: string; readonly whatIfs: readonly string[]; readonly step: number; readonly detail: Detail; readonly against: string | null; readonly draw: number | null }
export type LabAction =
  | { readonly type: 'go'; readonly step: number } | { readonly type: 'scenario'; readonly scenario: string } | { readonly type: 'flow'; readonly flow: string }
  | { readonly type: 'toggle'; readonly whatIf: string } | { readonly type: 'detail'; readonly detail: LabState['detail'] } | { readonly type: 'set'; readonly state: LabState }
  | { readonly type: 'compare'; readonly against: string | null } | { readonly type: 'draw'; readonly draw: number | null }

export function reduce(s: LabState, a: LabAction): LabState {
  switch (a.type) {
    case 'go': return { ...s, step: a.step }
    case 'scenario': {
      const to = SCENARIOS[a.scenario]
      if (to === undefined) return s
      return { ...s, scenario: a.scenario, flow: s.flow in to.flows ? s.flow : Object.keys(to.flows)[0] ?? '', whatIfs: [], step: 0, draw: null, against: s.against === a.scenario ? null : s.against }
    }
    case 'flow': return { ...s, flow: a.flow, step: 0, draw: null }
    case 'toggle': return { ...s, whatIfs: s.whatIfs.includes(a.whatIf) ? s.whatIfs.filter((w) => w !== a.whatIf) : [...s.whatIfs, a.whatIf], step: 0 }
    case 'detail': return { ...s, detail: a.detail }
    // Up to the rule that draws all is as before: the place stays.
    case 'draw': return { ...s, draw: a.draw }
    case 'set': return a.state
    case 'compare': return { ...s, against: a.against !== null && Object.hasOwn(SCENARIOS, a.against) && a.against !== s.scenario ? a.against : null }
  }
}

/** The world a comparison begins with: overlay against VPC CNI. */
export function counterpart(scenario: string): string {
  return scenario === 'vpc-cni' ? 'flannel-udp' : 'vpc-cni'
}

export interface Walked { readonly scenario: Scenario; readonly flow: Flow; readonly topology: Topology; readonly walk: Walk; readonly keys: readonly string[]; readonly problem: string | null }

/** The walk a state asks for. What-ifs that cannot be applied together are left out and named. */
export function walked(scenario: Scenario, flowId: string, whatIfs: readonly string[], extra: readonly Edit[] = [], draw: number | null = null): Walked {
  const named = scenario.flows[flowId] ?? Object.values(scenario.flows)[0]
  if (named === undefined) throw new RangeError(`${scenario.id} has no flow`)
  const flow = draw === null ? named : { ...named, draw }
  let topology = scenario.topology
  let problem: string | null = null
  const tryEdits = (edits: readonly Edit[]): void => {
    try { topology = applyAll(topology, edits) } catch (error) { problem = error instanceof Error ? error.message : String(error) }
  }
  for (const id of whatIfs) tryEdits(scenario.whatIfs[id]?.edits ?? [])
  for (const e of extra) tryEdits([e])
  const w = walk(topology, flow)
  return { scenario, flow, topology, walk: w, keys: keys(w), problem }
}

/** What is sent in each flow of a world, in words: by the names the picture has, and with a word of its key where two would read the same. */
export function flowNames(scenario: Scenario): readonly (readonly [flow: string, name: string])[] {
  const t = scenario.topology
  const names = new Map<string, string>()
  for (const n of t.source.names) {
    const s = netns(t, n)
    if (s !== undefined) for (const d of s.devs) for (const a of d.addrs) { const ip = a.split('/')[0]!; if (!names.has(ip)) names.set(ip, brief(n)) }
  }
  const said = Object.entries(scenario.flows).map(([f, x]): [string, string] => {
    const to = names.get(x.to) ?? (f.startsWith('service') ? `Service ${x.to}` : x.to)
    return [f, `${brief(x.from)} → ${to}${x.dport > 0 ? `:${x.dport}` : ', ping'}${x.proto === 'udp' ? ', udp' : ''}${x.size > 200 ? `, ${x.size} bytes` : ''}`]
  })
  // Of two that read the same, the one with the longer key has what its key says beyond the other's.
  return said.map(([f, name]) => { const twin = said.find(([g, other]) => other === name && f.startsWith(`${g}-`)); return [f, twin === undefined ? name : `${name} (${f.slice(twin[0].length + 1).replaceAll('-', ' ')})`] })
}

const MOST_DRAWS = 64

/** The next draw that sends the packet another way; null is the flow's own, and also the answer where no draw does. */
export function otherDraw(scenario: Scenario, s: Pick<LabState, 'flow' | 'whatIfs' | 'draw'>, edits: readonly Edit[]): number | null {
  const way = (draw: number | null): string => walked(scenario, s.flow, s.whatIfs, edits, draw).keys.join()
  const [own, here] = [way(null), way(s.draw)]
  const from = (s.draw ?? scenario.flows[s.flow]?.draw ?? 0) + 1
  for (let i = from; i < from + MOST_DRAWS; i += 1) {
    const there = way(i)
    if (there !== here) return there === own ? null : i
  }
  return null
}
