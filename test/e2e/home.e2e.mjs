// The first page: one packet through two networks, and three cards that take an answer before they show one.
import { gzipSync } from 'node:zlib'

const KB = 1024
const weigh = (body, type) =>
  /font|image\/(png|webp)/.test(type) ? body.length : gzipSync(body, { level: 9 }).length

/** What the page may not say before a card was answered. */
const ANSWERS = {
  'stop-flanneld': /source\/destination check|is no address of/,
  'delete-fdb': /has no entry for|FDB does not know/,
  'delete-rule-512': /does not survive|The TTL ran out/,
}

/** The cases of this file. */
export async function cases({ base, check, same, violations, yes }) {
  const alive = async (page) => {
    await page.goto(`${base}/`)
    // The cards take a press, and the pictures are moved by a clock.
    await page.waitForFunction(() =>
      [...document.querySelectorAll('[data-trip], [data-predict] button')].every((e) =>
        Object.keys(e).some((k) => k.startsWith('__react')),
      ),
    )
  }
  const keys = (page) =>
    page.evaluate(() => [...document.querySelectorAll('[data-trip]')].map((e) => e.dataset.stepKey))
  const card = (page, id) => page.locator(`[data-predict="${id}"]`)

  await check('header, text and end of a page begin at one line', async (page) => {
    for (const width of [390, 1280, 1920]) {
      await page.setViewportSize({ width, height: 900 })
      for (const path of ['/', '/sandbox/', '/flannel/']) {
        await page.goto(base + path)
        const lefts = await page.evaluate(() =>
          ['header.site > .brand', 'main h1', 'footer.site p'].map((x) =>
            Math.round(document.querySelector(x).getBoundingClientRect().left),
          ),
        )
        yes(
          Math.max(...lefts) - Math.min(...lefts) <= 2,
          `${path} at ${width}: header, text, end at ${lefts}`,
        )
      }
    }
  })

  await check('below the pictures stand the numbers that their walks have', async (page) => {
    await alive(page)
    const numbers = (world) =>
      page.evaluate(
        (w) =>
          [...document.querySelectorAll(`[data-trip="${w}"] [data-cost]`)].map((e) =>
            [...e.children].map((x) => x.textContent).join(' '),
          ),
        world,
      )
    same(
      await numbers('flannel-udp'),
      [
        '88 B on the wire for 60',
        '6 route lookups',
        '4 crossings into or out of a program',
        'node → node what AWS sees',
      ],
      'flannel',
    )
    same(
      await numbers('vpc-cni'),
      [
        '60 B on the wire for 60',
        '4 route lookups',
        '0 crossings into or out of a program',
        'pod → pod what AWS sees',
      ],
      'VPC CNI',
    )
  })

  await check('one button sends the packet through both, to both ends', async (page) => {
    await alive(page)
    same(await keys(page), Array(2).fill('backend-service-2/eth0 socket'), 'at rest')
    // A slow machine looks seldom: what was shown is written down meanwhile.
    await page.evaluate(() => {
      globalThis.seen = []
      const trips = [...document.querySelectorAll('[data-trip]')]
      const watcher = new MutationObserver(() =>
        globalThis.seen.push(trips.map((e) => e.dataset.stepKey)),
      )
      for (const e of trips) watcher.observe(e, { attributes: true })
    })
    await page.getByRole('button', { name: 'Send the packet' }).click()
    await page.getByRole('button', { name: 'Pause' }).click()
    const first = await page.evaluate(() => globalThis.seen[0])
    same(first, Array(2).fill('web-app-frontend-1 app'), 'where both begin')
    const at = await keys(page)
    await page.waitForTimeout(900)
    same(await keys(page), at, 'paused')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('button', { name: 'Send it again' }).waitFor()
    same(await keys(page), Array(2).fill('backend-service-2/eth0 socket'), 'at the end')
    await page.getByText('The packet has arrived in both networks.').waitFor({ state: 'attached' })
  })

  await check('a press made before anything moves is carried out', async (page) => {
    let release
    const held = new Promise((done) => {
      release = done
    })
    await page.route('**/*.js', async (route) => {
      const body = await (await route.fetch()).text()
      if (body.includes('data-trip')) await held
      await route.continue()
    })
    await page.goto(`${base}/`)
    await page.waitForFunction(() =>
      Object.keys(document.querySelector('article button')).some((k) => k.startsWith('__react')),
    )
    await page.getByRole('button', { name: 'Send the packet' }).click()
    release()
    await page.getByRole('button', { name: 'Pause' }).waitFor()
  })

  await check('no answer is in the page before one was given', async (page) => {
    await alive(page)
    for (const [id, answer] of Object.entries(ANSWERS)) {
      const page_ = await page.evaluate(() => document.documentElement.outerHTML)
      yes(!answer.test(page_), `${id}: its answer is in the page`)
      yes((await card(page, id).locator('[data-mark]').count()) === 0, `${id} is marked`)
      await card(page, id).getByRole('button').first().click()
      await card(page, id).locator('[data-mark="right"]').waitFor()
      const said = await card(page, id).getByRole('status').textContent()
      yes(answer.test(said), `${id} says ${said}`)
    }
  })

  await check('a wrong guess stays beside the answer, and is told its belief', async (page) => {
    await alive(page)
    const it = card(page, 'stop-flanneld')
    await it.getByRole('button', { name: /dies on node-1/ }).click()
    await it.locator('[data-mark="right"]').waitFor()
    const said = await it.getByRole('status').textContent()
    yes(said.startsWith('Not so.') && said.includes('if a missing route meant an error'), said)
    same(await it.locator('[aria-pressed="true"]').getAttribute('data-mark'), 'wrong', 'guess')
    // Once answered it stays so.
    await it.locator('[data-mark="right"]').click({ force: true })
    same(await it.getByRole('button', { name: /It arrives/ }).count(), 0, 'what is neither')
    same(await it.locator('[aria-pressed="true"]').count(), 1, 'guesses')
    // The packet runs to where it dies.
    const death = page.locator('[data-death]')
    await page.waitForFunction(() => {
      const { at, of } = document.querySelector('[data-death]')?.dataset ?? {}
      return of !== undefined && Number(at) === Number(of) - 1
    })
    yes((await death.textContent()).includes('source/destination check'), 'it ends elsewhere')
  })

  await check(
    'by keyboard alone: keys answer, Escape shows, and it is remembered',
    async (page) => {
      await alive(page)
      const reach = async (id) => {
        for (let i = 0; i < 80; i += 1) {
          const there = await page.evaluate(
            (x) => document.activeElement?.closest(`[data-predict="${x}"]`) !== null,
            id,
          )
          if (there) return
          await page.keyboard.press('Tab')
        }
        throw new Error(`${id} is not reached`)
      }
      await reach('stop-flanneld')
      await page.keyboard.press('2')
      await card(page, 'stop-flanneld').locator('[data-mark="right"]').waitFor()
      same(
        await page.evaluate(
          () => document.activeElement?.closest('[data-predict]')?.dataset.predict,
        ),
        'stop-flanneld',
        'focus',
      )
      await reach('delete-fdb')
      await page.keyboard.press('Escape')
      await card(page, 'delete-fdb').getByText('The answer: Nothing at all.').waitFor()
      same(await card(page, 'delete-fdb').locator('[aria-pressed="true"]').count(), 0, 'guesses')
      await alive(page)
      await card(page, 'delete-fdb').getByText('You had this shown before.').waitFor()
    },
  )

  await check(
    'without movement the death stands there at once',
    async (page) => {
      await alive(page)
      await card(page, 'delete-rule-512').getByRole('button', { name: 'Show me' }).click()
      await page.locator('[data-death]').waitFor()
      const { at, of } = await page.locator('[data-death]').evaluate((e) => ({ ...e.dataset }))
      same(Number(at), Number(of) - 1, 'stop')
    },
    { reducedMotion: 'reduce' },
  )

  for (const width of [390, 1440]) {
    await check(
      `at ${width} px it reads well by machine in three themes, also when all is answered`,
      async (page) => {
        await page.setViewportSize({ width, height: 844 })
        await alive(page)
        for (const id of Object.keys(ANSWERS))
          await card(page, id).getByRole('button', { name: 'Show me' }).click()
        await page.waitForFunction(() => document.querySelectorAll('[data-death]').length === 3)
        for (const theme of ['light', 'dark', 'projector']) {
          await page.evaluate((t) => {
            document.documentElement.dataset.theme = t
          }, theme)
          same(await violations(page), [], theme)
        }
        const wide = await page.evaluate(() => document.documentElement.scrollWidth)
        yes(wide <= width, `the page is ${wide} px wide`)
      },
      { reducedMotion: 'reduce' },
    )
  }

  await check(
    'without scripts both pictures stand there, and each card has its answer to open',
    async (page) => {
      await page.goto(`${base}/`)
      same(await page.locator('[data-trip] svg[data-picture]').count(), 2, 'pictures')
      yes(await page.getByText('88 B').isVisible(), 'no numbers')
      yes(!(await page.getByRole('button', { name: 'Send the packet' }).isVisible()), 'a button')
      for (const [id, answer] of Object.entries(ANSWERS)) {
        yes(!answer.test(await card(page, id).innerText()), `${id} shows its answer`)
        const link = card(page, id).getByRole('link', { name: 'The answer' })
        const there = await page.request.get(new URL(await link.getAttribute('href'), base).href)
        yes(answer.test(await there.text()), `${id} has no answer`)
      }
    },
    { javaScriptEnabled: false },
  )

  await check('a chapter says how long it is, and how much of it was read here', async (page) => {
    await alive(page)
    const first = page.locator('#chapters + ol li').first().locator('small')
    yes(/^\d+ min · \d+ scenes$/.test(await first.textContent()), await first.textContent())
    same(await first.getAttribute('data-read'), '0', 'read at first')
    await page.goto(`${base}/one-packet/`)
    await page.waitForFunction(() => localStorage.getItem('scenes') !== null)
    await alive(page)
    await page.waitForFunction(
      () => Number(document.querySelector('#chapters + ol li small').dataset.read) > 0,
    )
  })

  await check('a link to the figure that stood here opens it where it is now', async (page) => {
    await page.goto(`${base}/#seed=1;flannel-vxlan;ping;;node-1/flannel.1 tunnel`)
    await page.locator('[data-figure][data-step-key="node-1/flannel.1 tunnel"]').waitFor()
  })

  await check(
    'at most 108 kB of script at first, 268 kB in all until it answers, untouched',
    async (page) => {
      const html = await (await page.request.get(`${base}/`)).text()
      const scripts = [...html.matchAll(/<script[^>]*>/g)]
        .map((m) => m[0])
        .filter((tag) => tag.includes('src=') && !/nomodule/i.test(tag))
        .map((tag) => /src="([^"]+)"/.exec(tag)[1])
      let first = 0
      for (const src of scripts)
        first += weigh(await (await page.request.get(new URL(src, base).href)).body(), 'script')
      yes(scripts.length > 2 && first <= 108 * KB, `${first} bytes of script at first`)
      const sizes = []
      page.on('response', (r) => {
        if (r.ok())
          sizes.push(
            r
              .body()
              .then((b) => weigh(b, r.headers()['content-type'] ?? ''))
              .catch(() => 0),
          )
      })
      await alive(page)
      await page.waitForLoadState('networkidle')
      const all = (await Promise.all(sizes)).reduce((a, b) => a + b, 0)
      yes(all > first && all <= 268 * KB, `${all} bytes in all`)
    },
  )
}
