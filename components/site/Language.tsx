'use client'
import { Fragment, useEffect, useState, useSyncExternalStore } from 'react'
import { LANGUAGES } from '#lib/index.ts'
import { asked, choices, choose, CHOSEN, speakHere } from '#components/words/languages.ts'
import { site } from '#components/words/site.ts'

/** Pages are built in English. Where another language is asked for, all that speaks is made anew as soon as its words are there. */
export function Spoken({ children }: { readonly children: React.ReactNode }) {
  const [language, setLanguage] = useState('en')
  useEffect(() => {
    const hear = (): void => {
      const to = asked()
      speakHere(to).then(
        () => {
          document.documentElement.lang = LANGUAGES[to]!.tag
          setLanguage(to)
        },
        // A language that does not come is not spoken: the page stays as it is.
        () => {},
      )
    }
    hear()
    addEventListener(CHOSEN, hear)
    return () => removeEventListener(CHOSEN, hear)
  }, [])
  return <Fragment key={language}>{children}</Fragment>
}

function watch(changed: () => void): () => void {
  addEventListener(CHOSEN, changed)
  return () => removeEventListener(CHOSEN, changed)
}

/** Which language: there as soon as there is a choice. */
export function LanguageChoice() {
  const language = useSyncExternalStore(watch, asked, () => 'en')
  const all = choices(language)
  if (all.length < 2) return null
  return (
    <select
      className="theme"
      aria-label={site().language}
      value={language}
      translate="no"
      onChange={(e) => choose(e.target.value)}
    >
      {all.map(([tag, name]) => (
        <option key={tag} value={tag} lang={LANGUAGES[tag]!.tag}>
          {name}
        </option>
      ))}
    </select>
  )
}
