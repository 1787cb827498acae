// The search, the glossary and the words that explain themselves, by keyboard, under the page's own policy.
const LATER = '[role=tooltip]'

/** The cases of this file. */
export async function cases({ base, check, same, violations, yes }) {
  /** A page whose header answers. */
  const open = async (page, path) => {
    await page.goto(base + path, { waitUntil: 'load' })
    await page.waitForFunction(() =>
      Object.keys(document.querySelector('[data-search]')).some((k) => k.startsWith('__react')),
    )
  }
  const field = (page) => page.locator('dialog input')

  await check('the index comes when somebody searches, and not before', async (page) => {
    const asked = []
    page.on('request', (r) => asked.push(new URL(r.url()).pathname))
    await open(page, '/reference/')
    await page.waitForLoadState('networkidle')
    yes(!asked.includes('/search.json'), 'it came before')
    await page.keyboard.press('/')
    await field(page).waitFor()
    await page.waitForLoadState('networkidle')
    same(asked.filter((p) => p === '/search.json').length, 1, 'requests')
  })

  await check('a scene is found and gone to by keys alone', async (page) => {
    await open(page, '/')
    await page.keyboard.press('/')
    await field(page).waitFor()
    same(await field(page).inputValue(), '', 'what is in the field')
    await page.keyboard.type('who has it')
    await page.locator('dialog ol a').first().waitFor()
    yes(/\d+ places?/.test(await page.locator('dialog [role=status]').textContent()), 'not said')
    same(await violations(page), [], 'axe')
    await page.keyboard.press('ArrowDown')
    yes(
      await page
        .locator('dialog ol a')
        .first()
        .evaluate((a) => a === document.activeElement),
      'the arrow does not lead to what was found',
    )
    await page.keyboard.press('ArrowUp')
    yes(await field(page).evaluate((i) => i === document.activeElement), 'nor back')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/one-packet/#arp')
    yes(await page.locator('#arp').isVisible(), 'no such scene')
  })

  await check('a slash is heard from the first moment that React has the button', async (page) => {
    await page.addInitScript(() => {
      const { port1, port2 } = new MessageChannel()
      const look = () => {
        const at = document.querySelector('[data-search]')
        if (at === null || !Object.keys(at).some((k) => k.startsWith('__react')))
          return port2.postMessage(0)
        const e = new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true })
        document.documentElement.dataset.heard = String(!document.body.dispatchEvent(e))
      }
      port1.addEventListener('message', look)
      port1.start()
      port2.postMessage(0)
    })
    await page.goto(`${base}/`, { waitUntil: 'load' })
    await page.locator('[data-heard]').waitFor({ state: 'attached' })
    same(await page.locator('html').getAttribute('data-heard'), 'true', 'heard')
    await field(page).waitFor()
  })

  await check(
    'it closes by Escape, gives the focus back, and a slash that is typed is a slash',
    async (page) => {
      await open(page, '/sandbox/')
      await page.locator('[data-search]').click()
      await field(page).waitFor()
      await page.keyboard.type('10.1.0.0/16')
      same(await field(page).inputValue(), '10.1.0.0/16', 'typed')
      await page.keyboard.press('Escape')
      // The browser's own: Escape first empties a field to search in.
      if ((await page.locator('dialog[open]').count()) > 0) await page.keyboard.press('Escape')
      await page.locator('dialog').waitFor({ state: 'detached' })
      yes(
        await page.locator('[data-search]').evaluate((b) => b === document.activeElement),
        'the focus is elsewhere',
      )
    },
  )

  await check(
    'where the index does not come, that is said',
    async (page) => {
      await page.route('**/search.json', (r) => r.abort())
      await open(page, '/glossary/')
      await page.keyboard.press('/')
      await page.getByText('There is nothing to search in').waitFor()
    },
    { noise: /ERR_FAILED/ },
  )

  for (const path of ['/one-packet/', '/reference/drops/'])
    await check(`${path}: the search fits a phone`, async (page) => {
      await page.setViewportSize({ width: 320, height: 640 })
      await open(page, path)
      await page.locator('[data-search]').click()
      await field(page).fill('route')
      await page.locator('dialog ol a').first().waitFor()
      const { left, right } = await page
        .locator('dialog')
        .evaluate((d) => d.getBoundingClientRect())
      yes(left >= 0 && right <= 320, `from ${left} to ${right}`)
      yes(
        (await page.locator('dialog').evaluate((d) => d.scrollWidth - d.clientWidth)) <= 0,
        'what was found is cut',
      )
    })

  for (const width of [1280, 320])
    await check(
      `at ${width} px a word that is used again explains itself to pointer and keys, and moves nothing`,
      async (page) => {
        await page.setViewportSize({ width, height: 900 })
        await open(page, '/vpc-cni/')
        const word = page.locator(`a:has(+ ${LATER})`).first()
        const meaning = page.locator(LATER).first()
        // Below the stage, where a phone has it.
        await word.evaluate((a) =>
          scrollBy({ top: a.getBoundingClientRect().top - 600, behavior: 'instant' }),
        )
        yes(!(await meaning.isVisible()), 'it is there from the start')
        const before = await word.evaluate(
          (a) => a.closest('section').getBoundingClientRect().height,
        )
        await word.focus()
        yes(await meaning.isVisible(), 'not for the keyboard')
        same(await word.getAttribute('aria-describedby'), await meaning.getAttribute('id'), 'read')
        same(
          await word.evaluate((a) => a.closest('section').getBoundingClientRect().height),
          before,
          'height of its card',
        )
        const { left, right } = await meaning.evaluate((e) => e.getBoundingClientRect())
        yes(left >= 0 && right <= width, `from ${left} to ${right}`)
        await page.keyboard.press('Escape')
        yes(!(await meaning.isVisible()), 'Escape leaves it')
        await word.blur()
        await word.hover()
        yes(await meaning.isVisible(), 'not for the pointer')
      },
    )

  await check(
    'each word of the glossary leads to a scene that is there',
    async (page) => {
      await page.goto(`${base}/glossary/`)
      const links = await page.locator('dd a').evaluateAll((all) => all.map((a) => a.href))
      yes(links.length > 60, `only ${links.length}`)
      const ids = new Map()
      for (const href of links) {
        const { pathname, hash } = new URL(href)
        if (!ids.has(pathname))
          ids.set(pathname, await (await page.request.get(base + pathname)).text())
        yes(hash === '' || ids.get(pathname).includes(` id="${hash.slice(1)}"`), href)
      }
    },
    { javaScriptEnabled: false },
  )
}
