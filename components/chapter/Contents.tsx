'use client'
import { useEffect, useRef } from 'react'
import { chapter } from '#components/words/chapter.ts'
import type { Entry } from './told.ts'
import css from './Bar.module.css'

interface Props {
  readonly entries: readonly Entry[]
  readonly active: number
  readonly lang: string
  /** The way to other chapters. */
  readonly children: React.ReactNode
}

/** The table of contents, which shows where one is; it closes when something of it is chosen, by Escape, and by a press elsewhere. */
export function Contents({ entries, active, lang, children }: Props) {
  const box = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const elsewhere = (e: Event): void => {
      if (e.target instanceof Node && box.current?.contains(e.target) === false)
        box.current.open = false
    }
    const escape = (e: KeyboardEvent): void => {
      if (e.key !== 'Escape' || box.current?.open !== true) return
      box.current.open = false
      box.current.querySelector('summary')?.focus()
    }
    addEventListener('pointerdown', elsewhere)
    addEventListener('focusin', elsewhere)
    addEventListener('keydown', escape)
    return () => {
      removeEventListener('pointerdown', elsewhere)
      removeEventListener('focusin', elsewhere)
      removeEventListener('keydown', escape)
    }
  }, [])
  const close = (): void => {
    if (box.current !== null) box.current.open = false
  }
  const says = chapter()
  return (
    <details ref={box} className={css.contents}>
      <summary>{says.contents}</summary>
      <nav aria-label={says.contents}>
        <ol lang={lang}>
          {entries.map((e, i) => (
            <li key={e.scene.id}>
              <a
                href={`#${e.scene.id}`}
                aria-current={i === active ? 'location' : undefined}
                onClick={close}
              >
                {e.heading}
              </a>
            </li>
          ))}
        </ol>
        <p className={css.others}>{children}</p>
      </nav>
    </details>
  )
}
