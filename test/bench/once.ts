/** What is measured in a process of its own: `node … once.ts warm|cold|undo FOLDER` prints one number. */
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { BIG, bigPing, edits, load, smallPing } from './side.ts'

const [what, root = ''] = process.argv.slice(2)
const side = await load(root)

/** Microseconds of the processor's for a warm walk with bytes, once the compiler has settled: a mean, so that what the collector does is in it. */
function warm(): number {
  const place = smallPing(side)
  const walks = 4000
  for (let n = 0; n < walks; n += 1) side.walk(place)
  const before = process.cpuUsage()
  for (let n = 0; n < walks; n += 1) side.walk(place)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / walks
}

/** Milliseconds from the file of the big cluster to its first walk with bytes. */
function cold(): number {
  const start = performance.now()
  const { topology } = side.lib.parseCluster(BIG)
  const pods = topology.source.names.filter((name) => name.includes('pod'))
  const flow = side.lib.resolveFlow(topology, { from: pods[0]!, to: pods[pods.length - 1]! })
  side.walk({ topology, flow })
  return performance.now() - start
}

/** Megabytes that 1,000 edits there leave behind, each walked and every topology kept, as for undo. */
async function undo(): Promise<number> {
  const place = bigPing(side)
  const edit = edits(place)
  const kept = [place.topology]
  const next = (n: number): void => {
    const topology = side.lib.apply(kept[kept.length - 1]!, edit(n))
    side.walk({ topology, flow: place.flow })
    kept.push(topology)
  }
  next(1)
  const before = await settled()
  for (let n = 2; n <= 1001; n += 1) next(n)
  const after = await settled()
  if (kept.length !== 1002) throw new RangeError('1,001 edits were expected')
  return (after - before) / 1e6
}

/** Bytes in use when all that can go has gone; weak references take a turn. */
async function settled(): Promise<number> {
  if (globalThis.gc === undefined) throw new RangeError('run node with --expose-gc')
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc()
    await pause(10)
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

console.log(what === 'warm' ? warm() : what === 'cold' ? cold() : await undo())
