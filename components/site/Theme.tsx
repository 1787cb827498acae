'use client'
import { useEffect, useState } from 'react'

const NEXT = { system: 'light', light: 'dark', dark: 'projector', projector: 'system' } as const
type Name = keyof typeof NEXT

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
  const [name, setName] = useState<Name>('system')
  const [kept, setKept] = useState(true)
  useEffect(() => { const t = document.documentElement.dataset['theme']; if (t !== undefined && t in NEXT) setName(t as Name) }, [])
  const change = (): void => {
    const to = NEXT[name]
    if (to === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = to
    setName(to)
    setKept(remember(to))
    intoAddress(to)
  }
  const note = kept ? '' : '. The browser keeps nothing for this page, so it holds until the page is left'
  return <button type="button" className="theme" onClick={change} title={kept ? undefined : `Not remembered${note}`} aria-label={`Colours: ${name}. Change to ${NEXT[name]}${note}`}>{{ system: '◐ system', light: '☀ light', dark: '☾ dark', projector: '▣ projector' }[name]}</button>
}
