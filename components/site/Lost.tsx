'use client'
import Link from 'next/link'
import { pages } from '#components/words/pages.ts'
import { site } from '#components/words/site.ts'

interface Props {
  /** The chapters, in the language of their text. */
  readonly chapters: readonly { readonly slug: string; readonly title: string }[]
  readonly chaptersIn: string
}

/** What is shown at an address that has no page: what there is instead. */
export function Lost({ chapters, chaptersIn }: Props) {
  const words = pages()
  return (
    <article className="prose">
      <h1>{words.lostTitle}</h1>
      <p>{words.lostText}</p>
      <ul>
        <li>
          <Link href="/" prefetch={false}>
            {words.lostHome}
          </Link>
        </li>
        {chapters.map(({ slug, title }) => (
          <li key={slug} lang={chaptersIn}>
            <Link href={`/${slug}/`} prefetch={false}>
              {title}
            </Link>
          </li>
        ))}
        <li>
          <Link href="/sandbox/" prefetch={false}>
            {site().sandbox}
          </Link>
        </li>
      </ul>
    </article>
  )
}
