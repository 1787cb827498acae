import { judge, pinned, senders, type Agreement, type Showing } from '#lib/analysis/verify.ts'
import type { Pair } from '#lib/analysis/agree.ts'
import { walk } from '#lib/engine/walk.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { netns, spaces, type Topology } from '#lib/topology/topology.ts'
import { labGaps } from '#lib/analysis/lab.ts'
import { LabError, type KernelLab, type SendFlow } from './agent-talk.ts'
import type { Ability } from './kernel-lab.ts'

/** A flow with the name a report calls it by. */
export interface Asked { readonly name: string; readonly flow: Flow }
/** `shown` is what the verdict is about; null if nothing could be asked. `gaps` is what the lab left out. */
export interface Checked extends Agreement { readonly pairs: readonly Pair[]; readonly shown: Showing | null; readonly gaps: readonly string[] }

/** The answer's size when nobody said: as lib/engine has it. */
const ANSWER = { icmp: 0, udp: 32, tcp: 22 } as const

function send(flow: Flow, sport: number): SendFlow {
  return {
    from: flow.from, to: flow.to, proto: flow.proto, sport, dport: flow.dport, src: flow.src ?? null, size: flow.size, answer: flow.answer ?? ANSWER[flow.proto],
    ttl: flow.ttl, tos: flow.tos ?? 0, df: flow.df ?? (flow.proto === 'icmp' ? false : null), seq: flow.seq ?? 1, count: flow.count ?? 1,
  }
}

/** What of a topology this kernel cannot show, one line each. */
export function lacking(t: Topology, a: Pick<Ability, 'missing'>): string[] {
  const nets = spaces(t).flatMap((s) => netns(t, s.name) ?? [])
  const missing: readonly string[] = a.missing
  return [
    ...new Set(nets.flatMap((n) => n.devs.flatMap((d) => (missing.includes(d.kind) ? [`${n.name}/${d.name}: this kernel has no devices of kind ${d.kind}`] : [])))),
    ...(missing.includes('br_netfilter') && nets.some((n) => n.sysctls.some((x) => x.key.startsWith('net.bridge.') && x.value === 1)) ? ['net.bridge.bridge-nf-call-iptables: br_netfilter is not loaded'] : []),
  ]
}

/** Sends flows through one lab of the topology, each from the state the rows describe, and compares. What differs is sent once more in a lab of its own. `began` hears of each flow by its number. */
export async function check(about: { readonly world: string; readonly whatIf: readonly string[] }, t: Topology, flows: readonly Asked[], a: Ability, began: (n: number) => void = () => {}): Promise<Checked[]> {
  const base = { version: 1, kernel: a.kernel, ...about } as const
  const without = lacking(t, a)
  const none = { asked: 1, frames: 0, beyond: 0, allowances: {}, differences: [], pairs: [], shown: null, gaps: [] } as const
  if (without.length > 0) return flows.map(({ name }) => ({ ...base, ...none, flow: name, verdict: 'not verified', notVerified: without }))
  const gaps = labGaps(t)
  const out: Checked[] = []
  let lab: KernelLab | null = null
  /** What the lab was built from: a walk that drew needs one of its own. */
  let built: Topology | null = null
  /** TCP's ends that were used in it: a port in TIME-WAIT remembers its peer's timestamps, and the next SYN's window is smaller for it (tcp_twsk_unique). */
  const used = new Set<string>()
  const ready = async (wanted: Topology, fresh: boolean): Promise<KernelLab> => {
    if (lab !== null && built === wanted && !fresh) { await lab.reset(); return lab }
    await lab?.close()
    lab = null
    used.clear()
    built = wanted
    lab = await a.open(wanted)
    return lab
  }
  const once = async (flow: Flow, fresh: boolean): Promise<ReturnType<typeof judge> & { readonly shown: Showing }> => {
    const w = walk(t, flow)
    const ends = `${flow.from} ${senders(w)} ${flow.to} ${flow.dport}`
    const l = await ready(pinned(w), fresh || (flow.proto === 'tcp' && used.has(ends)))
    used.add(ends)
    const shown = await l.send(send(flow, senders(w)))
    return { ...judge(w, shown), shown }
  }
  try {
    for (const { name, flow } of flows) {
      began(out.length)
      let j = await once(flow, false)
      const asked = j.differences.length > 0 ? 2 : 1
      if (asked === 2) {
        const first = j
        j = await once(flow, true)
        if (j.differences.length > 0) j = first
      }
      out.push({ ...base, ...j, asked, gaps, flow: name, verdict: j.differences.length > 0 ? 'differs' : 'agrees', notVerified: [...gaps, ...j.notVerified] })
    }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    out.push({ ...base, ...none, flow: flows[out.length]?.name ?? '', verdict: 'differs', differences: [`the lab: ${error.message}`], notVerified: gaps })
  } finally {
    await (lab as KernelLab | null)?.close()
  }
  return out
}
