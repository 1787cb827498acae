'use client'
import { useEffect, useState } from 'react'
import { useLate } from '#components/site/late.ts'
import { site } from '#components/words/site.ts'

const load = () => import('./Search.tsx').then((m) => m.Search)

/** Is a sign typed there? */
const typed = (at: EventTarget | null): boolean =>
  at instanceof HTMLElement &&
  (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName))

/* Heard from when the script is there, which is before React has the page: what is pressed in between opens once it has. */
let pressed = false
const early = (): void => {
  pressed = true
}
let show = early
if (typeof document !== 'undefined')
  addEventListener('keydown', (e) => {
    if (e.key !== '/' || e.ctrlKey || e.metaKey || e.altKey || typed(e.target)) return
    e.preventDefault()
    show()
  })

/** The way to the search: a button in the header, and `/`. What searches is a file of its own, and so is what it searches. */
export function Door() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    show = () => setOpen(true)
    if (pressed) show()
    pressed = false
    return () => {
      show = early
    }
  }, [])
  return (
    <>
      <button
        type="button"
        className="press"
        data-search=""
        aria-keyshortcuts="/"
        aria-haspopup="dialog"
        aria-label={site().search}
        onClick={() => setOpen(true)}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="M10.5 10.5 15 15M12 6.5a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0z" />
        </svg>
        <span>{site().search}</span>
      </button>
      {open && <Late close={() => setOpen(false)} />}
    </>
  )
}

function Late({ close }: { readonly close: () => void }) {
  const { part: Search, away } = useLate(load)
  if (Search !== null) return <Search close={close} />
  return away === null ? null : <span role="alert">{site().away('search', away)}</span>
}
