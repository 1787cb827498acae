'use client'
import { startTransition, useEffect, useState } from 'react'
import { latest, subscribe, tell, type Asked, type Position } from '#components/lab/bus.ts'
import css from './prose.module.css'

/** A phrase that is a step of a figure: press it to go there; it lights up when the step is reached. */
export function At({ figure, step, children }: { readonly figure: string; readonly step: string; readonly children: React.ReactNode }) {
  const [lit, setLit] = useState(false)
  useEffect(() => {
    // The picture goes first.
    const look = (p: unknown): void => startTransition(() => setLit((p as Position | undefined)?.key === step))
    look(latest(figure))
    return subscribe(`at:${figure}`, look)
  }, [figure, step])
  return <button type="button" className={css.at} aria-pressed={lit} data-at={step} onClick={(e) => tell(`go:${figure}`, { step, from: e.currentTarget } satisfies Asked)}>{children}</button>
}
