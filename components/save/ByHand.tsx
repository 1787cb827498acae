'use client'
import { useEffect, useRef } from 'react'
import type { Uncopied } from '#components/words/en/figure.ts'
import { figure } from '#components/words/figure.ts'
import css from './Save.module.css'

/** Text that could not be copied: why, and the text itself, selected, to be copied by hand. */
export function ByHand({
  text,
  why,
  close,
}: {
  readonly text: string
  readonly why: Uncopied
  readonly close: () => void
}) {
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    field.current?.focus({ preventScroll: true })
    field.current?.select()
  }, [text])
  return (
    <div
      className={css.byHand}
      data-by-hand=""
      onKeyDown={(e) => {
        if (e.key === 'Escape') {
          e.stopPropagation()
          close()
        }
      }}
    >
      <label>
        {figure().notCopied(why)}{' '}
        <textarea
          ref={field}
          readOnly
          rows={2}
          value={text}
          onFocus={(e) => e.currentTarget.select()}
        />
      </label>
      <button type="button" onClick={close}>
        {figure().close}
      </button>
    </div>
  )
}
