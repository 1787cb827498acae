import {
  connection,
  DROPS,
  explainDrop,
  explainWhole,
  refsOf,
  type DropInfo,
  type Step,
  type Topology,
} from '#lib/index.ts'
import type { Ask } from '#components/figure/store/actions.ts'
import type { Question } from '#components/figure/store/select.ts'
import { decided } from '#components/decides/decided.ts'
import { Decision } from '#components/decides/Decision.tsx'
import { litBy, Printed } from '#components/decides/Printed.tsx'
import { Said } from './Said.tsx'
import { Marked } from '#components/words/Marked.tsx'
import { figure } from '#components/words/figure.ts'
import css from './Why.module.css'

/** One sentence, the tables that were asked with the row that decided, and the command that prints them. */
export function Why({
  step,
  topology,
  questions,
  dispatch,
}: {
  readonly step: Step
  readonly topology: Topology
  readonly questions: readonly Question[]
  readonly dispatch: (a: Ask) => void
}) {
  const tables = decided(step, topology)
  const { matched } = refsOf(step.decision)
  const tracked = connection(topology, step)
  const info = step.drop === null ? null : DROPS[step.drop.reason]
  return (
    <div className={css.why}>
      <p className={css.sentence}>
        <Said text={explainWhole(step, topology)} packet={step.packet} />
      </p>
      {step.drop !== null && info !== null && (
        <div className={css.drop}>
          <p>
            <strong>{explainDrop(step.drop)}</strong>
          </p>
          <p className={css.small}>
            <Marked text={called(info)} />
          </p>
        </div>
      )}
      {tables.map((t) => (
        <Decision key={t.table} table={t} step={step} topology={topology} />
      ))}
      {tables.length === 0 && matched !== null && (
        <Printed at={matched} lit={litBy(step, matched)} topology={topology} />
      )}
      {tracked !== null && matched?.table !== 'conntrack' && (
        <Printed at={tracked} lit={{ row: tracked.row, near: [] }} topology={topology} />
      )}
      {questions.length > 0 && (
        <div className={css.questions}>
          <p className={css.small}>{figure().whatIf}</p>
          {questions.map((q) => (
            <button key={q.id} type="button" aria-pressed={q.on} onClick={() => dispatch(q.ask)}>
              {q.title}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

/** What the field calls it, and what shows it. */
function called({ kernel, aws, seeItWith }: DropInfo): string {
  if (kernel !== null) return figure().kernelName(kernel, seeItWith)
  return aws === null ? figure().noName(seeItWith) : figure().awsName(aws, seeItWith)
}
