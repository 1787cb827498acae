import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { summaryOf } from '#lib/analysis/kernel/keep.ts'
import { traitsOf } from '#lib/analysis/kernel/kernels.ts'
import type { Kept, Summary } from '#lib/analysis/kernel/kept.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { applyAll } from '#lib/topology/apply.ts'
import type { Topology } from '#lib/topology/topology.ts'
import type { Walk } from '#lib/trace/walk.ts'

/** Where the site serves the kept captures from: `WORLD.json`, and `summary/WORLD.json` made of it. */
export const KEPT = fileURLToPath(new URL('../../public/kernel', import.meta.url))

/** Where recordings of a second kernel are: `WORLD.json.gz`. */
export const OTHERS = fileURLToPath(new URL('../captures/kernel', import.meta.url))

/** Where recordings of small labs are that a test asks for (shown.ts). */
export const SMALL = fileURLToPath(new URL('../captures/shown', import.meta.url))

/** The walk of a kept run's name. Throws if its world no longer has it: then the recording is of other worlds. `kernel` is the one that showed it. */
export function walkOf(world: string, flow: string, whatIf: string, kernel = ''): Walk {
  const s = SCENARIOS[world]
  const f = s?.flows[flow]
  if (s === undefined || f === undefined)
    throw new RangeError(
      `${world} has no flow ${flow}; record anew: npm run verify:all -- --record public/kernel`,
    )
  return walk(topologyOf(world, whatIf), f, { traits: traitsOf(kernel) })
}

const worlds = new Map<string, Topology>()
function topologyOf(world: string, whatIf: string): Topology {
  const key = `${world} ${whatIf}`
  const s = SCENARIOS[world]!
  const edits = whatIf === '' ? [] : s.whatIfs[whatIf]?.edits
  if (edits === undefined)
    throw new RangeError(
      `${world} has no what-if ${whatIf}; record anew: npm run verify:all -- --record public/kernel`,
    )
  const t = worlds.get(key) ?? applyAll(s.topology, edits)
  worlds.set(key, t)
  return t
}

export const summarise = (k: Kept, others: readonly Kept[]): Summary =>
  summaryOf(k, others, (flow, whatIf, kernel) => walkOf(k.world, flow, whatIf, kernel))

/** A frame, a place, a run each on a line: a difference of two recordings can be read. */
export function keptText(k: Kept): string {
  const lines = (xs: readonly string[]): string =>
    `[\n${xs.map((x) => JSON.stringify(x)).join(',\n')}]`
  const runs = Object.entries(k.runs).map(
    ([flow, each]) =>
      `${JSON.stringify(flow)}:{\n${Object.entries(each)
        .map(([w, r]) => `${JSON.stringify(w)}:${JSON.stringify(r)}`)
        .join(',\n')}}`,
  )
  return `{"version":1,"kernel":${JSON.stringify(k.kernel)},"world":${JSON.stringify(k.world)},\n"places":${lines(k.places)},\n"bytes":${lines(k.bytes)},\n"runs":{\n${runs.join(',\n')}}}\n`
}

/** The same, a run on a line. */
export function summaryText(s: Summary): string {
  const runs = Object.entries(s.runs).map(
    ([flow, each]) =>
      `${JSON.stringify(flow)}:{\n${Object.entries(each)
        .map(([w, t]) => `${JSON.stringify(w)}:${JSON.stringify(t)}`)
        .join(',\n')}}`,
  )
  return `{"version":1,"kernel":${JSON.stringify(s.kernel)}${s.also === undefined ? '' : `,"also":${JSON.stringify(s.also)}`},"world":${JSON.stringify(s.world)},"runs":{\n${runs.join(',\n')}}}\n`
}

/** What the running kernel showed, and the summary that says what the others did too. */
export async function writeKept(dir: string, k: Kept): Promise<void> {
  await mkdir(join(dir, 'summary'), { recursive: true })
  await writeFile(join(dir, `${k.world}.json`), keptText(k))
  await writeFile(
    join(dir, 'summary', `${k.world}.json`),
    summaryText(summarise(k, readOthers(k.world))),
  )
}

export async function readKept(dir: string, world: string): Promise<Kept> {
  return JSON.parse(await readFile(join(dir, `${world}.json`), 'utf8')) as Kept
}

/** What User-Mode Linux showed; no page reads it, so it is packed. */
export function writeOther(dir: string, k: Kept): void {
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, `${k.world}.json.gz`), gzipSync(keptText(k), { level: 9 }))
}

/** The recordings of other kernels than the running one; none if there are none. */
export function readOthers(world: string, dir = OTHERS): Kept[] {
  const path = join(dir, `${world}.json.gz`)
  return existsSync(path) ? [JSON.parse(gunzipSync(readFileSync(path)).toString()) as Kept] : []
}
