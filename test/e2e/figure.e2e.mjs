// The figure: by keyboard, by button, by slider, at rest, and after a change.

/** The boxes that a figure stands in; what is inside a panel may change with the step, and a long sentence lies over the picture's lower edge. What sticks to the window's edge is told by its place there. */
const places = (page) =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll(
        '[data-figure], [role=tablist], [role=tabpanel], button[aria-label="Next step"], input[type=range], svg[data-picture], [data-opens]',
      ),
    ].map((e) => {
      const r = e.getBoundingClientRect()
      if (r.width === 0) return 'not shown'
      let sticks = false
      for (let p = e; p !== null; p = p.parentElement)
        sticks ||= getComputedStyle(p).position === 'sticky'
      return [r.x, r.y + (sticks ? 0 : scrollY), r.width, r.height].map(Math.round).join(' ')
    }),
  )

/** The cases of this file. */
export async function cases({ check, fall, figure, key, open, same, violations, yes }) {
  await check(
    'steps by keyboard alone, from scene to scene, and its link follows',
    async (page) => {
      await open(page, '/flannel/')
      for (
        let i = 0;
        i < 60 &&
        !(await page.evaluate(() => document.activeElement?.matches('[data-figure]') ?? false));
        i += 1
      )
        await page.keyboard.press('Tab')
      yes(
        await page.evaluate(() => document.activeElement?.matches('[data-figure]')),
        'Tab does not reach the figure',
      )
      // Past the last stop of a scene the page scrolls first.
      const moved = (from) =>
        page.waitForFunction(
          (k) => document.querySelector('[data-figure]').dataset.stepKey !== k,
          from,
        )
      const first = await key(page)
      // The scenes that recall have one stop.
      for (let i = 0; i < 8 && (await key(page)) === first; i += 1) {
        await page.keyboard.press('ArrowRight')
        await page.waitForTimeout(700)
      }
      yes((await key(page)) !== first, 'nothing moves')
      // Behind the last stop of a scene begins the next one: that is said once, and the address is the scene's.
      const scene = () => page.locator('[data-scene-said]').textContent()
      for (let i = 0; i < 10 && !(await scene()).startsWith('Scene 4 of'); i += 1) {
        await page.keyboard.press('ArrowRight')
        await page.waitForTimeout(700)
      }
      yes((await scene()).startsWith('Scene 4 of'), await scene())
      const hash = await page.evaluate(() => location.hash)
      const second = await key(page)
      await page.keyboard.press('ArrowRight')
      await moved(second)
      const third = await key(page)
      await page.waitForURL((u) => u.hash !== hash)
      const { pathname, hash: link } = new URL(page.url())
      await page.goto('about:blank')
      await open(page, pathname + link)
      await page.waitForFunction(
        (k) => document.querySelector('[data-figure]').dataset.stepKey === k,
        third,
      )
      await figure(page).focus()
      await page.keyboard.press('Home')
      same(await key(page), 'web-app-frontend-1 app', 'Home')
      await page.keyboard.press('ArrowLeft')
      same(await key(page), 'web-app-frontend-1 app', 'back at the first step')
      await page.keyboard.press('End')
      const last = await key(page)
      await page.keyboard.press('ArrowRight')
      same(await key(page), last, 'on at the last step')
    },
  )

  await check('each step is said, and is in the address', async (page) => {
    await open(page, '/embed/flannel-udp/')
    const live = page.locator('[data-live]').first()
    await figure(page).focus()
    for (let i = 0; i < 3; i += 1) {
      const said = await live.textContent()
      await page.keyboard.press('ArrowRight')
      await page.waitForFunction(
        (was) => document.querySelector('[data-live]').textContent !== was,
        said,
      )
      same(await live.getAttribute('aria-live'), 'polite', 'aria-live')
    }
    const third = await key(page)
    await page.waitForURL((u) => decodeURIComponent(u.hash).endsWith(`;${third}`))
  })

  await check('stepping adds nothing to the history', async (page) => {
    await open(page, '/flannel/')
    const before = await page.evaluate(() => history.length)
    await figure(page).focus()
    for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowRight')
    same(await page.evaluate(() => history.length), before, 'entries')
  })

  await check('its buttons and its slider step too', async (page) => {
    await open(page, '/embed/flannel-vxlan/')
    const button = (name) => figure(page).getByRole('button', { name, exact: true })
    const first = await key(page)
    yes(await button('Previous step').isDisabled(), 'there is a step before the first')
    await button('Next step').click()
    const second = await key(page)
    yes(second !== first, 'Next step')
    const slider = figure(page).getByRole('slider', { name: 'Step', exact: true })
    await button('To the end of this packet').click()
    same(await slider.inputValue(), await slider.getAttribute('max'), 'the end of this packet')
    yes(await button('Next step').isEnabled(), 'the connection ends with its first packet')
    for (let i = 0; i < 20 && (await button('Next step').isEnabled()); i += 1)
      await button('To the end of this packet').click()
    yes(await button('Next step').isDisabled(), 'there is a step after the last')
    await figure(page).focus()
    await page.keyboard.press('Home')
    same(await key(page), first, 'Home')
    await slider.focus()
    await page.keyboard.press('ArrowRight')
    same(await key(page), second, 'the slider')
    yes(
      (await slider.getAttribute('aria-valuetext')).length > 10,
      'the slider does not say where it is',
    )
    await button('Previous step').click()
    same(await key(page), first, 'Previous step')
  })

  await check('plays, and stops when told', async (page) => {
    await open(page, '/embed/flannel-udp/')
    const first = await key(page)
    await figure(page).getByRole('button', { name: 'Play', exact: true }).click()
    await page.waitForFunction(
      (k) => document.querySelector('[data-figure]').getAttribute('data-step-key') !== k,
      first,
    )
    await figure(page).getByRole('button', { name: 'Pause', exact: true }).click()
    const at = await key(page)
    await page.waitForTimeout(2000)
    same(await key(page), at, 'after Pause')
  })

  for (const [width, height] of [
    [1280, 900],
    [390, 800],
  ]) {
    await check(
      `stepping moves nothing else on the page, at ${width} px`,
      async (page) => {
        await open(page, '/embed/flannel-vxlan/')
        const before = await places(page)
        await figure(page).focus()
        for (let i = 1; i <= 60; i += 1) {
          await page.keyboard.press('ArrowRight')
          same(await places(page), before, `after ${i} steps`)
        }
      },
      { viewport: { width, height } },
    )

    // As browsers count it, without the pardon for what follows a key within half a second; what a panel holds is another text at each step.
    await check(
      `stepping shifts no layout outside the panels, at ${width} px`,
      async (page) => {
        await open(page, '/embed/flannel-udp/')
        await figure(page).focus()
        await page.evaluate(() => {
          globalThis.shifts = []
          const held = (node) =>
            (node instanceof Element ? node : node?.parentElement)?.closest(
              '[role=tabpanel] *, [data-live]',
            ) ?? null
          const name = ({ node }) =>
            `${node?.nodeName} ${node?.className ?? ''} in ${node?.parentElement?.className ?? ''}`
          new PerformanceObserver((l) => {
            for (const e of l.getEntries())
              globalThis.shifts.push(...e.sources.filter((s) => held(s.node) === null).map(name))
          }).observe({ type: 'layout-shift' })
        })
        for (let i = 0; i < 30; i += 1) {
          const said = await page.locator('[data-live]').first().textContent()
          await page.keyboard.press('ArrowRight')
          // Its words come a frame later; what they move must be told of while it is still in the page.
          await page.waitForFunction(
            (was) => document.querySelector('[data-live]').textContent !== was,
            said,
          )
          await page.evaluate(
            () =>
              new Promise((done) => {
                requestAnimationFrame(() => requestAnimationFrame(done))
              }),
          )
        }
        same(await page.evaluate(() => [...new Set(globalThis.shifts)]), [], 'shifts')
      },
      { viewport: { width, height }, reducedMotion: 'reduce' },
    )
  }

  await check(
    'every tab reads well by machine, in the middle of a tunnel',
    async (page) => {
      await open(page, '/embed/flannel-vxlan/#f=1;flannel-vxlan;ping;;node-1/flannel.1 tunnel')
      for (const tab of await figure(page).getByRole('tab').all()) {
        await tab.click()
        same(await violations(page), [], await tab.textContent())
      }
    },
    { reducedMotion: 'reduce' },
  )

  await check(
    'a what-if changes the walk: without flanneld the packet ends at the VPC',
    async (page) => {
      await open(page, '/embed/flannel-udp/')
      const end = (as) => figure(page).locator(`[data-ended][data-ok="${as}"]`)
      yes((await end('true').getAttribute('title')).includes('delivered'), 'how it ends at first')
      await (await fall(page, 'change')).getByLabel('Stop flanneld on node-1').check()
      await end('lost').waitFor()
      await page.keyboard.press('Escape')
      await figure(page).focus()
      await page.keyboard.press('End')
      await page.locator('[data-live] b', { hasText: /^Dropped: The ENI may only/ }).waitFor()
    },
  )

  await check('a phrase goes to its step', async (page) => {
    await open(page, '/flannel/')
    const phrase = page.locator('[data-at]').first()
    const wanted = await phrase.getAttribute('data-at')
    await phrase.scrollIntoViewIfNeeded()
    const y = await page.evaluate(() => scrollY)
    await phrase.click()
    await page.waitForFunction(
      (w) =>
        [...document.querySelectorAll('[data-figure]')].some(
          (f) => f.getAttribute('data-step-key') === w,
        ),
      wanted,
    )
    await phrase.and(page.locator('[aria-pressed="true"]')).waitFor()
    // The picture is in the window, whole, and so is the phrase: the page does not move, nobody needs a way back.
    const picture = await page.locator('[data-figure="f1"] svg[data-picture]').boundingBox()
    yes(
      picture.y >= 0 && picture.y + picture.height <= 900,
      `the picture is at ${JSON.stringify(picture)}`,
    )
    const there = await phrase.boundingBox()
    yes(there.y > 0 && there.y < 900, `the phrase is at ${there.y}`)
    same(await page.evaluate(() => scrollY), y, 'the page')
  })

  await check(
    'who points at a box goes on stepping with the arrows, and reads the table that decided',
    async (page) => {
      await open(page, '/embed/flannel-udp/')
      await figure(page).locator('[data-box="node-1/veth0"]').click()
      await figure(page)
        .getByRole('tab', { name: 'Tables' })
        .and(page.locator('[aria-selected="true"]'))
        .waitFor()
      const before = await key(page)
      await page.keyboard.press('ArrowRight')
      yes((await key(page)) !== before, 'the arrow did not step')
      await figure(page)
        .locator('details[open] > summary', { hasText: /^ip route$/ })
        .waitFor()
    },
  )

  await check('a what-if that asks for another packet gives the first one back', async (page) => {
    await open(page, '/embed/flannel-udp/')
    const sent = figure(page).getByRole('combobox', { name: 'What is sent' })
    const before = await sent.inputValue()
    await fall(page, 'change')
    await page.getByLabel('Lower the MTU of flannel0 on node-1 to 1400').check()
    yes((await sent.inputValue()) !== before, 'the same packet')
    await page.getByLabel('Lower the MTU of flannel0 on node-1 to 1400').uncheck()
    same(await sent.inputValue(), before, 'what is sent')
  })

  await check(
    'a packet that goes in circles is drawn round once, and two of its rounds are told',
    async (page) => {
      await open(
        page,
        '/embed/vpc-cni/#f=1;vpc-cni;same-node;delete-rule-512;node-1/eni2a1b4577390 route',
      )
      const slider = figure(page).getByRole('slider', { name: 'Step', exact: true })
      await page.waitForFunction(() => document.querySelector('input[type=range]').max > 5)
      const parts = await figure(page).evaluate((e) => [
        e.querySelectorAll('svg[data-picture] path').length,
        e.querySelectorAll('i[data-outer]').length,
      ])
      yes(
        parts.every((n) => n > 0 && n < 60),
        JSON.stringify(parts),
      )
      // What is pressed is the stop below the finger.
      const { x, y, width, height } = await slider.boundingBox()
      const max = Number(await slider.getAttribute('max'))
      yes(max < 40, max)
      await page.mouse.click(x + width / 2, y + height / 2)
      yes(Math.abs(Number(await slider.inputValue()) - max / 2) <= 1, await slider.inputValue())
    },
    { viewport: { width: 390, height: 844 } },
  )
}
