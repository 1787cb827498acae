import type { Scenario } from '#lib/scenarios/scenario.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { load, own } from './load.ts'
import { UsageError } from './usage.ts'

/** The world or file that a command names, with its what-ifs applied in order: each may also be several, separated by commas. */
export async function worldOf(command: string, positionals: readonly string[], whatIfs: readonly string[] = []): Promise<Scenario> {
  const [name, extra] = positionals
  if (name === undefined) throw new UsageError(`${command}: which world or file? See packet-walk ${command} --help`)
  if (extra !== undefined) throw new UsageError(`${command}: one world or file, not also ${JSON.stringify(extra)}`)
  const scenario = await load(name)
  let topology = scenario.topology
  for (const id of whatIfs.flatMap((x) => x.split(','))) {
    const w = own(scenario.whatIfs, id)
    if (w === undefined) throw new UsageError(`--what-if ${id}: ${scenario.id} has ${Object.keys(scenario.whatIfs).join(', ') || 'none'}`)
    topology = applyAll(topology, w.edits)
  }
  return { ...scenario, topology }
}
