// What a build does after next: scenes get their pictures, the search its index, the deck among the examples gets its reveal.js, each page its policy, and the host a file of headers. The folder of the export is the argument.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { basePath, headersFile, withPolicy } from './hosting.mjs'
import { makeSearch } from './search.mjs'
import { makeStills } from './stills.mjs'

function pages(dir) {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name)
    return statSync(path).isDirectory() ? pages(path) : name.endsWith('.html') ? [path] : []
  })
}

const out = process.argv[2] ?? 'out'
const reveal = fileURLToPath(new URL('../node_modules/reveal.js', import.meta.url))
if (!existsSync(reveal))
  process.stdout.write(
    'The deck among the examples stands without its reveal.js; npm ci brings it.\n',
  )
else mkdirSync(join(out, 'examples/reveal'), { recursive: true })
for (const [from, to] of [
  ['dist/reveal.js', 'reveal.js'],
  ['dist/reveal.css', 'reveal.css'],
  ['LICENSE', 'LICENSE.txt'],
])
  if (existsSync(reveal)) cpSync(join(reveal, from), join(out, 'examples/reveal', to))
makeStills(out, basePath())
makeSearch(out)
for (const file of pages(out)) writeFileSync(file, withPolicy(readFileSync(file, 'utf8')))
writeFileSync(join(out, '_headers'), headersFile(basePath()))
