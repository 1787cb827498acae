// Serves the exported site and uses it in Chromium as a person would: every *.e2e.mjs here, or those whose name has one of the words given.
// One line a case; exit status 1 if one fails.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { chromiumPath } from '../../scripts/chromium.mjs'
import { listen, site } from '../../scripts/serve.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, '../../out')
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const fail = (s) => {
  process.stderr.write(`${s}\n`)
  process.exit(1)
}
const executablePath =
  chromiumPath() ?? fail('The browser tests need Chromium; install it, or set CHROME_PATH to it.')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const server = site(out)
const wrong = await listen(server, 0)
if (wrong !== undefined) fail(wrong)
const base = `http://127.0.0.1:${server.address().port}`
const browser = await chromium.launch({ executablePath, args: FLAGS })

/** The addresses of all exported pages. */
function pagesBelow(dir, path = '/') {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
    if (e.isDirectory())
      return e.name.startsWith('_') ? [] : pagesBelow(join(dir, e.name), `${path}${e.name}/`)
    return e.name === 'index.html' ? [path] : []
  })
}

const pages = pagesBelow(out)

/** What takes so many seconds is named with them. */
const LONG = 8
const total = { numPassedTests: 0, numFailedTests: 0, testResults: [] }
/** One case in a browser context of its own; what the console calls an error, and any request to another host, fails it too. `noise` is what the console may say where the case takes something away. */
async function check({ say, file }, name, f, { noise, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  // A machine that does other things too is slow; what fails is asked after all the same.
  page.setDefaultTimeout(60_000)
  const errors = []
  const strangers = []
  page.on('console', (m) => {
    if (m.type() === 'error' && noise?.test(m.text()) !== true) errors.push(m.text())
  })
  page.on('pageerror', (e) => errors.push(e.message))
  page.on('request', (r) => {
    const u = new URL(r.url())
    if (!['data:', 'blob:'].includes(u.protocol) && u.hostname !== '127.0.0.1')
      strangers.push(r.url())
  })
  const began = performance.now()
  try {
    await f(page)
    if (errors.length > 0) throw new Error(`console: ${errors[0]}`)
    if (strangers.length > 0) throw new Error(`request to another host: ${strangers[0]}`)
    total.numPassedTests += 1
    const took = Math.round((performance.now() - began) / 1000)
    say(`  ok   ${name}${took < LONG ? '' : `, ${took} s`}`)
  } catch (e) {
    total.numFailedTests += 1
    total.testResults.push({
      name: `test/e2e/${file}`,
      status: 'failed',
      assertionResults: [{ status: 'failed', fullName: name, failureMessages: [e.message] }],
    })
    say(`  FAIL ${name}\n       ${e.message.split('\n').slice(0, 3).join('\n       ')}`)
  } finally {
    await context.close()
  }
}

const figure = (page) => page.locator('[data-figure]').first()
const kit = {
  base,
  figure,
  pages,
  /** All of them, but of those behind answers, which are of one kind, three. */
  looked: pages.filter((p, _, all) => {
    const answers = all.filter((x) => x.startsWith('/answers/'))
    return !answers.includes(p) || answers.indexOf(p) < 3
  }),
  /** Those with a figure; the sandboxes make theirs when they are alive. */
  figured: pages.filter(
    (p) =>
      p.endsWith('/sandbox/') ||
      readFileSync(join(out, p, 'index.html'), 'utf8').includes('data-figure='),
  ),
  /** Those of them that are chapters. */
  chapters: pages.filter((p) =>
    readFileSync(join(out, p, 'index.html'), 'utf8').includes('data-scene='),
  ),
  version: browser.version(),
  same(a, b, what) {
    if (JSON.stringify(a) !== JSON.stringify(b))
      throw new Error(`${what}: ${JSON.stringify(a)} is not ${JSON.stringify(b)}`)
  },
  yes(x, what) {
    if (!x) throw new Error(what)
  },
  /** Opens a page, and waits until a figure on it answers. */
  async open(page, path) {
    await page.goto(base + path, { waitUntil: 'load' })
    await page.waitForFunction(() => {
      const button = document.querySelector('[data-figure] button')
      return button === null || Object.keys(button).some((k) => k.startsWith('__react'))
    })
  },
  /** The key of the step that the first figure shows. */
  key: (page) => figure(page).getAttribute('data-step-key'),
  /** Opens what falls out of the line above a picture, 'change' or 'more', if it is not open. */
  async fall(page, menu, of = figure(page)) {
    const button = of.locator(`[data-opens="${menu}"]`)
    if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click()
    return of.locator(`[data-menu="${menu}"]`)
  },
  /** What axe finds on the page as it is, one line each; only by the rules named, if some are. */
  async violations(page, rules) {
    if (!(await page.evaluate(() => 'axe' in globalThis)))
      await page.evaluate(`(() => { ${axe} })()`)
    // The walk in words is many rows of one kind: the first and the current one stand for all.
    const rest = '[data-figure] [role=tabpanel] ol > li:nth-child(n+4):not(:has([aria-current]))'
    const r = await page.evaluate(
      ([only, exclude]) =>
        globalThis.axe.run(
          { include: [document], exclude },
          { resultTypes: ['violations'], ...(only === undefined ? {} : { runOnly: only }) },
        ),
      [rules, [rest]],
    )
    return r.violations.map((v) => `${v.id}: ${v.nodes[0]?.target}`)
  },
}

try {
  const words = process.argv.slice(2)
  const cases = readdirSync(here)
    .filter(
      (f) => f.endsWith('.e2e.mjs') && (words.length === 0 || words.some((w) => f.includes(w))),
    )
    // The longest first, so that the others find room beside it.
    .toSorted(
      (a, b) =>
        Number(b.startsWith('chapter')) - Number(a.startsWith('chapter')) || (a < b ? -1 : 1),
    )
  const idle = words.find((w) => !cases.some((f) => f.includes(w)))
  if (idle !== undefined) fail(`no browser tests have "${idle}" in their name`)
  // Two files at a time: while one waits for its page, the other works. What one says is printed together.
  const queue = [...cases]
  const work = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const said = []
      const say = (line) => said.push(line)
      const began = performance.now()
      await (
        await import(`./${file}`)
      ).cases({ ...kit, say, check: (name, f, options) => check({ say, file }, name, f, options) })
      process.stdout.write(
        ` ${basename(file, '.e2e.mjs')}, ${Math.round((performance.now() - began) / 1000)} s\n${said.join('\n')}\n`,
      )
    }
  }
  await Promise.all([work(), work()])
} finally {
  await browser.close()
  server.close()
}
mkdirSync(join(here, '../report'), { recursive: true })
writeFileSync(join(here, '../report/e2e.json'), JSON.stringify(total))
process.stdout.write(`${total.numPassedTests} passed, ${total.numFailedTests} failed\n`)
process.exit(total.numFailedTests === 0 ? 0 : 1)
