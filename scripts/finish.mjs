// What a build does after next: pages do without Next's client, scenes get their pictures, the search its index, the deck among the examples gets its reveal.js, each page its policy, and the host a file of headers. The folder of the export is the argument.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withAlive } from './alive.mjs'
import { basePath, headersFile, withPolicy } from './hosting.mjs'
import { makeSearch } from './search.mjs'
import { makeStills } from './stills.mjs'

function files(dir, which) {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name)
    return statSync(path).isDirectory() ? files(path, which) : which.test(name) ? [path] : []
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
for (const file of files(out, /\.html$/))
  writeFileSync(file, withPolicy(withAlive(readFileSync(file, 'utf8'))))
// What only Next's client would fetch.
for (const file of files(out, /^(__next\..*|index)\.txt$/)) rmSync(file)
writeFileSync(join(out, '_headers'), headersFile(basePath()))
