'use client'
import { useEffect, useRef } from 'react'
import { hush } from '#components/glossary/hush.ts'
import { keepPlace } from './place.ts'
import { keepProgress } from './progress.ts'
import type { Told } from './told.ts'
import css from './Chapter.module.css'

interface Props {
  readonly told: Told
  readonly lang: string
  readonly children: React.ReactNode
}

/** A chapter: the text in cards, and the stage that stays beside it. */
export function Book({ told, lang, children }: Props) {
  const book = useRef<HTMLElement>(null)
  useEffect(() => (book.current === null ? undefined : keepPlace(book.current, told)), [told])
  useEffect(
    () =>
      keepProgress(
        told.stage,
        told.entries.map((e) => e.scene),
      ),
    [told],
  )
  useEffect(hush, [])
  return (
    <article ref={book} className={css.book} lang={lang}>
      {children}
    </article>
  )
}
