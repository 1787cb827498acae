/** This checkout's engine beside another revision's, in one process, in turns. Ratios may be compared between machines, microseconds may not. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { bigPing, edits, load, smallPing, type Place, type Side } from './side.ts'
import { interleaved, median, type Often, type Times } from './timing.ts'
import { TOP } from './worktree.ts'

/** One line of the table: of the base, of this checkout, their ratio; `gated` if it may fail a build. */
export interface Row {
  readonly what: string
  readonly base: string
  readonly here: string
  readonly ratio: number
  readonly aim: string
  readonly gated: boolean
}

type Question = readonly [what: string, aim: string, jobs: readonly (() => unknown)[], often: Often]

const micros = (n: number): string => `${n.toFixed(1)} µs`

function answer([what, aim, jobs, often]: Question, gated: boolean): Row {
  const { micros: took, ratios } = interleaved(jobs, often)
  return { what, base: micros(took[0]!), here: micros(took[1]!), ratio: ratios[1]!, aim, gated }
}

/** The ping of a world, without anything learned before. */
function worldPing({ lib }: Side, world: string): Place {
  const { topology, flows } = lib.SCENARIOS[world]!
  return { topology, flow: flows['ping']! }
}

/** An edit and the walk after it; never the same edit twice. */
function whatIf(side: Side, place: Place): () => void {
  const edit = edits(place)
  let n = 0
  return () => {
    n += 1
    side.walk({ topology: side.lib.apply(place.topology, edit(n)), flow: place.flow })
  }
}

/** Measured in a new process of each side, one after the other. */
function apart(what: 'warm' | 'cold' | 'undo', roots: readonly string[], times: number): number[] {
  const found: number[][] = roots.map(() => [])
  for (let i = 0; i < times; i += 1)
    for (const [side, root] of roots.entries()) {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        ['--expose-gc', ...process.execArgv, join(TOP, 'test/bench/once.ts'), what, root],
        { cwd: TOP, encoding: 'utf8' },
      )
      const value = Number.parseFloat(stdout)
      if (!Number.isFinite(value)) throw new Error(`once.ts ${what} ${root}: ${stderr}`)
      found[side]!.push(value)
    }
  return found.map(median)
}

/** Everything: what `--against` prints. */
export async function compare(base: string, say: (row: Row) => void): Promise<void> {
  const sides = [await load(base), await load(TOP)]
  const rounds = 20
  const small = sides.map(smallPing)
  const walks = (places: readonly Place[]) => places.map((p, i) => () => sides[i]!.walk(p))
  const ask = (question: Question): void => say(answer(question, false))
  ask([
    'warm flannel-vxlan ping and reply, bytes and reasons',
    '≤ 0.5 ×',
    walks(small),
    { rounds, calls: 200 },
  ])
  // Not every world has a ping.
  for (const world of Object.keys(sides[0]!.lib.SCENARIOS).filter((id) =>
    sides.every((s) => s.lib.SCENARIOS[id]?.flows['ping'] !== undefined),
  ))
    ask([
      `${world}: ping, nothing learned`,
      '',
      walks(sides.map((s) => worldPing(s, world))),
      { rounds, calls: 60 },
    ])
  const big = sides.map(bigPing)
  ask(['2,000 nodes × 30 pods: warm ping and reply', '≤ 0.5 ×', walks(big), { rounds, calls: 200 }])
  const scale = sides.map((s, i) =>
    interleaved([() => s.walk(small[i]!), () => s.walk(big[i]!)], { rounds, calls: 100 }),
  )
  const grown = scale.map((s) => s.ratios[1]!)
  say({
    what: 'the same as a multiple of the walk in 2 nodes',
    base: `${grown[0]!.toFixed(2)} ×`,
    here: `${grown[1]!.toFixed(2)} ×`,
    ratio: grown[1]! / grown[0]!,
    aim: 'here ≤ 1.1 ×',
    gated: false,
  })
  ask([
    'an edit of one row there, and the walk again',
    '≤ 0.3 ×',
    big.map((p, i) => whatIf(sides[i]!, p)),
    { rounds, calls: 20 },
  ])
  const roots = [base, TOP]
  const warm = apart('warm', roots, 5)
  say({
    what: 'the first of these in a process of its own, with the collector’s time',
    base: micros(warm[0]!),
    here: micros(warm[1]!),
    ratio: warm[1]! / warm[0]!,
    aim: '',
    gated: false,
  })
  const cold = apart('cold', roots, rounds)
  say({
    what: 'that cluster from its file to its first walk',
    base: `${cold[0]!.toFixed(0)} ms`,
    here: `${cold[1]!.toFixed(0)} ms`,
    ratio: cold[1]! / cold[0]!,
    aim: '≤ 0.6 ×',
    gated: false,
  })
  const undo = apart('undo', roots, 1)
  say({
    what: 'what 1,000 edits there keep, each walked',
    base: `${undo[0]!.toFixed(1)} MB`,
    here: `${undo[1]!.toFixed(1)} MB`,
    ratio: undo[1]! / undo[0]!,
    aim: 'here ≤ 20 MB',
    gated: false,
  })
}

/** A ratio beyond this fails a build, unless it is below when it is asked again. */
const GATE = 1.15
const ATTEMPTS = 3

/** What the gate asks of two sides in one process: the second one's time of each as a multiple of the first one's, and both. */
export async function gated(roots: readonly [string, string]): Promise<readonly Times[]> {
  const sides = [await load(roots[0]), await load(roots[1])]
  const [small, big] = [sides.map(smallPing), sides.map(bigPing)]
  return [
    interleaved(
      small.map((p, i) => () => sides[i]!.walk(p)),
      { rounds: 7, calls: 150 },
    ),
    interleaved(
      big.map((p, i) => whatIf(sides[i]!, p)),
      { rounds: 7, calls: 20 },
    ),
  ]
}
const ASKED = [
  'warm flannel-vxlan ping and reply, bytes and reasons',
  '2,000 nodes × 30 pods: an edit of one row, and the walk again',
]

/** A new process that loads one side before the other. Equal code was seen at 0.74 to 1.25 × itself in one process: whose code is compiled first stays faster, or slower, as long as that lives. */
function inOrder(first: string, second: string): readonly Times[] {
  const script = join(TOP, 'test/bench/pair.ts')
  const args = [...process.execArgv, script, first, second]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: TOP, encoding: 'utf8' })
  try {
    return JSON.parse(stdout) as readonly Times[]
  } catch {
    throw new Error(`pair.ts ${first} ${second}: ${stderr}`)
  }
}

/** Both orders: what the place does to one it does to the other, and their geometric mean is without it. */
function bothWays(base: string): readonly Row[] {
  const [ahead, behind] = [inOrder(base, TOP), inOrder(TOP, base)]
  return ASKED.map((what, i) => {
    const [x, y] = [ahead[i]!, behind[i]!]
    const middle = (one: number, other: number): number => Math.sqrt(one * other)
    return {
      what,
      base: micros(middle(x.micros[0]!, y.micros[1]!)),
      here: micros(middle(x.micros[1]!, y.micros[0]!)),
      ratio: middle(x.ratios[1]!, 1 / y.ratios[1]!),
      aim: `≤ ${GATE} ×`,
      gated: true,
    }
  })
}

/** The short form. True if nothing became slower than the gate allows. */
export function holds(base: string, say: (row: Row) => void): boolean {
  let rows = bothWays(base)
  for (let n = 1; n < ATTEMPTS && rows.some((r) => r.ratio > GATE); n += 1) {
    const again = bothWays(base)
    rows = rows.map((row, i) => (again[i]!.ratio < row.ratio ? again[i]! : row))
  }
  for (const row of rows) say(row)
  return rows.every((r) => r.ratio <= GATE)
}
