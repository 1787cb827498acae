import { dirname, join } from 'node:path'
import { check as verdicts, type Counterexample, type Verdict } from '#lib/goals/check.ts'
import type { Goal } from '#lib/goals/goal.ts'
import { needsStart, parseGoals, type GoalsFile } from '#lib/goals/file.ts'
import { asOptions, held, missInWords, told } from '#lib/goals/tell.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { startOf as startOfTask } from '#lib/goals/task.ts'
import { listedWorld, loadWorld } from '#lib/worlds/index.ts'
import type { Topology } from '#lib/topology/topology.ts'
import { problemText } from '#lib/topology/problem.ts'
import { load, text } from './load.ts'
import { shown } from './near.ts'
import { during } from './progress.ts'
import { cli } from './words.ts'
import type { Read } from './read.ts'
import { foreseen, plain, UsageError } from './usage.ts'
import { whatIfsOf, worldOf } from './world.ts'

/** What the goals come to in one network, or what is wrong with it. */
interface Marked {
  readonly file: string
  readonly problem: string | null
  readonly verdicts: readonly Verdict[]
}

/** `packet-walk check GOALS FILE…`: every goal in every file. A file that is wrong is told as its own result, and the rest are marked. Returns the exit status. */
export async function check(r: Read, out: (s: string) => void): Promise<number> {
  const [path, ...files] = r.words
  if (path === undefined) throw new UsageError(cli().whichGoals)
  if (files.length === 0) throw new UsageError(cli().whichNetwork(shown(path)))
  const marked = await during(r.has('json'), async (say) => {
    say(cli().reading(shown(path)))
    const goals = goalsIn(path, await text(path))
    const start = await startOf(path, goals)
    const all: Marked[] = []
    for (const file of files) {
      say(cli().walking(shown(file)))
      all.push(await markOf(file, r.all('what-if'), { goals: goals.goals, start }))
    }
    return all
  })
  out(
    r.has('json')
      ? `${JSON.stringify(asJson(marked))}\n`
      : marked.map((m) => asText(m, whatIfsOf(r.all('what-if')))).join(''),
  )
  if (marked.some(isWrong)) return 2
  return marked.every(holds) ? 0 : 1
}

function goalsIn(path: string, source: string): GoalsFile {
  try {
    return parseGoals(source)
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    const [first, ...more] = error.problems
    const said = first === undefined ? '' : problemText(first)
    throw new UsageError(
      more.length === 0
        ? cli().inFile(shown(path), said)
        : cli().inFileAndMore(shown(path), said, more.length),
    )
  }
}

/** Read even when no goal needs it: a name that leads nowhere is a mistake of the file. */
async function startOf(path: string, { start, goals, task }: GoalsFile): Promise<Topology | null> {
  if (task !== null) {
    try {
      return startOfTask(task, (await loadWorld(task.world))!)
    } catch (error) {
      const why = foreseen(error)
      if (why === null) throw error
      throw new UsageError(cli().inFile(shown(path), `task: ${why}`))
    }
  }
  if (start !== null) {
    const named = listedWorld(start) === undefined ? join(dirname(path), start) : start
    try {
      return (await load(named)).topology
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      throw new UsageError(cli().inFile(shown(path), `start: ${error.message}`))
    }
  }
  if (needsStart(goals)) throw new UsageError(cli().noStart(shown(path)))
  return null
}

async function markOf(
  file: string,
  whatIfs: readonly string[],
  { goals, start }: { readonly goals: readonly Goal[]; readonly start: Topology | null },
): Promise<Marked> {
  try {
    const now = (await worldOf('check', [file], whatIfs)).topology
    return { file, problem: null, verdicts: verdicts(goals, now, start ?? now) }
  } catch (error) {
    const problem = foreseen(error)
    if (problem === null) throw error
    return { file, problem, verdicts: [] }
  }
}

/** It could not be read, or has not what a goal is about. */
function isWrong({ problem, verdicts: all }: Marked): boolean {
  return problem !== null || all.some((v) => v.counterexample?.kind === 'asked')
}

function holds({ problem, verdicts: all }: Marked): boolean {
  return problem === null && all.every((v) => v.holds)
}

function asText({ file, problem, verdicts: all }: Marked, whatIfs: readonly string[]): string {
  if (problem !== null) return lined([file, `  ${cli().notMarked(problem)}`])
  const changed = whatIfs.length === 0 ? '' : ` --what-if ${whatIfs.join(',')}`
  const lines = all.flatMap(({ goal, holds, counterexample: c }) => [
    `  ${holds ? '✓' : '✗'} ${goal.id}: ${goal.say}`,
    ...(c === null ? [] : [`      ${told(c)}`]),
    ...(c?.kind === 'flow'
      ? [`      packet-walk trace ${shown(file)} ${asOptions(c.question)}${changed}`]
      : []),
  ])
  const holding = all.filter((v) => v.holds).length
  return lined([file, ...lines, `  ${held(holding, all.length)}`])
}

function lined(lines: readonly string[]): string {
  return lines.map((line) => `${plain(line)}\n`).join('')
}

/** `--json`, version 1. */
function asJson(marked: readonly Marked[]): unknown {
  return {
    version: 1,
    files: marked.map((m) => ({
      file: m.file,
      holds: holds(m),
      problem: m.problem,
      goals: m.verdicts.map(({ goal, holds: kept, walks, counterexample: c }) => ({
        id: goal.id,
        say: goal.say,
        holds: kept,
        walks,
        counterexample: c === null ? null : { ...dataOf(c), told: told(c) },
      })),
    })),
  }
}

function dataOf(c: Counterexample): object {
  if (c.kind === 'asked') return { problem: c.problem }
  if (c.kind === 'rows') return { differ: c.differ, most: c.most }
  return { flow: c.question, ...missInWords(c.miss) }
}
