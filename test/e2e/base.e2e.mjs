// The site under a path of its host: built with BASE_PATH=/walks, served below /walks/ by a server that has nothing else.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listen, site } from '../../scripts/serve.mjs'

const ROOT = join(fileURLToPath(new URL('.', import.meta.url)), '../report/walks')

/** The cases of this file. */
export async function cases({ check, figure, pages, same, yes, fall }) {
  if (!existsSync(ROOT))
    throw new Error('build it first: node scripts/under.mjs test/report/walks /walks')
  const server = site(ROOT, '/walks')
  const wrong = await listen(server, 0)
  if (wrong !== undefined) throw new Error(wrong)
  const base = `http://127.0.0.1:${server.address().port}`
  const alive = (page) =>
    page.waitForFunction(() => {
      const button = document.querySelector('[data-figure] button')
      return button !== null && Object.keys(button).some((k) => k.startsWith('__react'))
    })

  try {
    await check(
      'nothing that a page under /walks asks for is outside it or missing',
      async (page) => {
        const asked = []
        page.on('response', (r) => {
          if (r.url().startsWith(base)) asked.push([r.status(), r.url().slice(base.length)])
        })
        for (const path of pages.filter((p) => !/404|_/.test(p))) {
          await page.goto(`${base}/walks${path}`, { waitUntil: 'networkidle' })
          const links = await page.evaluate(() =>
            [...document.querySelectorAll('a[href]')].map((a) => a.href),
          )
          for (const url of new Set(
            links.filter((l) => l.startsWith(base)).map((l) => l.split('#')[0]),
          ))
            same((await page.request.get(url)).status(), 200, url)
        }
        yes(asked.length > 50, `only ${asked.length} requests`)
        same(
          asked.filter(([status, path]) => status >= 400 || !path.startsWith('/walks/')),
          [],
          'requests',
        )
      },
    )

    await check(
      "a figure there steps, asks for the kernel's recording, and is framed below the path",
      async (page) => {
        await page
          .context()
          .grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base })
        await page.goto(`${base}/walks/embed/flannel-udp/`)
        await alive(page)
        const first = await figure(page).getAttribute('data-step-key')
        await figure(page).focus()
        await page.keyboard.press('ArrowRight')
        await page.waitForFunction(
          (k) => document.querySelector('[data-figure]').dataset.stepKey !== k,
          first,
        )
        const more = await fall(page, 'more')
        await more
          .locator('[data-kernel]')
          .filter({ hasText: /Linux 6\.18/ })
          .waitFor()
        await more.getByRole('button', { name: /^Copy.*frame/ }).click()
        await page.waitForFunction(() =>
          navigator.clipboard.readText().then((t) => t.includes('<iframe')),
        )
        const copied = await page.evaluate(() => navigator.clipboard.readText())
        yes(copied.includes(`src="${base}/walks/embed/flannel-udp/`), copied)
      },
    )

    await check('the search there finds, and leads to a scene below the path', async (page) => {
      await page.goto(`${base}/walks/glossary/`)
      await page.waitForFunction(() =>
        Object.keys(document.querySelector('[data-search]')).some((k) => k.startsWith('__react')),
      )
      await page.locator('[data-search]').click()
      await page.locator('dialog input').fill('who has it')
      await page.locator('dialog ol a').first().click()
      await page.waitForURL('**/walks/one-packet/#arp')
    })

    await check('outside it the server has nothing', async (page) => {
      const get = (path) => page.request.get(`${base}${path}`, { maxRedirects: 0 })
      const answers = await Promise.all([
        get('/'),
        get('/flannel/'),
        get('/walksy/'),
        get('/walks'),
        get('/walks/flannel'),
      ])
      same(
        answers.map((r) => [r.status(), r.headers().location ?? '']),
        [
          [404, ''],
          [404, ''],
          [404, ''],
          [308, '/walks/'],
          [308, '/walks/flannel/'],
        ],
        'answers',
      )
    })
  } finally {
    server.close()
  }
}
