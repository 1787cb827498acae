import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FILE_BYTES } from '#lib/topology/bounds.ts'
import type { Scenario } from '#lib/scenarios/scenario.ts'
import { SCENARIOS } from '#lib/scenarios/index.ts'
import { instead, near, shown, some } from './near.ts'
import { UsageError } from './usage.ts'

/** What a person named, of a record's own: `constructor` names nothing. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** A world by its id, or a file. */
export async function load(name: string): Promise<Scenario> {
  const known = own(SCENARIOS, name)
  if (known !== undefined) return known
  const source = await text(name)
  const [{ parseCluster }, { ClusterError }] = await Promise.all([import('#lib/scenarios/cluster-text.ts'), import('#lib/scenarios/cluster-file.ts')])
  try {
    return parseCluster(source)
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    const [first, ...more] = error.problems
    const place = first === undefined || first.path === '' ? '' : `${first.path}: `
    const rest = more.length === 0 ? '' : ` (and ${more.length} more: packet-walk validate ${shown(name)})`
    throw new UsageError(`${shown(name)}: ${place}${first?.message ?? error.message}${rest}`)
  }
}

const REMEDY: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder; name a file in it', EACCES: 'this user may not read it; ask for the right, or copy it', ENOTDIR: 'a part of its path is no folder',
}

/** The text of a file; a UsageError with the remedy if it cannot be read. */
export async function text(path: string): Promise<string> {
  try {
    const chunks: Buffer[] = []
    // One byte more than is taken: a device may have no end.
    for await (const chunk of createReadStream(path, { end: FILE_BYTES })) chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    if (bytes.length > FILE_BYTES) throw new UsageError(`${shown(path)}: more than the ${FILE_BYTES / 2 ** 20} MiB that a file may have; write a large cluster with count`)
    return bytes.toString('utf8')
  } catch (error) {
    if (error instanceof UsageError) throw error
    const code = (error as { code?: string }).code ?? 'unreadable'
    if (code !== 'ENOENT') throw new UsageError(`${shown(path)}: cannot be read (${code}): ${REMEDY[code] ?? 'name a file that is there and yours to read'}`)
    throw new UsageError(`${shown(path)}: no such world or file; ${await meant(path)}`)
  }
}

/** Worlds and files beside it whose names are near; else the worlds. */
async function meant(path: string): Promise<string> {
  const worlds = Object.keys(SCENARIOS)
  const beside = await readdir(dirname(path)).catch(() => [])
  const files = near(basename(path), beside).map((f) => (dirname(path) === '.' ? f : join(dirname(path), f)))
  const close = [...near(path, worlds), ...files]
  return close.length > 0 ? instead(path, close) : `worlds are ${some(worlds)}`
}
