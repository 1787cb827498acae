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
import { applyAll } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
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

describe('a policy written wrongly', () => {
  const { task, goals } = taskFile('second-rule-book')
  const start = startOf(task, SCENARIOS[task.world]!)
  const [admit, refuse] = task.solution as readonly { readonly row: object }[]
  const at = (chain: string, { row }: { readonly row: object }) =>
    ({ op: 'add', in: 'node-2', table: 'netfilter', row: { ...row, chain } }) as unknown as Edit
  const dark = (...edits: readonly Edit[]) =>
    lampsOf(goals, applyAll(start, edits), start).flatMap((l, i) =>
      l.lit === 'holds' ? [] : [`${goals[i]!.id}: ${l.why}`],
    )
  it('says what is wrong with it', () => {
    // In the order in which nothing gets in; behind what lets all in; for all that the node passes on; and in the other book.
    expect(dark(at('POLICY', refuse!), at('POLICY', admit!))).toEqual([
      'may: web-app-frontend-1 → backend-service-2:8080: it is lost: netfilter',
    ])
    expect(dark(at('FORWARD', admit!), at('FORWARD', refuse!))).toEqual([
      'may-not: backend-service-1 → backend-service-2:8080: it should have been dropped in node-2, and is delivered',
    ])
    const all = at('POLICY', { row: { table: 'filter', target: { type: 'DROP' } } })
    expect(dark(at('POLICY', admit!), all)).toEqual([
      'out: backend-service-2 → web-app-frontend-1:8080: it is lost: netfilter',
    ])
    const where = { group: 'sg-node', direction: 'ingress', peer: 'sg-node' }
    const said = dark({ op: 'del', in: 'vpc', table: 'sgRules', where })
    expect(said.map((x) => x.split(':')[0])).toEqual(['may', 'may-not', 'out', 'group'])
    expect(said[0]).toContain('it is lost: security-group')
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
