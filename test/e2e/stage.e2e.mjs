// The frame of a figure: what is in the first screen, what stays where it is, and what is pressed before it is alive.

/** Windows, and of each the pages whose figure fills it from the start. */
const WINDOWS = [
  [1280, 720],
  [1440, 900],
  [390, 844],
  [360, 640],
]
const STEPS = 12

/** Runs in the page: a figure's picture, packet, sentence and Next, from top to bottom. */
const parts = () => {
  const figure = document.querySelector('[data-figure]')
  const box = (e) => {
    const r = e.getBoundingClientRect()
    return [r.left, r.top, r.right, r.bottom].map(Math.round)
  }
  const next = [...figure.querySelectorAll('button[aria-label="Next step"]')].find((b) =>
    b.checkVisibility(),
  )
  return {
    picture: box(figure.querySelector('[data-stage]')),
    sentence: box(figure.querySelector('[data-live]')),
    next: box(next),
    row: box(figure.querySelector('input[type=range]')),
  }
}

/** The same of a sentence that needs more than its room: it grows over the picture, and nothing else moves. */
const resting = ({ sentence: [left, , right, bottom], ...rest }) => ({
  ...rest,
  sentence: [left, right, bottom],
})

/** The cases of this file. */
export async function cases({ base, check, figure, key, open, same, yes }) {
  for (const [width, height] of WINDOWS)
    await check(
      `at ${width} × ${height} picture, sentence and Next are in the first screen, one below the other, and stay where they are`,
      async (page) => {
        for (const world of ['flannel-udp', 'vpc-cni']) {
          await open(page, `/embed/${world}/`)
          await figure(page).focus()
          const first = await page.evaluate(parts)
          for (const [name, [left, top, right, bottom]] of Object.entries(first))
            yes(
              left >= 0 && top >= 0 && right <= width && bottom <= height && bottom - top >= 20,
              `${world}: ${name} is at ${[left, top, right, bottom]}`,
            )
          yes(first.picture[3] <= first.sentence[1] + 1, `${world}: ${JSON.stringify(first)}`)
          yes(first.sentence[3] <= first.next[1] + 1, `${world}: ${JSON.stringify(first)}`)
          yes(
            (first.picture[3] - first.picture[1]) / height >= 0.3,
            `${world}: the picture has ${first.picture[3] - first.picture[1]} px`,
          )
          for (let i = 0; i < STEPS; i += 1) {
            await page.keyboard.press('ArrowRight')
            const now = await page.evaluate(parts)
            same(resting(now), resting(first), `${world}, after ${i + 1} steps`)
            yes(
              now.sentence[1] === first.sentence[1] ||
                (width < 600 && now.sentence[1] > now.picture[1] + 120),
              `${world}, after ${i + 1} steps: the sentence is at ${now.sentence}`,
            )
          }
          same(
            await page.evaluate(() => [
              document.documentElement.scrollHeight > innerHeight,
              document.documentElement.scrollWidth > innerWidth,
            ]),
            [false, false],
            `${world}: it is larger than its frame`,
          )
        }
      },
      { viewport: { width, height }, reducedMotion: 'reduce' },
    )

  await check(
    'the drawer is closed at first, stays open while one steps, and leaves the buttons where they are',
    async (page) => {
      await open(page, '/embed/flannel-udp/')
      const { next } = await page.evaluate(parts)
      same(await figure(page).getByRole('tabpanel').count(), 0, 'drawers')
      await figure(page).getByRole('tab', { name: 'Why' }).click()
      const y = await page.evaluate(() => scrollY)
      for (let i = 0; i < STEPS; i += 1) {
        await figure(page).focus()
        await page.keyboard.press('ArrowRight')
        yes(await figure(page).getByRole('tabpanel').isVisible(), 'it closed')
        // The row that decided is in the drawer's own window.
        const row = await page.evaluate(() => {
          const lit = document.querySelector('[role=tabpanel] [data-lit="true"]')
          if (lit === null) return null
          const [r, d] = [lit, lit.closest('[role=tabpanel]')].map((e) => e.getBoundingClientRect())
          return r.top < d.bottom && r.bottom > d.top
        })
        yes(row !== false, 'the row that decided is out of sight')
      }
      same((await page.evaluate(parts)).next, next, 'where Next is')
      same(await page.evaluate(() => scrollY), y, 'the page scrolled')
    },
    { viewport: { width: 1000, height: 720 }, reducedMotion: 'reduce' },
  )

  await check('what is pressed before it is alive is done once it is', async (page) => {
    const path = '/embed/flannel-udp/'
    await open(page, path)
    await figure(page).focus()
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowRight')
    const third = await key(page)
    // Its script comes when the case lets it: what the page itself does not name.
    const html = await (await page.request.get(base + path)).text()
    let letIn = () => {}
    const until = new Promise((done) => {
      letIn = done
    })
    let asked = () => {}
    const wanted = new Promise((done) => {
      asked = done
    })
    await page.route('**/*.js', async (route) => {
      if (!html.includes(new URL(route.request().url()).pathname)) {
        asked()
        await until
      }
      await route.continue()
    })
    await page.goto('about:blank')
    await page.goto(base + path, { waitUntil: 'domcontentloaded' })
    await wanted
    await figure(page).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await figure(page).getByRole('button', { name: 'Next step', exact: true }).click()
    yes((await key(page)) !== third, 'it was alive already')
    letIn()
    await page.locator(`[data-step-key="${third}"]`).waitFor()
    same(
      await page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
      'Next step',
      'where the focus is',
    )
  })

  await check('playing ends with the packet, and goes on with the next', async (page) => {
    await open(page, '/embed/flannel-udp/')
    const slider = figure(page).getByRole('slider', { name: 'Step', exact: true })
    const last = Number(await slider.getAttribute('max'))
    await figure(page).focus()
    await page.keyboard.press('e')
    await page.keyboard.press('ArrowLeft')
    for (const _ of [1, 2, 3]) await page.keyboard.press('.')
    await page.keyboard.press('k')
    await figure(page).getByRole('button', { name: 'Play', exact: true }).waitFor()
    same(Number(await slider.inputValue()), last, 'where it stopped')
    for (const _ of [1, 2, 3]) await page.keyboard.press(',')
    await page.keyboard.press('k')
    await figure(page).getByRole('button', { name: 'Pause', exact: true }).waitFor()
    same(await slider.inputValue(), '0', 'where it goes on')
  })

  await check(
    'a swipe over the picture is a step',
    async (page) => {
      await open(page, '/embed/flannel-udp/')
      const first = await key(page)
      const { x, y, width, height } = await figure(page).locator('[data-stage]').boundingBox()
      const client = await page.context().newCDPSession(page)
      const at = (part) => [{ x: x + width * part, y: y + height / 2 }]
      const touch = (type, touchPoints) =>
        client.send('Input.dispatchTouchEvent', { type, touchPoints })
      const swipe = async (from, to) => {
        await touch('touchStart', at(from))
        await touch('touchMove', at((from + to) / 2))
        await touch('touchMove', at(to))
        await touch('touchEnd', [])
      }
      await swipe(0.8, 0.3)
      yes((await key(page)) !== first, 'to the left')
      await swipe(0.3, 0.8)
      same(await key(page), first, 'to the right')
    },
    { viewport: { width: 390, height: 844 }, hasTouch: true, reducedMotion: 'reduce' },
  )

  await check(
    'on a phone a thumb reaches back, bytes, change and next, each 44 px high',
    async (page) => {
      await open(page, '/embed/flannel-udp/')
      const thumbs = figure(page).getByRole('group', { name: 'Steps' }).getByRole('button')
      same(await thumbs.allTextContents(), ['← back', 'bytes', 'change', 'next →'], 'thumbs')
      for (const b of await thumbs.all()) yes((await b.boundingBox()).height >= 44, 'too small')
      await thumbs.nth(1).click()
      await figure(page).getByRole('tabpanel').waitFor()
      await thumbs.nth(3).click()
      yes(await figure(page).getByRole('tabpanel').isVisible(), 'the drawer closed')
      await thumbs.nth(2).click()
      await figure(page).locator('[data-menu="change"] input').first().waitFor()
    },
    { viewport: { width: 390, height: 844 } },
  )
}
