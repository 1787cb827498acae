// What a page weighs, compressed as a server would, and that a figure comes alive without moving anything.
import { gzipSync } from 'node:zlib'

// As the sizes of React and Next that the bars start from were measured.
const KB = 1024
const weigh = (body, type) => (/font|image\/(png|webp)/.test(type) ? body.length : gzipSync(body, { level: 9 }).length)

/** The cases of this file. */
export async function cases({ base, check, figure, open, pages, yes }) {
  for (const path of pages.filter((p) => p !== '/404/')) {
    await check(`${path}: at most 170 kB of script at first, 316 kB in all with its figure open`, async (page) => {
      const html = await (await page.request.get(base + path)).text()
      const scripts = [...html.matchAll(/<script[^>]*>/g)].map((m) => m[0]).filter((tag) => tag.includes('src=') && !/nomodule/i.test(tag)).map((tag) => /src="([^"]+)"/.exec(tag)[1])
      yes(scripts.length > 2, 'the page has no scripts')
      let first = 0
      for (const src of scripts) first += weigh(await (await page.request.get(new URL(src, base).href)).body(), 'script')
      yes(first <= 170 * KB, `${first} bytes of script at first`)

      const sizes = []
      // What still comes when the case is over is nobody's.
      page.on('response', (r) => { if (r.ok()) sizes.push(r.body().then((b) => weigh(b, r.headers()['content-type'] ?? '')).catch(() => 0)) })
      await open(page, path)
      await figure(page).focus()
      await page.keyboard.press('ArrowRight')
      await page.waitForLoadState('networkidle')
      const all = (await Promise.all(sizes)).reduce((a, b) => a + b, 0)
      yes(all > first && all <= 316 * KB, `${all} bytes in all`)
    })
  }

  await check('without script the figure is there whole, with its steps', async (page) => {
    await page.goto(`${base}/flannel/`)
    yes(await figure(page).locator('svg[data-picture]').isVisible(), 'no picture')
    yes((await figure(page).locator('ol button').count()) > 10, 'no list of steps')
  }, { javaScriptEnabled: false })

  for (const [width, height] of [[1280, 900], [390, 800]]) {
    await check(`a page loads, and its figures come alive, without a shift at ${width} px`, async (page) => {
      // What moves when our letters take the place of the system's, on a slow machine after the first paint, is the letters' doing.
      // What sticks to the window's edge moves in the page while it is scrolled: that is no shift.
      await page.addInitScript(() => {
        globalThis.shifts = []
        const lettered = new Promise((done) => { addEventListener('load', () => document.fonts.ready.then(() => requestAnimationFrame(() => done(performance.now())))) })
        const sticks = (node) => { for (let e = node instanceof Element ? node : node?.parentElement ?? null; e !== null; e = e.parentElement) if (getComputedStyle(e).position === 'sticky') return true; return false }
        const said = ({ node, previousRect: a, currentRect: b }) => `${node?.className ?? node?.nodeName} ${node?.textContent?.slice(0, 30)} ${a.x},${a.y},${a.width},${a.height} to ${b.x},${b.y},${b.width},${b.height}`
        new PerformanceObserver((l) => { for (const e of l.getEntries()) { const moved = e.sources.filter((x) => !sticks(x.node)); if (moved.length > 0) void lettered.then((at) => e.startTime > at && globalThis.shifts.push(`${e.value}: ${moved.map(said).join(', ')}`)) } }).observe({ type: 'layout-shift', buffered: true })
      })
      await open(page, '/flannel/')
      const height_ = await page.evaluate(() => document.documentElement.scrollHeight)
      for (let y = 0; y < height_; y += 400) { await page.evaluate((to) => scrollTo(0, to), y); await page.waitForTimeout(30) }
      // On a slow machine the way down can be over before a figure looks whether it is near: each is gone to, and waited for.
      for (let i = await page.locator('[data-figure]').count() - 1; i >= 0; i -= 1) {
        await page.evaluate((n) => document.querySelectorAll('[data-figure]')[n].scrollIntoView({ block: 'start', behavior: 'instant' }), i)
        await page.waitForFunction((n) => [...document.querySelectorAll('[data-figure]')[n].querySelectorAll('button')].every((b) => Object.keys(b).some((k) => k.startsWith('__react'))), i)
      }
      const shifts = await page.evaluate(() => globalThis.shifts)
      yes(shifts.length === 0, shifts.join('; '))
      yes((await page.evaluate(() => document.documentElement.scrollHeight)) === height_, 'the page has another height')
    }, { viewport: { width, height } })
  }
}
