import { parseArgs } from 'node:util'
import { ClusterError } from '#lib/scenarios/cluster-file.ts'
import { parseCluster } from '#lib/scenarios/cluster-text.ts'
import { SCENARIOS } from '#lib/scenarios/index.ts'
import { text } from './load.ts'
import { plain, UsageError } from './usage.ts'

/** `packet-walk validate`: every problem of a file, a line each. Returns the exit status. */
export async function validate(argv: readonly string[], out: (s: string) => void): Promise<number> {
  const { values: o, positionals } = parseArgs({ args: [...argv], options: { help: { type: 'boolean', short: 'h' } }, allowPositionals: true })
  if (o.help === true) { out('packet-walk validate <file>\n  exit status 0 if nothing is wrong, else 2 and a line for each problem\n'); return 0 }
  const [file, extra] = positionals
  if (file === undefined) throw new UsageError('validate: which file?')
  if (extra !== undefined) throw new UsageError(`validate: one file, not also ${JSON.stringify(extra)}`)
  if (Object.hasOwn(SCENARIOS, file)) throw new UsageError(`validate: ${file} is a world of this program, not a file`)
  try {
    const s = parseCluster(await text(file))
    out(`${plain(file)}: nothing wrong; ${s.topology.source.names.length} spaces\n`)
    return 0
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    for (const p of error.problems) process.stderr.write(`${plain(`${p.path === '' ? file : p.path}: ${p.message}`)}\n`)
    return 2
  }
}
