// Two worlds on one clock.

/** The cases of this file. */
export async function cases({ check, fall, figure, open, same, yes }) {
  const link =
    '/embed/flannel-udp/#f=1;flannel-udp;frontend-1-to-backend-2;;&f.view=1;story;vpc-cni'
  /** Opens the link, and waits until both pictures are there: a page as built shows one world. */
  const both = async (page) => {
    await open(page, link)
    await page.waitForFunction(() => document.querySelectorAll('svg[data-picture]').length === 2)
  }
  /** What each has cost is told in the drawer. */
  const costs = (page) => figure(page).getByRole('tab', { name: 'Cost' }).click()
  const cell = async (page, name) =>
    page.evaluate((n) => {
      const row = [...document.querySelectorAll('[role=region] tbody tr')].find(
        (r) => r.querySelector('th')?.textContent === n,
      )
      return row === undefined ? null : [...row.querySelectorAll('td')].map((d) => d.textContent)
    }, name)
  const here = (page) =>
    page.evaluate(() =>
      [...document.querySelectorAll('svg[data-picture]')].map((s) =>
        s.querySelector('[data-here=true]')?.getAttribute('data-box'),
      ),
    )

  await check(
    'both packets leave together, wait for each other and arrive together; the ledger tells them apart',
    async (page) => {
      await both(page)
      same(await here(page), ['web-app-frontend-1', 'web-app-frontend-1'], 'where both begin')
      await figure(page).focus()
      const seen = []
      const n = Number(
        await figure(page).getByRole('slider', { name: 'Step', exact: true }).getAttribute('max'),
      )
      for (let i = 0; i < n; i += 1) {
        await page.keyboard.press('ArrowRight')
        seen.push(await here(page))
      }
      same(seen[seen.length - 1], ['backend-service-2', 'backend-service-2'], 'where both end')
      yes(
        seen.some(([a, b], i) => i > 0 && b === seen[i - 1][1] && a !== seen[i - 1][0]),
        'the shorter way never waits',
      )
      const inVpc = seen.find(([a]) => a === 'vpc')
      same(inVpc, ['vpc', 'vpc'], 'they do not cross together')
      await costs(page)
      same(await cell(page, 'Wrapping, now and at most'), ['0 B, 28 B', '0 B, 0 B'], 'wrapping')
      same(
        await cell(page, 'Security groups tell apart'),
        ['the nodes only', 'the pods'],
        'who is seen',
      )
      same(
        await cell(page, 'Crossings between kernel and program, both ends’ included'),
        ['6', '2'],
        'crossings',
      )
    },
    { reducedMotion: 'reduce' },
  )

  for (const [width, seen] of [
    [1280, 1],
    [1600, 2],
  ])
    await check(
      `at ${width} px ${seen === 1 ? 'one world or the other is seen, in one place' : 'both are seen, each 700 px wide'}`,
      async (page) => {
        await both(page)
        const shown = () =>
          page.evaluate(() =>
            [...document.querySelectorAll('section:has(> div svg[data-picture])[aria-label]')]
              .filter((e) => e.getClientRects().length > 0 && e.dataset.figure === undefined)
              .map((e) => [e.getAttribute('aria-label'), Math.round(e.clientWidth)]),
          )
        const first = await shown()
        same(first.length, seen, 'pictures seen')
        yes(
          first.every(([, w]) => w >= 700),
          JSON.stringify(first),
        )
        const said = () => page.locator('[data-live]').first().textContent()
        await figure(page).focus()
        await page.keyboard.press('ArrowRight')
        await page.keyboard.press('ArrowRight')
        await page.locator('[data-live]', { hasText: 'step 3 of' }).waitFor()
        const before = await said()
        const key = await figure(page).getAttribute('data-step-key')
        await figure(page).getByRole('button', { name: 'VPC CNI', exact: true }).click()
        await page.waitForFunction(
          (was) => document.querySelector('[data-live]').textContent !== was,
          before,
        )
        same(await figure(page).getAttribute('data-step-key'), key, 'the step')
        if (seen === 1) same((await shown())[0][0], 'VPC CNI', 'what is seen')
      },
      { viewport: { width, height: 900 }, reducedMotion: 'reduce' },
    )

  await check('the other world can be changed, and the link carries it', async (page) => {
    await both(page)
    await figure(page)
      .getByRole('combobox', { name: 'Compared with' })
      .selectOption('flannel-vxlan')
    await page.waitForFunction(() => location.hash.includes('f.view=1;story;flannel-vxlan'))
    await page.reload()
    await page.waitForFunction(() => document.querySelectorAll('svg[data-picture]').length === 2)
    same(
      await figure(page).getByRole('combobox', { name: 'Compared with' }).inputValue(),
      'flannel-vxlan',
      'after a reload',
    )
    await (await fall(page, 'more')).getByRole('button', { name: 'End the comparison' }).click()
    same(await page.locator('svg[data-picture]').count(), 1, 'pictures')
    yes(!page.url().includes('.view='), 'the link still compares')
  })

  await check(
    'stepping two worlds moves nothing else',
    async (page) => {
      await both(page)
      await costs(page)
      const places = () =>
        page.evaluate(() =>
          [
            ...document.querySelectorAll(
              'svg[data-picture], button[aria-label="Next step"], input[type=range], [role=tabpanel], [data-live]',
            ),
          ].map((e) => {
            const r = e.getBoundingClientRect()
            return [r.x, r.y + scrollY, r.width, r.height].map(Math.round).join(' ')
          }),
        )
      const before = await places()
      await figure(page).focus()
      for (let i = 1; i <= 30; i += 1) {
        await page.keyboard.press('ArrowRight')
        same(await places(), before, `after ${i} steps`)
      }
    },
    { reducedMotion: 'reduce' },
  )
}
