import { encode } from '#lib/wire/codec.ts'
import { layers } from '#lib/wire/quote.ts'
import { rowAt, type Ref } from '#lib/topology/topology.ts'
import type { Decision } from '#lib/trace/decision.ts'
import { DROPS } from '#lib/trace/drops.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { SCENARIOS } from '#lib/scenarios/index.ts'
import { explain } from './explain.ts'
import { refsOf } from './refs.ts'

/** A walk as `trace --json` prints it (contract, version 1). */
export function toJson(walk: Walk): object {
  const after = walk.after
  const show = (r: Ref): object => ({ in: r.in, table: r.table, row: rowAt(after, r) ?? null })
  const loss = walk.loss
  const info = loss === null ? null : DROPS[loss.drop.reason]
  return {
    version: 1,
    delivered: walk.delivered,
    drop: loss === null || info === null ? null : { reason: loss.drop.reason, in: loss.in, dev: loss.dev, kernel: info.kernel, aws: info.aws, icmp: loss.icmp },
    steps: walk.steps.map((s) => {
      const { matched, rejected } = refsOf(s.decision)
      return {
        n: s.n, from: s.from, in: s.in, dev: s.dev, stage: s.stage, decision: s.decision,
        refs: [...(matched === null ? [] : [matched]), ...chose(s.decision, matched), ...rejected].map(show), why: explain(s, after), frames: s.frames,
        ...(s.drop === null ? {} : { drop: s.drop }),
      }
    }),
    frames: walk.frames.map((f) => ({ seq: f.seq, in: f.in, dev: f.dev, dir: f.dir, to: f.to, hex: hex(encode(f.packet)), layers: layers(f.packet) })),
  }
}

/** A route rests on two rows: the one that matched, and the policy rule that chose its table. */
function chose(d: Decision, matched: Ref | null): readonly Ref[] {
  return d.kind !== 'route' || d.rule === null || d.rule === matched ? [] : [d.rule]
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))
function hex(bytes: Uint8Array): string {
  let out = ''
  for (const b of bytes) out += HEX[b]
  return out
}

/** What `list --json` prints: worlds, their flows and what-ifs, and the closed list of drop reasons. */
export function scenarioList(): object {
  return {
    version: 1,
    scenarios: Object.values(SCENARIOS).map((s) => ({
      id: s.id, title: s.title, flows: s.flows,
      whatIfs: Object.fromEntries(Object.entries(s.whatIfs).map(([id, w]) => [id, { title: w.title, edits: w.edits, expect: w.expect, flow: w.flow ?? Object.keys(s.flows)[0] }])),
    })),
    drops: Object.entries(DROPS).map(([reason, d]) => ({ reason, ...d })),
  }
}
