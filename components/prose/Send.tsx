'use client'
import { useCallback, useSyncExternalStore } from 'react'
import { figureOf, watch } from '#components/figure/registry.ts'
import css from './prose.module.css'

/** Sends another flow of the scene that is read, and lets it run. Where there is no figure (''), it is what it says. */
export function Send({
  figure,
  flow,
  label,
  children,
}: {
  readonly figure: string
  readonly flow: string
  readonly label: string
  readonly children: React.ReactNode
}) {
  const sent = useSyncExternalStore(
    useCallback((changed: () => void) => watch(figure, changed), [figure]),
    () => figureOf(figure)?.flow() === flow,
    () => false,
  )
  if (figure === '')
    return (
      <span data-send={flow} data-label={label}>
        {children}
      </span>
    )
  return (
    <button
      type="button"
      className={css.send}
      aria-label={label}
      aria-pressed={sent}
      data-send={flow}
      onClick={() => figureOf(figure)?.send(flow)}
    >
      {children}
    </button>
  )
}
