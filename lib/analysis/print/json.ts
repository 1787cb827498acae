import { encode } from '#lib/wire/codec.ts'
import { layers } from '#lib/wire/quote.ts'
import { rowAt, type Ref } from '#lib/topology/topology.ts'
import type { Decision } from '#lib/trace/decision.ts'
import { DROPS } from '#lib/trace/drops.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { explainWhole, explainBroken, inWords } from '#lib/words/index.ts'
import { held } from '#lib/analysis/read/held.ts'
import { promises } from '#lib/analysis/read/promises.ts'
import { marksOf, refsOf } from '#lib/analysis/read/refs.ts'

/** A walk as `trace --json` prints it (contract, version 1). */
export function toJson(walk: Walk): object {
  const after = walk.after
  const show = (r: Ref): object => ({ in: r.in, table: r.table, row: rowAt(after, r) ?? null })
  const waiting = held(walk)
  const loss = walk.loss
  const info = loss === null ? null : DROPS[loss.drop.reason]
  return {
    version: 1,
    delivered: walk.delivered,
    drop:
      loss === null || info === null
        ? null
        : {
            reason: loss.drop.reason,
            in: loss.in,
            dev: loss.dev,
            kernel: info.kernel,
            aws: info.aws,
            icmp: loss.icmp,
          },
    promises: promises(walk).map((b) => ({ ...b, why: explainBroken(b) })),
    steps: walk.steps.map((s) => {
      const { matched, rejected } = refsOf(s.decision)
      return {
        n: s.n,
        from: s.from,
        in: s.in,
        dev: s.dev,
        stage: s.stage,
        decision: inWords(s.decision),
        refs: [
          ...(matched === null ? [] : [matched]),
          ...chose(s.decision, matched),
          ...marksOf(s.decision),
          ...rejected,
        ].map(show),
        why: explainWhole(s, after),
        frames: s.frames,
        ...(s.drop === null ? {} : { drop: s.drop }),
        ...(waiting.has(s.n) ? { held: waiting.get(s.n) } : {}),
      }
    }),
    frames: walk.frames.map((f) => ({
      seq: f.seq,
      in: f.in,
      dev: f.dev,
      dir: f.dir,
      to: f.to,
      hex: hex(encode(f.packet)),
      layers: layers(f.packet),
    })),
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
