// Every exported page: reads well by machine in light and dark, fits a phone, and leads nowhere that is not there.
import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'

/** A page's text as it is read: entities, the escapes of data and React's marks between texts are gone. */
const plain = (html) =>
  html
    .replaceAll('<!-- -->', '')
    .replaceAll(/&#x27;|&#39;/g, "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replaceAll('\\"', '"')

/** The cases of this file. */
export async function cases({ base, check, looked, open, pages, same, violations, yes }) {
  await check('the pages are there', async () => {
    const embeds = [
      'docker-bridge',
      'docker-ports',
      'flannel-udp',
      'flannel-vxlan',
      'flannel-host-gw',
      'lan',
      'vpc-routes',
      'vpc-cni',
      'sg-per-pod',
      'lyft-ipvlan',
      'encapsulations',
      'calico-ipip',
      'calico-cross-subnet',
      'calico-vxlan',
      'calico-bgp',
      'fargate',
      'gke-native',
    ].map((w) => `/embed/${w}/`)
    for (const path of ['/', '/sandbox/', ...embeds])
      yes(pages.includes(path), `${path} is not exported`)
  })

  for (const path of looked) {
    await check(
      `${path}: no axe violations, in light and dark`,
      async (page) => {
        await open(page, path)
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme })
          // A theme is colours: what else a rule asks has been answered in the light one.
          same(
            await violations(page, colorScheme === 'light' ? undefined : ['color-contrast']),
            [],
            colorScheme,
          )
        }
      },
      { reducedMotion: 'reduce' },
    )

    await check(
      `${path}: as wide as a phone at 320 and 390 px`,
      async (page) => {
        for (const width of [320, 390]) {
          await page.setViewportSize({ width, height: 800 })
          await open(page, path)
          const wide = await page.evaluate(() => document.documentElement.scrollWidth)
          yes(wide <= width, `at ${width} px the page is ${wide} px wide`)
        }
      },
      { isMobile: true, hasTouch: true },
    )
  }

  await check('no page, and none of its data, has what is said behind an answer', async (page) => {
    const answers = pages.filter((path) => path.startsWith('/answers/'))
    yes(answers.length > 3, 'no answers')
    const others = pages.filter((path) => !answers.includes(path))
    const texts = await Promise.all(
      others.map(async (path) => [path, plain(await (await page.request.get(base + path)).text())]),
    )
    let many = 0
    for (const path of answers) {
      await page.goto(base + path)
      const id = path.split('/')[2]
      // Rows of tables stand elsewhere too; sentences do not. One that is broken by a phrase is asked for in its parts.
      const said = await page.evaluate(() => {
        const all = document.querySelectorAll('[data-explains] p:not([data-decides] p)')
        const nodes = [...all].flatMap((p) => [...p.childNodes])
        // What things are called stands in the reference too.
        const parts = nodes.filter((n) => n.nodeName !== 'CODE').map((n) => n.textContent.trim())
        return parts.filter((text) => text.length > 25)
      })
      many += said.length
      for (const [file, text] of texts)
        same(
          said.filter((part) => text.includes(part)),
          [],
          `of ${id} in ${file}`,
        )
      // What the deciding step says is nowhere near its question.
      const [, step = ''] = await page
        .locator('main article > p')
        .allInnerTexts()
        .then((all) => all.slice(1))
      const asks = texts.filter(
        ([file, text]) => file.endsWith('/') && text.includes(`data-predict="${id}"`),
      )
      yes(asks.length > 0, `${id} is asked nowhere`)
      for (const [file, text] of asks) {
        const near = text
          .split(/(?=<section )/)
          .find((part) => part.includes(`data-predict="${id}"`))
        // A question of an earlier chapter is about another network than the stage beside it.
        if (!near.includes(`data-recall="${id}"`) && !id.startsWith('log'))
          yes(step !== '' && !near.includes(step), `${file} says beside ${id}: ${step}`)
      }
    }
    yes(many > 20, 'hardly anything is said behind answers')
  })

  for (const path of ['/kubernetes/', '/vpc-cni/'])
    await check(`${path}: comes alive under the names it was built with`, async (page) => {
      await open(page, path)
      // React counts where it is in the tree: a tree that is put together otherwise has other names.
      const names = await page.evaluate(() =>
        [...document.querySelectorAll('main :is([id^="_R_"], [aria-labelledby^="_R_"])')].map(
          (e) => {
            const props = e[Object.keys(e).find((k) => k.startsWith('__reactProps'))] ?? {}
            return ['id', 'aria-labelledby'].map((k) => [e.getAttribute(k), props[k] ?? null])
          },
        ),
      )
      yes(names.length > 3, `${names.length} names`)
      for (const [at, now] of names.flat()) same(now, at, 'a name')
    })
  await check('what somebody else puts into a text takes none of it away', async (page) => {
    const textOf = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('main :is(h1, h2, p, li)')].map((e) => e.textContent),
      )
    await page.goto(`${base}/teach/`, { waitUntil: 'networkidle' })
    const text = await textOf()
    yes(text.length > 50, 'hardly any text')
    await page.addInitScript(() =>
      document.addEventListener('DOMContentLoaded', () =>
        document.querySelector('main').prepend(document.createElement('section')),
      ),
    )
    // React says that it had to make the page anew.
    page.removeAllListeners('pageerror')
    const said = page.waitForEvent('pageerror')
    await page.goto(`${base}/teach/`, { waitUntil: 'networkidle' })
    yes(/#418/.test((await said).message), 'nothing was made anew')
    same(await textOf(), text, 'the text')
  })

  await check('links inside the site lead to pages and headings that are there', async (page) => {
    const ids = new Map()
    const links = []
    const twice = []
    for (const path of pages) {
      await open(page, path)
      ids.set(
        path,
        await page.evaluate(() => [...document.querySelectorAll('[id]')].map((e) => e.id)),
      )
      twice.push(
        ...ids
          .get(path)
          .filter((id, i, all) => id !== '' && all.indexOf(id) !== i)
          .map((id) => `${path}#${id}`),
      )
      links.push(
        ...(await page.evaluate(() =>
          [...document.querySelectorAll('a[href]')].map((a) => a.href),
        )),
      )
    }
    same(twice, [], 'addresses that two have')
    const mine = [...new Set(links)].map((l) => new URL(l)).filter((u) => u.origin === base)
    // What is no page of ours, as the examples, is asked of the server.
    const files = mine.filter((u) => /\.\w+$/.test(u.pathname))
    for (const { href } of files) yes((await page.request.get(href)).ok(), `${href} is not there`)
    const bad = mine
      .filter((u) => !files.includes(u))
      .filter((u) => {
        const there = ids.get(u.pathname)
        // A fragment with = is a figure's own; the figure's tests know those.
        return (
          there === undefined ||
          (u.hash !== '' &&
            !u.hash.includes('=') &&
            !there.includes(decodeURIComponent(u.hash.slice(1))))
        )
      })
    same(
      bad.map((u) => u.pathname + u.hash),
      [],
      'broken links',
    )
  })

  await check(
    'the server sends text small to who takes it so, and as it is to who does not',
    async () => {
      const get = (path, accept) =>
        new Promise((done, failed) => {
          request(
            base + path,
            { headers: accept === undefined ? {} : { 'accept-encoding': accept } },
            (r) => {
              const parts = []
              r.on('data', (b) => parts.push(b)).on('end', () =>
                done({ ...r.headers, status: r.statusCode, body: Buffer.concat(parts) }),
              )
            },
          )
            .on('error', failed)
            .end()
        })
      const plain = await get('/flannel/')
      same(plain['content-encoding'], undefined, 'coding of who asks for none')
      same(Number(plain['content-length']), plain.body.length, 'length as it is')
      for (const accept of ['gzip', 'br;q=1.0, gzip;q=0.8, *;q=0.1', 'deflate, gzip']) {
        const small = await get('/flannel/', accept)
        same(
          [small.status, small['content-encoding'], small.vary, Number(small['content-length'])],
          [200, 'gzip', 'accept-encoding', small.body.length],
          accept,
        )
        yes(
          gunzipSync(small.body).equals(plain.body) && small.body.length * 3 < plain.body.length,
          `${small.body.length} bytes are not the page, or not small`,
        )
      }
      for (const accept of ['identity', 'gzip;q=0', 'gzip;q=0.0, identity', 'xgzip'])
        same((await get('/flannel/', accept))['content-encoding'], undefined, accept)
      same((await get('/figure.png', 'gzip'))['content-encoding'], undefined, 'coding of a picture')
      const none = await get('/nothing-here/', 'gzip')
      same([none.status, none['content-encoding']], [404, 'gzip'], 'what is not there')
    },
  )

  await check('an address that is not there answers 404, with a page', async (page) => {
    const r = await page.request.get(`${base}/nothing-here/`)
    same(r.status(), 404, 'status')
    yes((await r.text()).includes('<html'), 'no page')
    for (const path of [
      '/..%2f..%2fpackage.json',
      '/%2e%2e/package.json',
      '//',
      '/%00',
      '/%5c..%5cpackage.json',
    ]) {
      const other = await page.request.get(base + path)
      yes(!(await other.text()).includes('"packet-walk"'), `${path} leaves the site`)
    }
  })
}
