'use client'
import { useEffect, useState } from 'react'

const NEXT = { system: 'light', light: 'dark', dark: 'projector', projector: 'system' } as const
type Name = keyof typeof NEXT

/** Light, dark, a projector's high contrast, or the system's choice; remembered in this browser. */
export function Theme() {
  const [name, setName] = useState<Name>('system')
  useEffect(() => { const t = document.documentElement.dataset['theme']; if (t !== undefined && t in NEXT) setName(t as Name) }, [])
  const change = (): void => {
    const to = NEXT[name]
    setName(to)
    if (to === 'system') { localStorage.removeItem('theme'); delete document.documentElement.dataset['theme'] } else { localStorage.setItem('theme', to); document.documentElement.dataset['theme'] = to }
  }
  return <button type="button" className="theme" onClick={change} aria-label={`Colours: ${name}. Change to ${NEXT[name]}`}>{{ system: '◐ system', light: '☀ light', dark: '☾ dark', projector: '▣ projector' }[name]}</button>
}
