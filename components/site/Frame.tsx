'use client'
import Link from 'next/link'
import { site } from '#components/words/site.ts'
import { LanguageChoice } from './Language.tsx'
import { Theme } from './Theme.tsx'

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
        <Link href="/" prefetch={false} className="brand" translate="no">
          {words.name}
        </Link>
        {bar ?? (
          <nav aria-label={words.pages}>
            <Link href="/flannel/" prefetch={false}>
              {words.flannel}
            </Link>
            <Link href="/vpc-cni/" prefetch={false}>
              {words.vpcCni}
            </Link>
            <Link href="/sandbox/" prefetch={false}>
              {words.sandbox}
            </Link>
          </nav>
        )}
        <LanguageChoice />
        <Theme />
      </header>
      <main id="main">{children}</main>
      <footer className="site">
        <p>{words.footer}</p>
      </footer>
    </>
  )
}
