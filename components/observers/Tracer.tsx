import { DROPS, pwru, space, type Step, type Walk } from '#lib/index.ts'
import { Marked } from '#components/words/Marked.tsx'
import { figure } from '#components/words/figure.ts'
import css from './Observers.module.css'

/** What a tracer of kernel functions names at a step, and the reason of a drop. */
export function Tracer({
  walk: { before },
  step,
  inVpc,
}: {
  readonly walk: Walk
  readonly step: Step
  readonly inVpc: boolean
}) {
  const did = step.decision.kind === 'device' ? step.decision.did : null
  const n = space(before, step.in)
  const dev = n?.kind === 'netns' ? n.devs.find((d) => d.name === step.dev) : undefined
  const name = pwru(step.stage, did, dev?.kind)
  const dropped = step.drop === null ? null : DROPS[step.drop.reason]
  const said =
    name !== null
      ? figure().tracerName(name)
      : inVpc
        ? figure().tracerOutside
        : figure().tracerProgram
  return (
    <section>
      <p className={css.title}>{figure().tracer}</p>
      <p>
        <Marked text={said} />
      </p>
      {dropped !== null && (
        <p>
          <Marked
            text={
              dropped.kernel === null ? figure().noDropReason : figure().dropReason(dropped.kernel)
            }
          />
        </p>
      )}
    </section>
  )
}
