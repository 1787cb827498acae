import { useState } from 'react'
import type { Goal } from '#lib/index.ts'
import { figureOf } from '#components/figure/registry.ts'
import { Line } from '#components/goals/Line.tsx'
import { keep } from '#components/predict/kept.ts'
import { bench as words } from '#components/words/bench.ts'
import { exercises } from '#components/words/exercises.ts'
import goalsCss from '#components/goals/Goals.module.css'
import type { Bench } from './bench.ts'
import { standing, toggled, TOGGLES } from './conflists.ts'
import type { Started } from './started.ts'
import { Without } from './Without.tsx'
import css from './Bench.module.css'

export interface ConflistGiven {
  readonly id: string
  readonly text: string
  readonly goals: readonly Goal[]
}

/** The reader writes the conflist, starts the pods, and sees what its plugins wrote and which goals hold. */
export function ConflistBench({ figure, given: { id, text: first, goals } }: Bench<ConflistGiven>) {
  const [text, setText] = useState(first)
  const [came, setCame] = useState<{ readonly of: string; readonly is: Started } | null>(null)
  const says = words().conflist
  const has = standing(text)
  const all = came !== null && 'lamps' in came.is && came.is.lamps.every((l) => l.lit === 'holds')
  const start = async (): Promise<void> => {
    const { started } = await import('./started.ts')
    const is = await started(text, goals)
    setCame({ of: text, is })
    if ('lamps' in is && is.lamps.every((l) => l.lit === 'holds')) keep(id, 'right')
  }
  return (
    <div role="group" aria-label={says.asks}>
      <textarea
        className={css.text}
        aria-label={says.asks}
        spellCheck={false}
        rows={8}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      <div className={css.strip} role="group" aria-label={says.toggles}>
        {TOGGLES.map((t) => (
          <button
            key={t}
            type="button"
            aria-pressed={has?.has(t) === true}
            aria-disabled={has === null}
            onClick={() => setText(toggled(text, t))}
          >
            {says.toggle[t]}
          </button>
        ))}
        <button type="button" className={css.go} onClick={() => void start()}>
          {says.run}
        </button>
      </div>
      <div role="status">
        {came !== null && came.of !== text && <p>{says.stale}</p>}
        {came !== null && 'unread' in came.is && <p>{says.unread(came.is.unread)}</p>}
        {came !== null && 'lamps' in came.is && (
          <p className="hidden">
            {exercises().held(came.is.lamps.filter((l) => l.lit === 'holds').length, goals.length)}
          </p>
        )}
      </div>
      {came !== null && 'lamps' in came.is && <Came is={came.is} goals={goals} figure={figure} />}
      {all && <Without key={came.of} id={id} text={came.of} goals={goals} />}
    </div>
  )
}

function Came({
  is: { lamps, written },
  goals,
  figure,
}: {
  readonly is: Extract<Started, { readonly lamps: unknown }>
  readonly goals: readonly Goal[]
  readonly figure: string
}) {
  return (
    <>
      <div className={goalsCss.goals}>
        <ul aria-label={exercises().goals}>
          {goals.map((g, i) =>
            lamps[i]!.lit === 'holds' ? (
              <li key={g.id} className={css.held} data-lit="holds">
                <i aria-hidden="true">✓</i> {g.say}{' '}
                <span className="hidden">{exercises().lit('holds')}</span>
              </li>
            ) : (
              <Line
                key={g.id}
                goal={g}
                lamp={lamps[i]!}
                show={(told) => figureOf(figure)?.show(lamps[i]!.walk!, told)}
              />
            ),
          )}
        </ul>
      </div>
      {written.map(({ who, where, rows }) => (
        <details key={`${who} ${where}`}>
          <summary>{words().conflist.rows(who, where, rows.length)}</summary>
          <ul className={css.line}>
            {rows.map((r) => (
              <li key={r}>{r}</li>
            ))}
          </ul>
        </details>
      ))}
    </>
  )
}
