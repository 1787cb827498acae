'use client'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { notLoaded } from '#components/save/take.ts'
import { BASE } from '#components/site/base.ts'
import type { Away } from '#components/words/en/away.ts'
import { search } from '#components/words/search.ts'
import type { Found } from './find.ts'
import { theSearch } from './index-file.ts'
import css from './Search.module.css'

type Find = (query: string) => readonly Found[]

/** What is heard of a search: how much it found. */
function said(query: string, found: readonly Found[], state: Find | Away | null): string {
  const words = search()
  if (state === null) return words.loading
  if (typeof state === 'string') return words.away(state)
  if (query.trim() === '') return words.help
  return found.length === 0 ? words.nothing(query.trim()) : words.found(found.length)
}

/** From the field to what was found, through it, and back. */
function move(e: KeyboardEvent<HTMLElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[e.key]
  if (by === undefined) return
  const all = [...e.currentTarget.querySelectorAll<HTMLElement>('input, ol a')]
  const at = all.indexOf(document.activeElement as HTMLElement)
  all[Math.min(all.length - 1, Math.max(0, at + by))]?.focus()
  e.preventDefault()
}

/** The search: a field, and links to the very sections. */
export function Search({ close }: { readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [query, setQuery] = useState('')
  const [state, setState] = useState<Find | Away | null>(null)
  useEffect(() => {
    dialog.current?.showModal()
    theSearch().then(
      (find) => setState(() => find),
      () => setState(notLoaded()),
    )
  }, [])
  const found = typeof state === 'function' ? state(query) : []
  const words = search()
  return (
    <dialog
      ref={dialog}
      className={css.search}
      aria-label={words.title}
      onClose={close}
      onKeyDown={move}
      onClick={(e) => {
        if (e.target === e.currentTarget) dialog.current?.close()
      }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault()
          dialog.current?.querySelector<HTMLElement>('ol a')?.click()
        }}
      >
        <input
          type="search"
          aria-label={words.label}
          placeholder={words.label}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(e) => setQuery(e.target.value)}
        />
        <button type="button" onClick={() => dialog.current?.close()}>
          {words.close}
        </button>
      </form>
      <p role="status">{said(query, found, state)}</p>
      {found.length > 0 && (
        <ol aria-label={words.results} lang="en">
          {found.map((f) => (
            <Result key={f.address} of={f} close={() => dialog.current?.close()} />
          ))}
        </ol>
      )}
    </dialog>
  )
}

function Result({ of, close }: { readonly of: Found; readonly close: () => void }) {
  return (
    <li>
      <a href={`${BASE}${of.address}`} onClick={close}>
        <b>{of.heading}</b> {of.page !== of.heading && <small>{of.page}</small>}
        <span>{of.excerpt.map((x, i) => (x.hit ? <mark key={i}>{x.text}</mark> : x.text))}</span>
      </a>
    </li>
  )
}
