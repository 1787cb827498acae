import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { posed, taskFile } from '#components/goals/author.ts'
import { lampsOf } from '#components/goals/verdicts.ts'
import { taskPart } from '#components/sandbox/carry.ts'
import { createSandbox } from '#components/sandbox/store.ts'
import { fromLink, toLink } from '#components/sandbox/link.ts'
import { pose } from '#components/sandbox/tasks.ts'
import { WORLDS_HERE } from '#components/figure/effects/worlds.ts'
import { parseGoals } from '#lib/goals/file.ts'
import { solved, startOf } from '#lib/goals/task.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const names = readdirSync('content/tasks').map((f) => f.replace(/\.yaml$/, ''))
for (const world of Object.values(SCENARIOS)) WORLDS_HERE.keep(world)
pose(posed())

describe.each(names)('the task %s', (name) => {
  const { task, goals } = taskFile(name)
  const world = SCENARIOS[task.world]!
  const start = startOf(task, world)
  const lit = (now: typeof start) => lampsOf(goals, now, start).map((l) => l.lit)

  it('is not done where it starts, and its solution reaches every goal', () => {
    expect(lit(start)).toContain('broken')
    expect(lit(solved(task, world))).toEqual(goals.map(() => 'holds'))
  })
  it('needs each edit of its solution', () => {
    for (const left of task.solution.keys()) {
      const less = { ...task, solution: task.solution.toSpliced(left, 1) }
      expect(lit(solved(less, world)), `edit ${left}`).not.toEqual(goals.map(() => 'holds'))
    }
  })
  it('is opened by a link, from its start, and done there', () => {
    const hash = `#${taskPart(name)}`
    const sandbox = createSandbox(hash)
    const now = () => sandbox.walked(sandbox.state()).scenario.topology
    expect(sandbox.state().notices).toEqual([])
    expect(lit(now())).toEqual(lit(start))
    sandbox.dispatch({ type: 'edits', edits: task.solution as object[] })
    expect(lit(now())).toEqual(goals.map(() => 'holds'))
    expect(fromLink(toLink(hash, sandbox.state().box))?.box).toEqual(sandbox.state().box)
    sandbox.dispatch({ type: 'start' })
    expect(lit(now())).toEqual(lit(start))
  })
  it('shows no solution in the sandbox', () => {
    expect(JSON.stringify(posed())).not.toContain('solution')
  })
})

it('a link to a task that is not there says so', () => {
  const l = fromLink(`#${taskPart('no-such-task')}`)!
  expect(l.box.task).toBeNull()
  expect(l.notices.join()).toContain('there is no task "no-such-task" here')
})
describe('a file of goals', () => {
  const file = (task: string) => `packet-walk-goals: 1\ntask: ${task}\ngoals: [kubernetes-1]\n`
  it.each([
    ['{ title: a, asks: b, world: flannel-gre, solution: [] }', /task\.world/],
    ['{ title: a, asks: b, world: flannel-udp }', /solution/],
    ['{ title: a, asks: b, world: flannel-udp, solution: [7] }', /solution/],
  ])('with the task %s is refused', (task, why) => {
    expect(() => parseGoals(file(task))).toThrow(why)
  })
})
