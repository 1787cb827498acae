import type { ReactNode } from 'react'
import { command, solved, startOf, type Edit } from '#lib/index.ts'
import { worldFor } from '#components/prose/walked.ts'
import { taskPart } from '#components/sandbox/carry.ts'
import { BASE } from '#components/site/base.ts'
import { exercises as words } from '#components/words/exercises.ts'
import { taskFile } from './author.ts'
import { Door } from './Door.tsx'
import { Line } from './Line.tsx'
import { lampsOf } from './verdicts.ts'
import css from './Goals.module.css'

interface Props {
  /** A file of content/tasks. */
  readonly task: string
  readonly children?: ReactNode
}

/** Something to build: where it starts, its goals as they stand there, and the way into the sandbox. The page is not built where the solution does not reach them. */
export async function Build({ task: name, children }: Props) {
  const { task, goals } = taskFile(name)
  const world = await worldFor('Build', task.world)
  const start = startOf(task, world)
  const end = lampsOf(goals, solved(task, world), start)
  const short = end.findIndex((l) => l.lit !== 'holds')
  if (short >= 0)
    throw new RangeError(
      `<Build>: the solution of ${name} misses ${goals[short]!.id}: ${end[short]!.why ?? ''}`,
    )
  // What breaks a goal is there to be found: the sandbox says it.
  const lamps = lampsOf(goals, start, start)
  const says = words()
  return (
    <section className={css.goals} aria-label={says.task} data-task={name}>
      <h3>{task.title}</h3>
      <p>{task.asks}</p>
      {children}
      <ul aria-label={says.goals}>
        {goals.map((g, i) => (
          <Line key={g.id} goal={g} lamp={{ lit: lamps[i]!.lit, why: null }} />
        ))}
      </ul>
      <p>
        <Door task={name} to={`${BASE}/sandbox/#${taskPart(name)}`} />
      </p>
      <details className={css.teachers} data-teachers="">
        <summary>{says.teachers}</summary>
        <pre tabIndex={0}>{task.solution.map((e) => command(e as Edit)).join('\n')}</pre>
      </details>
    </section>
  )
}
