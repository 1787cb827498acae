import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import type { Scenario } from '#lib/scenarios/scenario.ts'
import { NO_PAINT, print, type Paint } from '#lib/analysis/print.ts'
import { toJson } from '#lib/analysis/json.ts'
import { pcapng } from '#lib/analysis/pcapng.ts'
import { resolveFlow } from '#lib/scenarios/resolve.ts'
import { walk } from '#lib/engine/walk.ts'
import { own } from './load.ts'
import { TRACE_HELP, UsageError } from './usage.ts'
import { worldOf } from './world.ts'

/** What says which flow. */
export const FLOW_OPTIONS = {
  from: { type: 'string' }, to: { type: 'string' }, flow: { type: 'string' }, proto: { type: 'string' }, size: { type: 'string' }, ttl: { type: 'string' }, df: { type: 'boolean' }, draw: { type: 'string' },
} as const
const OPTIONS = { ...FLOW_OPTIONS, warm: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, 'what-if': { type: 'string', multiple: true }, pcap: { type: 'string' } } as const

/** `packet-walk trace`. Returns the exit status. */
export async function trace(argv: readonly string[], out: (s: string) => void): Promise<number> {
  const { values: o, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
  if (o.help === true) { out(TRACE_HELP); return 0 }
  const world = await worldOf('trace', positionals, o['what-if'])
  const w = walk(world.topology, flowOf(world, o), { warm: o.warm === true })
  if (o.pcap !== undefined) await capture(o.pcap, w)
  out(o.json === true ? `${JSON.stringify(toJson(w))}\n` : `${print(w, paint())}\n`)
  return w.delivered ? 0 : 1
}

/** Before anything is printed: a file that cannot be written is bad input like any other. */
async function capture(path: string, w: Walk): Promise<void> {
  try {
    await writeFile(path, pcapng(w))
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'unknown error'
    throw new UsageError(`--pcap ${path}: cannot be written (${code}); name a file in a folder that is there and yours to write`)
  }
}

/** The flow that the options mean. */
export function flowOf(s: Scenario, o: { flow?: string | undefined; from?: string | undefined; to?: string | undefined; proto?: string | undefined; size?: string | undefined; ttl?: string | undefined; df?: boolean | undefined; draw?: string | undefined }): Flow {
  const draw = whole('--draw', o.draw, 0, 0xffffffff)
  if (o.flow !== undefined) {
    const f = own(s.flows, o.flow)
    if (f === undefined) throw new UsageError(`--flow ${o.flow}: ${s.id} has ${Object.keys(s.flows).join(', ') || 'none'}`)
    return draw === undefined ? f : { ...f, draw }
  }
  if (o.from === undefined || o.to === undefined) throw new UsageError('--from and --to are needed, or --flow')
  if (o.proto !== undefined && !['udp', 'tcp', 'icmp'].includes(o.proto)) throw new UsageError(`--proto ${o.proto}: udp, tcp or icmp`)
  const size = whole('--size', o.size, 0, 65_000)
  const ttl = whole('--ttl', o.ttl, 1, 255)
  return resolveFlow(s.topology, {
    from: o.from, to: o.to, ...(o.proto === undefined ? {} : { proto: o.proto as 'udp' }), ...(size === undefined ? {} : { size }), ...(ttl === undefined ? {} : { ttl }), ...(o.df === true ? { df: true } : {}), ...(draw === undefined ? {} : { draw }),
  })
}

function whole(name: string, text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined) return undefined
  const n = Number(text)
  if (!/^\d+$/.test(text) || n < low || n > high) throw new UsageError(`${name} ${text}: a whole number from ${low} to ${high}`)
  return n
}

function paint(): Paint {
  if (process.stdout.isTTY !== true || process.env['NO_COLOR'] !== undefined) return NO_PAINT
  const code = (n: number) => (s: string): string => `\u001b[${n}m${s}\u001b[0m`
  return { dim: code(2), bold: code(1), good: code(32), bad: code(31) }
}
