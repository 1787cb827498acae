import type { Scenario } from '#lib/scenarios/scenario.ts'
import { applyAll, EditError } from '#lib/topology/apply.ts'
import type { Topology } from '#lib/topology/topology.ts'
import { load, own } from './load.ts'
import { instead, shown, some } from './near.ts'
import { UsageError, WORLDS } from './usage.ts'

/** The names of what-ifs in the order they were given: each option may name several, separated by commas; one named again changes nothing more. */
export function whatIfsOf(given: readonly string[] = []): readonly string[] {
  return [...new Set(given.flatMap((x) => x.split(',')))]
}

/** The world or file that a command names, with its what-ifs applied in order. */
export async function worldOf(command: string, words: readonly string[], whatIfs: readonly string[] = []): Promise<Scenario> {
  const [name] = words
  if (name === undefined) throw new UsageError(`${command}: which world or file? Worlds are ${some(WORLDS)}; a file to begin with is public/example.yaml`)
  const scenario = await load(name)
  return { ...scenario, topology: whatIfsOf(whatIfs).reduce((t, id) => changed(scenario, name, t, id), scenario.topology) }
}

function changed(s: Scenario, name: string, t: Topology, id: string): Topology {
  const known = Object.keys(s.whatIfs)
  if (known.length === 0) throw new UsageError(`--what-if ${shown(id)}: ${shown(name)} has no what-ifs; write the change into the file, under edits`)
  const w = own(s.whatIfs, id)
  if (w === undefined) throw new UsageError(id === '' ? '--what-if: a name is missing beside a comma; write NAME,NAME' : `--what-if ${shown(id)}: ${s.id} has no such what-if; ${instead(id, known)}`)
  try {
    return applyAll(t, w.edits)
  } catch (error) {
    if (!(error instanceof EditError)) throw error
    throw new UsageError(`--what-if ${id}: it changes what another what-if has changed already (${error.message}); leave one of them out`)
  }
}
