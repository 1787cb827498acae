import type { DropReason } from '#lib/trace/drop.ts'
import { DROPS } from '#lib/trace/drops.ts'
import { DROP_SOURCES } from '#lib/trace/drop-sources.ts'
import { dropTitle } from '#lib/words/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { cli } from './words.ts'
import type { Read } from './read.ts'

const REASONS = Object.keys(DROPS) as DropReason[]

/** `packet-walk list`. Returns the exit status. */
export function list(r: Read, out: (s: string) => void): number {
  if (r.has('json')) {
    out(`${JSON.stringify(scenarioList(), null, 1)}\n`)
    return 0
  }
  for (const s of Object.values(SCENARIOS)) {
    out(`${s.id}: ${s.title}\n`)
    out(`  ${cli().flows.padEnd(9)} ${Object.keys(s.flows).join(', ')}\n`)
    for (const [id, w] of Object.entries(s.whatIfs))
      out(`  ${cli().whatIf.padEnd(9)} ${id.padEnd(24)} ${w.title} → ${w.expect}\n`)
  }
  out(`\n${cli().dropReasons}\n`)
  for (const reason of REASONS) out(`  ${reason.padEnd(22)} ${dropTitle(reason)}\n`)
  return 0
}

/** What `list --json` prints: worlds, their flows and what-ifs, and the closed list of drop reasons. */
function scenarioList(): object {
  return {
    version: 1,
    scenarios: Object.values(SCENARIOS).map((s) => ({
      id: s.id,
      title: s.title,
      flows: s.flows,
      whatIfs: Object.fromEntries(
        Object.entries(s.whatIfs).map(([id, w]) => [
          id,
          {
            title: w.title,
            edits: w.edits,
            expect: w.expect,
            flow: w.flow ?? Object.keys(s.flows)[0],
          },
        ]),
      ),
    })),
    drops: REASONS.map((reason) => ({
      reason,
      title: dropTitle(reason),
      ...DROPS[reason],
      source: DROP_SOURCES[reason],
    })),
  }
}
