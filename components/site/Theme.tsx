'use client'
import { useState, useSyncExternalStore } from 'react'
import type { ThemeName as Name } from '#components/words/en/site.ts'
import { site } from '#components/words/site.ts'
import { coloursNow, THEMES, watchColours, wear } from './colours.ts'

const SIGNS: { readonly [T in Name]: string } = {
  system: '◐',
  light: '☀',
  dark: '☾',
  projector: '▣',
}
const after = (name: Name): Name => THEMES[(THEMES.indexOf(name) + 1) % THEMES.length]!

/** Whether the browser remembers it: in a frame, or by the reader's wish, it may keep nothing for a page. */
function remember(name: Name): boolean {
  try {
    if (name === 'system') localStorage.removeItem('theme')
    else localStorage.setItem('theme', name)
    return true
  } catch {
    return false
  }
}

/** An address that says which colours says the chosen ones from now on. */
function intoAddress(name: Name): void {
  const url = new URL(location.href)
  if (!url.searchParams.has('theme')) return
  if (name === 'system') url.searchParams.delete('theme')
  else url.searchParams.set('theme', name)
  history.replaceState(null, '', url)
}

/** Light, dark, a projector's high contrast, or the system's choice; remembered in this browser, if it lets us. */
export function Theme() {
  const name = useSyncExternalStore(watchColours, coloursNow, (): Name => 'system')
  const [kept, setKept] = useState(true)
  const change = (): void => {
    const to = after(name)
    wear(to)
    setKept(remember(to))
    intoAddress(to)
  }
  const words = site()
  const next = after(name)
  return (
    <button
      type="button"
      className="theme"
      onClick={change}
      title={kept ? undefined : words.unkeptTheme}
      aria-label={kept ? words.changeTheme(name, next) : words.changeUnkeptTheme(name, next)}
    >
      <i aria-hidden="true">{SIGNS[name]}</i> <span>{words.theme(name)}</span>
    </button>
  )
}
