import { parseArgs } from 'node:util'
import { labScript } from '#lib/analysis/kernel/lab.ts'
import { helpOf } from './usage.ts'
import { worldOf } from './world.ts'

/** `packet-walk lab`: prints the script. Returns the exit status. */
export async function lab(argv: readonly string[], out: (s: string) => void): Promise<number> {
  const { values: o, positionals } = parseArgs({
    args: [...argv],
    options: {
      'what-if': { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  })
  if (o.help === true) {
    out(helpOf('lab'))
    return 0
  }
  const world = await worldOf('lab', positionals, o['what-if'])
  out(
    labScript(world.topology, {
      title: world.title,
      command: ['packet-walk lab', ...argv].join(' '),
    }),
  )
  return 0
}
