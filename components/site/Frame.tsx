'use client'
import { Door } from '#components/search/Door.tsx'
import { site } from '#components/words/site.ts'
import { LanguageChoice } from './Language.tsx'
import { Theme } from './Theme.tsx'
import { To } from './To.tsx'

interface Props {
  /** What stands in the header of a page that has more to say there than where the others are. */
  readonly bar?: React.ReactNode
  readonly children: React.ReactNode
}

/** What stands around every page but the embeds. */
export function Frame({ bar, children }: Props) {
  const words = site()
  return (
    <>
      <a className="skip" href="#main">
        {words.skip}
      </a>
      <header className="site">
        <To page="/" className="brand" translate="no">
          {words.name}
        </To>
        {bar ?? (
          <nav aria-label={words.pages}>
            <To page="/#chapters">{words.chapters}</To>
            <To page="/sandbox/">{words.sandbox}</To>
            <To page="/reference/">{words.reference}</To>
          </nav>
        )}
        <Door />
        <LanguageChoice />
        <Theme />
      </header>
      <main id="main">{children}</main>
      <footer className="site">
        <p>{words.footer}</p>
        <nav aria-label={words.around}>
          <To page="/reference/">{words.reference}</To>
          <To page="/glossary/">{words.glossary}</To>
          <To page="/teach/">{words.teach}</To>
          <To page="/sources/">{words.sources}</To>
        </nav>
      </footer>
    </>
  )
}
