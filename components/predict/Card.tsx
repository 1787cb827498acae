'use client'
import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { BASE } from '#components/site/base.ts'
import type { Outcome, Prediction } from '#lib/index.ts'
import { site } from '#components/words/site.ts'
import { predict as words } from '#components/words/predict.ts'
import type { Answer, Elsewhere } from './answer.ts'
import { Behind } from './Behind.tsx'
import { Said } from './Said.tsx'
import { useAsked, type Explain } from './asked.ts'
import { Choice } from './Choice.tsx'
import { useKeys, useSight, useStay } from './hands.ts'
import css from './Predict.module.css'

interface Props {
  readonly of: Prediction
  /** What each option says, in the order of the options. Which is right is not here. */
  readonly outcomes: readonly Outcome[]
  /** The answer is there. */
  readonly heard: (answer: Answer, guess: number | null) => void
  /** What stands before the question. */
  readonly children?: ReactNode
  /** Shows the walk in which a wrong guess would be right; left out where there is no place for it. */
  readonly show?: (elsewhere: Elsewhere) => void
  /** What stands behind the answer besides. */
  readonly behind?: ReactNode
  /** Fetches what an author says behind the answer. Left out: nothing. */
  readonly explain?: Explain | undefined
}

/** A question with options to press: the answer is computed when one was. */
export function Card({ of, outcomes, heard, show, children, behind, explain }: Props) {
  const { open, guess, answer, explains, away, before, give } = useAsked(of, heard, explain)
  const id = useId()
  const card = useRef<HTMLDivElement>(null)
  const after = useRef<HTMLDivElement>(null)
  useKeys(card, outcomes.length, open ? give : null)
  useStay(card, answer !== null)
  useSight(after, answer !== null)
  const says = words()
  const mine = guess === null ? null : (answer?.elsewhere[guess] ?? null)
  const seen = mine === null || show === undefined ? null : () => show(mine)
  const keys = (e: KeyboardEvent): void => {
    if (!open || e.ctrlKey || e.metaKey || e.altKey) return
    const n = Number(e.key) - 1
    if (e.key !== 'Escape' && outcomes[n] === undefined) return
    e.preventDefault()
    e.stopPropagation()
    give(e.key === 'Escape' ? null : n)
  }
  return (
    <div
      ref={card}
      className={css.predict}
      role="group"
      aria-labelledby={`${id}-asks`}
      data-predict={of.id}
      data-open={open}
    >
      {children}
      <p className={css.asks} id={`${id}-asks`}>
        {says.asks(of.ask)}
      </p>
      <ol className={css.options} aria-label={says.options}>
        {outcomes.map((o, i) => (
          <Choice
            key={i}
            n={i + 1}
            says={says.outcome(o)}
            code={o.ask === 'row' && o.row !== null}
            mark={answer === null ? null : i === answer.right ? 'right' : 'wrong'}
            guessed={guess === i}
            open={open || away !== null}
            press={() => give(i)}
            keys={keys}
          />
        ))}
      </ol>
      {open && (
        <p className={css.foot}>
          <button type="button" className={css.show} onClick={() => give(null)} onKeyDown={keys}>
            {says.showMe}
          </button>
          <span className={css.keys}>
            {before === null ? says.keys(outcomes.length) : says.before(before)}
          </span>
        </p>
      )}
      <div ref={after} className={css.after}>
        <div role="status" className={css.said}>
          {!open && answer === null && (
            <p>{away === null ? says.loading : site().away('figure', away)}</p>
          )}
          {answer !== null && (
            <Said answer={answer} guess={guess} outcomes={outcomes} seen={seen} />
          )}
        </div>
        {answer !== null && <Behind answer={answer}>{behind}</Behind>}
        {explains}
      </div>
      <noscript>
        <a href={`${BASE}/answers/${of.id}/`}>{says.withoutScript}</a>
      </noscript>
    </div>
  )
}
