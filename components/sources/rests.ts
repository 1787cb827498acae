import type { Outline, SourceRun } from '#components/chapter/outline.ts'

/* What the chapters rest on. */

/** One line, and the chapters that say it. */
export interface Rest {
  readonly runs: readonly SourceRun[]
  readonly chapters: readonly { readonly slug: string; readonly title: string }[]
}
interface Written {
  readonly slug: string
  readonly title: string
  readonly outline: Pick<Outline, 'sources'>
}

/** Every line of the chapters' sources in their order, once; those that most of them share, such as the article, stand first. */
export function rests(chapters: readonly Written[]): readonly Rest[] {
  const lines = new Map<string, { runs: readonly SourceRun[]; chapters: Rest['chapters'] }>()
  for (const { slug, title, outline } of chapters)
    for (const runs of outline.sources) {
      // The same page, whatever stands around its name.
      const key = runs.find((r) => r.href !== null)?.href ?? runs.map((r) => r.text).join('')
      const known = lines.get(key)
      const here = { slug, title }
      if (known === undefined) lines.set(key, { runs, chapters: [here] })
      else if (!known.chapters.some((c) => c.slug === slug))
        known.chapters = [...known.chapters, here]
    }
  return [...lines.values()].toSorted((a, b) => b.chapters.length - a.chapters.length)
}
