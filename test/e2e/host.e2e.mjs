// A page of another origin frames a figure, leads it by messages, and hears from it.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { listen } from '../../scripts/serve.mjs'

const MARK = 'packet-walk'

/** The cases of this file. */
export async function cases({ base, check, same, yes }) {
  const pages = new Map()
  const server = createServer((req, res) => {
    const page = pages.get(req.url)
    res.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' })
    res.end(page ?? 'none')
  })
  const wrong = await listen(server, 0)
  if (wrong !== undefined) throw new Error(wrong)
  // By another name it is another origin; both are this machine.
  const host = `http://127.0.0.1:${server.address().port}`
  const framing = (attributes = '', path = '/embed/flannel-vxlan/') =>
    `<!doctype html><title>A lesson</title><link rel="icon" href="data:,"><h1>A lesson</h1>
<iframe src="${base}${path}" title="A packet through flannel" width="1000" height="900" ${attributes}></iframe>
<script>
heard = []
addEventListener('message', (e) => { if (e.source === document.querySelector('iframe').contentWindow) heard.push(e.data) })
say = (m) => document.querySelector('iframe').contentWindow.postMessage(m, '*')
</script>`
  const open = async (page, html) => {
    pages.set('/', html)
    await page.goto(`${host}/`)
  }
  const hears = (page, type, fits = {}) =>
    page
      .waitForFunction(
        ([t, f]) => {
          const m = globalThis.heard.findLast((x) => x.type === t)
          return (
            m !== undefined &&
            Object.entries(f).every(([k, x]) => JSON.stringify(m[k]) === JSON.stringify(x)) &&
            m
          )
        },
        [type, fits],
      )
      .then((h) => h.jsonValue())
  const say = (page, m) => page.evaluate((x) => globalThis.say(x), { [MARK]: 1, ...m })

  try {
    await check(
      'a host page hears that a figure is ready, leads it, and hears each step',
      async (page) => {
        await open(page, framing())
        const ready = await hears(page, 'ready', { scenario: 'flannel-vxlan', stop: 0 })
        yes(ready[MARK] === 1 && ready.stops > 5 && ready.text.length > 10, JSON.stringify(ready))
        await say(page, { type: 'next' })
        await hears(page, 'step', { stop: 1 })
        await say(page, { type: 'goTo', step: 'node-1/flannel.1 tunnel' })
        await hears(page, 'step', { step: 'node-1/flannel.1 tunnel' })
        const frame = page.frameLocator('iframe')
        await frame.locator('[data-step-key="node-1/flannel.1 tunnel"]').waitFor()
        await say(page, { type: 'set', whatIfs: ['delete-fdb'] })
        await hears(page, 'step', { whatIfs: ['delete-fdb'], stop: 0 })
        await say(page, { type: 'goTo', stop: (await hears(page, 'step')).of - 1 })
        await frame
          .getByText(/dropped/i)
          .filter({ visible: true })
          .first()
          .waitFor()
        await say(page, { type: 'goTo', stop: 0 })
        await hears(page, 'step', { stop: 0 })
        await frame.locator('[data-figure]').focus()
        await page.keyboard.press('ArrowRight')
        await hears(page, 'step', { stop: 1 })
      },
    )

    await check(
      'it is told how high the figure is; a frame of that height holds all of it, and is told no other',
      async (page) => {
        for (const width of [1000, 640, 360]) {
          await open(page, framing().replace('width="1000"', `width="${width}"`))
          const { height } = await hears(page, 'resize')
          yes(height > 300 && height < 1000, `${width} px wide: ${height} px`)
          await page.evaluate((h) => {
            document.querySelector('iframe').height = h
          }, height)
          await page.waitForTimeout(500)
          same((await hears(page, 'resize')).height, height, `${width} px wide, told again`)
          const inner = page.frames().find((f) => f.url().startsWith(base))
          same(
            await inner.evaluate(() => document.documentElement.scrollHeight > innerHeight),
            false,
            `${width} px wide: a scrollbar inside`,
          )
        }
      },
    )

    await check(
      'the frame of the README, at its size: picture, sentence and Next stand inside it, to the last stop',
      async (page) => {
        const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
        const [snippet] = /<iframe [^>]*><\/iframe>/.exec(readme)
        yes(/width="640" height="480"/.test(snippet), snippet)
        await open(
          page,
          `<!doctype html><title>A lesson</title><link rel="icon" href="data:,">${snippet.replace('https://your-host', base)}`,
        )
        const f = page.frameLocator('iframe')
        // Until the camera has looked, the picture stands there whole.
        await f.locator('[data-picture] > g[transform]').waitFor({ state: 'attached' })
        const inner = page.frames().find((x) => x.url().startsWith(base))
        const next = f.getByRole('button', { name: /^Next/ }).first()
        for (let n = 0; n < 40; n += 1) {
          const out = await inner.evaluate(() => {
            const seen = (e) => {
              const r = e.getBoundingClientRect()
              return (
                r.width > 0 &&
                r.top >= 0 &&
                r.left >= 0 &&
                r.right <= innerWidth + 1 &&
                r.bottom <= innerHeight + 1
              )
            }
            const parts = {
              picture: document.querySelector('[data-stage]'),
              sentence: document.querySelector('[data-live]'),
              next: [...document.querySelectorAll('button')].find(
                (b) =>
                  (b.getAttribute('aria-label') ?? b.textContent)
                    .toLowerCase()
                    .startsWith('next') && b.offsetParent !== null,
              ),
            }
            return [
              ...Object.entries(parts).flatMap(([k, e]) =>
                e !== null && e !== undefined && seen(e) ? [] : [k],
              ),
              ...(document.documentElement.scrollHeight > innerHeight ? ['scrolls'] : []),
              ...(document.querySelector('[data-stage]').clientHeight < 280 ? ['picture low'] : []),
              // By the camera, which moves what is inside: names are 14 px at 1.
              ...(document.querySelector('[data-picture] > g').getScreenCTM().a < 0.96
                ? ['picture small']
                : []),
              ...(parts.sentence.getBoundingClientRect().bottom >
              parts.next.getBoundingClientRect().top + 1
                ? ['sentence behind the buttons']
                : []),
              ...(parts.sentence.scrollHeight > parts.sentence.clientHeight + 1
                ? ['sentence cut']
                : []),
            ]
          })
          same(out, [], `outside the frame at stop ${n}`)
          if (await next.isDisabled()) return
          const before = await f.locator('[data-figure]').getAttribute('data-step-key')
          await next.click()
          await f.locator(`[data-figure]:not([data-step-key="${before}"])`).waitFor()
        }
      },
    )

    await check(
      'a frame that names its host is led by that one only, and tells no other',
      async (page) => {
        await open(page, framing('', `/embed/flannel-vxlan/?host=${host}/lesson`))
        await hears(page, 'ready')
        await say(page, { type: 'next' })
        await hears(page, 'step', { n: 1 })
        await open(page, framing('', '/embed/flannel-vxlan/?host=https://example.org'))
        const f = page.frameLocator('iframe')
        await f.locator('[data-figure]').waitFor()
        await f.locator('[data-figure]').focus()
        await page.keyboard.press('ArrowRight')
        await page.waitForTimeout(800)
        await say(page, { type: 'next' })
        await page.waitForTimeout(300)
        same(await page.evaluate(() => globalThis.heard.length), 0, 'messages')
      },
      { noise: /target origin/ },
    )

    await check(
      'colours are set by message, keys it has no use for are told, and Escape gives the focus back',
      async (page) => {
        await open(page, framing())
        await hears(page, 'ready')
        await say(page, { type: 'set', theme: 'dark' })
        const f = page.frameLocator('iframe')
        await f.locator('html[data-theme="dark"]').waitFor()
        await f.locator('[data-figure]').focus()
        same(await page.evaluate(() => document.activeElement.tagName), 'IFRAME', 'the focus')
        await page.keyboard.press('F9')
        await hears(page, 'key', { key: 'F9' })
        await page.keyboard.press('Escape')
        await page.waitForFunction(() => document.activeElement.tagName !== 'IFRAME')
      },
    )

    await check(
      'what is asked wrongly is answered, and what others say is not listened to',
      async (page) => {
        await open(page, framing())
        await hears(page, 'ready')
        await say(page, { type: 'set', scenario: 'nowhere' })
        same((await hears(page, 'error')).message, '"nowhere" is no world', 'the error')
        await say(page, { [MARK]: 7, type: 'next' })
        await hears(page, 'error', {
          message: 'version a value of type number is not known here; there is 1',
        })
        const inner = page.frames().find((f) => f.url().startsWith(base))
        // The frame's own window is not its parent.
        await inner.evaluate((mark) => postMessage({ [mark]: 1, type: 'next' }, '*'), MARK)
        await page.waitForTimeout(300)
        same(
          await page.evaluate(() => globalThis.heard.filter((m) => m.type === 'step').length),
          0,
          'steps',
        )
      },
    )

    await check('a page that is not framed says nothing to anybody', async (page) => {
      await page.addInitScript(() => {
        globalThis.said = []
        addEventListener('message', (e) => globalThis.said.push(e.data))
      })
      await page.goto(`${base}/embed/flannel-vxlan/`, { waitUntil: 'networkidle' })
      same(
        await page.evaluate(
          (mark) => globalThis.said.filter((m) => m?.[mark] !== undefined).length,
          MARK,
        ),
        0,
        'messages',
      )
    })

    await check(
      'in a frame that may only run scripts (as WordPress cuts one) it steps, or says why it stands still',
      async (page) => {
        await open(page, framing('sandbox="allow-scripts"'))
        const frame = page.frameLocator('iframe')
        await frame.locator('[data-figure]').waitFor()
        await hears(page, 'ready')
        await say(page, { type: 'next' })
        await hears(page, 'step', { stop: 1 })
      },
      { noise: /sandboxed|CORS|Failed to load resource|origin/ },
    )
  } finally {
    server.close()
  }
}
