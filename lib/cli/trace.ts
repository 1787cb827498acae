import { writeFile } from 'node:fs/promises'
import type { Walk } from '#lib/trace/walk.ts'
import { DETAILS, type Detail } from '#lib/analysis/read/detail.ts'
import { print } from '#lib/analysis/print/print.ts'
import { toJson } from '#lib/analysis/print/json.ts'
import { pcapng } from '#lib/analysis/print/pcapng.ts'
import { walk } from '#lib/walk/walk.ts'
import { flowOf } from './flow.ts'
import { paintFor } from './colour.ts'
import { instead, shown } from './near.ts'
import { during } from './progress.ts'
import type { Read } from './read.ts'
import { cli } from './words.ts'
import { UsageError } from './usage.ts'
import { worldOf } from './world.ts'

/** `packet-walk trace`. Returns the exit status. */
export async function trace(r: Read, out: (s: string) => void): Promise<number> {
  const detail = detailOf(r)
  const [w, text] = await during(r.has('json'), async (say) => {
    say(cli().reading(shown(r.words[0] ?? '')))
    const world = await worldOf('trace', r.words, r.all('what-if'))
    say(cli().walkingPacket)
    const walked = walk(world.topology, flowOf(world, r), { warm: r.has('warm') })
    const pcap = r.one('pcap')
    if (pcap !== undefined) await capture(pcap, walked)
    say(cli().writing)
    return [
      walked,
      r.has('json')
        ? JSON.stringify(toJson(walked))
        : print(walked, detail, paintFor(process.stdout, process.env)),
    ] as const
  })
  out(`${text}\n`)
  return w.delivered ? 0 : 1
}

/** Before anything is printed: a file that cannot be written is bad input like any other. */
async function capture(path: string, w: Walk): Promise<void> {
  try {
    await writeFile(path, pcapng(w))
  } catch (error) {
    const code = (error as { code?: string }).code ?? cli().unknownError
    throw new UsageError(cli().unwritable(shown(path), code))
  }
}

function detailOf(r: Read): Detail {
  const said = r.one('detail')
  if (said !== undefined && r.has('json')) throw new UsageError(cli().jsonHasAll)
  const detail = DETAILS.find((d) => d === (said ?? 'story'))
  if (detail === undefined)
    throw new UsageError(cli().noValue('--detail', shown(said!), instead(said!, DETAILS)))
  return detail
}
