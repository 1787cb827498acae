import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FILE_BYTES } from '#lib/topology/bounds.ts'
import { problemText } from '#lib/topology/problem.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'
import { loadWorld, WORLD_IDS } from '#lib/worlds/index.ts'
import { instead, near, shown, some } from './near.ts'
import { cli } from './words.ts'
import { UsageError } from './usage.ts'

/** What a person named, of a record's own: `constructor` names nothing. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** A world by its id, or a file. */
export async function load(name: string): Promise<Scenario> {
  const known = await loadWorld(name)
  if (known !== undefined) return known
  const source = await text(name)
  const [{ parseCluster }, { ClusterError }] = await Promise.all([
    import('#lib/worlds/all.ts'),
    import('#lib/worlds/cluster/file.ts'),
  ])
  try {
    return parseCluster(source)
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    const [first, ...more] = error.problems
    const said = first === undefined ? error.message : problemText(first)
    throw new UsageError(
      more.length === 0
        ? cli().inFile(shown(name), said)
        : cli().inFileAndMoreTold(shown(name), said, more.length),
    )
  }
}

/** The text of a file; a UsageError with the remedy if it cannot be read. */
export async function text(path: string): Promise<string> {
  try {
    const chunks: Buffer[] = []
    // One byte more than is taken: a device may have no end.
    for await (const chunk of createReadStream(path, { end: FILE_BYTES }))
      chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    if (bytes.length > FILE_BYTES)
      throw new UsageError(cli().tooLarge(shown(path), FILE_BYTES / 2 ** 20))
    return bytes.toString('utf8')
  } catch (error) {
    if (error instanceof UsageError) throw error
    const code = (error as { code?: string }).code ?? 'unreadable'
    if (code !== 'ENOENT') throw new UsageError(cli().unreadable(shown(path), code))
    throw new UsageError(cli().noFile(shown(path), await meant(path)))
  }
}

/** Worlds and files beside it whose names are near; else the worlds. */
async function meant(path: string): Promise<string> {
  const beside = await readdir(dirname(path)).catch(() => [])
  const files = near(basename(path), beside).map((f) =>
    dirname(path) === '.' ? f : join(dirname(path), f),
  )
  const close = [...near(path, WORLD_IDS), ...files]
  return close.length > 0 ? instead(path, close) : cli().worldsAre(some(WORLD_IDS))
}
