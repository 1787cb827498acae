'use client'
import { Children, useState, type ReactNode } from 'react'
import css from './Hands.module.css'

interface Step {
  /** Whose colour it has. */
  readonly hand: string
  readonly says: string
  readonly rows: number
}
interface Props {
  readonly name: string
  readonly steps: readonly Step[]
  readonly words: { readonly previous: string; readonly next: string; readonly rows: string }
  /** What each step shows. */
  readonly children: ReactNode
}

/** Steps to be gone through one by one, in their order or as one likes. Without scripts, and on paper, all of them stand below each other. */
export function Stepper({ name, steps, words, children }: Props) {
  const [at, setAt] = useState(0)
  const all = Children.toArray(children)
  const go = (to: number) => () => setAt(Math.min(steps.length - 1, Math.max(0, to)))
  return (
    <div role="group" aria-label={name}>
      <ol className={css.strip}>
        {steps.map((s, i) => (
          <li key={i}>
            <button
              type="button"
              data-hand={s.hand}
              data-done={i <= at}
              aria-current={i === at ? 'step' : undefined}
              onClick={go(i)}
            >
              {s.says} <small>{s.rows}</small>
              <span className="hidden"> {words.rows}</span>
            </button>
          </li>
        ))}
      </ol>
      <p className={css.move}>
        <button type="button" aria-disabled={at === 0} onClick={go(at - 1)}>
          {words.previous}
        </button>
        <button type="button" aria-disabled={at === steps.length - 1} onClick={go(at + 1)}>
          {words.next}
        </button>
      </p>
      <div aria-live="polite">
        {all.map((child, i) => (
          <div key={i} className={css.act} data-now={i === at}>
            {child}
          </div>
        ))}
      </div>
    </div>
  )
}
