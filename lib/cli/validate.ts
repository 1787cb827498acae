import { ClusterError } from '#lib/scenarios/cluster-file.ts'
import { parseCluster } from '#lib/scenarios/cluster-text.ts'
import { SCENARIOS } from '#lib/scenarios/index.ts'
import { text } from './load.ts'
import { shown } from './near.ts'
import { during } from './progress.ts'
import type { Read } from './read.ts'
import { plain, short, UsageError } from './usage.ts'

/** `packet-walk validate`: every problem of a file, a line each. Returns the exit status. */
export async function validate(r: Read, out: (s: string) => void): Promise<number> {
  const [file] = r.words
  if (file === undefined) throw new UsageError('validate: which file? One to begin with is public/example.yaml')
  if (Object.hasOwn(SCENARIOS, file)) throw new UsageError(`validate: ${file} is a world of this program, not a file; name a file`)
  try {
    const s = await during(false, async (say) => { say(`reading ${shown(file)}`); return parseCluster(await text(file)) })
    out(`${plain(file)}: nothing wrong; ${s.topology.source.names.length} pods, nodes, hosts and VPCs\n`)
    return 0
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    for (const p of error.problems) process.stderr.write(`${short(plain(`${p.path === '' ? shown(file) : p.path}: ${p.message}`))}\n`)
    return 2
  }
}
