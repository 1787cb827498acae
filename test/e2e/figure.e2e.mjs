// The figure: by keyboard, by button, by slider, at rest, and after a change.

/** The boxes that a figure stands in; what is inside a panel may change with the step. What sticks to the window's edge is told by its place there. */
const places = (page) => page.evaluate(() => [...document.querySelectorAll('[data-figure], [role=tablist], [role=tabpanel], button[aria-label="Next step"], input[type=range], svg[data-picture], summary')].map((e) => {
  const r = e.getBoundingClientRect()
  if (r.width === 0) return 'not shown'
  let sticks = false
  for (let p = e; p !== null; p = p.parentElement) sticks ||= getComputedStyle(p).position === 'sticky'
  return [r.x, r.y + (sticks ? 0 : scrollY), r.width, r.height].map(Math.round).join(' ')
}))

/** The cases of this file. */
export async function cases({ check, figure, key, open, same, violations, yes }) {
  await check('steps by keyboard alone, says each step, and its link follows', async (page) => {
    await open(page, '/')
    for (let i = 0; i < 60 && !(await page.evaluate(() => document.activeElement?.matches('[data-figure]') ?? false)); i += 1) await page.keyboard.press('Tab')
    yes(await page.evaluate(() => document.activeElement?.matches('[data-figure]')), 'Tab does not reach the figure')
    const first = await key(page)
    const said = await page.locator('[data-live]').first().textContent()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    const third = await key(page)
    yes(third !== first, 'the step did not change')
    await page.waitForFunction((was) => document.querySelector('[data-live]').textContent !== was, said)
    same(await page.locator('[data-live]').first().getAttribute('aria-live'), 'polite', 'aria-live')
    await page.waitForURL((u) => decodeURIComponent(u.hash).endsWith(`;${third}`))
    await page.keyboard.press('Home')
    same(await key(page), first, 'Home')
    await page.keyboard.press('ArrowLeft')
    same(await key(page), first, 'back at the first step')
    await page.keyboard.press('End')
    const last = await key(page)
    await page.keyboard.press('ArrowRight')
    same(await key(page), last, 'on at the last step')
  })

  await check('stepping adds nothing to the history', async (page) => {
    await open(page, '/')
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
    await button('Last step').click()
    yes(await button('Next step').isDisabled(), 'there is a step after the last')
    await button('First step').click()
    same(await key(page), first, 'First step')
    const slider = figure(page).getByRole('slider', { name: 'Step', exact: true })
    await slider.focus()
    await page.keyboard.press('ArrowRight')
    same(await key(page), second, 'the slider')
    yes((await slider.getAttribute('aria-valuetext')).length > 10, 'the slider does not say where it is')
    await button('Previous step').click()
    same(await key(page), first, 'Previous step')
  })

  await check('plays, and stops when told', async (page) => {
    await open(page, '/embed/flannel-udp/')
    const first = await key(page)
    await figure(page).getByRole('button', { name: 'Play', exact: true }).click()
    await page.waitForFunction((k) => document.querySelector('[data-figure]').getAttribute('data-step-key') !== k, first)
    await figure(page).getByRole('button', { name: 'Pause', exact: true }).click()
    const at = await key(page)
    await page.waitForTimeout(2000)
    same(await key(page), at, 'after Pause')
  })

  for (const [width, height] of [[1280, 900], [390, 800]]) {
    await check(`stepping moves nothing else on the page, at ${width} px`, async (page) => {
      await open(page, '/embed/flannel-vxlan/')
      const before = await places(page)
      await figure(page).focus()
      for (let i = 1; i <= 60; i += 1) {
        await page.keyboard.press('ArrowRight')
        same(await places(page), before, `after ${i} steps`)
      }
    }, { viewport: { width, height } })

    // As browsers count it, without the pardon for what follows a key within half a second; what a panel holds is another text at each step.
    await check(`stepping shifts no layout outside the panels, at ${width} px`, async (page) => {
      await open(page, '/')
      await figure(page).focus()
      await page.evaluate(() => {
        globalThis.shifts = []
        const held = (node) => (node instanceof Element ? node : node?.parentElement)?.parentElement?.closest('[role=tabpanel], [class*=envelope]') ?? null
        const name = ({ node }) => `${node?.nodeName} ${node?.className ?? ''} in ${node?.parentElement?.className ?? ''}`
        new PerformanceObserver((l) => { for (const e of l.getEntries()) globalThis.shifts.push(...e.sources.filter((s) => held(s.node) === null).map(name)) }).observe({ type: 'layout-shift' })
      })
      for (let i = 0; i < 30; i += 1) {
        const said = await page.locator('[data-live]').first().textContent()
        await page.keyboard.press('ArrowRight')
        // Its words come a frame later; what they move must be told of while it is still in the page.
        await page.waitForFunction((was) => document.querySelector('[data-live]').textContent !== was, said)
        await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)) }))
      }
      same(await page.evaluate(() => [...new Set(globalThis.shifts)]), [], 'shifts')
    }, { viewport: { width, height }, reducedMotion: 'reduce' })
  }

  await check('every tab reads well by machine, in the middle of a tunnel', async (page) => {
    await open(page, '/#seed=1;flannel-vxlan;ping;;node-1/flannel.1 tunnel')
    for (const tab of await figure(page).getByRole('tab').all()) {
      await tab.click()
      same(await violations(page), [], await tab.textContent())
    }
  }, { reducedMotion: 'reduce' })

  await check('a what-if changes the walk: without flanneld the packet ends at the VPC', async (page) => {
    await open(page, '/')
    yes((await figure(page).textContent()).includes('delivered'), 'not delivered at first')
    await page.getByLabel('Stop flanneld on node-1').check()
    await page.getByText(/dropped: The ENI may only/).waitFor()
  })

  await check('a phrase goes to its step', async (page) => {
    await open(page, '/flannel/')
    const phrase = page.locator('button[data-at]').first()
    const wanted = await phrase.getAttribute('data-at')
    await phrase.click()
    await page.waitForFunction((w) => [...document.querySelectorAll('[data-figure]')].some((f) => f.getAttribute('data-step-key') === w), wanted)
    await phrase.and(page.locator('[aria-pressed="true"]')).waitFor()
    // The picture is in the window, whole, and there is a way back.
    const picture = await page.locator('[data-figure="f1"] svg[data-picture]').boundingBox()
    yes(picture.y >= 0 && picture.y + picture.height <= 900, `the picture is at ${JSON.stringify(picture)}`)
    await page.getByRole('button', { name: 'Back to the text' }).click()
    const back = await phrase.boundingBox()
    yes(back.y > 0 && back.y < 900 && await phrase.evaluate((e) => document.activeElement === e), `the phrase is at ${back.y}`)
    same(await page.getByRole('button', { name: 'Back to the text' }).count(), 0, 'ways back')
  })

  await check('a phone that opens the page sees the way begin, and the buttons when it is seen', async (page) => {
    await open(page, '/')
    const seen = () => page.evaluate(() => [[...document.querySelectorAll('li[data-here]')].filter((e) => e.getBoundingClientRect().bottom <= Math.min(innerHeight, document.querySelector('button[aria-label="Next step"]').closest('[class*=dock]').getBoundingClientRect().top)).length, document.querySelector('button[aria-label="Next step"]').getBoundingClientRect().bottom < innerHeight])
    const [before] = await seen()
    yes(before >= 4, `${before} places at first`)
    await page.mouse.wheel(0, 350)
    await page.waitForFunction(() => document.querySelector('button[aria-label="Next step"]').getBoundingClientRect().bottom < innerHeight)
    const [after] = await seen()
    yes(after >= 7, `${after} places above the buttons`)
  }, { viewport: { width: 390, height: 844 } })

  await check('who points at a box goes on stepping with the arrows, and reads the table that decided', async (page) => {
    await open(page, '/embed/flannel-udp/')
    await figure(page).locator('[data-box="node-1/veth0"]').click()
    await figure(page).getByRole('tab', { name: 'Tables' }).and(page.locator('[aria-selected="true"]')).waitFor()
    const before = await key(page)
    await page.keyboard.press('ArrowRight')
    yes((await key(page)) !== before, 'the arrow did not step')
    await figure(page).locator('details[open] > summary', { hasText: /^ip route$/ }).waitFor()
  })

  await check('a what-if that asks for another packet gives the first one back', async (page) => {
    await open(page, '/embed/flannel-udp/')
    const sent = figure(page).getByRole('combobox', { name: 'What is sent' })
    const before = await sent.inputValue()
    await figure(page).locator('summary', { hasText: 'What if' }).click()
    await page.getByLabel('Lower the MTU of flannel0 on node-1 to 1400').check()
    yes((await sent.inputValue()) !== before, 'the same packet')
    await page.getByLabel('Lower the MTU of flannel0 on node-1 to 1400').uncheck()
    same(await sent.inputValue(), before, 'what is sent')
  })

  await check('a packet that goes in circles is drawn round once, and a phone shows the stretch it is in', async (page) => {
    await open(page, '/vpc-cni/#v5=1;vpc-cni;same-node;delete-rule-512;node-1/eni2a1b4577390 route')
    const f = page.locator('[data-figure="v5"]')
    await f.locator('li[data-here="true"]').waitFor()
    const slider = f.getByRole('slider', { name: 'Step', exact: true })
    const shown = () => f.evaluate((e) => ({ legs: e.querySelectorAll('svg[data-picture] path').length, marks: e.querySelectorAll('[data-mark]').length, rows: [...e.querySelectorAll('ol li[data-here]')].map((r) => r.offsetTop), here: e.querySelector('li[data-here="true"]')?.getBoundingClientRect().top ?? null }))
    const places = Number(await slider.getAttribute('max'))
    const first = await shown()
    yes(places > 200 && first.rows.length === 40 && first.legs < 40 && first.marks < 10, `${places} places, and ${JSON.stringify(first)}`)
    await f.getByRole('button', { name: /^\d+ places after$/ }).click()
    await f.getByRole('button', { name: '40 places before' }).waitFor()
    const second = await shown()
    yes(second.rows.length === 40 && second.here !== null && second.here >= 0 && second.here < 844, JSON.stringify(second))
    await f.getByRole('button', { name: '40 places before' }).click()
    await f.getByRole('button', { name: '40 places before' }).waitFor({ state: 'detached' })
  }, { viewport: { width: 390, height: 844 } })

  await check('on a projector of 1280 × 720 the picture, the reason and the buttons are seen together, also of two worlds', async (page) => {
    for (const path of ['/embed/flannel-udp/?theme=projector', '/embed/vpc-cni/?theme=projector', '/flannel/?theme=projector']) {
      await open(page, path)
      await page.evaluate(() => document.querySelector('[data-figure]').scrollIntoView({ block: 'start', behavior: 'instant' }))
      for (const comparing of [false, true]) {
        if (comparing) await figure(page).getByRole('button', { name: /^Compare with/ }).click()
        const seen = await page.evaluate(() => ['svg[data-picture]', 'section section p, [role=tabpanel] p', 'button[aria-label="Next step"]', 'input[type=range]'].map((s) => {
          const parts = [...document.querySelector('[data-figure]').querySelectorAll(s)].slice(0, 2).map((e) => e.getBoundingClientRect())
          return [Math.min(...parts.map((r) => r.top)), Math.max(...parts.map((r) => r.bottom))].map(Math.round)
        }))
        yes(seen.every(([top, bottom]) => top >= 0 && bottom <= 720), `${path}, ${comparing ? 'two worlds' : 'one world'}: from and to ${JSON.stringify(seen)}`)
      }
    }
  }, { viewport: { width: 1280, height: 720 } })
}
