'use client'
import { useId } from 'react'
import { figureOf } from '#components/figure/registry.ts'
import { exercises as words } from '#components/words/exercises.ts'
import { site } from '#components/words/site.ts'
import { Filled } from './Filled.tsx'
import { FORMS, isDone, useForms } from './forms.ts'
import type { Way } from './legs.ts'
import css from './Steps.module.css'

interface Props {
  readonly of: Way
  readonly figure: string
  /** Of places that it comes from. */
  readonly count: number
}

/** The form that is offered, and the one that is open. */
export function Forms({ of, figure, count }: Props) {
  const { offered, filling, away, begin, give } = useForms(of)
  const id = useId()
  const says = words()
  const next = filling !== null && isDone(filling) ? FORMS[FORMS.indexOf(filling.form) + 1] : null
  const open = filling === null ? offered : (next ?? null)
  return (
    <section
      className={css.steps}
      aria-labelledby={id}
      data-steps={of.id}
      data-form={filling?.form}
    >
      <p className={css.head} id={id}>
        {says.walkOf(count)}
      </p>
      {filling !== null && (
        <Filled
          key={filling.form}
          filling={filling}
          give={give}
          look={(key) => figureOf(figure)?.peek(key)}
        />
      )}
      {away !== null && <p role="status">{site().away('figure', away)}</p>}
      {open !== null && (
        <p className={css.foot}>
          <button type="button" data-begin={open} onClick={() => begin(open)}>
            {says.form(open)}
          </button>
          {open !== 'blank' && (
            <button type="button" data-begin="blank" onClick={() => begin('blank')}>
              {says.known}
            </button>
          )}
        </p>
      )}
    </section>
  )
}
