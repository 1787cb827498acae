// What the search of the site looks through: the chapters, the reference and the glossary as they were exported, section by section. A file that is fetched when somebody first searches.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const VOID = new Set(['area', 'br', 'col', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr'])
/** What is no text of the page: pictures, ways around, controls, what a question keeps for its answer, what is said twice. */
const SKIPPED = /^(svg|nav|button|select|noscript|template|dialog|figure)$/
const SKIPPED_BY =
  /\b(data-figure|data-predict|data-stage-place|data-teachers|hidden)=|aria-hidden="true"|role="(tooltip|status|alert)"/
/** What ends a word. */
const BLOCK = /^(p|li|dd|dt|td|th|tr|div|pre|br|section|summary|h\d)$/
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#39': "'", nbsp: ' ' }

const decoded = (text) => text.replace(/&(#?\w+);/g, (all, name) => ENTITIES[name] ?? all)
const plain = (text) => decoded(text).replace(/\s+/g, ' ').trim()
const idIn = (attributes) => /\bid="([^"]*)"/.exec(attributes)?.[1] ?? ''

/** The sections of a page's text, each with the address it is reached by, its heading and what stands below: `[id, heading, text]`. A scene is reached by its own name; where it asks something, what is said behind the answer comes fourth (`behind` has that by the question's name): it is found by it, and shows none of it. Null for a page that has no text. */
export function sectionsOf(html, behind = () => '') {
  const [, main] = /<main id="main">([\s\S]*?)<\/main>/.exec(html) ?? []
  if (main === undefined) return null
  // What tools print of a scene's tables is long, and none of its words.
  const scenes = main.includes('data-scene=')
  const source = main.replace(/<(script|style)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->/g, '')
  const sections = [['', '', '']]
  const open = []
  let skipped = 0
  let heading = 0
  for (const [, end, name, attributes, text] of source.matchAll(
    /<(\/?)([a-zA-Z][\w-]*)([^>]*)>|([^<]+)/g,
  )) {
    const now = sections.at(-1)
    const asks = attributes === undefined ? null : /\bdata-predict="([^"]*)"/.exec(attributes)
    if (asks !== null) now[3] = `${now[3] ?? ''} ${behind(asks[1])}`
    if (text !== undefined) {
      if (skipped === 0) now[heading > 0 ? 1 : 2] += text
      continue
    }
    const tag = name.toLowerCase()
    if (BLOCK.test(tag)) now[2] += ' '
    if (VOID.has(tag) || attributes.endsWith('/')) continue
    if (end === '/') {
      const closed = open.pop()
      if (closed?.skips) skipped -= 1
      if (closed?.heads) heading -= 1
      continue
    }
    const skips = SKIPPED.test(tag) || SKIPPED_BY.test(attributes) || (scenes && tag === 'pre')
    const heads = skipped === 0 && !skips && /^(h1|h2|dt)$/.test(tag)
    const scene = attributes.includes('data-scene=') ? idIn(attributes) : ''
    const around = open.findLast((o) => o.scene !== '')?.scene ?? ''
    open.push({ skips, heads, scene })
    if (skips) skipped += 1
    if (scene !== '') sections.push([scene, '', ''])
    if (heads && (tag !== 'dt' || idIn(attributes) !== '')) {
      // A scene has begun before its heading.
      if (around === '' || sections.at(-1)[1] !== '')
        sections.push([around === '' ? idIn(attributes) : around, '', ''])
      heading += 1
    } else if (heads) open.at(-1).heads = false
  }
  return sections
    .map(([id, title, text, answers = '']) => [
      id,
      plain(title).replace(/ ?#$/, ''),
      plain(text).replace(/^\d+ of \d+ /, ''),
      ...(plain(answers) === '' ? [] : [plain(answers)]),
    ])
    .filter(([, title, text]) => title !== '' && text !== '')
}

/** The pages that are searched, of an export: those with scenes, the reference and the glossary. */
function pagesIn(out) {
  const page = (path) => ({ path: `/${path}/`, file: join(out, path, 'index.html') })
  const folders = readdirSync(out, { withFileTypes: true }).filter((f) => f.isDirectory())
  const parts = existsSync(join(out, 'reference')) ? readdirSync(join(out, 'reference')) : []
  return [
    ...folders.map((f) => page(f.name)),
    ...parts.map((part) => page(`reference/${part}`)),
  ].filter(({ file }) => existsSync(file))
}

const isSearched = ({ path }, html) =>
  path.startsWith('/reference/') || path === '/glossary/' || html.includes('data-scene=')

/** What an author says behind the answer to a question, of an export; '' where nothing is said. */
function answersIn(out) {
  return (id) => {
    const file = join(out, 'answers', id, 'index.html')
    if (!existsSync(file)) return ''
    const [, after = ''] = readFileSync(file, 'utf8').split(/<[^>]*\bdata-explains[^>]*>/)
    const [own] = after.split(/<\/main>/)
    return own
      .replace(/<(script|style|pre|table|svg)\b[\s\S]*?<\/\1>/g, ' ')
      .replace(/<[^>]*>/g, ' ')
  }
}

/** Writes `search.json`: `{ version: 1, pages: [{ path, title, sections }] }`, chapters first, in the order in which they lead to each other. */
export function makeSearch(out) {
  const behind = answersIn(out)
  const pages = pagesIn(out)
    .map((p) => ({ ...p, html: readFileSync(p.file, 'utf8') }))
    .filter((p) => isSearched(p, p.html))
    .flatMap(({ path, html }) => {
      const sections = sectionsOf(html, behind)
      const title = sections?.[0]?.[1] ?? ''
      return sections === null || sections.length === 0 ? [] : [{ path, title, sections }]
    })
    .toSorted((a, b) => rank(a) - rank(b))
  writeFileSync(join(out, 'search.json'), JSON.stringify({ version: 1, pages }))
}
const rank = ({ path }) => (path.startsWith('/reference/') ? 2 : path === '/glossary/' ? 1 : 0)
