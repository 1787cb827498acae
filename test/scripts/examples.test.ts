import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Examples {
  readonly deck: (markdown: string) => string
}
const { deck } = (await import(new URL('../e2e/marp.mjs', import.meta.url).href)) as Examples
const example = (name: string): string =>
  readFileSync(new URL(`../../public/examples/${name}`, import.meta.url), 'utf8')

describe('the decks of public/examples', () => {
  it('Marp’s is what Marp makes of it (npm run examples), its frame with all it needs', () => {
    const page = deck(example('deck.md'))
    expect(example('marp.html') === page).toBe(true)
    expect(page).toMatch(/<iframe src="[^"]+" title="[^"]+" width="\d+" height="\d+"><\/iframe>/)
  })
  it('ask no other host for anything', () => {
    for (const name of ['index.html', 'plain.html', 'reveal.html', 'marp.html'])
      expect(
        [
          ...example(name).matchAll(
            /(?:src|href)="(?:https?:)?\/\/(?!your-host)[^"]*"|@import|url\(["']?https?:/g,
          ),
        ],
        name,
      ).toEqual([])
  })
})
