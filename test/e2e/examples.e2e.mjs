// The pages of public/examples as a reader has them: on a host of his own, with the address of this site written into them, and the real reveal.js beside.
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listen } from '../../scripts/serve.mjs'

const TOP = join(fileURLToPath(new URL('.', import.meta.url)), '../..')
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' }

/** The cases of this file. */
export async function cases({ base, check, same, yes }) {
  const server = createServer((req, res) => {
    const path = new URL(req.url, 'http://x').pathname
    const file = path.startsWith('/reveal/')
      ? join(TOP, 'node_modules/reveal.js/dist', path.slice('/reveal/'.length))
      : join(TOP, 'public/examples', path)
    try {
      const body = readFileSync(file)
      res.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' })
      res.end(
        extname(file) === '.html'
          ? body.toString('utf8').replaceAll('"../embed/', `"${base}/embed/`)
          : body,
      )
    } catch {
      res.writeHead(404).end()
    }
  })
  const wrong = await listen(server, 0)
  if (wrong !== undefined) throw new Error(wrong)
  // Another port is another origin.
  const host = `http://127.0.0.1:${server.address().port}`
  const framed = (page, n = 0) =>
    page.frames().filter((f) => f.url().startsWith(`${base}/embed/`))[n]
  const alive = async (page, n = 0) => {
    const f = page.frameLocator('iframe').nth(n)
    await f.locator('[data-figure]').waitFor()
    await page.waitForFunction(
      (at) => document.querySelectorAll('iframe')[at] !== undefined && globalThis.heard?.[at],
      n,
    )
    return f
  }
  /** Keeps which frame has said that it is ready, and all that was said. */
  const listening = (page) =>
    page.addInitScript(() => {
      globalThis.heard = {}
      globalThis.said = []
      addEventListener('message', (e) => {
        const n = [...document.querySelectorAll('iframe')].findIndex(
          (f) => f.contentWindow === e.source,
        )
        globalThis.said.push(e.data)
        if (e.data?.type === 'ready') globalThis.heard[n] = true
      })
    })
  const keyIn = (f) => f.locator('[data-figure]').getAttribute('data-step-key')
  const other = async (f, key) => {
    await f.locator(`[data-figure]:not([data-step-key="${key}"])`).waitFor()
    return keyIn(f)
  }
  const slide = (page) => page.evaluate(() => globalThis.Reveal.getIndices().h)

  try {
    await check(
      'plain.html: leads its figure, and makes the frame as high as it says',
      async (page) => {
        await listening(page)
        await page.goto(`${host}/plain.html`)
        const f = await alive(page)
        const begin = await keyIn(f)
        await page.getByText(/^Stop 1 of \d+: ./).waitFor()
        await page.getByRole('button', { name: 'Next', exact: true }).click()
        await other(f, begin)
        await page.getByText(/^Stop 2 of \d+: ./).waitFor()
        await page.getByRole('button', { name: 'Stop flanneld' }).click()
        await page.getByText(/^Stop 1 of \d+: ./).waitFor()
        const [told, high] = await page.evaluate(() => [
          globalThis.said.findLast((m) => m.type === 'resize')?.height,
          document.getElementById('figure').clientHeight,
        ])
        yes(told >= 300, `told ${told}`)
        yes(Math.abs(high - told) <= 2 || high >= told, `${high} px high, told ${told}`)
        same(
          await framed(page).evaluate(() => document.documentElement.scrollHeight > innerHeight),
          false,
          'a scrollbar inside',
        )
      },
    )

    await check(
      'plain.html: the frame that may only run scripts steps, in the site’s own letters',
      async (page) => {
        await listening(page)
        await page.goto(`${host}/plain.html`)
        await page.locator('#cut').scrollIntoViewIfNeeded()
        const f = await alive(page, 1)
        const begin = await keyIn(f)
        await f.locator('[data-figure]').focus()
        await page.keyboard.press('ArrowRight')
        await other(f, begin)
        const inner = framed(page, 1)
        same(await inner.evaluate(() => origin), 'null', 'its origin')
        await inner.waitForFunction(() => [...document.fonts].some((x) => x.status === 'loaded'))
      },
      // What WordPress takes from a frame is asked for and refused.
      { noise: /sandboxed|SecurityError/ },
    )

    await check(
      'reveal.html: → steps the packet, at its last stop it turns the slide, and back it is where it was',
      async (page) => {
        await listening(page)
        await page.goto(`${host}/reveal.html`)
        await page.waitForFunction(() => globalThis.Reveal?.isReady())
        await page.keyboard.press('ArrowRight')
        same(await slide(page), 1, 'the slide')
        const f = await alive(page)
        // The deck's own keys stay its own until somebody goes into the frame.
        const begin = await keyIn(f)
        await f.locator('[data-figure]').focus()
        await page.keyboard.press('ArrowRight')
        const second = await other(f, begin)
        same(await slide(page), 1, 'the slide after a step')
        await page.keyboard.press('End')
        const end = await other(f, second)
        await page.keyboard.press('ArrowRight')
        await page.waitForFunction(() => globalThis.Reveal.getIndices().h === 2)
        // The slide took its keys along: they are the deck's again.
        await page.waitForFunction(() => document.activeElement?.tagName !== 'IFRAME')
        await page.keyboard.press('ArrowLeft')
        await page.waitForFunction(() => globalThis.Reveal.getIndices().h === 1)
        same(await keyIn(f), end, 'the step when the slide is back')
      },
    )

    await check(
      'reveal.html: what plays rests while its slide is away, and Escape gives the keys back',
      async (page) => {
        await listening(page)
        await page.goto(`${host}/reveal.html#/1`)
        await page.waitForFunction(() => globalThis.Reveal?.isReady())
        const f = await alive(page)
        await f.locator('[data-figure]').focus()
        await page.keyboard.press('Escape')
        await page.waitForFunction(() => document.activeElement?.tagName !== 'IFRAME')
        await page.keyboard.press('ArrowRight')
        await page.waitForFunction(() => globalThis.Reveal.getIndices().h === 2)
        await page.keyboard.press('ArrowLeft')
        await f.locator('[data-figure]').focus()
        const begin = await keyIn(f)
        await page.keyboard.press('k')
        const playing = await other(f, begin)
        yes(playing !== null, 'it does not play')
        await page.evaluate(() => globalThis.Reveal.next())
        await page.waitForTimeout(300)
        const rest = await keyIn(f)
        await page.waitForTimeout(2200)
        same(await keyIn(f), rest, 'the step while its slide is away')
        await page.evaluate(() => globalThis.Reveal.prev())
        await other(f, rest)
      },
    )

    await check(
      'marp.html: the frame that Marp let through is its size, and steps',
      async (page) => {
        await listening(page)
        await page.goto(`${host}/marp.html`)
        await page.locator('iframe').scrollIntoViewIfNeeded()
        const f = await alive(page)
        same(
          await framed(page).evaluate(() => [innerWidth, innerHeight]),
          [1120, 520],
          'its inside',
        )
        const begin = await keyIn(f)
        await f.locator('[data-figure]').focus()
        await page.keyboard.press('ArrowRight')
        await other(f, begin)
      },
    )

    await check('the site has them too, and the deck its reveal.js', async (page) => {
      await page.goto(`${base}/examples/`)
      for (const name of ['plain.html', 'reveal.html', 'deck.md', 'marp.html'])
        yes(await page.locator(`a[href="${name}"]`).isVisible(), name)
      await page.goto(`${base}/examples/reveal.html#/1`)
      await page.waitForFunction(() => globalThis.Reveal?.isReady())
      await page.frameLocator('iframe').locator('[data-figure]').waitFor()
      await page.goto(`${base}/examples/plain.html`)
      await page.getByText(/^Stop 1 of \d+: ./).waitFor()
    })
  } finally {
    server.close()
  }
}
