import { site } from '#components/words/site.ts'
import { BASE } from './base.ts'

interface Linked {
  readonly openGraph?: object
  readonly twitter?: object
}

/** What a link to a page is shown by elsewhere (Open Graph): its picture in public/og. Such a picture is named by a whole address, so without one there is none. */
export function linkedAs(picture: string, title: string, description?: string): Linked {
  const host = process.env.NEXT_PUBLIC_SITE_URL ?? ''
  if (host === '') return {}
  const url = `${host}${BASE}/og/${picture}.png`
  return {
    openGraph: {
      type: 'article',
      siteName: site().name,
      title,
      ...(description === undefined ? {} : { description }),
      images: [{ url, width: 1200, height: 630, alt: title }],
    },
    twitter: { card: 'summary_large_image' },
  }
}
