import { glossaryOf, type Entry, type Written } from '#components/glossary/glossary.ts'
import { CHAPTERS } from '#content/chapters.ts'
import { textOf } from '#content/texts.ts'
import { GLOSSARY } from '#content/glossary.ts'

/** The chapters, with what they say of themselves. */
export async function written(): Promise<readonly Written[]> {
  const all = CHAPTERS.map(async (c) => ({
    slug: c.slug,
    title: c.title,
    outline: (await textOf(c)).outline,
  }))
  return Promise.all(all)
}

/** Every word of the chapters. */
export async function glossary(): Promise<readonly Entry[]> {
  return glossaryOf(await written(), GLOSSARY)
}
