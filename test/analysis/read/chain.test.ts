import { describe, expect, it } from 'vitest'
import { fitted, unasked } from '#lib/analysis/read/chain.ts'
import { topologyAt } from '#lib/analysis/read/at.ts'
import { evaluate, type NfVerdict } from '#lib/lookup/netfilter.ts'
import { netns } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

describe('the rules that fitted and decided nothing', () => {
  it('are those that the engine went through, in every world, wherever they are told', () => {
    let [told, untold] = [0, 0]
    const wrong: string[] = []
    for (const s of Object.values(SCENARIOS))
      for (const [name, f] of Object.entries(s.flows)) {
        const asked: NfVerdict[] = []
        const w = walk(s.topology, f, {
          variant: {
            chain(n, where, q) {
              const v = evaluate(n, where, q)
              asked.push(v)
              return v
            },
          },
        })
        let at = 0
        for (const step of w.steps) {
          const d = step.decision
          if (d.kind !== 'hook' || unasked(d)) continue
          // The walk asks a hook once for each step that tells of it, in the same order; those that nobody tells of are passed over.
          const last = d.matched?.row ?? null
          const of = (v: NfVerdict): number | null => v.rule ?? v.touched.at(-1) ?? null
          while (at < asked.length && of(asked[at]!) !== last) at += 1
          const fits = fitted(topologyAt(w, step.n), step)
          const { touched } = asked[at]!
          for (const [row, r] of netns(w.before, step.in)!.netfilter.entries()) {
            if (r.table !== d.table) continue
            const said = fits(row)
            if (said === null) untold += 1
            else {
              told += 1
              if (said !== touched.includes(row))
                wrong.push(`${s.id} ${name} ${step.n}: row ${row}`)
            }
          }
          at += 1
        }
      }
    expect(wrong).toEqual([])
    // In FORWARD, Calico has a chain for each device that a packet may leave by.
    expect(told).toBeGreaterThan(24 * untold)
  })
})
