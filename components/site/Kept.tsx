'use client'
import { useEffect, useRef, useState, type ReactNode } from 'react'

/** What was built, by its name: for who speaks another language all is made anew. */
const kept = new Map<string, string>()

interface Props {
  /** One on its page. */
  readonly name: string
  /** When the page is built; in the browser there is none. */
  readonly children?: ReactNode
}

/** What a page was built with and nothing changes: it stands in the page once, and is not sent again as what it was made of. */
export function Kept({ name, children }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const [html] = useState(() => kept.get(name) ?? '')
  useEffect(() => {
    if (place.current !== null) kept.set(name, place.current.innerHTML)
  }, [name])
  if (typeof window === 'undefined') return <div className="kept">{children}</div>
  return (
    <div
      ref={place}
      className="kept"
      suppressHydrationWarning
      dangerouslySetInnerHTML={{ __html: html }}
    />
  )
}
