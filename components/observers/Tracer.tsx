import { DROPS, pwru, type Step } from '#lib/index.ts'
import { Marked } from '#components/words/Marked.tsx'
import { figure } from '#components/words/figure.ts'
import css from './Observers.module.css'

/** What a tracer of kernel functions names at a step, and the reason of a drop. */
export function Tracer({ step, inVpc }: { readonly step: Step; readonly inVpc: boolean }) {
  const name = pwru(step.stage, step.decision.kind === 'device' ? step.decision.did : null)
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
