import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { parseCluster } from '#lib/worlds/all.ts'
import { listedWorld } from '#lib/worlds/index.ts'
import { text } from './load.ts'
import { shown } from './near.ts'
import { during } from './progress.ts'
import { cli } from './words.ts'
import type { Read } from './read.ts'
import { plain, short, UsageError } from './usage.ts'

/** `packet-walk validate`: every problem of a file, a line each. Returns the exit status. */
export async function validate(r: Read, out: (s: string) => void): Promise<number> {
  const [file] = r.words
  if (file === undefined) throw new UsageError(cli().whichFile)
  if (listedWorld(file) !== undefined) throw new UsageError(cli().worldIsNoFile(file))
  try {
    const s = await during(false, async (say) => {
      say(cli().reading(shown(file)))
      return parseCluster(await text(file))
    })
    out(`${cli().nothingWrong(plain(file), s.topology.source.names.length)}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    for (const p of error.problems)
      process.stderr.write(
        `${short(plain(`${p.path === '' ? shown(file) : p.path}: ${p.message}`))}\n`,
      )
    return 2
  }
}
