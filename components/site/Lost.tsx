'use client'
import { pages } from '#components/words/pages.ts'
import { site } from '#components/words/site.ts'
import { To } from './To.tsx'

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
          <To page="/">{words.lostHome}</To>
        </li>
        {chapters.map(({ slug, title }) => (
          <li key={slug} lang={chaptersIn}>
            <To page={`/${slug}/`}>{title}</To>
          </li>
        ))}
        <li>
          <To page="/sandbox/">{site().sandbox}</To>
        </li>
      </ul>
    </article>
  )
}
