import type { refusedNow } from './refused.ts'
import type { noStanding } from './standing.ts'

interface Linux {
  readonly refusedNow: typeof refusedNow
  readonly noStanding: typeof noStanding
}
let linux: Linux | null = null

/** Edits are held to what Linux refuses from now on. */
export function askLinux(by: Linux): void {
  linux = by
}

/** Why Linux would not have a row (lib/topology/refused.ts), or a device on another (standing.ts); null if it would. Asked where people write rows: a page that shows worlds of ours alone, whose edits a test has tried, does without. */
export const asked: Linux = {
  refusedNow: (n, table, row) => linux?.refusedNow(n, table, row) ?? null,
  noStanding: (t, name, change) => linux?.noStanding(t, name, change) ?? null,
}
