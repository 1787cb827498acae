import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createProcessor } from '@mdx-js/mdx'
import type { Outline } from '#components/chapter/outline.ts'
import { CHAPTERS } from '#content/chapters.ts'

const { outlineOf } = (await import(
  fileURLToPath(new URL('../../../scripts/outline.mjs', import.meta.url))
)) as { readonly outlineOf: (tree: unknown, file: string) => Outline }
const folder = fileURLToPath(new URL('../../../content/', import.meta.url))

/** The chapters as a page gets them, in their order: a file is found by its title. */
export function chapters(): readonly { readonly slug: string; readonly outline: Outline }[] {
  const files = readdirSync(folder).filter((f) => f.endsWith('.mdx'))
  const texts = new Map(files.map((f) => [f, readFileSync(`${folder}${f}`, 'utf8')]))
  return CHAPTERS.map(({ slug, title }) => {
    const [file, text] = [...texts].find(([, t]) => t.startsWith(`# ${title}\n`))!
    return { slug, outline: outlineOf(createProcessor().parse(text), `content/${file}`) }
  })
}
