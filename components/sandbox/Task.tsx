import { useDeferredValue, useEffect, useMemo } from 'react'
import { Line } from '#components/goals/Line.tsx'
import { lampsOf } from '#components/goals/verdicts.ts'
import { keepAs } from '#components/site/device.ts'
import { exercises as words } from '#components/words/exercises.ts'
import { Marked } from '#components/words/Marked.tsx'
import { taskOf, type Posed } from './tasks.ts'
import { useSandbox, useSandboxStore } from './use.tsx'
import css from '#components/goals/Goals.module.css'

/** The task that a link has opened, its goals as lamps. */
export function Task() {
  const name = useSandbox((_, s) => s.box.task)
  const posed = name === null ? undefined : taskOf(name)
  return posed === undefined ? null : <Open posed={posed} />
}

function Open({ posed: { name, task, goals } }: { readonly posed: Posed }) {
  const { figure } = useSandboxStore()
  const now = useDeferredValue(useSandbox((sandbox, s) => sandbox.walked(s).scenario.topology))
  const start = useSandbox((sandbox, s) => sandbox.unchanged(s).scenario.topology)
  const lamps = useMemo(() => lampsOf(goals, now, start), [goals, now, start])
  const holding = lamps.filter((l) => l.lit === 'holds').length
  const done = holding === goals.length
  useEffect(() => {
    if (done) keepAs('tasks', name, 'done')
  }, [done, name])
  const says = words()
  return (
    <section className={css.goals} aria-label={says.task} data-task={name} data-done={done}>
      <h2>{task.title}</h2>
      <p>{task.asks}</p>
      <ul aria-label={says.goals}>
        {goals.map((goal, i) => (
          <Line
            key={goal.id}
            goal={goal}
            lamp={lamps[i]!}
            show={(told) => {
              const { walk } = lamps[i]!
              if (walk !== null) figure.dispatch({ type: 'stand', walk, says: told })
            }}
          />
        ))}
      </ul>
      <p role="status">
        <b>{done ? says.done : says.held(holding, goals.length)}</b>
      </p>
      <p>
        <Marked text={says.marked(name)} />
      </p>
    </section>
  )
}
