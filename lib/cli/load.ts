import { readFile } from 'node:fs/promises'
import type { Scenario } from '#lib/scenarios/scenario.ts'
import { SCENARIOS } from '#lib/scenarios/index.ts'
import { UsageError } from './usage.ts'

/** What a person named, of a record's own: `constructor` names nothing. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** A world by its id, or a file. */
export async function load(name: string): Promise<Scenario> {
  const known = own(SCENARIOS, name)
  if (known !== undefined) return known
  const { parseCluster } = await import('#lib/scenarios/cluster-text.ts')
  return parseCluster(await text(name))
}

/** The text of a file; a UsageError with the remedy if it cannot be read. */
export async function text(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'unreadable'
    throw new UsageError(code === 'ENOENT' ? `${path}: no such world or file; worlds are ${Object.keys(SCENARIOS).join(', ')}` : `${path}: cannot be read (${code})`)
  }
}
