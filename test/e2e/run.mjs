// Serves the exported site and uses it in Chromium as a person would. One line a case; exit status 1 if one fails.
import { createServer } from 'node:http'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { site } from '../../scripts/serve.mjs'

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const found = [process.env.CHROME_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].find((p) => p !== undefined && p !== '' && existsSync(p))
if (found === undefined) { process.stderr.write('The browser tests need Chromium; set CHROME_PATH.\n'); process.exit(1) }
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const server = site()
await new Promise((r) => server.listen(0, '127.0.0.1', r))
const base = `http://127.0.0.1:${server.address().port}`
const browser = await chromium.launch({ executablePath: found, args: FLAGS })
let passed = 0
const failures = []

async function check(name, f, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const errors = []
  const strangers = []
  page.on('console', (m) => { if (m.type() === 'error') errors.push(m.text()) })
  page.on('pageerror', (e) => errors.push(e.message))
  page.on('request', (r) => { const u = new URL(r.url()); if (!['data:', 'blob:'].includes(u.protocol) && u.hostname !== '127.0.0.1' && u.hostname !== 'localhost') strangers.push(r.url()) })
  try {
    await f(page)
    if (errors.length > 0) throw new Error(`console: ${errors[0]}`)
    if (strangers.length > 0) throw new Error(`request to another host: ${strangers[0]}`)
    passed += 1
    process.stdout.write(`  ok   ${name}\n`)
  } catch (e) {
    failures.push(name)
    process.stdout.write(`  FAIL ${name}\n       ${e.message.split('\n')[0]}\n`)
  } finally { await context.close() }
}
const same = (a, b, what) => { if (JSON.stringify(a) !== JSON.stringify(b)) throw new Error(`${what}: ${JSON.stringify(a)} is not ${JSON.stringify(b)}`) }
const yes = (x, what) => { if (!x) throw new Error(what) }
const open = async (page, path) => { await page.goto(base + path); await page.waitForLoadState('networkidle') }
const figure = (page) => page.locator('[data-figure]').first()
const key = (page) => figure(page).getAttribute('data-step-key')

const PAGES = ['/', '/flannel/', '/vpc-cni/', '/sandbox/', '/embed/docker-bridge/', '/embed/flannel-udp/', '/embed/flannel-vxlan/', '/embed/flannel-host-gw/', '/embed/vpc-cni/']
for (const path of PAGES) {
  for (const colorScheme of ['light', 'dark']) {
    await check(`${path} ${colorScheme}: no axe violations`, async (page) => {
      await open(page, path)
      await page.evaluate(axe)
      const r = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
      same(r.violations.map((v) => `${v.id}: ${v.nodes[0]?.target}`), [], 'violations')
    }, { colorScheme, reducedMotion: 'reduce' })
  }
  for (const width of [320, 390]) {
    await check(`${path} at ${width} px: nothing wider than the page`, async (page) => {
      await open(page, path)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      yes(wide <= width, `the page is ${wide} px wide`)
    }, { viewport: { width, height: 800 } })
  }
}

await check('a figure steps by keyboard alone, says each step, and its link follows', async (page) => {
  await open(page, '/')
  await figure(page).focus()
  const first = await key(page)
  const said = await page.locator('[data-live]').first().textContent()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  const third = await key(page)
  yes(third !== first, 'the step did not change')
  yes((await page.locator('[data-live]').first().textContent()) !== said, 'nothing was said')
  yes(decodeURIComponent(new URL(page.url()).hash).endsWith(`;${third}`), `the link is ${page.url()}`)
  await page.keyboard.press('Home')
  same(await key(page), first, 'Home')
  await page.keyboard.press('ArrowLeft')
  same(await key(page), first, 'back at the first step')
  await page.keyboard.press('End')
  const last = await key(page)
  await page.keyboard.press('ArrowRight')
  same(await key(page), last, 'on at the last step')
})

await check('a link opens at its step, and back returns to the world before', async (page) => {
  await open(page, '/#seed=1;flannel-vxlan;ping;;node-1/flannel.1 tunnel')
  same(await key(page), 'node-1/flannel.1 tunnel', 'step')
  yes((await page.getByRole('button', { name: 'flannel vxlan' }).getAttribute('aria-pressed')) === 'true', 'the world is not chosen')
  await page.getByRole('button', { name: 'VPC CNI' }).click()
  await page.waitForFunction(() => location.hash.includes('vpc-cni'))
  await page.goBack()
  await page.waitForFunction(() => location.hash.includes('flannel-vxlan'))
  yes((await page.getByRole('button', { name: 'flannel vxlan' }).getAttribute('aria-pressed')) === 'true', 'back did not return')
})

for (const hash of ['#seed=9;x;y;z;q', '#seed=1;gone;ping;;a b', '#seed=1;flannel-udp;gone;nope;x', '#seed=%E0%A4%A', '#seed=1;__proto__;constructor;toString;%00', '#seed=<script>']) {
  await check(`a broken link says so and shows the nearest state: ${hash}`, async (page) => {
    await open(page, `/${hash}`)
    yes((await page.locator('[role=status]').first().textContent()).length > 20, 'no notice')
    yes((await key(page)) !== '', 'no step')
  })
}

await check('stepping moves nothing else on the page', async (page) => {
  await open(page, '/embed/flannel-vxlan/')
  // Cumulative layout shift as browsers count it, and the places of everything that is not the content of a panel.
  await page.evaluate(() => { globalThis.shift = 0; new PerformanceObserver((l) => { for (const e of l.getEntries()) if (!e.hadRecentInput) globalThis.shift += e.value }).observe({ type: 'layout-shift' }) })
  const places = () => page.evaluate(() => [...document.querySelectorAll('[data-figure], [role=tablist], [role=tabpanel], button[aria-label="Next step"], input[type=range], svg[role=img], summary')].map((e) => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height].map(Math.round).join(' ') }))
  const before = await places()
  await figure(page).focus()
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('ArrowRight')
    if (i % 10 === 9) same(await places(), before, `after ${i + 1} steps`)
  }
  same(await page.evaluate(() => globalThis.shift), 0, 'layout shift')
})

await check('a what-if changes the walk: without flanneld the packet ends at the VPC', async (page) => {
  await open(page, '/')
  yes((await figure(page).textContent()).includes('delivered'), 'not delivered at first')
  await page.getByLabel('Stop flanneld on node-1').check()
  await page.getByText(/dropped: The ENI may only/).waitFor({ timeout: 3000 })
})

await check('a phrase goes to its step', async (page) => {
  await open(page, '/flannel/')
  const phrase = page.locator('button[data-at]').first()
  const wanted = await phrase.getAttribute('data-at')
  await phrase.click()
  await page.waitForFunction((w) => [...document.querySelectorAll('[data-figure]')].some((f) => f.getAttribute('data-step-key') === w), wanted)
  same(await phrase.getAttribute('aria-pressed'), 'true', 'lit')
})

await check('the sandbox: delete a row, watch it drop, undo', async (page) => {
  await open(page, '/sandbox/')
  yes((await figure(page).textContent()).includes('delivered'), 'not delivered at first')
  await page.getByRole('button', { name: /^Delete 10\.1\.2\.0\/24 via/ }).click()
  await page.getByText(/dropped:/).first().waitFor({ timeout: 3000 })
  yes(page.url().includes('sandbox='), 'the link does not carry the edit')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.locator('[data-figure]').getByText('delivered', { exact: true }).waitFor({ timeout: 3000 })
})

await check('a page elsewhere frames a figure', async (page) => {
  const host = createServer((_, res) => { res.setHeader('content-type', 'text/html'); res.end(`<!doctype html><title>t</title><link rel="icon" href="data:,"><iframe title="walk" width="900" height="700" src="${base}/embed/flannel-udp/"></iframe>`) })
  await new Promise((r) => host.listen(0, '127.0.0.1', r))
  try {
    await page.goto(`http://127.0.0.1:${host.address().port}/`)
    await page.frameLocator('iframe').locator('[data-figure]').waitFor({ timeout: 8000 })
  } finally { host.close() }
})

await check('a page that is not there answers 404', async (page) => {
  const r = await page.request.get(`${base}/nothing-here/`)
  same(r.status(), 404, 'status')
  same((await page.request.get(`${base}/..%2f..%2fpackage.json`)).status() >= 400, true, 'a path outside the site')
})

await browser.close()
server.close()
process.stdout.write(`${passed} passed, ${failures.length} failed\n`)
process.exit(failures.length === 0 ? 0 : 1)
