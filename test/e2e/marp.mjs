// `npm run examples`: what Marp makes of the deck in public/examples, as a page. `--check` only says whether it stands there.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Marp } from '@marp-team/marp-core'

const at = (name) => new URL(`../../public/examples/${name}`, import.meta.url)

/** The page of a deck: its slides below each other, each as wide as the window. */
export function deck(markdown) {
  // What is named here replaces what is allowed otherwise (marp-core 5.0.2).
  const marp = new Marp({
    script: false,
    html: { ...Marp.html, iframe: ['src', 'title', 'width', 'height', 'allow', 'loading'] },
  })
  const { html, css } = marp.render(markdown)
  const title = /^title: (.*)$/m.exec(markdown)?.[1] ?? ''
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>
html { scroll-snap-type: y proximity; }
body { margin: 0; background: #222; }
div.marpit > svg { display: block; width: 100%; max-height: 100vh; scroll-snap-align: center; }
iframe { border: 0; }
${css}
</style>
</head>
<body>
<main>
${html}
</main>
</body>
</html>
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = deck(readFileSync(at('deck.md'), 'utf8'))
  if (!process.argv.includes('--check')) writeFileSync(at('marp.html'), page)
  else if (readFileSync(at('marp.html'), 'utf8') !== page) {
    process.stdout.write('public/examples/marp.html is not of deck.md: npm run examples\n')
    process.exit(1)
  }
}
