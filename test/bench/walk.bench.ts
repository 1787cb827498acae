/** `npm run bench`: the walk beside a floor of plain JS in the same run. `-- --against REV`: beside another revision's engine.
 *  `-- --gate`, for a build: both in short, and what may fail it are ratios; microseconds may not be compared between machines.
 *  Young objects have 2 MB (--max-semi-space-size): that fits a cache. With V8's 16 MB what is measured is a shared machine's memory, 30 to 54 × the floor where 2 MB shows 12 to 18. */
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { compare, holds, type Row } from './against.ts'
import { floor } from './floor.ts'
import { BIG, bigPing, edits, load, toLast } from './side.ts'
import { interleaved, median } from './timing.ts'
import { commit, inWorktree, mergeBase, TOP, unchanged } from './worktree.ts'

const { gate, against } = parseArgs({
  options: { gate: { type: 'boolean', default: false }, against: { type: 'string' } },
}).values

// A quiet machine shows 10 × the floor; one whose memory is shared with busy neighbours was seen at 31, since the floor stays in the cache and a walk does not.
const RATIO = { floor: 60, scale: 2.5, services: 1.6 }
const SERVICES = [10, 10_000] as const

const line = (what: string, value: string, note: string): void =>
  console.log(`${what.padEnd(58)} ${value.padStart(18)}   ${note}`)
const compared = ({ what, base, here, ratio, aim }: Row): void =>
  console.log(
    `${what.padEnd(58)} ${base.padStart(12)} ${here.padStart(12)} ${ratio.toFixed(2).padStart(7)} ×   ${aim}`,
  )
const header = (base: string): void =>
  console.log(`\n${'in turns, medians'.padEnd(58)} ${base.padStart(12)} ${'here'.padStart(12)}`)

/** Beside the floor: true if no ratio is beyond its gate. */
async function besideFloor(): Promise<boolean> {
  const side = await load(TOP)
  const routes = new Map(Array.from({ length: 2000 }, (_, i) => [0x0a000000 + i * 256, i]))
  const small = side.warm(side.lib.SCENARIOS['flannel-vxlan']!.topology, {
    from: 'web-app-frontend-1',
    to: 'backend-service-2',
  })
  const often = { rounds: 7, calls: 200 }
  const beside = interleaved(
    [() => floor(0x0a010f02, 0x0a011403, routes), () => side.walk(small)],
    often,
  )
  const before = process.memoryUsage().rss
  const start = performance.now()
  const { topology } = side.lib.parseCluster(BIG)
  const pods = topology.source.names.filter((name) => name.includes('pod'))
  const flow = side.lib.resolveFlow(topology, { from: pods[0]!, to: pods[pods.length - 1]! })
  side.walk({ topology, flow })
  const coldMs = performance.now() - start
  const coldMb = (process.memoryUsage().rss - before) / 1e6
  const big = bigPing(side)
  const grown = interleaved([() => side.walk(small), () => side.walk(big)], often)
  const edit = edits(big)
  const edited: number[] = []
  for (let n = 1; n <= 60; n += 1) {
    const from = performance.now()
    side.walk({ topology: side.lib.apply(big.topology, edit(n)), flow: big.flow })
    edited.push((performance.now() - from) * 1000)
  }
  const served = (['iptables', 'ipvs'] as const).map((mode) => ({
    mode,
    ...interleaved(
      SERVICES.map((n) => toLast(side, n, mode)),
      { rounds: 7, calls: 60 },
    ),
  }))
  line(
    'warm flannel vxlan echo and reply, decisions and bytes',
    `${beside.micros[1]!.toFixed(1)} µs`,
    `${beside.ratios[1]!.toFixed(1)} × floor (${beside.micros[0]!.toFixed(1)} µs); aim ≤ 5 ×`,
  )
  line(
    'the same in 2,000 nodes × 30 pods',
    `${grown.micros[1]!.toFixed(1)} µs`,
    `${grown.ratios[1]!.toFixed(2)} × the small one; aim ≤ 1.1`,
  )
  for (const { mode, micros, ratios } of served)
    line(
      `a connection to the last of 10,000 Services, ${mode}`,
      `${micros[1]!.toFixed(1)} µs`,
      `${ratios[1]!.toFixed(2)} × that to the last of 10; aim ≤ 1.2`,
    )
  line(
    'that cluster from its file to its first walk',
    `${coldMs.toFixed(0)} ms, ${coldMb.toFixed(0)} MB`,
    'aim ≤ 500 ms, 300 MB',
  )
  line(
    'an edit of one row there, and the walk again',
    `${median(edited).toFixed(0)} µs`,
    'aim ≤ 1000 µs',
  )
  const held =
    beside.ratios[1]! <= RATIO.floor &&
    grown.ratios[1]! <= RATIO.scale &&
    served.every((s) => s.ratios[1]! <= RATIO.services)
  if (!held)
    console.error(
      `bench: a ratio is beyond its gate (${RATIO.floor} × floor, ${RATIO.scale} × small, ${RATIO.services} × few Services)`,
    )
  return held
}

/** Beside the commit that this change began at: true if nothing became slower than the gate allows, or there is nothing to compare with. */
async function besideBase(): Promise<boolean> {
  const base = mergeBase()
  if (base === null) {
    console.log(
      'bench: NOT COMPARED with the commit before: there is no history here (a shallow checkout?); git fetch --unshallow brings it.',
    )
    return true
  }
  if (unchanged(base)) {
    console.log(`bench: lib/ is as in ${base.slice(0, 7)}, so there is nothing to compare.`)
    return true
  }
  header(base.slice(0, 7))
  const held = await inWorktree(base, async (root) => holds(root, compared))
  if (!held) console.error('bench: slower than the commit before by more than the gate allows')
  return held
}

if (against !== undefined) {
  const rev = commit(against)
  if (rev === null) {
    console.error(`bench: --against ${against}: git knows no such revision`)
    process.exit(2)
  }
  header(rev.slice(0, 7))
  await inWorktree(rev, (root) => compare(root, compared))
} else {
  const held = await besideFloor()
  if (gate && !((await besideBase()) && held)) process.exitCode = 1
}
