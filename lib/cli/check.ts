import {
  judge,
  pinned,
  senders,
  type Agreement,
  type Showing,
} from '#lib/analysis/kernel/verify.ts'
import type { Pair } from '#lib/analysis/kernel/agree.ts'
import type { Traits } from '#lib/run/run.ts'
import { walk } from '#lib/walk/walk.ts'
import type { DropReason } from '#lib/trace/drop.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { payloadHex } from '#lib/wire/payload.ts'
import { answerSize, type Flow } from '#lib/trace/flow.ts'
import { netns, spaces, type Topology } from '#lib/topology/topology.ts'
import { labGaps } from '#lib/analysis/kernel/lab.ts'
import { traitsOf } from '#lib/analysis/kernel/kernels.ts'
import { cli } from './words.ts'
import { KernelGone, LabError, type KernelLab, type SendFlow } from './agent-talk.ts'
import type { Ability } from './kernel-lab.ts'

/** A flow with the name a report calls it by. */
export interface Asked {
  readonly name: string
  readonly flow: Flow
}
/** `shown` is what the verdict is about; null if nothing could be asked. `gaps` is what the lab left out. */
export interface Checked extends Agreement {
  readonly pairs: readonly Pair[]
  readonly shown: Showing | null
  readonly gaps: readonly string[]
}

function send(flow: Flow, sport: number): SendFlow {
  const answer = answerSize(flow)
  return {
    from: flow.from,
    to: flow.to,
    proto: flow.proto,
    sport,
    dport: flow.dport,
    src: flow.src ?? null,
    size: flow.size,
    answer,
    question: payloadHex(flow, false, flow.size),
    reply: payloadHex(flow, true, answer),
    ttl: flow.ttl,
    tos: flow.tos ?? 0,
    df: flow.df ?? (flow.proto === 'icmp' ? false : null),
    seq: flow.seq ?? 1,
    count: flow.count ?? 1,
  }
}

/** What of a topology this kernel cannot show, one line each. */
export function lacking(t: Topology, a: Pick<Ability, 'missing'>): string[] {
  const nets = spaces(t).flatMap((s) => netns(t, s.name) ?? [])
  const missing: readonly string[] = a.missing
  return [
    ...new Set(
      nets.flatMap((n) =>
        n.devs.flatMap((d) =>
          missing.includes(d.kind) ? [cli().noDevices(`${n.name}/${d.name}`, d.kind)] : [],
        ),
      ),
    ),
    ...(missing.includes('br_netfilter') &&
    nets.some((n) => n.sysctls.some((x) => x.key.startsWith('net.bridge.') && x.value === 1))
      ? [cli().noBrNetfilter]
      : []),
    ...(missing.includes('ip_vs') && nets.some((n) => n.ipvsServices.length > 0)
      ? [cli().noIpvs]
      : []),
    ...(missing.includes('ip_set') && nets.some((n) => n.ipsets.length > 0) ? [cli().noIpset] : []),
  ]
}

const SMALLER: readonly DropReason[] = ['too-big', 'vpc-too-big']
/** What TCP sends again when the path turned out smaller is cut packet by packet, as it was sent at first: which of the bursts that timing allows it was. Null: none of them. */
function inBursts(
  t: Topology,
  flow: Flow,
  { w, shown, traits }: { readonly w: Walk; readonly shown: Showing; readonly traits: Traits },
): ReturnType<typeof judge> | null {
  if (
    flow.proto !== 'tcp' ||
    !w.steps.some((s) => s.drop !== null && SMALLER.includes(s.drop.reason))
  )
    return null
  for (const burst of [2, 3, 4]) {
    const j = judge(walk(t, flow, { traits: { ...traits, burst } }), shown)
    if (j.differences.length === 0)
      return { ...j, allowances: { ...j.allowances, 'tcp-bursts': 1 } }
  }
  return null
}

/** A topology, and what a verdict calls it. */
interface Named {
  readonly world: string
  readonly whatIf: readonly string[]
  readonly topology: Topology
}
interface Asking {
  readonly ability: Ability
  readonly began?: (n: number) => void
}

/** Sends flows through one lab of the topology, each from the state the rows describe, and compares. What differs is sent once more in a lab of its own. `began` hears of each flow by its number. */
export async function check(
  { world, whatIf, topology: t }: Named,
  flows: readonly Asked[],
  { ability: a, began = () => {} }: Asking,
): Promise<Checked[]> {
  const base = { version: 1, kernel: a.kernel, world, whatIf } as const
  const without = lacking(t, a)
  const none = {
    asked: 1,
    frames: 0,
    beyond: 0,
    allowances: {},
    differences: [],
    pairs: [],
    shown: null,
    gaps: [],
  } as const
  if (without.length > 0)
    return flows.map(({ name }) => ({
      ...base,
      ...none,
      flow: name,
      verdict: 'not verified',
      notVerified: without,
    }))
  const gaps = labGaps(t)
  const traits = traitsOf(a.kernel)
  const out: Checked[] = []
  let lab: KernelLab | null = null
  /** What the lab was built from: a walk that drew needs one of its own. */
  let built: Topology | null = null
  /** TCP's ends that were used in it: a port in TIME-WAIT remembers its peer's timestamps, and the next SYN's window is smaller for it (tcp_twsk_unique). */
  const used = new Set<string>()
  const ready = async (wanted: Topology, fresh: boolean): Promise<KernelLab> => {
    if (lab !== null && built === wanted && !fresh) {
      await lab.reset()
      return lab
    }
    await lab?.close()
    lab = null
    used.clear()
    built = wanted
    lab = await a.open(wanted)
    return lab
  }
  const once = async (
    flow: Flow,
    fresh: boolean,
  ): Promise<ReturnType<typeof judge> & { readonly shown: Showing }> => {
    const w = walk(t, flow, { traits })
    const ends = `${flow.from} ${senders(w)} ${flow.to} ${flow.dport}`
    const l = await ready(pinned(w), fresh || (flow.proto === 'tcp' && used.has(ends)))
    used.add(ends)
    const shown = await l.send(send(flow, senders(w)))
    const j = judge(w, shown)
    return {
      ...(j.differences.length === 0 ? j : (inBursts(t, flow, { w, shown, traits }) ?? j)),
      shown,
    }
  }
  /** A kernel that ends while it is asked, as User-Mode Linux does now and then, has said nothing: another is asked. */
  const first = async (flow: Flow): Promise<{ j: Awaited<ReturnType<typeof once>>; n: 1 | 2 }> => {
    try {
      return { j: await once(flow, false), n: 1 }
    } catch (error) {
      if (!(error instanceof KernelGone)) throw error
      return { j: await once(flow, true), n: 2 }
    }
  }
  try {
    for (const { name, flow } of flows) {
      began(out.length)
      let { j, n: asked } = await first(flow)
      if (j.differences.length > 0 && asked === 1) {
        const again = await once(flow, true)
        if (again.differences.length === 0) j = again
        asked = 2
      }
      out.push({
        ...base,
        ...j,
        asked,
        gaps,
        flow: name,
        verdict: j.differences.length > 0 ? 'differs' : 'agrees',
        notVerified: [...gaps, ...j.notVerified],
      })
    }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    out.push({
      ...base,
      ...none,
      flow: flows[out.length]?.name ?? '',
      verdict: 'differs',
      differences: [cli().inLab(error.message)],
      notVerified: gaps,
    })
  } finally {
    await (lab as KernelLab | null)?.close()
  }
  return out
}
