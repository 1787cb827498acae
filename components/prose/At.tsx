'use client'
import { useCallback, useSyncExternalStore } from 'react'
import { figureOf, watch } from '#components/figure/registry.ts'
import css from './prose.module.css'

/** A phrase that is a step of a figure: press it to go there; it lights up when the step is reached. Where there is no figure (''), it is a phrase. */
export function At({
  figure,
  step,
  children,
}: {
  readonly figure: string
  readonly step: string
  readonly children: React.ReactNode
}) {
  const lit = useSyncExternalStore(
    useCallback((changed: () => void) => watch(figure, changed), [figure]),
    () => figureOf(figure)?.key() === step,
    () => false,
  )
  if (figure === '') return <span data-at={step}>{children}</span>
  return (
    // A link, that it breaks over lines like the words around it; to who listens, the button that it is.
    <a
      href={`#${figure}`}
      role="button"
      className={css.at}
      aria-pressed={lit}
      data-at={step}
      onPointerEnter={(e) => e.pointerType === 'mouse' && figureOf(figure)?.peek(step)}
      onPointerLeave={() => figureOf(figure)?.peek(null)}
      onFocus={(e) => e.currentTarget.matches(':focus-visible') && figureOf(figure)?.peek(step)}
      onBlur={() => figureOf(figure)?.peek(null)}
      onClick={(e) => {
        e.preventDefault()
        figureOf(figure)?.ask(step, e.currentTarget)
      }}
      onKeyDown={(e) => {
        if (e.key !== ' ') return
        e.preventDefault()
        figureOf(figure)?.ask(step, e.currentTarget)
      }}
    >
      {children}
    </a>
  )
}
