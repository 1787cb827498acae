// Every figure of every page, used with a keyboard alone.

/** The cases of this file. */
export async function cases({ chapters, check, fall, figured, open, same, yes }) {
  // The first page and the list of examples have no figure; home.e2e.mjs goes through the first by keyboard, figure.e2e.mjs and chapter.e2e.mjs through a chapter's stage, where Next turns the page.
  const without = ['/404/', '/', '/examples/', ...chapters]
  for (const path of figured.filter((p) => !without.includes(p))) {
    await check(
      `${path}: each of its figures is stepped, played, looked into and left by keyboard`,
      async (page) => {
        await open(page, path)
        // The sandbox makes its figure when it is alive.
        await page.locator('[data-figure]').first().waitFor()
        const ids = await page.evaluate(() =>
          [...document.querySelectorAll('[data-figure]')].map((f) => f.getAttribute('data-figure')),
        )
        yes(ids.length > 0, 'no figure')
        for (const id of ids) await oneFigure({ page, id, fall, same, yes })
      },
      { reducedMotion: 'reduce' },
    )
  }

  await check(
    'a whole walk there and back by → and ←, a step at a time',
    async (page) => {
      await open(page, '/embed/vpc-cni/')
      const figure = page.locator('[data-figure]').first()
      await figure.focus()
      const key = () => figure.getAttribute('data-step-key')
      const next = figure.getByRole('button', { name: 'Next step' })
      const way = [await key()]
      while (await next.isEnabled()) {
        await page.keyboard.press('ArrowRight')
        way.push(await key())
        yes(way.length < 300, 'no end')
      }
      yes(
        way.length > 20 && new Set(way).size === way.length,
        `${way.length} steps, ${new Set(way).size} of them different`,
      )
      const back = [way.at(-1)]
      while (back.length < way.length) {
        await page.keyboard.press('ArrowLeft')
        back.push(await key())
      }
      same(back.toReversed(), way, 'the way back')
    },
    { reducedMotion: 'reduce' },
  )

  await check(
    'Tab goes through a figure and out of it, and what has the focus can be seen',
    async (page) => {
      await open(page, '/embed/flannel-vxlan/')
      const unseen = []
      let left = false
      const names = new Set()
      for (let i = 0; i < 400 && !left; i += 1) {
        await page.keyboard.press('Tab')
        const at = await page.evaluate(() => {
          const e = document.activeElement
          if (e === null || e === document.body) return null
          if (e.matches('[data-figure]')) globalThis.inside = true
          if (globalThis.inside === true && e.closest('[data-figure]') === null) return null
          const s = getComputedStyle(e)
          const name = `${e.tagName} ${e.getAttribute('aria-label') ?? e.textContent?.slice(0, 24) ?? ''}`
          return {
            name,
            seen:
              (s.outlineStyle !== 'none' && Number.parseFloat(s.outlineWidth) >= 2) ||
              (e instanceof SVGElement &&
                [...e.querySelectorAll('rect, circle')].some((x) => {
                  const ring = getComputedStyle(x)
                  return ring.display !== 'none' && Number.parseFloat(ring.strokeWidth) >= 2
                })),
          }
        })
        if (at === null) {
          left = true
          break
        }
        names.add(at.name)
        if (!at.seen) unseen.push(at.name)
      }
      yes(left, 'Tab never leaves the figure')
      yes(names.size > 10, `only ${names.size} places have the focus in turn`)
      same(unseen, [], 'focus that cannot be seen')
    },
  )

  await check(
    'keys do nothing while the focus is outside a figure, and Space presses the button it is on',
    async (page) => {
      await open(page, '/sandbox/')
      const figure = page.locator('[data-figure]').first()
      const key = () => figure.getAttribute('data-step-key')
      const first = await key()
      await page.locator('header.site a').first().focus()
      for (const k of ['ArrowRight', 'End', 'c', '3', '?', 'k']) await page.keyboard.press(k)
      same(await key(), first, 'a key was heard outside')
      same(await figure.getByText('End the comparison').count(), 0, 'c was heard outside')
      await figure.getByRole('button', { name: 'Next step' }).focus()
      await page.keyboard.press(' ')
      yes((await key()) !== first, 'Space did not press the button')
      yes(
        await figure.getByRole('button', { name: 'Play', exact: true }).isVisible(),
        'Space on a button began to play',
      )
    },
  )

  await check(
    'in the picture arrows go from box to box, Enter opens one, Esc leaves',
    async (page) => {
      await open(page, '/embed/flannel-udp/')
      const figure = page.locator('[data-figure]').first()
      const box = () => page.evaluate(() => document.activeElement?.getAttribute('data-box'))
      await figure.locator('[data-box][tabindex="0"]').focus()
      same(await box(), 'web-app-frontend-1', 'the focus begins where the packet is')
      const way = []
      for (const k of [
        'ArrowDown',
        'ArrowDown',
        'ArrowDown',
        'ArrowRight',
        'ArrowDown',
        'ArrowDown',
        'ArrowDown',
      ]) {
        await page.keyboard.press(k)
        way.push(await box())
      }
      same(
        way,
        [
          'node-1/veth0',
          'node-1/docker0',
          'node-1',
          'node-1/flannel0',
          'node-1 outer',
          'node-1/eth0',
          'eni-node-1-eth0',
        ],
        'along the wires',
      )
      const before = await figure.getAttribute('data-step-key')
      await page.keyboard.press('Enter')
      yes(
        (await figure.getAttribute('data-step-key')) !== before,
        'Enter did not go to the packet’s step there',
      )
      await page.keyboard.press('Escape')
      yes(
        await figure.evaluate((f) => document.activeElement === f),
        'Esc does not return to the figure',
      )
    },
  )
}

async function oneFigure({ page, id, fall, same, yes }) {
  const figure = page.locator(`[data-figure="${id}"]`)
  const key = () => figure.getAttribute('data-step-key')
  const press = (k) => page.keyboard.press(k)
  const button = (name) => figure.getByRole('button', { name, exact: true })
  // What is scrolled to may be replaced by the living figure meanwhile.
  await page.evaluate(
    (x) =>
      document
        .querySelector(`[data-figure="${x}"]`)
        .scrollIntoView({ block: 'start', behavior: 'instant' }),
    id,
  )
  await page.waitForFunction((x) => {
    const b = document.querySelector(`[data-figure="${x}"] button`)
    return b !== null && Object.keys(b).some((k) => k.startsWith('__react'))
  }, id)
  await figure.focus()
  await press('Home')
  const first = await key()
  await press('ArrowLeft')
  same(await key(), first, `${id}: before the first step`)
  const way = [first]
  // A walk may end early: host-gw's is dropped in the VPC.
  while (way.length < 5 && (await button('Next step').isEnabled())) {
    await press('ArrowRight')
    way.push(await key())
  }
  yes(way.length > 2 && new Set(way).size === way.length, `${id}: → comes by ${way.join(', ')}`)
  for (const k of way.slice(0, -1).toReversed()) {
    await press('ArrowLeft')
    same(await key(), k, `${id}: ←`)
  }
  await press('End')
  const last = await key()
  await press('ArrowRight')
  same(await key(), last, `${id}: after the last step`)
  await press('Home')
  await press('Shift+ArrowRight')
  // The marks of the slider come a frame after the picture.
  await figure
    .locator(
      ['decision', 'wrap', 'drop'].map((m) => `i[data-here="true"][data-mark="${m}"]`).join(),
    )
    .waitFor({ state: 'attached' })
  const decision = await key()
  for (const n of ['2', '3', '1']) {
    await press(n)
    same(await key(), decision, `${id}: detail ${n} loses the place`)
  }
  await press('.')
  await fall(page, 'more', figure)
  yes(await button('Speed 1.5 times; change').isVisible(), `${id}: . is not faster`)
  await press('Escape')
  same(await figure.locator('[data-menu]').count(), 0, `${id}: Esc does not close More`)
  await figure.focus()
  await press(',')
  await press('k')
  yes(await button('Pause').isVisible(), `${id}: k does not play`)
  await press('k')
  yes(await button('Play').isVisible(), `${id}: k does not pause`)
  if ((await figure.locator('option', { hasText: '←' }).count()) > 0) {
    await press('b')
    same(await figure.locator('[data-leg="back"]').count(), 1, `${id}: b, the answer`)
    await press('b')
    same(await figure.locator('[data-leg="forward"]').count(), 1, `${id}: b, back again`)
  }
  await press('Home')
  await press('e')
  yes(
    (await figure.getByRole('slider').inputValue()) ===
      (await figure.getByRole('slider').getAttribute('max')),
    `${id}: e does not end the packet`,
  )
  await press('?')
  yes(await figure.getByRole('region', { name: 'Keys' }).isVisible(), `${id}: ? does not help`)
  await press('Escape')
  same(
    await figure.getByRole('region', { name: 'Keys' }).count(),
    0,
    `${id}: Esc does not close the help`,
  )
  await tabs({ page, figure, id, same, yes })
  await whatIfs({ page, figure, id, fall, same, yes })
  const compare = await (
    await fall(page, 'more', figure)
  )
    .getByRole('button', { name: /^Compare with|^End the comparison/ })
    .count()
  await press('Escape')
  await figure.focus()
  if (compare > 0) {
    const was = await figure.locator('svg[data-picture]').count()
    await press('c')
    // The other world is fetched when it is asked for.
    await page.waitForFunction(
      ([f, n]) => document.querySelectorAll(`[data-figure="${f}"] svg[data-picture]`).length !== n,
      [id, was],
    )
    await press('c')
    same(
      await figure.locator('svg[data-picture]').count(),
      was,
      `${id}: c does not end the comparison`,
    )
  }
}

/** Arrows go round the tabs; each shows what it names. */
async function tabs({ page, figure, id, same, yes }) {
  const list = figure.locator('[role=tab]')
  const n = await list.count()
  // Two worlds compared have none.
  if (n === 0) return
  same(await figure.getByRole('tabpanel').count(), 0, `${id}: the drawer is open at first`)
  await figure.locator('[role=tab][tabindex="0"]').focus()
  await page.keyboard.press('Enter')
  await figure.getByRole('tabpanel').waitFor()
  const names = await list.allTextContents()
  for (let i = 1; i <= n; i += 1) {
    await page.keyboard.press('ArrowRight')
    const at = await page.evaluate(() => [
      document.activeElement?.textContent,
      document.activeElement?.getAttribute('aria-selected'),
      document
        .getElementById(document.activeElement?.getAttribute('aria-controls') ?? '')
        ?.getAttribute('aria-labelledby') === document.activeElement?.id,
    ])
    same(at, [names[i % n], 'true', true], `${id}: tab ${names[i % n]}`)
  }
  await figure.getByRole('tabpanel').focus()
  await page.keyboard.press('Escape')
  same(await figure.getByRole('tabpanel').count(), 0, `${id}: Esc does not close the drawer`)
  yes(
    await page.evaluate(() => document.activeElement?.matches('[role=tab]') ?? false),
    `${id}: Esc does not give the focus back`,
  )
}

/** Enter opens the list, Space asks the first question and takes it back: the walk is as it was. */
async function whatIfs({ page, figure, id, fall, same, yes }) {
  const button = figure.locator('[data-opens="change"]')
  if ((await button.count()) === 0) return
  await button.focus()
  await page.keyboard.press('Enter')
  const list = await fall(page, 'change', figure)
  const before = decodeURIComponent(new URL(page.url()).hash)
  const box = list.locator('input').first()
  await box.focus()
  const was = await box.isChecked()
  await page.keyboard.press(' ')
  same(await box.isChecked(), !was, `${id}: Space on a what-if`)
  yes((await button.textContent()).includes(' on') !== was, `${id}: what is changed is not told`)
  yes(
    decodeURIComponent(new URL(page.url()).hash) !== before,
    `${id}: the link is as before the what-if`,
  )
  await page.keyboard.press(' ')
  same(await box.isChecked(), was, `${id}: Space takes it back`)
  await page.keyboard.press('Escape')
  yes(
    await button.evaluate((b) => document.activeElement === b),
    `${id}: Esc does not give the focus back`,
  )
}
