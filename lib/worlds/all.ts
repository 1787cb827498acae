import * as file from './cluster/file.ts'
import * as text from './cluster/text.ts'
import { WORLDS } from './index.ts'
import type { Scenario } from './scenario.ts'
import type { World } from './world.ts'

/* All worlds with their rows, for commands, tests and checks: no page imports this. */

const worlds = await Promise.all(WORLDS.map((w) => w.load()))

/** Every world by its id, in the order of the manifest. */
export const SCENARIOS: Readonly<Record<string, World>> = Object.fromEntries(
  worlds.map((w) => [w.id, w]),
)
/** Every network's plugin, as cluster files ask for it. */
export const PLUGINS = Object.fromEntries(worlds.map((w) => [w.id, w.plugin])) as file.Plugins

/** clusterOf() of lib/worlds/cluster/file.ts with every network there is. */
export function clusterOf(value: unknown): Scenario {
  return file.clusterOf(value, PLUGINS)
}

/** parseCluster() of lib/worlds/cluster/text.ts with every network there is. */
export function parseCluster(source: string): Scenario {
  return text.parseCluster(source, PLUGINS)
}
