import { parseArgs } from 'node:util'
import { scenarioList } from '#lib/analysis/json.ts'
import { DROPS } from '#lib/trace/drops.ts'
import { SCENARIOS } from '#lib/scenarios/index.ts'

/** `packet-walk list`. Returns the exit status. */
export function list(argv: readonly string[], out: (s: string) => void): number {
  const { values: o } = parseArgs({ args: [...argv], options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })
  if (o.help === true) { out('packet-walk list [--json]\n  worlds, flows, what-ifs and reasons for a drop\n'); return 0 }
  if (o.json === true) { out(`${JSON.stringify(scenarioList(), null, 1)}\n`); return 0 }
  for (const s of Object.values(SCENARIOS)) {
    out(`${s.id}: ${s.title}\n`)
    out(`  flows     ${Object.keys(s.flows).join(', ')}\n`)
    for (const [id, w] of Object.entries(s.whatIfs)) out(`  what-if   ${id.padEnd(24)} ${w.title} → ${w.expect}\n`)
  }
  out('\nreasons for a drop\n')
  for (const [reason, d] of Object.entries(DROPS)) out(`  ${reason.padEnd(22)} ${d.title}\n`)
  return 0
}
