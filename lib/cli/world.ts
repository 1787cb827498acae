import { WORLD_IDS } from '#lib/worlds/index.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { EditError } from '#lib/topology/edit.ts'
import type { Topology } from '#lib/topology/topology.ts'
import { load, own } from './load.ts'
import { instead, shown, some } from './near.ts'
import { cli } from './words.ts'
import { UsageError } from './usage.ts'

/** The names of what-ifs in the order they were given: each option may name several, separated by commas; one named again changes nothing more. */
export function whatIfsOf(given: readonly string[] = []): readonly string[] {
  return [...new Set(given.flatMap((x) => x.split(',')))]
}

/** The world or file that a command names, with its what-ifs applied in order. */
export async function worldOf(
  command: string,
  words: readonly string[],
  whatIfs: readonly string[] = [],
): Promise<Scenario> {
  const [name] = words
  if (name === undefined) throw new UsageError(cli().whichWorld(command, some(WORLD_IDS)))
  const scenario = await load(name)
  return {
    ...scenario,
    topology: whatIfsOf(whatIfs).reduce(
      (t, id) => changed(t, id, { scenario, name }),
      scenario.topology,
    ),
  }
}

function changed(
  t: Topology,
  id: string,
  { scenario: s, name }: { readonly scenario: Scenario; readonly name: string },
): Topology {
  const known = Object.keys(s.whatIfs)
  if (known.length === 0) throw new UsageError(cli().noWhatIfs(shown(id), shown(name)))
  const w = own(s.whatIfs, id)
  if (w === undefined)
    throw new UsageError(
      id === '' ? cli().whatIfMissing : cli().noWhatIf(shown(id), s.id, instead(id, known)),
    )
  try {
    return applyAll(t, w.edits)
  } catch (error) {
    if (!(error instanceof EditError)) throw error
    throw new UsageError(cli().whatIfsMeet(id, error.message))
  }
}
