import { scenarioList } from '#lib/analysis/json.ts'
import { DROPS } from '#lib/trace/drops.ts'
import { SCENARIOS } from '#lib/scenarios/index.ts'
import type { Read } from './read.ts'

/** `packet-walk list`. Returns the exit status. */
export function list(r: Read, out: (s: string) => void): number {
  if (r.has('json')) { out(`${JSON.stringify(scenarioList(), null, 1)}\n`); return 0 }
  for (const s of Object.values(SCENARIOS)) {
    out(`${s.id}: ${s.title}\n`)
    out(`  flows     ${Object.keys(s.flows).join(', ')}\n`)
    for (const [id, w] of Object.entries(s.whatIfs)) out(`  what-if   ${id.padEnd(24)} ${w.title} → ${w.expect}\n`)
  }
  out('\nreasons for a drop\n')
  for (const [reason, d] of Object.entries(DROPS)) out(`  ${reason.padEnd(22)} ${d.title}\n`)
  return 0
}
