import { HELP, plain, UsageError } from './usage.ts'

/** The command line: picks the command, turns every foreseen mistake into one line on standard error and exit status 2. */
export async function main(argv: readonly string[]): Promise<number> {
  const out = (s: string): void => { process.stdout.write(s) }
  // A reader that stops early (`| head`) is not an error.
  process.stdout.on('error', (e: { code?: string }) => { if (e.code === 'EPIPE') process.exit(0) })
  const [name, ...rest] = argv
  try {
    if (name === undefined) { process.stderr.write(HELP); return 2 }
    if (name === '--help' || name === '-h' || name === 'help') { out(HELP); return 0 }
    if (name === 'trace') return await (await import('./trace.ts')).trace(rest, out)
    if (name === 'list') return (await import('./list.ts')).list(rest, out)
    if (name === 'validate') return await (await import('./validate.ts')).validate(rest, out)
    if (name === 'lab') return await (await import('./lab.ts')).lab(rest, out)
    if (name === 'verify') return await (await import('./verify.ts')).verify(rest, out)
    throw new UsageError(`${name}: no such command; there are list, trace, validate, lab and verify`)
  } catch (error) {
    const lines = foreseen(error)
    if (lines === null) throw error
    for (const line of lines) process.stderr.write(`packet-walk: ${plain(line)}\n`)
    return 2
  }
}

/** The line to print for a mistake of the person's; null for a fault of ours. */
function foreseen(error: unknown): readonly string[] | null {
  if (!(error instanceof Error)) return null
  const problems = (error as { problems?: readonly { path: string; message: string }[] }).problems
  if (problems !== undefined) {
    const [first, ...more] = problems
    return [`${first === undefined ? error.message : `${first.path}: ${first.message}`}${more.length > 0 ? ` (and ${more.length} more: packet-walk validate)` : ''}`]
  }
  const code = (error as { code?: string }).code ?? ''
  return error instanceof UsageError || error instanceof RangeError || error.name === 'EditError' || code.startsWith('ERR_PARSE_ARGS') ? [error.message.split('\n')[0] ?? error.message] : null
}
